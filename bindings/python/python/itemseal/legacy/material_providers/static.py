"""Keys of the Static provider."""

from __future__ import annotations

from typing import Optional

from itemseal._itemseal import Keyring, LegacyMaterials
from itemseal.legacy.material_providers import CryptographicMaterialsProvider
from itemseal.legacy.materials.raw import RawDecryptionMaterials, RawEncryptionMaterials

__all__ = ["StaticCryptographicMaterialsProvider"]


class StaticCryptographicMaterialsProvider(CryptographicMaterialsProvider):
    """All legacy items are under the same keys. What is written is under ``keyring``."""

    def __init__(
        self,
        decryption_materials: Optional[RawDecryptionMaterials] = None,
        encryption_materials: Optional[RawEncryptionMaterials] = None,
        *,
        keyring: Optional[Keyring] = None,
    ) -> None:
        super().__init__(keyring)
        self._reads: Optional[LegacyMaterials] = None
        if decryption_materials is not None:
            content, verification = decryption_materials.decryption_key, decryption_materials.verification_key
            content_key = None if content is None else content.key
            self._reads = LegacyMaterials.fixed(content_key, verification.algorithm, verification.key)

    def _materials(self) -> Optional[LegacyMaterials]:
        return self._reads
