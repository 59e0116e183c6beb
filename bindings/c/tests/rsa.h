/* An RSA key pair of 2048 bits, for these tests only. */
#ifndef ITEMSEAL_TESTS_RSA_H
#define ITEMSEAL_TESTS_RSA_H

static const char RSA_PRIVATE[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQCwyHJBkg8j3KjT\n"
    "DSzuYvwWNZwBUcG+94yciQ6cW5GUkbmxNGL0CWPfHTCD3ZpDpaMBHHd46a0Qsv5V\n"
    "QLbcUtUrvqeune0/qYQvuY+h30/6A2E/BJ1hJ6RtGkiiujeJM8WSr7QR5Kw3ZqzI\n"
    "T8iClVYvoZqlcowC76OsmMpHlcBr/n8S/Avq9xGg/nK0JbePNuBs0p9vnIFKKl3A\n"
    "ZL2Gk52L94N7gxwm37E3VzBVwj/VPQZHAo5OZOXav+DDgxkAnfO2FNGJlGfgCSqg\n"
    "I0+VD0ijkpwqDEug/6hAEBKVkYdNeufS0OX0zAxJfMHTCAWuMGHN8eoGSBNfqE1D\n"
    "5JkjyMx/AgMBAAECggEAJMmxrR998xKKN1E4lmsW1nBVhJjE3r6ZDkIfPj537xjc\n"
    "MZobNXl2xQlH/UjyPz2KzEJmQk0ubJky//61jufV4IKOVnIa2vKlxWCyGRdlhzuI\n"
    "0xpcvckIGIQttV9XC0AwzzOtH0Qc6nJ9ZjnkGfiFtOfGTMOnizzfLJ2nCnqJTm+Q\n"
    "hlKKnu9mpw3TlcKv7f8QqYg9D9jdFvfKnISOVlIinPmVZ4ud+o41K7J6Tp4LVQoZ\n"
    "w5DrD83k9ATpGTOFNnPDbzrVz4aDB8dwNIPbuYbTATRz35XVy6qoUQ7UoY4KVCS8\n"
    "NViV9Xn0eUMMqosbfCu29jIDUcfPyPjhMPbnNDDygQKBgQDp1ylMkoeu+dvgMNU3\n"
    "83UTsU2DuHV+mSE7wnV2MeBAKduwStEJVXshjuXMfljgUJezXZ/9iLg3wHA0JFKx\n"
    "MK6/U5INKwu5OUgP9uHpRHTZRtRQ1/PyvecwHd0Dm53RmvOQ2NAeZE/v42iWYZ72\n"
    "4l1u5sVKPrS7nFQIEgxWyGavIQKBgQDBiRo/X8Fim1Z7K2K2VQJI6SeBJxrBEi2h\n"
    "tF4f5Sdtd83q+INq43wRVJSRImBwZEuLpOUzUPAhDvnelp4ryGha9aIrmnuR0ERj\n"
    "rnj+v2E/khA6gEcGFBRgozXXq2a0Hf3tyCtwxAgk5eGaDMOb5KeHYktXvXSanGKu\n"
    "9DLiANQnnwKBgFST1gQ0G49WIAj+oKAUFoyA3KB/3z9i83pB42pUr9+FREiHRwQx\n"
    "Ps/sd4F3UX4QqE3f1zZEdRz1JaA2YxJjoVDiUTkiEKN17HKZwSw17m2ICNMUyM9L\n"
    "kIr+winD51kgymfhg6T6c0842WNK+8wgI9sw7Lrl40jYSiyBGqVo5nsBAoGBAJYE\n"
    "IERfhRdaMX7n8mxDGLJLiEOkfCiMXrKpjQxMJHPGGee5GqUQEGuelEqryvVTyPtF\n"
    "piRQ6NG3Ohg/x/tILRvUqxABfydXuKtL4p4U2tzb65htNqCPj/wYhvPV+JZFaT+X\n"
    "mZSfX3C6gFVY74c3hmR63Mv2Hxx5fEUBJS/qVIkhAoGAely8J4YRmLDFRhrmdpm4\n"
    "9khqlElV2voMvJTWwnGQzuYE7oxrXMdnZPJ8KyFcfRahnrah3wPx7OQlSA2ZvHR+\n"
    "wYxdtadmUDqMsYAMDbHrguf2YFXo+2e5pYmYkZPrrud4KmB3O/p4dtD2wGl6y6jJ\n"
    "QFZCWRIWsXGVW6A0r14ofnM=\n"
    "-----END PRIVATE KEY-----\n";

static const char RSA_PUBLIC[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAsMhyQZIPI9yo0w0s7mL8\n"
    "FjWcAVHBvveMnIkOnFuRlJG5sTRi9Alj3x0wg92aQ6WjARx3eOmtELL+VUC23FLV\n"
    "K76nrp3tP6mEL7mPod9P+gNhPwSdYSekbRpIoro3iTPFkq+0EeSsN2asyE/IgpVW\n"
    "L6GapXKMAu+jrJjKR5XAa/5/EvwL6vcRoP5ytCW3jzbgbNKfb5yBSipdwGS9hpOd\n"
    "i/eDe4McJt+xN1cwVcI/1T0GRwKOTmTl2r/gw4MZAJ3zthTRiZRn4AkqoCNPlQ9I\n"
    "o5KcKgxLoP+oQBASlZGHTXrn0tDl9MwMSXzB0wgFrjBhzfHqBkgTX6hNQ+SZI8jM\n"
    "fwIDAQAB\n"
    "-----END PUBLIC KEY-----\n";

#endif
