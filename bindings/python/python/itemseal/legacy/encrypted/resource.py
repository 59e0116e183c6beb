"""An encrypted resource."""

from __future__ import annotations

from typing import Any, Iterable, Iterator, Optional, Union

from itemseal._itemseal import Keyring
from itemseal.exceptions import MisuseError
from itemseal.legacy.encrypted._attached import Guard, attach_tables, settings_of
from itemseal.legacy.encrypted.table import EncryptedTable
from itemseal.legacy.material_providers import CryptographicMaterialsProvider
from itemseal.legacy.structures import AttributeActions, TableInfo

__all__ = ["EncryptedResource", "EncryptedTablesCollectionManager"]


class EncryptedTablesCollectionManager:
    """The tables of an encrypted resource: those that are listed."""

    def __init__(self, collection: Any, guard: Guard) -> None:
        self._collection, self._guard = collection, guard

    def all(self) -> Iterator[EncryptedTable]:
        """Each of them."""
        return self._encrypted(self._collection.all())

    def filter(self, **request: Any) -> Iterator[EncryptedTable]:
        """Those that boto3's filter gives."""
        return self._encrypted(self._collection.filter(**request))

    def limit(self, count: int) -> Iterator[EncryptedTable]:
        """Those among the first ones."""
        return self._encrypted(self._collection.limit(count))

    def page_size(self, count: int) -> Iterator[EncryptedTable]:
        """Each, asked for by so many at a time."""
        return self._encrypted(self._collection.page_size(count))

    def _encrypted(self, tables: Iterable[Any]) -> Iterator[EncryptedTable]:
        return (EncryptedTable._of(table) for table in tables if table.name in self._guard.tables)


class EncryptedResource:
    """A DynamoDB resource of boto3 whose items are encrypted: old and new ones are read, new ones written.

    ``tables`` lists the tables, as names or TableInfo; others are refused here. ``resource`` itself is encrypted from
    now on. All tables have the same provider, actions and keyring.
    """

    def __init__(
        self,
        resource: Any,
        materials_provider: CryptographicMaterialsProvider,
        attribute_actions: Optional[AttributeActions] = None,
        auto_refresh_table_indexes: bool = True,
        *,
        tables: Optional[Iterable[Union[str, TableInfo]]] = None,
        keyring: Optional[Keyring] = None,
    ) -> None:
        settings = settings_of(
            resource.meta.client, tables, materials_provider, attribute_actions, auto_refresh_table_indexes, keyring
        )
        attach_tables(resource, settings)
        self._resource, self._guard = resource, Guard(settings)
        self.tables = EncryptedTablesCollectionManager(resource.tables, self._guard)

    def Table(self, name: str, **more: Any) -> EncryptedTable:  # noqa: N802 - boto3's name
        """An encrypted table."""
        if more:
            raise MisuseError(
                f"{', '.join(more)}: all tables of an EncryptedResource have the same configuration; use "
                "EncryptedTable over another resource for a table of its own"
            )
        self._guard.check(name)
        return EncryptedTable._of(self._resource.Table(name))

    def __getattr__(self, name: str) -> Any:
        if name in ("_resource", "_guard"):
            raise AttributeError(name)
        return self._guard.method(name, getattr(self._resource, name))

    def __repr__(self) -> str:
        return f"EncryptedResource({', '.join(sorted(self._guard.tables))})"
