"""Keys of the Wrapped provider."""

from __future__ import annotations

from typing import Dict, Optional

from itemseal._itemseal import Keyring, LegacyMaterials
from itemseal.exceptions import MisuseError
from itemseal.legacy.delegated_keys.jce import JceNameLocalDelegatedKey
from itemseal.legacy.identifiers import EncryptionKeyType
from itemseal.legacy.material_providers import CryptographicMaterialsProvider

__all__ = ["WrappedCryptographicMaterialsProvider"]


class WrappedCryptographicMaterialsProvider(CryptographicMaterialsProvider):
    """Each legacy item has a key of its own, which ``unwrapping_key`` opens and ``signing_key`` verifies.

    ``wrapping_key`` and ``material_description`` are accepted and not used: what is written is under ``keyring``.
    ``allow_pkcs1`` also opens keys that were wrapped with RSA and PKCS #1 v1.5 padding; only for tables that were
    written so.
    """

    def __init__(
        self,
        signing_key: JceNameLocalDelegatedKey,
        wrapping_key: Optional[JceNameLocalDelegatedKey] = None,
        unwrapping_key: Optional[JceNameLocalDelegatedKey] = None,
        material_description: Optional[Dict[str, str]] = None,
        *,
        keyring: Optional[Keyring] = None,
        allow_pkcs1: bool = False,
    ) -> None:
        super().__init__(keyring)
        for name, key in (("signing_key", signing_key), ("unwrapping_key", unwrapping_key)):
            if key is not None and not isinstance(key, JceNameLocalDelegatedKey):
                raise MisuseError(f"{name} is a JceNameLocalDelegatedKey of itemseal.legacy, not {type(key).__name__}")
        self._reads: Optional[LegacyMaterials] = None
        if unwrapping_key is not None:
            symmetric = unwrapping_key.key_type is EncryptionKeyType.SYMMETRIC
            self._reads = LegacyMaterials.wrapped(
                "AES" if symmetric else "RSA",
                unwrapping_key.key,
                signing_key.algorithm,
                signing_key.key,
                allow_pkcs1=allow_pkcs1,
            )

    def _materials(self) -> Optional[LegacyMaterials]:
        return self._reads
