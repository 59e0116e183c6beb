"""Single items. None of these changes what it is given."""

from __future__ import annotations

from typing import Any, Dict, Mapping

from itemseal._itemseal import LegacyDecryptor
from itemseal.legacy._settings import Settings
from itemseal.legacy.encrypted import CryptoConfig

__all__ = ["decrypt_dynamodb_item", "decrypt_python_item", "encrypt_dynamodb_item", "encrypt_python_item"]


def _settings(config: CryptoConfig) -> Settings:
    context = config.encryption_context
    names = (context.table_name, context.partition_key_name, context.sort_key_name)
    return Settings(config.materials_provider, config.attribute_actions, *names, keyring=config.keyring)


def _legacy(config: CryptoConfig) -> LegacyDecryptor:
    settings, attributes = _settings(config), config.encryption_context.attributes
    # The legacy client's KMS provider binds an item to the keys that it was told the values of.
    if settings.partition_key not in attributes:
        settings.partition_key = None
    if settings.sort_key not in attributes:
        settings.sort_key = None
    return settings.cached_decryptor()


def encrypt_dynamodb_item(item: Mapping[str, Any], crypto_config: CryptoConfig) -> Dict[str, Any]:
    """Encrypts an item of boto3's clients to itemseal's format."""
    return _settings(crypto_config).encryptor().encrypt_dynamodb_item(item)


def encrypt_python_item(item: Mapping[str, Any], crypto_config: CryptoConfig) -> Dict[str, Any]:
    """Encrypts an item of boto3's resources to itemseal's format."""
    return _settings(crypto_config).encryptor().encrypt_item(item)


def decrypt_dynamodb_item(item: Mapping[str, Any], crypto_config: CryptoConfig) -> Dict[str, Any]:
    """Verifies and decrypts an item of boto3's clients, the legacy client's or itemseal's."""
    if LegacyDecryptor.is_legacy(item):
        return _legacy(crypto_config).decrypt_dynamodb_item(item)
    return _settings(crypto_config).encryptor().decrypt_dynamodb_item(item)


def decrypt_python_item(item: Mapping[str, Any], crypto_config: CryptoConfig) -> Dict[str, Any]:
    """Verifies and decrypts an item of boto3's resources, the legacy client's or itemseal's."""
    if LegacyDecryptor.is_legacy(item):
        return _legacy(crypto_config).decrypt_item(item)
    return _settings(crypto_config).encryptor().decrypt_item(item)
