"""Keys by Java's names of their algorithms."""

from __future__ import annotations

import secrets
from typing import NoReturn, Optional

from itemseal.exceptions import MisuseError
from itemseal.legacy.identifiers import EncryptionKeyType, KeyEncodingType

__all__ = ["JceNameLocalDelegatedKey"]

_AES = ("AES", "AESWrap")
_HMAC = ("HmacSHA224", "HmacSHA256", "HmacSHA384", "HmacSHA512")
_RSA = ("RSA", "SHA256withRSA", "SHA384withRSA", "SHA512withRSA")


class JceNameLocalDelegatedKey:
    """A key in memory, for reading what the legacy client wrote.

    ``algorithm`` is AES or AESWrap, an HMAC (HmacSHA256…), RSA, or a signature (SHA256withRSA…). AES and HMAC keys
    are SYMMETRIC and RAW. RSA keys are PEM or DER: PRIVATE ones PKCS #8, PUBLIC ones X.509.
    """

    def __init__(
        self, key: bytes, algorithm: str, key_type: EncryptionKeyType, key_encoding: KeyEncodingType
    ) -> None:
        if not isinstance(key, bytes):
            raise MisuseError(f"key is bytes, not {type(key).__name__}")
        symmetric = algorithm in (*_AES, *_HMAC)
        if not symmetric and algorithm not in _RSA:
            raise MisuseError(f"the algorithm {algorithm!r} is unknown; it is one of {', '.join(_AES + _HMAC + _RSA)}")
        if symmetric != (key_type is EncryptionKeyType.SYMMETRIC) or symmetric != (key_encoding is KeyEncodingType.RAW):
            right = "SYMMETRIC and RAW" if symmetric else "PRIVATE or PUBLIC, and PEM or DER"
            raise MisuseError(f"a key for {algorithm} is {right}")
        self.key = key
        self.key_type = key_type
        self._algorithm = algorithm

    @property
    def algorithm(self) -> str:
        """Java's name."""
        return self._algorithm

    @property
    def allowed_for_raw_materials(self) -> bool:
        """Whether raw materials may have it: it is an AES key."""
        return self.algorithm == "AES"

    def signing_algorithm(self) -> str:
        """The name again."""
        return self.algorithm

    @classmethod
    def generate(cls, algorithm: str, key_length: Optional[int] = None) -> JceNameLocalDelegatedKey:
        """A new AES or HMAC key of this many bits, 256 unless given."""
        if algorithm not in (*_AES, *_HMAC):
            raise MisuseError("keys are made for AES and HMAC; make RSA keys with openssl, as PKCS #8")
        key = secrets.token_bytes((256 if key_length is None else key_length) // 8)
        return cls(key, algorithm, EncryptionKeyType.SYMMETRIC, KeyEncodingType.RAW)

    def __repr__(self) -> str:
        return f"JceNameLocalDelegatedKey({self.algorithm}, {self.key_type.name})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is not pickled or copied: it would be in the clear wherever that goes")
