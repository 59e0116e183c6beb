"""What is done with attributes, and what keys are."""

from enum import Enum, IntEnum

__all__ = ["CryptoAction", "EncryptionKeyType", "KeyEncodingType"]


class CryptoAction(IntEnum):
    """What is done with an attribute, from the least to the most."""

    DO_NOTHING = 0
    SIGN_ONLY = 1
    ENCRYPT_AND_SIGN = 2


class EncryptionKeyType(Enum):
    """The kind of a key."""

    SYMMETRIC = 0
    PRIVATE = 1
    PUBLIC = 2


class KeyEncodingType(Enum):
    """How a key's bytes are to be read."""

    RAW = 0
    DER = 1
    PEM = 2
