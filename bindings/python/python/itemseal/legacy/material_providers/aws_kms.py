"""Keys of the AWS KMS provider."""

from __future__ import annotations

import importlib
from typing import Any, Dict, Iterable, Mapping, Optional

import itemseal
from itemseal._itemseal import Keyring, LegacyMaterials
from itemseal.exceptions import MisuseError
from itemseal.legacy.material_providers import CryptographicMaterialsProvider

__all__ = ["AwsKmsCryptographicMaterialsProvider"]


class AwsKmsCryptographicMaterialsProvider(CryptographicMaterialsProvider):
    """Each legacy item has a data key of its own under a KMS key.

    ``key_id`` is the key's full ARN. The legacy client never compared it with the key that an item is under, so if
    there were others, list them: ``more_keys``, as ARNs; or say ``accounts``, whose keys are all allowed, or
    ``any_key=True``, as the legacy client did. ``regions`` are asked in their order, a multi-Region key in each until
    one answers.

    What is written is under ``keyring``; without it, under ``key_id``.
    """

    def __init__(
        self,
        key_id: str,
        botocore_session: Any = None,
        grant_tokens: Optional[Iterable[str]] = None,
        material_description: Optional[Dict[str, str]] = None,
        regional_clients: Optional[Mapping[str, Any]] = None,
        *,
        keyring: Optional[Keyring] = None,
        more_keys: Iterable[str] = (),
        accounts: Iterable[str] = (),
        any_key: bool = False,
        regions: Iterable[str] = (),
    ) -> None:
        super().__init__(keyring)
        self.key_id, self.regions, self.grant_tokens = key_id, list(regions), list(grant_tokens or ())
        self._session, self._clients = botocore_session, dict(regional_clients or {})
        owners, asked = list(accounts), self.regions
        if owners or any_key:
            arn = key_id.split(":") if self.has_arn else ["arn", "aws", "kms", ""]
            asked = asked or [region for region in arn[3:4] if region]
            self._reads = LegacyMaterials.kms(
                regions=asked,
                accounts=(arn[1], owners) if owners else None,
                any_key=any_key,
                grant_tokens=self.grant_tokens,
            )
            return
        keys = [key_id, *more_keys]
        for key in keys:
            if not _is_arn(key):
                raise MisuseError(
                    f"{key!r} does not say which key is meant: give its full ARN, which this prints: aws kms "
                    f"describe-key --key-id {key} --query KeyMetadata.Arn"
                )
        self._reads = LegacyMaterials.kms(keys, regions=asked, grant_tokens=self.grant_tokens)

    @property
    def has_arn(self) -> bool:
        """Whether key_id is a key's full ARN."""
        return _is_arn(self.key_id)

    def _materials(self) -> Optional[LegacyMaterials]:
        return self._reads

    def _aws(self) -> Any:
        if self._session is None and not self._clients:
            return None
        session: Any = importlib.import_module("boto3.session").Session(botocore_session=self._session)
        if not self._clients:
            return session

        def kms(region: str) -> Any:
            return self._clients.get(region) or session.client("kms", region_name=region)

        return itemseal.AwsClients(session, kms=kms)


def _is_arn(key: str) -> bool:
    return key.startswith("arn:") and ":key/" in key
