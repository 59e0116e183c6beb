"""The names of AWS's legacy client, dynamodb-encryption-sdk, over itemseal.

A program changes ``dynamodb_encryption_sdk`` to ``itemseal.legacy`` in its imports, and says under which keyring
items are to be written. Items of the legacy client and of itemseal are read; what is written is itemseal's.
``docs/from-the-legacy-client.md`` has the steps.
"""

from itemseal._itemseal import LegacyDecryptor, LegacyMaterials
from itemseal.legacy.delegated_keys.jce import JceNameLocalDelegatedKey
from itemseal.legacy.encrypted import CryptoConfig
from itemseal.legacy.encrypted.client import EncryptedClient
from itemseal.legacy.encrypted.item import (
    decrypt_dynamodb_item,
    decrypt_python_item,
    encrypt_dynamodb_item,
    encrypt_python_item,
)
from itemseal.legacy.encrypted.resource import EncryptedResource
from itemseal.legacy.encrypted.table import EncryptedTable
from itemseal.legacy.identifiers import CryptoAction, EncryptionKeyType, KeyEncodingType
from itemseal.legacy.material_providers import CryptographicMaterialsProvider
from itemseal.legacy.material_providers.aws_kms import AwsKmsCryptographicMaterialsProvider
from itemseal.legacy.material_providers.most_recent import CachingMostRecentProvider
from itemseal.legacy.material_providers.static import StaticCryptographicMaterialsProvider
from itemseal.legacy.material_providers.store.meta import MetaStore
from itemseal.legacy.material_providers.wrapped import WrappedCryptographicMaterialsProvider
from itemseal.legacy.materials.raw import RawDecryptionMaterials, RawEncryptionMaterials
from itemseal.legacy.structures import AttributeActions, EncryptionContext, TableIndex, TableInfo

__all__ = [
    "AttributeActions",
    "AwsKmsCryptographicMaterialsProvider",
    "CachingMostRecentProvider",
    "CryptoAction",
    "CryptoConfig",
    "CryptographicMaterialsProvider",
    "EncryptedClient",
    "EncryptedResource",
    "EncryptedTable",
    "EncryptionContext",
    "EncryptionKeyType",
    "JceNameLocalDelegatedKey",
    "KeyEncodingType",
    "LegacyDecryptor",
    "LegacyMaterials",
    "MetaStore",
    "RawDecryptionMaterials",
    "RawEncryptionMaterials",
    "StaticCryptographicMaterialsProvider",
    "TableIndex",
    "TableInfo",
    "WrappedCryptographicMaterialsProvider",
    "decrypt_dynamodb_item",
    "decrypt_python_item",
    "encrypt_dynamodb_item",
    "encrypt_python_item",
]
