"""From the legacy client's configuration to itemseal's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Dict, Optional, TypeVar

from itemseal._itemseal import ItemEncryptor, Keyring, LegacyDecryptor, TableConfig
from itemseal.exceptions import MisuseError
from itemseal.legacy._keyring import default_keyring
from itemseal.legacy.identifiers import CryptoAction
from itemseal.legacy.material_providers import CryptographicMaterialsProvider
from itemseal.legacy.structures import AttributeActions, TableInfo

_T = TypeVar("_T")
# A program with one configuration an item makes no more encryptors than this.
_MOST = 256


@dataclass
class Settings:
    """What is known of one table."""

    provider: CryptographicMaterialsProvider
    actions: AttributeActions
    table_name: Optional[str]
    partition_key: Optional[str]
    sort_key: Optional[str]
    keyring: Optional[Keyring]

    @classmethod
    def of_table(
        cls,
        info: TableInfo,
        provider: CryptographicMaterialsProvider,
        actions: Optional[AttributeActions],
        keyring: Optional[Keyring],
    ) -> Settings:
        try:
            index = info.primary_index
        except AttributeError as error:
            raise MisuseError(
                "the table's keys are needed: give table_info a primary_index, or leave auto_refresh_table_indexes on"
            ) from error
        actions = AttributeActions() if actions is None else actions.copy()
        actions.set_index_keys(*info.protected_index_keys())
        return cls(provider, actions, info.name, index.partition, index.sort, keyring)

    def config(self) -> TableConfig:
        """How items are written: what is not named is encrypted."""
        if self.table_name is None or self.partition_key is None:
            raise MisuseError(
                "itemseal binds items to their table: give EncryptionContext(table_name=, partition_key_name=, "
                "sort_key_name=)"
            )
        keys = (self.partition_key, self.sort_key)
        named: Dict[CryptoAction, list[str]] = {action: [] for action in CryptoAction}
        for name, action in self.actions.attribute_actions.items():
            if name not in keys:
                named[action].append(name)
        return TableConfig(
            self.table_name,
            partition_key=self.partition_key,
            sort_key=self.sort_key,
            sign_only=named[CryptoAction.SIGN_ONLY],
            unsigned=named[CryptoAction.DO_NOTHING],
        )

    def wrapped_under(self) -> Keyring:
        """The keyring of new items."""
        return self.keyring if self.keyring is not None else default_keyring(self.provider)

    def decryptor(self) -> Optional[LegacyDecryptor]:
        """The reader of the legacy client's items, if there are keys to read with."""
        if self.actions.take_no_actions:
            raise MisuseError("attribute_actions: nothing is signed or encrypted; leave the table to plain boto3")
        materials = self.provider._materials()
        if materials is None:
            return None
        actions = {name: action.name.lower() for name, action in self.actions.attribute_actions.items()}
        return LegacyDecryptor(
            self.table_name,
            self.partition_key,
            self.sort_key,
            materials=materials,
            default_action=self.actions.default_action.name.lower(),
            actions=actions,
            aws=self.provider._aws(),
        )

    def _key(self, *more: Any) -> Any:
        names = (self.table_name, self.partition_key, self.sort_key)
        return (*more, names, self.actions.default_action, frozenset(self.actions.attribute_actions.items()))

    def cached_decryptor(self) -> LegacyDecryptor:
        """The reader, for an item that the legacy client wrote."""
        made = self._cached(self._key("reads"), self.decryptor)
        if made is None:
            raise MisuseError("AWS's legacy client wrote the item; give its provider the keys to read with")
        return made

    def encryptor(self) -> ItemEncryptor:
        """Reads and writes."""
        return self._cached(self._key("writes", self.keyring, self.provider.keyring), self._new_encryptor)

    def _new_encryptor(self) -> ItemEncryptor:
        aws = self.provider._aws()
        more: Dict[str, Any] = {} if aws is None else {"aws": aws}
        return ItemEncryptor(self.config(), self.wrapped_under(), legacy=self.decryptor(), **more)

    def _cached(self, key: Any, make: Callable[[], _T]) -> _T:
        built = self.provider._built
        made: Optional[_T] = built.get(key)
        if made is not None:
            return made
        new = make()
        if len(built) >= _MOST:
            built.clear()
        built[key] = new
        return new
