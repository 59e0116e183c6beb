"""The keyring that is meant where none is given."""

from __future__ import annotations

import itemseal
from itemseal._itemseal import Keyring
from itemseal.exceptions import MisuseError
from itemseal.legacy.material_providers import CryptographicMaterialsProvider
from itemseal.legacy.material_providers.aws_kms import AwsKmsCryptographicMaterialsProvider


def default_keyring(provider: CryptographicMaterialsProvider) -> Keyring:
    """Under the KMS provider's own key; of the others none is meant."""
    if provider.keyring is not None:
        return provider.keyring
    if isinstance(provider, AwsKmsCryptographicMaterialsProvider) and provider.has_arn:
        key, tokens = provider.key_id, provider.grant_tokens
        if ":key/mrk-" in key and hasattr(itemseal, "MrkKeyring"):
            over_regions: Keyring = itemseal.MrkKeyring(key, provider.regions, grant_tokens=tokens)
            return over_regions
        if ":key/mrk-" not in key and hasattr(itemseal, "KmsKeyring"):
            keyring: Keyring = itemseal.KmsKeyring(key, grant_tokens=tokens)
            return keyring
    raise MisuseError(
        "new items are not written under the legacy client's keys: say under which keyring, as keyring= of "
        f"{type(provider).__name__}, for example keyring=itemseal.RawAesKeyring(...)"
    )
