"""Client-side encryption for DynamoDB global tables.

Items are encrypted and signed in this process, under data keys that an AWS KMS multi-Region key wraps, and
verified and opened in whichever Region they are read. The stored bytes are those of the AWS Database Encryption
SDK.
"""

from typing import TYPE_CHECKING, Any

from itemseal._itemseal import (
    CachingKeyring,
    Config,
    GlobalTable,
    HierarchicalKeyring,
    ItemEncryptor,
    Items,
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
    StreamOpener,
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
    "GlobalTable",
    "HierarchicalKeyring",
    "InternalError",
    "ItemEncryptor",
    "Items",
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
    from itemseal._clients import AwsClients

# What needs botocore is imported when it is used: it is not needed for everything else.
_LAZY = {"AwsClients": "_clients", "attach": "_attach", "detach": "_attach"}


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        from importlib import import_module

        value = globals()[name] = getattr(import_module(f"itemseal.{_LAZY[name]}"), name)
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
