"""An encrypted table."""

from __future__ import annotations

from typing import Any, Optional

from itemseal._itemseal import Keyring
from itemseal.legacy._settings import Settings
from itemseal.legacy.encrypted._attached import attach_tables
from itemseal.legacy.material_providers import CryptographicMaterialsProvider
from itemseal.legacy.structures import AttributeActions, TableInfo

__all__ = ["EncryptedTable"]


class EncryptedTable:
    """A Table of boto3 whose items are encrypted: old and new ones are read, new ones written.

    ``table`` itself is encrypted from now on, and so is its client. Everything that a Table has is here too; what
    could leak plaintext or could not be verified raises RefusedError. Several tables of one resource share a client:
    for those use EncryptedResource.
    """

    def __init__(
        self,
        table: Any,
        materials_provider: CryptographicMaterialsProvider,
        table_info: Optional[TableInfo] = None,
        attribute_actions: Optional[AttributeActions] = None,
        auto_refresh_table_indexes: bool = True,
        *,
        keyring: Optional[Keyring] = None,
    ) -> None:
        info = TableInfo(table.name) if table_info is None else table_info
        if auto_refresh_table_indexes:
            info.refresh_indexed_attributes(table.meta.client)
        attach_tables(table, [Settings.of_table(info, materials_provider, attribute_actions, keyring)])
        self._table = table

    @classmethod
    def _of(cls, table: Any) -> EncryptedTable:
        """Of a Table whose client is encrypted already."""
        made = cls.__new__(cls)
        made._table = table
        return made

    def __getattr__(self, name: str) -> Any:
        if name == "_table":
            raise AttributeError(name)
        return getattr(self._table, name)

    def __repr__(self) -> str:
        return f"EncryptedTable({self._table!r})"
