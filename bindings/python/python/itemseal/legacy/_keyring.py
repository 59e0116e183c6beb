"""The keyring that is meant where none is given."""

from __future__ import annotations

from itemseal._itemseal import Keyring, KmsKeyring, MrkKeyring
from itemseal.exceptions import MisuseError
from itemseal.legacy.material_providers import CryptographicMaterialsProvider
from itemseal.legacy.material_providers.aws_kms import AwsKmsCryptographicMaterialsProvider


def default_keyring(provider: CryptographicMaterialsProvider) -> Keyring:
    """Under the KMS provider's own key; of the others none is meant."""
    if provider.keyring is not None:
        return provider.keyring
    if isinstance(provider, AwsKmsCryptographicMaterialsProvider) and provider.has_arn:
        key, tokens = provider.key_id, provider.grant_tokens
        if ":key/mrk-" in key:
            return MrkKeyring(key, provider.regions, grant_tokens=tokens)
        return KmsKeyring(key, grant_tokens=tokens)
    raise MisuseError(
        "new items are not written under the legacy client's keys: say under which keyring, as keyring= of "
        f"{type(provider).__name__}, for example keyring=itemseal.RawAesKeyring(...)"
    )
