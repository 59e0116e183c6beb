"""Items, tables, clients and resources."""

from __future__ import annotations

import copy
from typing import Any, Dict, Optional

from itemseal._itemseal import Keyring
from itemseal.exceptions import MisuseError
from itemseal.legacy.identifiers import CryptoAction
from itemseal.legacy.material_providers import CryptographicMaterialsProvider
from itemseal.legacy.structures import AttributeActions, EncryptionContext

__all__ = ["CryptoConfig"]


class CryptoConfig:
    """How an item is read and written: for the functions on single items.

    ``keyring`` is what new items are written under; without it the provider's.
    """

    def __init__(
        self,
        materials_provider: CryptographicMaterialsProvider,
        encryption_context: EncryptionContext,
        attribute_actions: AttributeActions,
        *,
        keyring: Optional[Keyring] = None,
    ) -> None:
        if not isinstance(materials_provider, CryptographicMaterialsProvider):
            found = f"{type(materials_provider).__module__}.{type(materials_provider).__name__}"
            raise MisuseError(f"materials_provider is one of itemseal.legacy's, not {found}")
        self.materials_provider = materials_provider
        self.encryption_context = encryption_context
        self.attribute_actions = attribute_actions
        self.keyring = keyring
        for name in (encryption_context.partition_key_name, encryption_context.sort_key_name):
            if name is not None and attribute_actions.action(name) is CryptoAction.ENCRYPT_AND_SIGN:
                raise MisuseError(f"{name} is a key of the table and cannot be encrypted; say SIGN_ONLY for it")

    def copy(self) -> CryptoConfig:
        """Another one, with an encryption context of its own."""
        context = copy.copy(self.encryption_context)
        return CryptoConfig(self.materials_provider, context, self.attribute_actions, keyring=self.keyring)

    def with_item(self, item: Dict[str, Any]) -> CryptoConfig:
        """Another one, for this item, as boto3's clients have it."""
        config = self.copy()
        config.encryption_context.attributes = item
        return config
