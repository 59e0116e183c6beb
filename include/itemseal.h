/**
 * @file itemseal.h
 * libitemseal: client-side encryption for DynamoDB items, in the AWS Database Encryption SDK's format.
 *
 * What holds for every function:
 *
 * - **Status.** A function that can fail returns an `itemseal_status`, and writes its outputs only if that is
 *   `ITEMSEAL_STATUS_OK`.
 * - **Error.** The last parameter, `error`, may be NULL. Otherwise `*error` is written on failure, and only then: the
 *   error is the caller's, to be freed with `itemseal_error_free`. It belongs to no thread, and there is no errno.
 * - **Handles** are opaque. Each is freed once, by the function named `_free` of its type; NULL is fine. What a handle
 *   was made from may be freed before it, unless its documentation says that it borrows. NULL or a handle of another type
 *   is `ITEMSEAL_STATUS_INVALID_ARGUMENT`.
 * - **Threads.** Each type says whether many threads may use one handle at the same time. Different handles never share
 *   anything that a caller has to protect. A handle is freed when no other thread uses it any more.
 * - **Inputs** are a pointer and a length in bytes (or a count, where it says so); they are read during the call only. With
 *   length 0 the pointer may be NULL. Text is UTF-8 and needs no NUL at its end: `ITEMSEAL_STR("text")` passes a literal.
 * - **Outputs** that are borrowed say how long; `itemseal_buffer` is wiped when it is freed, and so are items and values.
 * - **Panics.** A defect inside comes back as `ITEMSEAL_STATUS_PANIC`, never as an exception or an abort. Handles that many
 *   threads may use are still usable; items, values, cursors and builders that took part are to be freed.
 * - **Start and end.** There is nothing to initialise or shut down.
 *
 * This file is made by cbindgen from bindings/c; do not edit it.
 */

#ifndef ITEMSEAL_H
#define ITEMSEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Passes a literal as pointer and length. */
#define ITEMSEAL_STR(literal) (literal), (sizeof(literal) - 1)

/**
 * The first number of this header's version.
 */
#define ITEMSEAL_VERSION_MAJOR 0

/**
 * The second number of this header's version.
 */
#define ITEMSEAL_VERSION_MINOR 1

/**
 * The third number of this header's version.
 */
#define ITEMSEAL_VERSION_PATCH 0

/**
 * This header's ABI. Programs run with any library of the same number; it is the number in the library's soname.
 */
#define ITEMSEAL_ABI_VERSION 0

/**
 * What became of a call. The numbers never change; new ones may be added, so treat one that you do not know as an error.
 */
enum itemseal_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Success: all outputs are written.
   */
  ITEMSEAL_STATUS_OK = 0,
  /**
   * An argument that cannot be right: NULL, too long, not UTF-8, not an enumeration's number, or not a handle of the type.
   */
  ITEMSEAL_STATUS_INVALID_ARGUMENT = 1,
  /**
   * There is no attribute or element of this name or index.
   */
  ITEMSEAL_STATUS_NOT_FOUND = 2,
  /**
   * The value is of another type than was asked for.
   */
  ITEMSEAL_STATUS_WRONG_TYPE = 3,
  /**
   * A call or a configuration that cannot be right.
   */
  ITEMSEAL_STATUS_MISUSE = 10,
  /**
   * An operation that would leak plaintext, or whose result could not be verified.
   */
  ITEMSEAL_STATUS_REFUSED = 11,
  /**
   * A limit of DynamoDB, KMS or the format is passed.
   */
  ITEMSEAL_STATUS_TOO_LARGE = 12,
  /**
   * The item was altered, or encrypted under another key or in another context. Nothing more is said.
   */
  ITEMSEAL_STATUS_AUTHENTICATION = 20,
  /**
   * The bytes or the text cannot be parsed.
   */
  ITEMSEAL_STATUS_MALFORMED = 21,
  /**
   * The item has neither header nor footer.
   */
  ITEMSEAL_STATUS_NOT_ENCRYPTED = 22,
  /**
   * The key exists, but may not be used: denied, disabled, or pending deletion.
   */
  ITEMSEAL_STATUS_KEY_DENIED = 30,
  /**
   * The key could not be reached. Worth trying again.
   */
  ITEMSEAL_STATUS_KEY_UNAVAILABLE = 31,
  /**
   * An AWS service refused the request; the error has its code and request id.
   */
  ITEMSEAL_STATUS_SERVICE = 32,
  /**
   * A condition or an optimistic lock did not hold.
   */
  ITEMSEAL_STATUS_CONFLICT = 33,
  /**
   * A defect in itemseal, or a failure of the machine (no randomness, no threads).
   */
  ITEMSEAL_STATUS_INTERNAL = 40,
  /**
   * A defect in itemseal: a panic, caught. Handles that many threads may use are still usable; items, values, cursors and
   * builders that took part are to be freed.
   */
  ITEMSEAL_STATUS_PANIC = 41,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum itemseal_status itemseal_status;
#else
typedef uint32_t itemseal_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * The types of values.
 */
enum itemseal_type
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Text: DynamoDB's S.
   */
  ITEMSEAL_TYPE_STRING = 1,
  /**
   * A number, as text: N.
   */
  ITEMSEAL_TYPE_NUMBER = 2,
  /**
   * Bytes: B.
   */
  ITEMSEAL_TYPE_BINARY = 3,
  /**
   * True or false: BOOL.
   */
  ITEMSEAL_TYPE_BOOL = 4,
  /**
   * NULL.
   */
  ITEMSEAL_TYPE_NULL = 5,
  /**
   * A set of strings: SS.
   */
  ITEMSEAL_TYPE_STRING_SET = 6,
  /**
   * A set of numbers, as text: NS.
   */
  ITEMSEAL_TYPE_NUMBER_SET = 7,
  /**
   * A set of byte strings: BS.
   */
  ITEMSEAL_TYPE_BINARY_SET = 8,
  /**
   * A list of values: L.
   */
  ITEMSEAL_TYPE_LIST = 9,
  /**
   * Values by name: M.
   */
  ITEMSEAL_TYPE_MAP = 10,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum itemseal_type itemseal_type;
#else
typedef uint32_t itemseal_type;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What is done with an attribute. One that is not named is encrypted and signed.
 */
enum itemseal_action
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Encrypted and signed.
   */
  ITEMSEAL_ACTION_ENCRYPT_AND_SIGN = 1,
  /**
   * In clear, and signed.
   */
  ITEMSEAL_ACTION_SIGN_ONLY = 2,
  /**
   * In clear, signed, and part of the encryption context that KMS sees. Every item must have it.
   */
  ITEMSEAL_ACTION_SIGN_AND_INCLUDE_IN_ENCRYPTION_CONTEXT = 3,
  /**
   * In clear and unsigned: anybody who can write the table can change it.
   */
  ITEMSEAL_ACTION_DO_NOTHING = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum itemseal_action itemseal_action;
#else
typedef uint32_t itemseal_action;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How items are encrypted and signed. Items of either suite are read.
 */
enum itemseal_suite
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Without a digital signature: whoever may decrypt could also have written.
   */
  ITEMSEAL_SUITE_HMAC_ONLY = 26368,
  /**
   * And with an ECDSA P-384 signature under a key made for the item.
   */
  ITEMSEAL_SUITE_ECDSA_P384 = 26369,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum itemseal_suite itemseal_suite;
#else
typedef uint32_t itemseal_suite;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How RSA pads what it wraps.
 */
enum itemseal_rsa_padding
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * RSAES-PKCS1-v1_5. For old items only.
   */
  ITEMSEAL_RSA_PADDING_PKCS1 = 1,
  /**
   * RSAES-OAEP with SHA-1.
   */
  ITEMSEAL_RSA_PADDING_OAEP_SHA1 = 2,
  /**
   * RSAES-OAEP with SHA-256.
   */
  ITEMSEAL_RSA_PADDING_OAEP_SHA256 = 3,
  /**
   * RSAES-OAEP with SHA-384.
   */
  ITEMSEAL_RSA_PADDING_OAEP_SHA384 = 4,
  /**
   * RSAES-OAEP with SHA-512.
   */
  ITEMSEAL_RSA_PADDING_OAEP_SHA512 = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum itemseal_rsa_padding itemseal_rsa_padding;
#else
typedef uint32_t itemseal_rsa_padding;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Bytes that the library made, such as an item in JSON. Never changes: may be read by many threads. Freeing it wipes it.
 */
typedef struct itemseal_buffer itemseal_buffer;

/**
 * How one table's items are encrypted: keys, actions, suite. Never changes: may be used by many threads. What is made with it keeps
 * what it needs, so it may be freed before that.
 */
typedef struct itemseal_config itemseal_config;

/**
 * Builds a configuration. One thread at a time.
 */
typedef struct itemseal_config_builder itemseal_config_builder;

/**
 * Tables and their keyring, as a file in TOML says them; the same file serves every language. Never changes: may be used by many
 * threads. What is made with it keeps what it needs, so it may be freed before that.
 */
typedef struct itemseal_config_file itemseal_config_file;

/**
 * Goes through names and values. One thread at a time; borrowed from the item or value, so to be used no more once that is
 * changed or freed. It may be freed after it.
 */
typedef struct itemseal_cursor itemseal_cursor;

/**
 * What a stored item says about itself without any key. Nothing of it is verified. Never changes: may be read by many threads.
 */
typedef struct itemseal_description itemseal_description;

/**
 * Encrypts and decrypts the items of one table. Never changes: may be used by many threads, without a lock.
 */
typedef struct itemseal_encryptor itemseal_encryptor;

/**
 * Why a call failed. Never changes: may be read by many threads, and freed by any. It holds no plaintext and no key.
 */
typedef struct itemseal_error itemseal_error;

/**
 * An item: attributes by name. One thread at a time; many threads may read it while nobody changes it. Freeing it wipes its
 * values.
 */
typedef struct itemseal_item itemseal_item;

/**
 * Whose key items' data keys are wrapped under. Never changes: may be used by many threads. What is made with it keeps what it
 * needs, so it may be freed before that. Keys in it are wiped when the last that uses it is freed.
 */
typedef struct itemseal_keyring itemseal_keyring;

/**
 * A value that is in no item yet: for lists and maps, built from the inside. One thread at a time. Freeing it wipes it.
 */
typedef struct itemseal_value itemseal_value;

/**
 * Bytes that are borrowed. `data` may be NULL if `length` is 0.
 */
typedef struct itemseal_bytes {
  /**
   * The first byte.
   */
  const uint8_t *data;
  /**
   * How many bytes there are.
   */
  size_t length;
} itemseal_bytes;

/**
 * A value where it is, in an item or a value: borrowed until that is changed or freed. To be passed on by value; its
 * fields are the library's own.
 */
typedef struct itemseal_view {
  /**
   * Not to be used.
   */
  const void *value;
  /**
   * Not to be used.
   */
  size_t check;
} itemseal_view;

/**
 * Text that is borrowed: UTF-8, without a NUL after it, and it may hold NULs. `data` may be NULL if `length` is 0.
 */
typedef struct itemseal_text {
  /**
   * The first byte.
   */
  const char *data;
  /**
   * How many bytes there are.
   */
  size_t length;
} itemseal_text;

/**
 * A description's numbers.
 */
typedef struct itemseal_description_numbers {
  /**
   * The version of the format, 1 or 2.
   */
  uint32_t format_version;
  /**
   * The suite that the item was written with, one of `itemseal_suite`.
   */
  uint32_t suite;
  /**
   * How many attributes are encrypted and signed.
   */
  size_t encrypted_attributes;
  /**
   * How many attributes are in clear and signed.
   */
  size_t signed_attributes;
  /**
   * How many bytes encryption added.
   */
  size_t overhead_bytes;
  /**
   * How many encrypted data keys there are.
   */
  size_t data_keys;
  /**
   * How many entries of the encryption context are stored.
   */
  size_t context_entries;
} itemseal_description_numbers;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The library's version, such as `0.1.0`, with a NUL at its end. It lives for ever.
 */
const char *itemseal_version(void);

/**
 * The library's ABI, to compare with `ITEMSEAL_ABI_VERSION` where it was loaded at run time.
 */
uint32_t itemseal_abi_version(void);

/**
 * The status that the call returned; `ITEMSEAL_STATUS_OK` if `error` is NULL.
 */
itemseal_status itemseal_error_status(const struct itemseal_error *error);

/**
 * What is wrong and what to do, in one sentence, UTF-8 with a NUL at its end. It lives as long as `error`; empty if `error`
 * is NULL.
 */
const char *itemseal_error_message(const struct itemseal_error *error);

/**
 * The name of the attribute that the error is about, or NULL. It lives as long as `error`.
 */
const char *itemseal_error_attribute(const struct itemseal_error *error);

/**
 * The AWS Region that answered, or did not, or NULL. It lives as long as `error`.
 */
const char *itemseal_error_region(const struct itemseal_error *error);

/**
 * The AWS service's error code, such as `DisabledException`, or NULL. It lives as long as `error`.
 */
const char *itemseal_error_code(const struct itemseal_error *error);

/**
 * The AWS service's request id, or NULL. It lives as long as `error`.
 */
const char *itemseal_error_request_id(const struct itemseal_error *error);

/**
 * Whether the same call can succeed later, or in another Region.
 */
bool itemseal_error_is_retryable(const struct itemseal_error *error);

/**
 * Frees an error. NULL is fine.
 */
void itemseal_error_free(struct itemseal_error *error);

/**
 * The buffer's bytes, in `*out`. They live as long as `buffer`.
 */
itemseal_status itemseal_buffer_bytes(const struct itemseal_buffer *buffer,
                                      struct itemseal_bytes *out,
                                      struct itemseal_error **error);

/**
 * Wipes a buffer and frees it. NULL is fine.
 */
void itemseal_buffer_free(struct itemseal_buffer *buffer);

/**
 * Makes an item without attributes. On success `*out` is the caller's, to be freed with `itemseal_item_free`.
 */
itemseal_status itemseal_item_new(struct itemseal_item **out,
                                  struct itemseal_error **error);

/**
 * Copies an item. On success `*out` is the caller's, to be freed with `itemseal_item_free`.
 */
itemseal_status itemseal_item_clone(const struct itemseal_item *item,
                                    struct itemseal_item **out,
                                    struct itemseal_error **error);

/**
 * Takes an attribute out of an item and wipes it. That there is none is no error.
 */
itemseal_status itemseal_item_remove(struct itemseal_item *item,
                                     const char *name,
                                     size_t name_length,
                                     struct itemseal_error **error);

/**
 * Wipes an item's values and frees it, and with it all that was borrowed from it. NULL is fine.
 */
void itemseal_item_free(struct itemseal_item *item);

/**
 * Reads an item in CBOR (RFC 8949): the shape of DynamoDB JSON, with `B` and the elements of `BS` as byte strings. On success `*out`
 * is the caller's, to be freed with `itemseal_item_free`; `ITEMSEAL_STATUS_MALFORMED` if it is none.
 */
itemseal_status itemseal_item_from_cbor(const uint8_t *cbor,
                                        size_t cbor_length,
                                        struct itemseal_item **out,
                                        struct itemseal_error **error);

/**
 * An item in CBOR, in the order of the names. On success `*out` is the caller's, to be freed with `itemseal_buffer_free`.
 */
itemseal_status itemseal_item_to_cbor(const struct itemseal_item *item,
                                      struct itemseal_buffer **out,
                                      struct itemseal_error **error);

/**
 * Starts before an item's first attribute. On success `*out` is the caller's, to be freed with `itemseal_cursor_free`.
 */
itemseal_status itemseal_cursor_of_item(const struct itemseal_item *item,
                                        struct itemseal_cursor **out,
                                        struct itemseal_error **error);

/**
 * Starts before a map's (M) first entry. On success `*out` is the caller's, to be freed with `itemseal_cursor_free`.
 */
itemseal_status itemseal_cursor_of_map(struct itemseal_view view,
                                       struct itemseal_cursor **out,
                                       struct itemseal_error **error);

/**
 * Goes on to the next name and value, and says in `*found` whether there is one. If not, `*name` and `*value` are not written.
 * Both are borrowed from the item or value that the cursor goes through, not from the cursor. `name` and `value` may be NULL.
 */
itemseal_status itemseal_cursor_next(struct itemseal_cursor *cursor,
                                     bool *found,
                                     struct itemseal_text *name,
                                     struct itemseal_view *value,
                                     struct itemseal_error **error);

/**
 * Frees a cursor. NULL is fine.
 */
void itemseal_cursor_free(struct itemseal_cursor *cursor);

/**
 * How many attributes an item has, in `*out`.
 */
itemseal_status itemseal_item_count(const struct itemseal_item *item,
                                    size_t *out,
                                    struct itemseal_error **error);

/**
 * An item's size in bytes, in `*out`, as DynamoDB counts it against its limit of 409,600.
 */
itemseal_status itemseal_item_size_bytes(const struct itemseal_item *item,
                                         size_t *out,
                                         struct itemseal_error **error);

/**
 * An attribute's value, in `*out`: borrowed until the item is changed or freed. `ITEMSEAL_STATUS_NOT_FOUND` if there is none of
 * this name.
 */
itemseal_status itemseal_item_get(const struct itemseal_item *item,
                                  const char *name,
                                  size_t name_length,
                                  struct itemseal_view *out,
                                  struct itemseal_error **error);

/**
 * The text of an attribute that is a string (S), in `*out`: borrowed until the item is changed or freed.
 */
itemseal_status itemseal_item_get_string(const struct itemseal_item *item,
                                         const char *name,
                                         size_t name_length,
                                         struct itemseal_text *out,
                                         struct itemseal_error **error);

/**
 * The text of an attribute that is a number (N), in `*out`: borrowed until the item is changed or freed.
 */
itemseal_status itemseal_item_get_number(const struct itemseal_item *item,
                                         const char *name,
                                         size_t name_length,
                                         struct itemseal_text *out,
                                         struct itemseal_error **error);

/**
 * The bytes of an attribute that is binary (B), in `*out`: borrowed until the item is changed or freed.
 */
itemseal_status itemseal_item_get_binary(const struct itemseal_item *item,
                                         const char *name,
                                         size_t name_length,
                                         struct itemseal_bytes *out,
                                         struct itemseal_error **error);

/**
 * An attribute that is true or false (BOOL), in `*out`.
 */
itemseal_status itemseal_item_get_bool(const struct itemseal_item *item,
                                       const char *name,
                                       size_t name_length,
                                       bool *out,
                                       struct itemseal_error **error);

/**
 * Reads an item in DynamoDB JSON, `{"OrderID": {"S": "12345"}}`. On success `*out` is the caller's, to be freed with
 * `itemseal_item_free`; `ITEMSEAL_STATUS_MALFORMED`, with line and column, if it is none.
 */
itemseal_status itemseal_item_from_json(const char *json,
                                        size_t json_length,
                                        struct itemseal_item **out,
                                        struct itemseal_error **error);

/**
 * An item in DynamoDB JSON, on one line, in the order of the names, without a NUL at its end. On success `*out` is the caller's, to
 * be freed with `itemseal_buffer_free`.
 */
itemseal_status itemseal_item_to_json(const struct itemseal_item *item,
                                      struct itemseal_buffer **out,
                                      struct itemseal_error **error);

/**
 * Sets an attribute to text (S). Name and text are copied; what the attribute was before is wiped.
 */
itemseal_status itemseal_item_set_string(struct itemseal_item *item,
                                         const char *name,
                                         size_t name_length,
                                         const char *text,
                                         size_t text_length,
                                         struct itemseal_error **error);

/**
 * Sets an attribute to a number (N), given as text such as `-0.5` or `1E3`: at most 38 significant digits. It is kept as given,
 * and checked when the item is encrypted.
 */
itemseal_status itemseal_item_set_number(struct itemseal_item *item,
                                         const char *name,
                                         size_t name_length,
                                         const char *number,
                                         size_t number_length,
                                         struct itemseal_error **error);

/**
 * Sets an attribute to a number (N) that is whole.
 */
itemseal_status itemseal_item_set_int64(struct itemseal_item *item,
                                        const char *name,
                                        size_t name_length,
                                        int64_t number,
                                        struct itemseal_error **error);

/**
 * Sets an attribute to bytes (B), which are copied.
 */
itemseal_status itemseal_item_set_binary(struct itemseal_item *item,
                                         const char *name,
                                         size_t name_length,
                                         const uint8_t *data,
                                         size_t data_length,
                                         struct itemseal_error **error);

/**
 * Sets an attribute to true or false (BOOL): any number but 0 is true.
 */
itemseal_status itemseal_item_set_bool(struct itemseal_item *item,
                                       const char *name,
                                       size_t name_length,
                                       uint8_t value,
                                       struct itemseal_error **error);

/**
 * Sets an attribute to null (NULL).
 */
itemseal_status itemseal_item_set_null(struct itemseal_item *item,
                                       const char *name,
                                       size_t name_length,
                                       struct itemseal_error **error);

/**
 * Sets an attribute to what is in `value`, of any type. It is moved, not copied: `value` is null afterwards, stays the caller's,
 * and is still to be freed.
 */
itemseal_status itemseal_item_set_value(struct itemseal_item *item,
                                        const char *name,
                                        size_t name_length,
                                        struct itemseal_value *value,
                                        struct itemseal_error **error);

/**
 * Sets an attribute to a set of strings (SS): `count` elements, which are copied. That no two are equal is checked when the item
 * is encrypted.
 */
itemseal_status itemseal_item_set_string_set(struct itemseal_item *item,
                                             const char *name,
                                             size_t name_length,
                                             const struct itemseal_text *elements,
                                             size_t count,
                                             struct itemseal_error **error);

/**
 * Sets an attribute to a set of numbers (NS), given as text: `count` elements, which are copied. They are checked when the item is
 * encrypted.
 */
itemseal_status itemseal_item_set_number_set(struct itemseal_item *item,
                                             const char *name,
                                             size_t name_length,
                                             const struct itemseal_text *elements,
                                             size_t count,
                                             struct itemseal_error **error);

/**
 * Sets an attribute to a set of byte strings (BS): `count` elements, which are copied. That no two are equal is checked when the
 * item is encrypted.
 */
itemseal_status itemseal_item_set_binary_set(struct itemseal_item *item,
                                             const char *name,
                                             size_t name_length,
                                             const struct itemseal_bytes *elements,
                                             size_t count,
                                             struct itemseal_error **error);

/**
 * Makes text (S), which is copied. On success `*out` is the caller's, to be freed with `itemseal_value_free`.
 */
itemseal_status itemseal_value_string(const char *text,
                                      size_t text_length,
                                      struct itemseal_value **out,
                                      struct itemseal_error **error);

/**
 * Makes a number (N), given as text as for `itemseal_item_set_number`. On success `*out` is the caller's, to be freed with
 * `itemseal_value_free`.
 */
itemseal_status itemseal_value_number(const char *number,
                                      size_t number_length,
                                      struct itemseal_value **out,
                                      struct itemseal_error **error);

/**
 * Makes bytes (B), which are copied. On success `*out` is the caller's, to be freed with `itemseal_value_free`.
 */
itemseal_status itemseal_value_binary(const uint8_t *data,
                                      size_t data_length,
                                      struct itemseal_value **out,
                                      struct itemseal_error **error);

/**
 * Makes true or false (BOOL): any number but 0 is true. On success `*out` is the caller's, to be freed with
 * `itemseal_value_free`.
 */
itemseal_status itemseal_value_bool(uint8_t value,
                                    struct itemseal_value **out,
                                    struct itemseal_error **error);

/**
 * Makes null (NULL). On success `*out` is the caller's, to be freed with `itemseal_value_free`.
 */
itemseal_status itemseal_value_null(struct itemseal_value **out, struct itemseal_error **error);

/**
 * Makes a set of strings (SS) of `count` elements, which are copied. On success `*out` is the caller's, to be freed with
 * `itemseal_value_free`.
 */
itemseal_status itemseal_value_string_set(const struct itemseal_text *elements,
                                          size_t count,
                                          struct itemseal_value **out,
                                          struct itemseal_error **error);

/**
 * Makes a set of numbers (NS), given as text, of `count` elements, which are copied. On success `*out` is the caller's, to be freed
 * with `itemseal_value_free`.
 */
itemseal_status itemseal_value_number_set(const struct itemseal_text *elements,
                                          size_t count,
                                          struct itemseal_value **out,
                                          struct itemseal_error **error);

/**
 * Makes a set of byte strings (BS) of `count` elements, which are copied. On success `*out` is the caller's, to be freed with
 * `itemseal_value_free`.
 */
itemseal_status itemseal_value_binary_set(const struct itemseal_bytes *elements,
                                          size_t count,
                                          struct itemseal_value **out,
                                          struct itemseal_error **error);

/**
 * Makes an empty list (L). On success `*out` is the caller's, to be freed with `itemseal_value_free`.
 */
itemseal_status itemseal_value_list(struct itemseal_value **out,
                                    struct itemseal_error **error);

/**
 * Makes an empty map (M). On success `*out` is the caller's, to be freed with `itemseal_value_free`.
 */
itemseal_status itemseal_value_map(struct itemseal_value **out,
                                   struct itemseal_error **error);

/**
 * Copies a value of an item. On success `*out` is the caller's, to be freed with `itemseal_value_free`.
 */
itemseal_status itemseal_value_copy_of(struct itemseal_view view,
                                       struct itemseal_value **out,
                                       struct itemseal_error **error);

/**
 * Adds `element` at the end of `list`. It is moved, not copied: `element` is null afterwards, stays the caller's, and is still to
 * be freed. A value is at most 32 levels deep.
 */
itemseal_status itemseal_value_push(struct itemseal_value *list,
                                    struct itemseal_value *element,
                                    struct itemseal_error **error);

/**
 * Sets an entry of `map` to `element`. It is moved, not copied: `element` is null afterwards, stays the caller's, and is still to be
 * freed. A value is at most 32 levels deep.
 */
itemseal_status itemseal_value_set(struct itemseal_value *map,
                                   const char *name,
                                   size_t name_length,
                                   struct itemseal_value *element,
                                   struct itemseal_error **error);

/**
 * Wipes a value and frees it. NULL is fine.
 */
void itemseal_value_free(struct itemseal_value *value);

/**
 * The value's type, in `*out`.
 */
itemseal_status itemseal_view_type(struct itemseal_view view,
                                   itemseal_type *out,
                                   struct itemseal_error **error);

/**
 * The text of a string (S), in `*out`: borrowed as long as the view.
 */
itemseal_status itemseal_view_string(struct itemseal_view view,
                                     struct itemseal_text *out,
                                     struct itemseal_error **error);

/**
 * The text of a number (N), in `*out`: borrowed as long as the view.
 */
itemseal_status itemseal_view_number(struct itemseal_view view,
                                     struct itemseal_text *out,
                                     struct itemseal_error **error);

/**
 * The bytes of a binary value (B), in `*out`: borrowed as long as the view.
 */
itemseal_status itemseal_view_binary(struct itemseal_view view,
                                     struct itemseal_bytes *out,
                                     struct itemseal_error **error);

/**
 * True or false (BOOL), in `*out`.
 */
itemseal_status itemseal_view_bool(struct itemseal_view view,
                                   bool *out,
                                   struct itemseal_error **error);

/**
 * A view of a value that is in no item yet, in `*out`: borrowed until `value` is changed, moved or freed.
 */
itemseal_status itemseal_value_view(const struct itemseal_value *value,
                                    struct itemseal_view *out,
                                    struct itemseal_error **error);

/**
 * How many elements a set, list or map has, in `*out`.
 */
itemseal_status itemseal_view_count(struct itemseal_view view,
                                    size_t *out,
                                    struct itemseal_error **error);

/**
 * An element of a set of strings or of numbers (SS, NS), counted from 0, in `*out`: borrowed as long as the view.
 */
itemseal_status itemseal_view_text_at(struct itemseal_view view,
                                      size_t index,
                                      struct itemseal_text *out,
                                      struct itemseal_error **error);

/**
 * An element of a set of byte strings (BS), counted from 0, in `*out`: borrowed as long as the view.
 */
itemseal_status itemseal_view_binary_at(struct itemseal_view view,
                                        size_t index,
                                        struct itemseal_bytes *out,
                                        struct itemseal_error **error);

/**
 * An element of a list (L), counted from 0, in `*out`: borrowed as long as the view.
 */
itemseal_status itemseal_view_at(struct itemseal_view view,
                                 size_t index,
                                 struct itemseal_view *out,
                                 struct itemseal_error **error);

/**
 * An entry of a map (M), in `*out`: borrowed as long as the view. `ITEMSEAL_STATUS_NOT_FOUND` if there is none of this name.
 */
itemseal_status itemseal_view_get(struct itemseal_view view,
                                  const char *name,
                                  size_t name_length,
                                  struct itemseal_view *out,
                                  struct itemseal_error **error);

/**
 * The name that is bound into every item, in `*out`: borrowed as long as `config`.
 */
itemseal_status itemseal_config_logical_name(const struct itemseal_config *config,
                                             struct itemseal_text *out,
                                             struct itemseal_error **error);

/**
 * Frees a configuration. NULL is fine.
 */
void itemseal_config_free(struct itemseal_config *config);

/**
 * Starts the configuration of the table with this logical name: its name, unless it was restored or copied under another; then what
 * it was. On success `*out` is the caller's, to be freed with `itemseal_config_builder_free`.
 */
itemseal_status itemseal_config_builder_new(const char *logical_name,
                                            size_t logical_name_length,
                                            struct itemseal_config_builder **out,
                                            struct itemseal_error **error);

/**
 * Names the partition key attribute. Required. It stays in clear and is signed.
 */
itemseal_status itemseal_config_builder_partition_key(struct itemseal_config_builder *builder,
                                                      const char *name,
                                                      size_t name_length,
                                                      struct itemseal_error **error);

/**
 * Names the sort key attribute, if the table has one. It stays in clear and is signed.
 */
itemseal_status itemseal_config_builder_sort_key(struct itemseal_config_builder *builder,
                                                 const char *name,
                                                 size_t name_length,
                                                 struct itemseal_error **error);

/**
 * Says what is done with an attribute: `action` is one of `itemseal_action`. A name that is given two actions is an error of
 * `itemseal_config_builder_build`.
 */
itemseal_status itemseal_config_builder_action(struct itemseal_config_builder *builder,
                                               const char *name,
                                               size_t name_length,
                                               uint32_t action,
                                               struct itemseal_error **error);

/**
 * Leaves every attribute whose name starts so in clear and unsigned, such as `:`.
 */
itemseal_status itemseal_config_builder_unsigned_prefix(struct itemseal_config_builder *builder,
                                                        const char *prefix,
                                                        size_t prefix_length,
                                                        struct itemseal_error **error);

/**
 * Says which suite items are written with: `suite` is one of `itemseal_suite`. `ITEMSEAL_SUITE_ECDSA_P384` unless set.
 */
itemseal_status itemseal_config_builder_suite(struct itemseal_config_builder *builder,
                                              uint32_t suite,
                                              struct itemseal_error **error);

/**
 * Checks what was said and makes the configuration; the builder stays as it is. On success `*out` is the caller's, to be freed with
 * `itemseal_config_free`; `ITEMSEAL_STATUS_MISUSE`, with the attribute's name, if it cannot be right.
 */
itemseal_status itemseal_config_builder_build(const struct itemseal_config_builder *builder,
                                              struct itemseal_config **out,
                                              struct itemseal_error **error);

/**
 * Frees a builder. NULL is fine.
 */
void itemseal_config_builder_free(struct itemseal_config_builder *builder);

/**
 * Reads a file. Paths in it are relative to the folder that it is in. On success `*out` is the caller's, to be freed with
 * `itemseal_config_file_free`; `ITEMSEAL_STATUS_MISUSE`, with file and field, if it cannot be read or cannot be right.
 */
itemseal_status itemseal_config_file_read(const char *path,
                                          size_t path_length,
                                          struct itemseal_config_file **out,
                                          struct itemseal_error **error);

/**
 * Parses TOML. Paths in it are relative to `folder`, which is the working directory if it is NULL. On success `*out` is the caller's, to
 * be freed with `itemseal_config_file_free`; `ITEMSEAL_STATUS_MISUSE`, with line or field, if it cannot be right.
 */
itemseal_status itemseal_config_file_parse(const char *toml,
                                           size_t toml_length,
                                           const char *folder,
                                           size_t folder_length,
                                           struct itemseal_config_file **out,
                                           struct itemseal_error **error);

/**
 * How many tables the file has, in `*out`.
 */
itemseal_status itemseal_config_file_table_count(const struct itemseal_config_file *file,
                                                 size_t *out,
                                                 struct itemseal_error **error);

/**
 * A table's name in DynamoDB, counted from 0 in the order of the names, in `*out`: borrowed as long as `file`.
 */
itemseal_status itemseal_config_file_table_name(const struct itemseal_config_file *file,
                                                size_t index,
                                                struct itemseal_text *out,
                                                struct itemseal_error **error);

/**
 * How a table is encrypted, by its name in DynamoDB; NULL, if the file has one table only. On success `*out` is the caller's, to be
 * freed with `itemseal_config_free`; `ITEMSEAL_STATUS_MISUSE` if the file has no such table.
 */
itemseal_status itemseal_config_file_table(const struct itemseal_config_file *file,
                                           const char *name,
                                           size_t name_length,
                                           struct itemseal_config **out,
                                           struct itemseal_error **error);

/**
 * The file's keyring. Its key files are read now. On success `*out` is the caller's, to be freed with `itemseal_keyring_free`;
 * `ITEMSEAL_STATUS_MISUSE`, with file and field, if a key file cannot be read, can be read by others, or holds no key.
 */
itemseal_status itemseal_config_file_keyring(const struct itemseal_config_file *file,
                                             struct itemseal_keyring **out,
                                             struct itemseal_error **error);

/**
 * Frees a configuration file. NULL is fine.
 */
void itemseal_config_file_free(struct itemseal_config_file *file);

/**
 * An encryptor for the items of a table. `config` and `keyring` stay the caller's, and may be freed before it. On success `*out` is
 * the caller's, to be freed with `itemseal_encryptor_free`.
 */
itemseal_status itemseal_encryptor_new(const struct itemseal_config *config,
                                       const struct itemseal_keyring *keyring,
                                       struct itemseal_encryptor **out,
                                       struct itemseal_error **error);

/**
 * An encryptor for the items of a table of a file, by its name in DynamoDB, under the file's keyring. `table` may be NULL if the file has
 * one only. On success `*out` is the caller's, to be freed with `itemseal_encryptor_free`.
 */
itemseal_status itemseal_encryptor_from_file(const struct itemseal_config_file *file,
                                             const char *table,
                                             size_t table_length,
                                             struct itemseal_encryptor **out,
                                             struct itemseal_error **error);

/**
 * Frees an encryptor. NULL is fine. Wait for the calls of other threads first.
 */
void itemseal_encryptor_free(struct itemseal_encryptor *encryptor);

/**
 * Encrypts `count` items, on every core. On success `out`, an array of `count`, has the results in the same order, each to be freed with
 * `itemseal_item_free`. The first error ends all: nothing is in `out` then, and `*failed` is the number of the item, from 0. `failed` may be
 * NULL; it is written only if an item failed.
 */
itemseal_status itemseal_encrypt_items(const struct itemseal_encryptor *encryptor,
                                       const struct itemseal_item *const *items,
                                       size_t count,
                                       struct itemseal_item **out,
                                       size_t *failed,
                                       struct itemseal_error **error);

/**
 * Decrypts `count` items, on every core. On success `out`, an array of `count`, has the results in the same order, each to be freed with
 * `itemseal_item_free`. The first error ends all: nothing is in `out` then, and `*failed` is the number of the item, from 0. `failed` may be
 * NULL; it is written only if an item failed.
 */
itemseal_status itemseal_decrypt_items(const struct itemseal_encryptor *encryptor,
                                       const struct itemseal_item *const *items,
                                       size_t count,
                                       struct itemseal_item **out,
                                       size_t *failed,
                                       struct itemseal_error **error);

/**
 * `itemseal_encrypt_item` for an item in CBOR, as `itemseal_item_from_cbor` takes it, which it gives back so too. On success `*out` is
 * the caller's, to be freed with `itemseal_buffer_free`.
 */
itemseal_status itemseal_encrypt_cbor(const struct itemseal_encryptor *encryptor,
                                      const uint8_t *cbor,
                                      size_t cbor_length,
                                      struct itemseal_buffer **out,
                                      struct itemseal_error **error);

/**
 * `itemseal_decrypt_item` for an item in CBOR, as `itemseal_item_from_cbor` takes it, which it gives back so too. On success `*out` is
 * the caller's, to be freed with `itemseal_buffer_free`, which wipes it.
 */
itemseal_status itemseal_decrypt_cbor(const struct itemseal_encryptor *encryptor,
                                      const uint8_t *cbor,
                                      size_t cbor_length,
                                      struct itemseal_buffer **out,
                                      struct itemseal_error **error);

/**
 * Reads the header of a stored item. On success `*out` is the caller's, to be freed with `itemseal_description_free`; `item` may be freed
 * before it. `ITEMSEAL_STATUS_NOT_ENCRYPTED` if it has no header, `ITEMSEAL_STATUS_MALFORMED` if that cannot be parsed.
 */
itemseal_status itemseal_describe_item(const struct itemseal_item *item,
                                       struct itemseal_description **out,
                                       struct itemseal_error **error);

/**
 * A description's numbers, in `*out`.
 */
itemseal_status itemseal_description_get_numbers(const struct itemseal_description *description,
                                                 struct itemseal_description_numbers *out,
                                                 struct itemseal_error **error);

/**
 * An encrypted data key, counted from 0: in `*provider` which kind of keyring wrote it (`aws-kms`, or a raw keyring's namespace), in `*key`
 * which key wrapped it (for KMS its ARN). Both are borrowed as long as `description`.
 */
itemseal_status itemseal_description_data_key(const struct itemseal_description *description,
                                              size_t index,
                                              struct itemseal_text *provider,
                                              struct itemseal_bytes *key,
                                              struct itemseal_error **error);

/**
 * An entry of the stored encryption context, counted from 0 in the order of the names, in `*name` and `*value`: both borrowed as long as
 * `description`. The other entries follow from the item.
 */
itemseal_status itemseal_description_context(const struct itemseal_description *description,
                                             size_t index,
                                             struct itemseal_text *name,
                                             struct itemseal_text *value,
                                             struct itemseal_error **error);

/**
 * Frees a description. NULL is fine.
 */
void itemseal_description_free(struct itemseal_description *description);

/**
 * Encrypts an item to the form that is stored; `item` stays as it is. The stored item has two attributes more, `aws_dbe_head` and
 * `aws_dbe_foot`. On success `*out` is the caller's, to be freed with `itemseal_item_free`. The error names the attribute.
 */
itemseal_status itemseal_encrypt_item(const struct itemseal_encryptor *encryptor,
                                      const struct itemseal_item *item,
                                      struct itemseal_item **out,
                                      struct itemseal_error **error);

/**
 * Verifies a stored item and decrypts it; `item` stays as it is, and must be whole. Unsigned attributes are in the result, unverified.
 * On success `*out` is the caller's, to be freed with `itemseal_item_free`, which wipes it. `ITEMSEAL_STATUS_AUTHENTICATION` if it does
 * not verify, `ITEMSEAL_STATUS_NOT_ENCRYPTED` or `ITEMSEAL_STATUS_MALFORMED` if it is no such item.
 */
itemseal_status itemseal_decrypt_item(const struct itemseal_encryptor *encryptor,
                                      const struct itemseal_item *item,
                                      struct itemseal_item **out,
                                      struct itemseal_error **error);

/**
 * `itemseal_encrypt_item` for an item in DynamoDB JSON, which it gives back so too. On success `*out` is the caller's, to be freed with
 * `itemseal_buffer_free`.
 */
itemseal_status itemseal_encrypt_json(const struct itemseal_encryptor *encryptor,
                                      const char *json,
                                      size_t json_length,
                                      struct itemseal_buffer **out,
                                      struct itemseal_error **error);

/**
 * `itemseal_decrypt_item` for an item in DynamoDB JSON, which it gives back so too. On success `*out` is the caller's, to be freed with
 * `itemseal_buffer_free`, which wipes it.
 */
itemseal_status itemseal_decrypt_json(const struct itemseal_encryptor *encryptor,
                                      const char *json,
                                      size_t json_length,
                                      struct itemseal_buffer **out,
                                      struct itemseal_error **error);

/**
 * Frees a keyring. NULL is fine.
 */
void itemseal_keyring_free(struct itemseal_keyring *keyring);

/**
 * Several keyrings as one: writes for all of them, reads with the first that can. If one of them cannot wrap, nothing is written.
 * `keyrings` are `count` of them, at least one; they stay the caller's. On success `*out` is the caller's, to be freed with
 * `itemseal_keyring_free`.
 */
itemseal_status itemseal_keyring_multi(const struct itemseal_keyring *const *keyrings,
                                       size_t count,
                                       struct itemseal_keyring **out,
                                       struct itemseal_error **error);

/**
 * Wraps data keys under an AES key that the program has, of 16, 24 or 32 bytes. Namespace and name say which key it is: they are
 * stored with every item in clear, and must stay the same. The key is copied, and wiped with the keyring; the caller wipes its own.
 * On success `*out` is the caller's, to be freed with `itemseal_keyring_free`.
 */
itemseal_status itemseal_keyring_raw_aes(const char *key_namespace,
                                         size_t key_namespace_length,
                                         const char *name,
                                         size_t name_length,
                                         const uint8_t *key,
                                         size_t key_length,
                                         struct itemseal_keyring **out,
                                         struct itemseal_error **error);

/**
 * Wraps data keys under an RSA key pair that the program has: writes with the public key, reads with the private one; either may be
 * NULL, with length 0. `padding` is one of `itemseal_rsa_padding`, for readers and writers the same. The keys are PEM: BEGIN PUBLIC
 * KEY, and BEGIN PRIVATE KEY (PKCS #8), of 2048 to 8192 bits. Whoever has the public key can write items. On success `*out` is the
 * caller's, to be freed with `itemseal_keyring_free`.
 */
itemseal_status itemseal_keyring_raw_rsa(const char *key_namespace,
                                         size_t key_namespace_length,
                                         const char *name,
                                         size_t name_length,
                                         uint32_t padding,
                                         const char *public_key,
                                         size_t public_key_length,
                                         const char *private_key,
                                         size_t private_key_length,
                                         struct itemseal_keyring **out,
                                         struct itemseal_error **error);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* ITEMSEAL_H */
