from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from os import PathLike
from typing import Any, Final, Literal, TypedDict, final


from typing_extensions import disjoint_base

from itemseal.key_provider import KeyProvider

__all__ = [
    "CachingKeyring",
    "Config",
    "GlobalTable",
    "HierarchicalKeyring",
    "Hooks",
    "ItemEncryptor",
    "Items",
    "KeyStore",
    "Keyring",
    "KmsKeyring",
    "KmsMultiKeyring",
    "LegacyDecryptor",
    "LegacyMaterials",
    "MrkDiscoveryKeyring",
    "MrkKeyring",
    "MrkMultiKeyring",
    "MultiKeyring",
    "ProviderKeyring",
    "RawAesKeyring",
    "RawRsaKeyring",
    "StreamOpener",
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
        legacy: LegacyDecryptor | None = None,
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

@final
class LegacyMaterials:
    @staticmethod
    def wrapped(
        kind: str,
        key: bytes,
        signing_algorithm: str,
        signing_key: bytes,
        *,
        allow_pkcs1: bool = False,
    ) -> LegacyMaterials: ...
    @staticmethod
    def fixed(content_key: bytes | None, signing_algorithm: str, signing_key: bytes) -> LegacyMaterials: ...
    @staticmethod
    def kms(
        keys: Sequence[str] = ...,
        *,
        regions: Sequence[str] = ...,
        accounts: tuple[str, Sequence[str]] | None = None,
        any_key: bool = False,
        grant_tokens: Sequence[str] = ...,
    ) -> LegacyMaterials: ...
    @staticmethod
    def meta_store(
        table_name: str, materials: LegacyMaterials, rows: Sequence[Mapping[str, Any]]
    ) -> LegacyMaterials: ...

@final
class LegacyDecryptor:
    def __new__(
        cls,
        table_name: str | None,
        partition_key: str | None,
        sort_key: str | None = None,
        *,
        materials: LegacyMaterials,
        default_action: str = "encrypt_and_sign",
        actions: Mapping[str, str] = ...,
        aws: Any = None,
    ) -> LegacyDecryptor: ...
    @staticmethod
    def is_legacy(item: Mapping[str, Any]) -> bool: ...
    def decrypt_item(self, item: Mapping[str, Any]) -> dict[str, Any]: ...
    def decrypt_dynamodb_item(self, item: Mapping[str, Any]) -> dict[str, Any]: ...
    def decrypt_item_async(self, item: Mapping[str, Any]) -> Awaitable[dict[str, Any]]: ...
    def decrypt_dynamodb_item_async(self, item: Mapping[str, Any]) -> Awaitable[dict[str, Any]]: ...

@final
class Hooks:
    def __new__(
        cls,
        config: Any,
        keyring: Keyring | None,
        aws: Any,
        legacy: dict[str, LegacyDecryptor] | None,
        complete_index_reads: bool,
    ) -> Hooks: ...
    @property
    def tables(self) -> list[str]: ...
    def same_as(self, other: Hooks) -> bool: ...
    def missing(self, operation: str, params: dict[str, Any]) -> list[str]: ...
    def described(self, table: str, described: dict[str, Any], time_to_live: dict[str, Any]) -> None: ...
    def before(
        self, service: str, operation: str, params: dict[str, Any], context: dict[str, Any]
    ) -> list[str] | None: ...
    def before_async(
        self, service: str, operation: str, params: dict[str, Any], context: dict[str, Any]
    ) -> Awaitable[None]: ...
    @staticmethod
    def after(parsed: dict[str, Any], failed: bool, context: dict[str, Any]) -> Any: ...
    @staticmethod
    def after_async(parsed: dict[str, Any], failed: bool, context: dict[str, Any]) -> Awaitable[Any]: ...

class _CallCounts(TypedDict):
    operation: str
    region: str
    calls: int
    errors: int
    given_up: int

class _ItemCounts(TypedDict):
    sealed: int
    sealed_bytes: int
    opened: int
    opened_bytes: int
    unopened: int
    failovers: int

class _BadItem(TypedDict):
    TableName: str
    Key: dict[str, Any]
    Error: Exception

class _OpenedEvent(TypedDict):
    Records: list[dict[str, Any]]
    Failed: list[dict[str, Any]]
    batchItemFailures: list[dict[str, str]]

@final
class Items:
    def __iter__(self) -> Items: ...
    def __next__(self) -> dict[str, Any]: ...
    def __aiter__(self) -> Items: ...
    def __anext__(self) -> Awaitable[dict[str, Any]]: ...
    def take_bad_items(self) -> list[_BadItem]: ...

@final
class StreamOpener:
    def open_lambda_event(self, event: Mapping[str, Any]) -> _OpenedEvent: ...
    def open_lambda_event_async(self, event: Mapping[str, Any]) -> Awaitable[_OpenedEvent]: ...
    def open_lambda_kinesis_event(self, event: Mapping[str, Any]) -> _OpenedEvent: ...
    def open_lambda_kinesis_event_async(self, event: Mapping[str, Any]) -> Awaitable[_OpenedEvent]: ...

@final
class GlobalTable:
    def __new__(
        cls,
        config: str | PathLike[str] | Config | TableConfig | dict[str, TableConfig],
        keyring: Keyring | None = None,
        *,
        types: Literal["python", "dynamodb"] = "python",
        regions: Sequence[str] | None = None,
        allowed_regions: Sequence[str] | None = None,
        deadline: float | None = None,
        most_per_region: float | None = None,
        writes: Literal["home", "failover"] | None = None,
        read_order: Literal["given", "nearest"] | None = None,
        hedged_reads: bool | None = None,
        consistent_reads_elsewhere: bool | None = None,
        complete_index_reads: bool | None = None,
        hand_back_unprocessed: bool | None = None,
        plaintext_tables: Sequence[str] | None = None,
        plaintext_reads: Sequence[str] | None = None,
        version_attributes: dict[str, str] | None = None,
        shapes: dict[str, dict[str, Any]] | None = None,
    ) -> GlobalTable: ...
    @property
    def tables(self) -> list[str]: ...
    def connect(self) -> None: ...
    def connect_async(self) -> Awaitable[None]: ...
    def regions(self) -> list[str]: ...
    def idempotent(self) -> GlobalTable: ...
    def reporting_bad_items(self) -> GlobalTable: ...
    def call_counts(self) -> list[_CallCounts]: ...
    def item_counts(self) -> _ItemCounts: ...
    def stream_opener(self) -> StreamOpener: ...
    def put_item(
        self,
        *,
        TableName: str,
        Item: _Item,
        ConditionExpression: Any = ...,
        ExpressionAttributeNames: Mapping[str, str] = ...,
        ExpressionAttributeValues: _Item = ...,
        ReturnValues: Literal["NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"] = ...,
        ReturnValuesOnConditionCheckFailure: Literal["ALL_OLD", "NONE"] = ...,
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] = ...,
        ReturnItemCollectionMetrics: Literal["SIZE", "NONE"] = ...,
    ) -> dict[str, Any]: ...
    def get_item(
        self,
        *,
        TableName: str,
        Key: _Item,
        ConsistentRead: bool = ...,
        ProjectionExpression: str = ...,
        ExpressionAttributeNames: Mapping[str, str] = ...,
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] = ...,
    ) -> dict[str, Any]: ...
    def get_item_not_before(
        self,
        *,
        Version: int,
        TableName: str,
        Key: _Item,
        ConsistentRead: bool = ...,
        ProjectionExpression: str = ...,
        ExpressionAttributeNames: Mapping[str, str] = ...,
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] = ...,
    ) -> dict[str, Any]: ...
    def update_item(
        self,
        *,
        TableName: str,
        Key: _Item,
        UpdateExpression: str = ...,
        ConditionExpression: Any = ...,
        ExpressionAttributeNames: Mapping[str, str] = ...,
        ExpressionAttributeValues: _Item = ...,
        ReturnValues: Literal["NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"] = ...,
        ReturnValuesOnConditionCheckFailure: Literal["ALL_OLD", "NONE"] = ...,
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] = ...,
        ReturnItemCollectionMetrics: Literal["SIZE", "NONE"] = ...,
    ) -> dict[str, Any]: ...
    def delete_item(
        self,
        *,
        TableName: str,
        Key: _Item,
        ConditionExpression: Any = ...,
        ExpressionAttributeNames: Mapping[str, str] = ...,
        ExpressionAttributeValues: _Item = ...,
        ReturnValues: Literal["NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"] = ...,
        ReturnValuesOnConditionCheckFailure: Literal["ALL_OLD", "NONE"] = ...,
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] = ...,
        ReturnItemCollectionMetrics: Literal["SIZE", "NONE"] = ...,
    ) -> dict[str, Any]: ...
    def query(
        self,
        *,
        TableName: str,
        KeyConditionExpression: Any = ...,
        IndexName: str = ...,
        FilterExpression: Any = ...,
        ProjectionExpression: str = ...,
        ExpressionAttributeNames: Mapping[str, str] = ...,
        ExpressionAttributeValues: _Item = ...,
        Select: Literal["ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES", "COUNT"] = ...,
        Limit: int = ...,
        ConsistentRead: bool = ...,
        ExclusiveStartKey: _Item = ...,
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] = ...,
        ScanIndexForward: bool = ...,
    ) -> dict[str, Any]: ...
    def scan(
        self,
        *,
        TableName: str,
        IndexName: str = ...,
        FilterExpression: Any = ...,
        ProjectionExpression: str = ...,
        ExpressionAttributeNames: Mapping[str, str] = ...,
        ExpressionAttributeValues: _Item = ...,
        Select: Literal["ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES", "COUNT"] = ...,
        Limit: int = ...,
        ConsistentRead: bool = ...,
        ExclusiveStartKey: _Item = ...,
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] = ...,
        Segment: int = ...,
        TotalSegments: int = ...,
    ) -> dict[str, Any]: ...
    def batch_get_item(
        self,
        *,
        RequestItems: Mapping[str, Mapping[str, Any]],
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] = ...,
    ) -> dict[str, Any]: ...
    def batch_write_item(
        self,
        *,
        RequestItems: Mapping[str, Sequence[Mapping[str, Any]]],
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] = ...,
        ReturnItemCollectionMetrics: Literal["SIZE", "NONE"] = ...,
    ) -> dict[str, Any]: ...
    def transact_write_items(
        self,
        *,
        TransactItems: Sequence[Mapping[str, Any]],
        ClientRequestToken: str = ...,
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] = ...,
        ReturnItemCollectionMetrics: Literal["SIZE", "NONE"] = ...,
    ) -> dict[str, Any]: ...
    def transact_get_items(
        self,
        *,
        TransactItems: Sequence[Mapping[str, Any]],
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] = ...,
    ) -> dict[str, Any]: ...
    def put_item_async(
        self,
        *,
        TableName: str,
        Item: _Item,
        ConditionExpression: Any = ...,
        ExpressionAttributeNames: Mapping[str, str] = ...,
        ExpressionAttributeValues: _Item = ...,
        ReturnValues: Literal["NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"] = ...,
        ReturnValuesOnConditionCheckFailure: Literal["ALL_OLD", "NONE"] = ...,
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] = ...,
        ReturnItemCollectionMetrics: Literal["SIZE", "NONE"] = ...,
    ) -> Awaitable[dict[str, Any]]: ...
    def get_item_async(
        self,
        *,
        TableName: str,
        Key: _Item,
        ConsistentRead: bool = ...,
        ProjectionExpression: str = ...,
        ExpressionAttributeNames: Mapping[str, str] = ...,
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] = ...,
    ) -> Awaitable[dict[str, Any]]: ...
    def get_item_not_before_async(
        self,
        *,
        Version: int,
        TableName: str,
        Key: _Item,
        ConsistentRead: bool = ...,
        ProjectionExpression: str = ...,
        ExpressionAttributeNames: Mapping[str, str] = ...,
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] = ...,
    ) -> Awaitable[dict[str, Any]]: ...
    def update_item_async(
        self,
        *,
        TableName: str,
        Key: _Item,
        UpdateExpression: str = ...,
        ConditionExpression: Any = ...,
        ExpressionAttributeNames: Mapping[str, str] = ...,
        ExpressionAttributeValues: _Item = ...,
        ReturnValues: Literal["NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"] = ...,
        ReturnValuesOnConditionCheckFailure: Literal["ALL_OLD", "NONE"] = ...,
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] = ...,
        ReturnItemCollectionMetrics: Literal["SIZE", "NONE"] = ...,
    ) -> Awaitable[dict[str, Any]]: ...
    def delete_item_async(
        self,
        *,
        TableName: str,
        Key: _Item,
        ConditionExpression: Any = ...,
        ExpressionAttributeNames: Mapping[str, str] = ...,
        ExpressionAttributeValues: _Item = ...,
        ReturnValues: Literal["NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"] = ...,
        ReturnValuesOnConditionCheckFailure: Literal["ALL_OLD", "NONE"] = ...,
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] = ...,
        ReturnItemCollectionMetrics: Literal["SIZE", "NONE"] = ...,
    ) -> Awaitable[dict[str, Any]]: ...
    def query_async(
        self,
        *,
        TableName: str,
        KeyConditionExpression: Any = ...,
        IndexName: str = ...,
        FilterExpression: Any = ...,
        ProjectionExpression: str = ...,
        ExpressionAttributeNames: Mapping[str, str] = ...,
        ExpressionAttributeValues: _Item = ...,
        Select: Literal["ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES", "COUNT"] = ...,
        Limit: int = ...,
        ConsistentRead: bool = ...,
        ExclusiveStartKey: _Item = ...,
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] = ...,
        ScanIndexForward: bool = ...,
    ) -> Awaitable[dict[str, Any]]: ...
    def scan_async(
        self,
        *,
        TableName: str,
        IndexName: str = ...,
        FilterExpression: Any = ...,
        ProjectionExpression: str = ...,
        ExpressionAttributeNames: Mapping[str, str] = ...,
        ExpressionAttributeValues: _Item = ...,
        Select: Literal["ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES", "COUNT"] = ...,
        Limit: int = ...,
        ConsistentRead: bool = ...,
        ExclusiveStartKey: _Item = ...,
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] = ...,
        Segment: int = ...,
        TotalSegments: int = ...,
    ) -> Awaitable[dict[str, Any]]: ...
    def batch_get_item_async(
        self,
        *,
        RequestItems: Mapping[str, Mapping[str, Any]],
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] = ...,
    ) -> Awaitable[dict[str, Any]]: ...
    def batch_write_item_async(
        self,
        *,
        RequestItems: Mapping[str, Sequence[Mapping[str, Any]]],
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] = ...,
        ReturnItemCollectionMetrics: Literal["SIZE", "NONE"] = ...,
    ) -> Awaitable[dict[str, Any]]: ...
    def transact_write_items_async(
        self,
        *,
        TransactItems: Sequence[Mapping[str, Any]],
        ClientRequestToken: str = ...,
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] = ...,
        ReturnItemCollectionMetrics: Literal["SIZE", "NONE"] = ...,
    ) -> Awaitable[dict[str, Any]]: ...
    def transact_get_items_async(
        self,
        *,
        TransactItems: Sequence[Mapping[str, Any]],
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] = ...,
    ) -> Awaitable[dict[str, Any]]: ...
    def query_items(
        self,
        *,
        TableName: str,
        KeyConditionExpression: Any = ...,
        IndexName: str = ...,
        FilterExpression: Any = ...,
        ProjectionExpression: str = ...,
        ExpressionAttributeNames: Mapping[str, str] = ...,
        ExpressionAttributeValues: _Item = ...,
        Select: Literal["ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES", "COUNT"] = ...,
        Limit: int = ...,
        ConsistentRead: bool = ...,
        ExclusiveStartKey: _Item = ...,
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] = ...,
        ScanIndexForward: bool = ...,
    ) -> Items: ...
    def scan_items(
        self,
        *,
        segments: int = 1,
        TableName: str,
        IndexName: str = ...,
        FilterExpression: Any = ...,
        ProjectionExpression: str = ...,
        ExpressionAttributeNames: Mapping[str, str] = ...,
        ExpressionAttributeValues: _Item = ...,
        Select: Literal["ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES", "COUNT"] = ...,
        Limit: int = ...,
        ConsistentRead: bool = ...,
        ExclusiveStartKey: _Item = ...,
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] = ...,
        Segment: int = ...,
        TotalSegments: int = ...,
    ) -> Items: ...
    def update_item_with(
        self,
        TableName: str,
        Key: _Item,
        change: Callable[[dict[str, Any] | None], _Item | None],
    ) -> dict[str, Any]: ...
    def update_item_with_async(
        self,
        TableName: str,
        Key: _Item,
        change: Callable[[dict[str, Any] | None], _Item | None],
    ) -> Awaitable[dict[str, Any]]: ...
