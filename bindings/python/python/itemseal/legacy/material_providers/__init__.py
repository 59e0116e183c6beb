"""Where keys come from."""

from __future__ import annotations

from typing import Any, Dict, Optional

from itemseal._itemseal import Keyring, LegacyMaterials
from itemseal.exceptions import MisuseError

__all__ = ["CryptographicMaterialsProvider"]

# What subclasses of the legacy client's classes override. Nothing calls them here.
_NOT_CALLED = ("decryption_materials", "encryption_materials", "_select_key_id", "_validate_key_id")


class CryptographicMaterialsProvider:
    """The keys that items of the legacy client are under, and the keyring that new items are written under."""

    def __init__(self, keyring: Optional[Keyring] = None) -> None:
        self.keyring = keyring
        self._built: Dict[Any, Any] = {}

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        ignored = [name for name in _NOT_CALLED if name in vars(cls)]
        if ignored:
            raise MisuseError(
                f"{cls.__name__} overrides {', '.join(ignored)}, which itemseal does not call: list the keys that "
                "items may be under instead, and give the keyring to write under as keyring="
            )

    def _materials(self) -> Optional[LegacyMaterials]:
        """The keys to read legacy items with; None if there are none."""
        raise MisuseError(f"{type(self).__name__} has no keys; use one of itemseal.legacy's providers")

    def _aws(self) -> Any:
        """Whose clients call AWS; None for the AWS SDK's own."""
        return None
