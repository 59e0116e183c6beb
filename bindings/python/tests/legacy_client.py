"""AWS's legacy client, dynamodb-encryption-sdk 3.3, which writes what the tests read."""

import json
import os
import pathlib
import warnings

import boto3
import pytest

with warnings.catch_warnings():
    # Its own, of what it imports.
    warnings.simplefilter("ignore", DeprecationWarning)
    import dynamodb_encryption_sdk  # noqa: F401
    from dynamodb_encryption_sdk import structures as old_structures
    from dynamodb_encryption_sdk.delegated_keys.jce import JceNameLocalDelegatedKey as OldKey
    from dynamodb_encryption_sdk.encrypted import CryptoConfig as OldConfig
    from dynamodb_encryption_sdk.encrypted import item as old_items
    from dynamodb_encryption_sdk.encrypted.table import EncryptedTable as OldTable
    from dynamodb_encryption_sdk.identifiers import CryptoAction as OldAction
    from dynamodb_encryption_sdk.identifiers import EncryptionKeyType as OldType
    from dynamodb_encryption_sdk.identifiers import KeyEncodingType as OldEncoding
    from dynamodb_encryption_sdk.material_providers.aws_kms import AwsKmsCryptographicMaterialsProvider as OldKms
    from dynamodb_encryption_sdk.material_providers.most_recent import CachingMostRecentProvider as OldMostRecent
    from dynamodb_encryption_sdk.material_providers.static import StaticCryptographicMaterialsProvider as OldStatic
    from dynamodb_encryption_sdk.material_providers.store.meta import MetaStore as OldMetaStore
    from dynamodb_encryption_sdk.material_providers.wrapped import WrappedCryptographicMaterialsProvider as OldWrapped
    from dynamodb_encryption_sdk.materials.raw import RawDecryptionMaterials as OldRawDecryption
    from dynamodb_encryption_sdk.materials.raw import RawEncryptionMaterials as OldRawEncryption

__all__ = [
    "OldAction",
    "OldConfig",
    "OldEncoding",
    "OldKey",
    "OldKms",
    "OldMetaStore",
    "OldMostRecent",
    "OldRawDecryption",
    "OldRawEncryption",
    "OldStatic",
    "OldTable",
    "OldType",
    "OldWrapped",
    "boto3",
    "old_actions",
    "old_config",
    "old_items",
    "old_symmetric",
    "vectors",
]

FOLDER = pathlib.Path(__file__).resolve().parents[3].parent / "shared" / "vectors"


def vectors():
    """The items that lie beside the checkout; without them the test is skipped, but in CI."""
    path = FOLDER / "legacy_ddbec_python.json"
    if not path.exists() and os.environ.get("ITEMSEAL_CI") != "1":
        pytest.skip(f"{path.name} does not lie beside the checkout, in shared/vectors")
    return json.loads(path.read_text())


def old_symmetric(key, algorithm):
    return OldKey(key=key, algorithm=algorithm, key_type=OldType.SYMMETRIC, key_encoding=OldEncoding.RAW)


def old_actions(default="ENCRYPT_AND_SIGN", **named):
    named = {name: OldAction[action] for name, action in named.items()}
    return old_structures.AttributeActions(default_action=OldAction[default], attribute_actions=named)


def old_config(provider, actions, item=None, **context):
    config = OldConfig(
        materials_provider=provider,
        encryption_context=old_structures.EncryptionContext(**context),
        attribute_actions=actions,
    )
    return config if item is None else config.with_item(item)
