from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from os import PathLike
from typing import Any, Final, Literal, TypedDict, final


from typing_extensions import disjoint_base

from itemseal.key_provider import KeyProvider

__all__ = [
    "CachingKeyring",
    "Config",
    "HierarchicalKeyring",
    "ItemEncryptor",
    "KeyStore",
    "Keyring",
    "KmsKeyring",
    "KmsMultiKeyring",
    "MrkDiscoveryKeyring",
    "MrkKeyring",
    "MrkMultiKeyring",
    "MultiKeyring",
    "ProviderKeyring",
    "RawAesKeyring",
    "RawRsaKeyring",
    "TableConfig",
    "__version__",
]

__version__: Final[str]

_Seconds = float | timedelta
_Item = Mapping[str, Any]
_Suite = Literal["ecdsa-p384", "hmac-only"]
_Action = Literal["encrypt_and_sign", "sign_only", "sign_and_include_in_encryption_context", "do_nothing"]
_Padding = Literal["oaep-sha256", "oaep-sha384", "oaep-sha512", "oaep-sha1", "pkcs1"]

class _Version(TypedDict):
    version: str
    create_time: str
    active: bool

class _BranchKey(TypedDict):
    id: str
    kms_arn: str
    context: dict[str, str]
    versions: list[_Version]

@final
class Config:
    @staticmethod
    def read(path: str | PathLike[str]) -> Config: ...
    @staticmethod
    def parse(text: str, folder: str | PathLike[str] = ...) -> Config: ...
    @property
    def tables(self) -> list[str]: ...
    def table(self, name: str) -> TableConfig: ...
    def regions(self, table: str) -> list[str]: ...
    @property
    def keyring(self) -> Keyring: ...

@final
class TableConfig:
    def __new__(
        cls,
        logical_name: str,
        *,
        partition_key: str,
        sort_key: str | None = None,
        sign_only: Sequence[str] = ...,
        context: Sequence[str] = ...,
        unsigned: Sequence[str] = ...,
        unsigned_prefix: str | None = None,
        suite: _Suite = "ecdsa-p384",
    ) -> TableConfig: ...
    @property
    def logical_name(self) -> str: ...
    @property
    def partition_key(self) -> str: ...
    @property
    def sort_key(self) -> str | None: ...
    def action(self, attribute: str) -> _Action: ...

@final
class ItemEncryptor:
    def __new__(
        cls,
        config: str | PathLike[str] | Config | TableConfig,
        keyring: Keyring | None = None,
        *,
        table: str | None = None,
        aws: Any = None,
    ) -> ItemEncryptor: ...
    @property
    def table(self) -> TableConfig: ...
    def encrypt_item(self, item: _Item) -> dict[str, Any]: ...
    def decrypt_item(self, item: _Item) -> dict[str, Any]: ...
    def encrypt_dynamodb_item(self, item: _Item) -> dict[str, Any]: ...
    def decrypt_dynamodb_item(self, item: _Item) -> dict[str, Any]: ...
    def encrypt_item_async(self, item: _Item) -> Awaitable[dict[str, Any]]: ...
    def decrypt_item_async(self, item: _Item) -> Awaitable[dict[str, Any]]: ...
    def encrypt_dynamodb_item_async(self, item: _Item) -> Awaitable[dict[str, Any]]: ...
    def decrypt_dynamodb_item_async(self, item: _Item) -> Awaitable[dict[str, Any]]: ...
    def encrypt_items(self, items: Iterable[_Item]) -> list[dict[str, Any]]: ...
    def decrypt_items(self, items: Iterable[_Item]) -> list[dict[str, Any]]: ...
    def encrypt_dynamodb_items(self, items: Iterable[_Item]) -> list[dict[str, Any]]: ...
    def decrypt_dynamodb_items(self, items: Iterable[_Item]) -> list[dict[str, Any]]: ...

@final
class KeyStore:
    def __new__(
        cls,
        table: str,
        key_arn: str,
        regions: Sequence[str] = ...,
        *,
        name: str | None = None,
        deadline: _Seconds | None = None,
        grant_tokens: Sequence[str] = ...,
        aws: Any = None,
    ) -> KeyStore: ...
    def create_key(self, branch_key_id: str | None = None, context: Mapping[str, str] = ...) -> str: ...
    def rotate(self, branch_key_id: str) -> None: ...
    def list(self) -> list[_BranchKey]: ...

@disjoint_base
class Keyring:
    def __reduce__(self) -> Any: ...

@final
class RawAesKeyring(Keyring):
    def __new__(cls, namespace: str, name: str, key: bytes) -> RawAesKeyring: ...

@final
class RawRsaKeyring(Keyring):
    def __new__(
        cls,
        namespace: str,
        name: str,
        padding: _Padding,
        *,
        public_key: str | bytes | None = None,
        private_key: str | bytes | None = None,
    ) -> RawRsaKeyring: ...

@final
class MultiKeyring(Keyring):
    def __new__(cls, generator: Keyring, *children: Keyring) -> MultiKeyring: ...

@final
class KmsKeyring(Keyring):
    def __new__(
        cls, key_arn: str, *, deadline: _Seconds | None = None, grant_tokens: Sequence[str] = ...
    ) -> KmsKeyring: ...

@final
class KmsMultiKeyring(Keyring):
    def __new__(
        cls, key_arns: Sequence[str], *, deadline: _Seconds | None = None, grant_tokens: Sequence[str] = ...
    ) -> KmsMultiKeyring: ...

@final
class MrkKeyring(Keyring):
    def __new__(
        cls,
        key_arn: str,
        regions: Sequence[str] = ...,
        *,
        deadline: _Seconds | None = None,
        most_per_region: _Seconds | None = None,
        order: Literal["as-given", "nearest"] = "as-given",
        grant_tokens: Sequence[str] = ...,
    ) -> MrkKeyring: ...

@final
class MrkMultiKeyring(Keyring):
    def __new__(
        cls, key_arns: Sequence[str], *, deadline: _Seconds | None = None, grant_tokens: Sequence[str] = ...
    ) -> MrkMultiKeyring: ...

@final
class MrkDiscoveryKeyring(Keyring):
    def __new__(
        cls,
        region: str,
        accounts: Sequence[str],
        *,
        partition: str = "aws",
        deadline: _Seconds | None = None,
        grant_tokens: Sequence[str] = ...,
    ) -> MrkDiscoveryKeyring: ...

@final
class HierarchicalKeyring(Keyring):
    def __new__(
        cls,
        key_store: str,
        key_arn: str,
        regions: Sequence[str] = ...,
        *,
        branch_key_id: str | None = None,
        branch_key_id_from: str | Callable[[dict[str, Any]], str] | None = None,
        key_store_name: str | None = None,
        ttl: _Seconds | None = None,
        most_age: _Seconds | None = None,
        deadline: _Seconds | None = None,
        grant_tokens: Sequence[str] = ...,
    ) -> HierarchicalKeyring: ...

@final
class CachingKeyring(Keyring):
    def __new__(
        cls,
        keyring: Keyring,
        *,
        most_age: _Seconds | None = None,
        most_uses: int | None = None,
        most_entries: int | None = None,
    ) -> CachingKeyring: ...
    def counters(self) -> dict[str, int]: ...
    def clear(self) -> None: ...

@final
class ProviderKeyring(Keyring):
    def __new__(cls, provider: KeyProvider) -> ProviderKeyring: ...
