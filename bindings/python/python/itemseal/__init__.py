"""Client-side encryption for DynamoDB global tables.

Items are encrypted and signed in this process, under data keys that an AWS KMS multi-Region key wraps, and
verified and opened in whichever Region they are read. The stored bytes are those of the AWS Database Encryption
SDK.
"""

from typing import TYPE_CHECKING, Any

from itemseal._itemseal import (
    CachingKeyring,
    Config,
    HierarchicalKeyring,
    ItemEncryptor,
    Keyring,
    KeyStore,
    KmsKeyring,
    KmsMultiKeyring,
    MrkDiscoveryKeyring,
    MrkKeyring,
    MrkMultiKeyring,
    MultiKeyring,
    ProviderKeyring,
    RawAesKeyring,
    RawRsaKeyring,
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
from itemseal.key_provider import KeyProvider

if TYPE_CHECKING:
    from itemseal._clients import AwsClients

__all__ = [
    "AuthenticationError",
    "AwsClients",
    "CachingKeyring",
    "Config",
    "ConflictError",
    "Error",
    "HierarchicalKeyring",
    "InternalError",
    "ItemEncryptor",
    "KeyDeniedError",
    "KeyProvider",
    "KeyStore",
    "KeyUnavailableError",
    "Keyring",
    "KmsKeyring",
    "KmsMultiKeyring",
    "MalformedError",
    "MisuseError",
    "MrkDiscoveryKeyring",
    "MrkKeyring",
    "MrkMultiKeyring",
    "MultiKeyring",
    "NotEncryptedError",
    "ProviderKeyring",
    "RawAesKeyring",
    "RawRsaKeyring",
    "RefusedError",
    "ServiceError",
    "TableConfig",
    "TooLargeError",
    "UnsupportedTypeError",
    "__version__",
]


def __getattr__(name: str) -> Any:
    # What needs botocore is imported when it is used: it is not needed for everything else.
    if name == "AwsClients":
        from itemseal._clients import AwsClients

        return AwsClients
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
