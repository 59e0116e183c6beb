"""Client-side encryption for DynamoDB global tables.

Items are encrypted and signed in this process, under data keys that an AWS KMS multi-Region key wraps, and
verified and opened in whichever Region they are read. The stored bytes are those of the AWS Database Encryption
SDK.
"""

from typing import TYPE_CHECKING

from itemseal._itemseal import (
    Config,
    GlobalTable,
    ItemEncryptor,
    Items,
    Keyring,
    RawAesKeyring,
    StreamOpener,
    TableConfig,
    __version__,
)
from itemseal.exceptions import (
    AuthenticationError,
    ConflictError,
    Error,
    InternalError,
    KeyDeniedError,
    KeyUnavailableError,
    MalformedError,
    MisuseError,
    NotEncryptedError,
    RefusedError,
    ServiceError,
    TooLargeError,
    UnsupportedTypeError,
)

__all__ = [
    "AuthenticationError",
    "Config",
    "ConflictError",
    "Error",
    "GlobalTable",
    "InternalError",
    "ItemEncryptor",
    "Items",
    "KeyDeniedError",
    "KeyUnavailableError",
    "Keyring",
    "MalformedError",
    "MisuseError",
    "NotEncryptedError",
    "RawAesKeyring",
    "RefusedError",
    "ServiceError",
    "StreamOpener",
    "TableConfig",
    "TooLargeError",
    "UnsupportedTypeError",
    "__version__",
    "attach",
    "detach",
]

if TYPE_CHECKING:
    from itemseal._attach import attach, detach


def __getattr__(name: str) -> object:
    # boto3 is imported by those who attach to it, and by nobody else.
    if name in ("attach", "detach"):
        from itemseal import _attach

        return getattr(_attach, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
