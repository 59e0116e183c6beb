"""Keys of the Most Recent provider."""

from __future__ import annotations

from typing import Optional

from itemseal._itemseal import Keyring, LegacyMaterials
from itemseal.legacy.material_providers import CryptographicMaterialsProvider
from itemseal.legacy.material_providers.store.meta import MetaStore

__all__ = ["CachingMostRecentProvider"]


class CachingMostRecentProvider(CryptographicMaterialsProvider):
    """Legacy items are under versions of keys that are in a MetaStore.

    Every version of ``material_name`` is read from the MetaStore now, once: items under versions that are made later
    are refused with AuthenticationError, so let nobody make new ones, or call ``refresh`` before the provider is
    given to a table. ``version_ttl`` and ``cache_size`` are accepted and not used.
    """

    def __init__(
        self,
        provider_store: MetaStore,
        material_name: str,
        version_ttl: float = 0.0,
        cache_size: int = 1000,
        *,
        keyring: Optional[Keyring] = None,
    ) -> None:
        super().__init__(keyring)
        self._store, self._name = provider_store, material_name
        self.refresh()

    def refresh(self) -> None:
        """Reads the MetaStore again."""
        self._reads = self._store._materials(self._name)
        self._built.clear()

    def _materials(self) -> Optional[LegacyMaterials]:
        return self._reads
