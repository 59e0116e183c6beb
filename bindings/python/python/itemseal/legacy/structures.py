"""What is known of a table and of its attributes."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any, Dict, Iterable, Mapping, Optional, Set

from itemseal.exceptions import MisuseError
from itemseal.legacy.identifiers import CryptoAction

__all__ = ["AttributeActions", "EncryptionContext", "TableIndex", "TableInfo"]

RESERVED = ("*amzn-ddb-map-desc*", "*amzn-ddb-map-sig*")


@dataclass(init=False)
class EncryptionContext:
    """What an item is bound to: its table's name, and the table's keys.

    ``table_name`` and the keys' names are needed to write; ``attributes`` is the item, as boto3's clients have it.
    ``material_description`` is accepted and not used.
    """

    table_name: Optional[str]
    partition_key_name: Optional[str]
    sort_key_name: Optional[str]
    attributes: Dict[str, Any] = field(repr=False)
    material_description: Dict[str, str]

    def __init__(
        self,
        table_name: Optional[str] = None,
        partition_key_name: Optional[str] = None,
        sort_key_name: Optional[str] = None,
        attributes: Optional[Dict[str, Any]] = None,
        material_description: Optional[Dict[str, str]] = None,
    ) -> None:
        self.table_name = table_name
        self.partition_key_name = partition_key_name
        self.sort_key_name = sort_key_name
        self.attributes = {} if attributes is None else attributes
        self.material_description = dict(material_description or {})


@dataclass(init=False)
class AttributeActions:
    """What is done with attributes: those that are named, and by default all others.

    The default counts for items of the legacy client alone. Of what is written, only attributes that are named
    SIGN_ONLY or DO_NOTHING stay readable, and the table's keys; all others are encrypted and signed.
    """

    default_action: CryptoAction
    attribute_actions: Dict[str, CryptoAction]

    def __init__(
        self,
        default_action: CryptoAction = CryptoAction.ENCRYPT_AND_SIGN,
        attribute_actions: Optional[Mapping[str, CryptoAction]] = None,
    ) -> None:
        self.default_action = default_action
        self.attribute_actions = dict(attribute_actions or {})
        for action in (default_action, *self.attribute_actions.values()):
            if not isinstance(action, CryptoAction):
                raise MisuseError(f"an action is one of CryptoAction's, not {type(action).__name__}")
        for name in RESERVED:
            if name in self.attribute_actions:
                raise MisuseError(f"{name} belongs to the legacy client's format; leave it out")

    @property
    def take_no_actions(self) -> bool:
        """Whether nothing is done with any attribute."""
        return {self.default_action, *self.attribute_actions.values()} == {CryptoAction.DO_NOTHING}

    def action(self, attribute_name: str) -> CryptoAction:
        """What the legacy client did with an attribute."""
        return self.attribute_actions.get(attribute_name, self.default_action)

    def copy(self) -> AttributeActions:
        """Another one that says the same."""
        return AttributeActions(self.default_action, self.attribute_actions)

    def set_index_keys(self, *keys: str) -> None:
        """Says that these are never encrypted; a MisuseError if it was said that one is."""
        for key in keys:
            action = min(self.action(key), CryptoAction.SIGN_ONLY)
            if self.attribute_actions.setdefault(key, action) is not action:
                raise MisuseError(f"{key} is a key of the table, never encrypted; leave it out, or say SIGN_ONLY")

    def contains_action(self, action: CryptoAction) -> bool:
        """Whether the action is the default, or an attribute's."""
        return action is self.default_action or action in self.attribute_actions.values()

    def __add__(self, other: AttributeActions) -> AttributeActions:
        names = {**self.attribute_actions, **other.attribute_actions}
        actions = {name: max(self.action(name), other.action(name)) for name in names}
        return AttributeActions(max(self.default_action, other.default_action), actions)


@dataclass
class TableIndex:
    """The attributes that are the keys of a table, or of an index."""

    partition: str
    sort: Optional[str] = None

    @property
    def attributes(self) -> Set[str]:
        """Their names."""
        return {self.partition} if self.sort is None else {self.partition, self.sort}

    @classmethod
    def from_key_schema(cls, key_schema: Iterable[Mapping[str, str]]) -> TableIndex:
        """From a KeySchema, as DescribeTable gives it."""
        keys = {key["KeyType"]: key["AttributeName"] for key in key_schema}
        return cls(keys["HASH"], keys.get("RANGE"))


class TableInfo:
    """A table's name and keys."""

    def __init__(
        self,
        name: str,
        primary_index: Optional[TableIndex] = None,
        secondary_indexes: Optional[Iterable[TableIndex]] = None,
    ) -> None:
        self.name = name
        self._primary_index = primary_index
        self._secondary_indexes = None if secondary_indexes is None else list(secondary_indexes)

    @property
    def primary_index(self) -> TableIndex:
        """The table's keys; an AttributeError if they are not known."""
        if self._primary_index is None:
            raise AttributeError(f"the keys of {self.name} are not known: call refresh_indexed_attributes")
        return self._primary_index

    @property
    def secondary_indexes(self) -> Iterable[TableIndex]:
        """The keys of its indexes; an AttributeError if they are not known."""
        if self._secondary_indexes is None:
            raise AttributeError(f"the indexes of {self.name} are not known: call refresh_indexed_attributes")
        return self._secondary_indexes

    def protected_index_keys(self) -> Set[str]:
        """The names of attributes that cannot be encrypted: the table's keys."""
        return self.primary_index.attributes

    @property
    def encryption_context_values(self) -> Dict[str, Optional[str]]:
        """Arguments for EncryptionContext."""
        values: Dict[str, Optional[str]] = {"table_name": self.name}
        if self._primary_index is not None:
            values["partition_key_name"] = self._primary_index.partition
            values["sort_key_name"] = self._primary_index.sort
        return values

    def refresh_indexed_attributes(self, client: Any) -> None:
        """Asks DynamoDB for the keys, through a client of boto3 (dynamodb:DescribeTable)."""
        table = client.describe_table(TableName=self.name)["Table"]
        self._primary_index = TableIndex.from_key_schema(table["KeySchema"])
        indexes = [*table.get("LocalSecondaryIndexes", ()), *table.get("GlobalSecondaryIndexes", ())]
        self._secondary_indexes = [TableIndex.from_key_schema(index["KeySchema"]) for index in indexes]

    def __copy__(self) -> TableInfo:
        return TableInfo(self.name, copy.copy(self._primary_index), self._secondary_indexes)

    def __repr__(self) -> str:
        return f"TableInfo({self.name!r}, {self._primary_index!r})"
