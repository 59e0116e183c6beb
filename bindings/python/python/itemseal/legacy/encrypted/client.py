"""An encrypted client."""

from __future__ import annotations

from typing import Any, Iterable, Optional, Union

from itemseal._itemseal import Keyring
from itemseal.legacy.encrypted._attached import Guard, attach_tables, settings_of
from itemseal.legacy.material_providers import CryptographicMaterialsProvider
from itemseal.legacy.structures import AttributeActions, TableInfo

__all__ = ["EncryptedClient", "EncryptedPaginator"]


class EncryptedPaginator:
    """A paginator of an encrypted client."""

    def __init__(self, paginator: Any, guard: Guard) -> None:
        self._paginator, self._guard = paginator, guard

    def paginate(self, **request: Any) -> Any:
        """The pages, decrypted."""
        return self._guard.guarded(self._paginator.paginate)(**request)

    def __getattr__(self, name: str) -> Any:
        if name == "_paginator":
            raise AttributeError(name)
        return getattr(self._paginator, name)


class EncryptedClient:
    """A client of boto3 whose items are encrypted: old and new ones are read, new ones written.

    ``tables`` lists the tables, as names or TableInfo; others are refused here. ``client`` itself is encrypted from
    now on. Everything that a client has is here too; what could leak plaintext or could not be verified raises
    RefusedError.

    Whether items are Python's or DynamoDB's JSON is the client's own to say: a resource's ``meta.client`` has the
    former. ``expect_standard_dictionaries`` is accepted, and either is right.
    """

    def __init__(
        self,
        client: Any,
        materials_provider: CryptographicMaterialsProvider,
        attribute_actions: Optional[AttributeActions] = None,
        auto_refresh_table_indexes: bool = True,
        expect_standard_dictionaries: bool = False,
        *,
        tables: Optional[Iterable[Union[str, TableInfo]]] = None,
        keyring: Optional[Keyring] = None,
    ) -> None:
        settings = settings_of(
            client, tables, materials_provider, attribute_actions, auto_refresh_table_indexes, keyring
        )
        attach_tables(client, settings)
        self._client, self._guard = client, Guard(settings)

    def get_paginator(self, operation_name: str) -> Any:
        """The client's paginator; of queries and scans, a guarded one."""
        paginator = self._client.get_paginator(operation_name)
        return EncryptedPaginator(paginator, self._guard) if operation_name in ("query", "scan") else paginator

    def __getattr__(self, name: str) -> Any:
        if name in ("_client", "_guard"):
            raise AttributeError(name)
        return self._guard.method(name, getattr(self._client, name))

    def __repr__(self) -> str:
        return f"EncryptedClient({', '.join(sorted(self._guard.tables))})"
