"""Hooks on a client's events, and what they do not see."""

from __future__ import annotations

import importlib
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Set, Union

from itemseal._itemseal import Keyring
from itemseal.exceptions import MisuseError, RefusedError
from itemseal.legacy._settings import Settings
from itemseal.legacy.material_providers import CryptographicMaterialsProvider
from itemseal.legacy.structures import AttributeActions, TableInfo

GUARDED = (
    "batch_get_item",
    "batch_write_item",
    "delete_item",
    "get_item",
    "put_item",
    "query",
    "scan",
    "transact_get_items",
    "transact_write_items",
    "update_item",
)
_STATEMENTS = ("batch_execute_statement", "execute_statement", "execute_transaction")


def attach_tables(obj: Any, tables: Iterable[Settings]) -> None:
    """Has obj's client encrypt these tables, and read the legacy client's items in them."""
    configs: Dict[str, Any] = {}
    legacy: Dict[str, Any] = {}
    keyring: Optional[Keyring] = None
    for settings in tables:
        config = settings.config()
        name, keyring = config.logical_name, settings.wrapped_under()
        configs[name] = config
        decryptor = settings.decryptor()
        if decryptor is not None:
            legacy[name] = decryptor
    attach = importlib.import_module("itemseal._attach").attach
    attach(obj, configs, keyring, legacy=legacy)


def settings_of(
    client: Any,
    tables: Optional[Iterable[Union[str, TableInfo]]],
    provider: CryptographicMaterialsProvider,
    actions: Optional[AttributeActions],
    refresh: bool,
    keyring: Optional[Keyring],
) -> List[Settings]:
    """What is known of each table."""
    if tables is None or isinstance(tables, str):
        raise MisuseError(
            "tables= lists the tables that are encrypted, by name: a table that is not known before it is written to "
            "would be written in plaintext"
        )
    infos = [TableInfo(table) if isinstance(table, str) else table for table in tables]
    if keyring is None:
        # One for all of them.
        keyring = Settings(provider, AttributeActions(), None, None, None, None).wrapped_under()
    for info in infos if refresh else ():
        info.refresh_indexed_attributes(client)
    return [Settings.of_table(info, provider, actions, keyring) for info in infos]


class Guard:
    """Refuses tables that were not listed: the hooks would let them pass as they are."""

    def __init__(self, tables: Iterable[Settings]) -> None:
        self.tables: Set[str] = {settings.table_name for settings in tables if settings.table_name is not None}

    def check(self, name: str) -> None:
        name = name.rsplit(":table/", 1)[-1].split("/", 1)[0]
        if name not in self.tables:
            raise RefusedError(
                f"the table {name} is not listed, so it would be read and written in plaintext: add it to tables=, or "
                "use another client for it"
            )

    def method(self, name: str, method: Any) -> Any:
        """The client's method, if it is one on items."""
        if name in _STATEMENTS:
            return self._refused
        if name not in GUARDED:
            return method
        return self.guarded(method)

    def guarded(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(**request: Any) -> Any:
            for table in _tables(request):
                self.check(table)
            return method(**request)

        return call

    def _refused(self, **request: Any) -> Any:
        raise RefusedError("PartiQL would pass by the encryption; use put_item, get_item, query and the like")


def _tables(request: Mapping[str, Any]) -> Iterable[str]:
    if "TableName" in request:
        yield request["TableName"]
    yield from request.get("RequestItems") or ()
    for action in request.get("TransactItems") or ():
        for operation in action.values():
            if "TableName" in operation:
                yield operation["TableName"]
