"""Keys that are used as they are."""

from __future__ import annotations

from typing import Dict, Optional

from itemseal.exceptions import MisuseError
from itemseal.legacy.delegated_keys.jce import JceNameLocalDelegatedKey

__all__ = ["RawDecryptionMaterials", "RawEncryptionMaterials"]


def _checked(key: Optional[JceNameLocalDelegatedKey]) -> Optional[JceNameLocalDelegatedKey]:
    if key is not None and not key.allowed_for_raw_materials:
        raise MisuseError(f"raw materials have an AES key, not one for {key.algorithm}")
    return key


class RawDecryptionMaterials:
    """The keys that all items of the legacy client are under; without decryption_key they are only verified."""

    def __init__(
        self,
        verification_key: JceNameLocalDelegatedKey,
        decryption_key: Optional[JceNameLocalDelegatedKey] = None,
        material_description: Optional[Dict[str, str]] = None,
    ) -> None:
        self.verification_key = verification_key
        self.decryption_key = _checked(decryption_key)
        self.material_description = dict(material_description or {})


class RawEncryptionMaterials:
    """Accepted, so that a program need not change; items are written under a keyring."""

    def __init__(
        self,
        signing_key: JceNameLocalDelegatedKey,
        encryption_key: Optional[JceNameLocalDelegatedKey] = None,
        material_description: Optional[Dict[str, str]] = None,
    ) -> None:
        self.signing_key = signing_key
        self.encryption_key = _checked(encryption_key)
        self.material_description = dict(material_description or {})
