"""A table of keys."""

from __future__ import annotations

from typing import Any, Dict, List

from itemseal._itemseal import LegacyMaterials
from itemseal.exceptions import MisuseError
from itemseal.legacy.material_providers import CryptographicMaterialsProvider

__all__ = ["MetaStore"]


class MetaStore:
    """The legacy client's table of keys, to read from. ``table`` is a Table of boto3; ``materials_provider`` has the
    keys that the table's own items are under."""

    def __init__(self, table: Any, materials_provider: CryptographicMaterialsProvider) -> None:
        self._table, self._provider = table, materials_provider

    def _materials(self, name: str) -> LegacyMaterials:
        keys = self._provider._materials()
        if keys is None:
            raise MisuseError("the MetaStore's own provider has no keys to read with")
        return LegacyMaterials.meta_store(self._table.name, keys, self._rows(name))

    def _rows(self, name: str) -> List[Dict[str, Any]]:
        rows: List[Dict[str, Any]] = []
        request: Dict[str, Any] = {
            "KeyConditionExpression": "N = :name",
            "ExpressionAttributeValues": {":name": name},
            "ConsistentRead": True,
        }
        while True:
            page = self._table.query(**request)
            rows += page["Items"]
            if "LastEvaluatedKey" not in page:
                break
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]
        if not rows:
            raise MisuseError(f"{self._table.name} has no keys of the name {name!r}")
        return rows
