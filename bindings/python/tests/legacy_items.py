"""What the legacy client's tests have in common: an item, keys, and configurations of both."""

import copy
from decimal import Decimal

import itemseal
import itemseal.legacy as legacy
import legacy_client as old
from boto3.dynamodb.types import Binary, TypeDeserializer, TypeSerializer
from itemseal.legacy import CryptoAction, EncryptionKeyType, JceNameLocalDelegatedKey, KeyEncodingType

KEYRING = itemseal.RawAesKeyring("tests", "new", bytes(range(32)))
WRAP, SIGN = bytes(range(32, 64)), bytes(range(64, 96))
ITEM = {
    "pk": "customer-1",
    "sk": Decimal(7),
    "card": "4111 1111",
    "sum": Decimal("12.50"),
    "photo": Binary(b"\x00\xff"),
    "tags": {"a", "b"},
    "lines": [{"sku": "A", "count": Decimal(2), "gift": True, "note": None}],
    "status": "shipped",
    "hits": Decimal(3),
}
NAMED = {"pk": "SIGN_ONLY", "sk": "SIGN_ONLY", "status": "SIGN_ONLY", "hits": "DO_NOTHING"}
CONTEXT = {"table_name": "Orders", "partition_key_name": "pk", "sort_key_name": "sk"}


def wire(item):
    return {name: TypeSerializer().serialize(value) for name, value in item.items()}


def python(item):
    return {name: TypeDeserializer().deserialize(value) for name, value in item.items()}


def actions(default="ENCRYPT_AND_SIGN", **named):
    return legacy.AttributeActions(CryptoAction[default], {name: CryptoAction[action] for name, action in named.items()})


def config(provider, keyring=KEYRING, item=None, default="ENCRYPT_AND_SIGN", named=NAMED, **context):
    made = legacy.CryptoConfig(
        materials_provider=provider,
        encryption_context=legacy.EncryptionContext(**{**CONTEXT, **context}),
        attribute_actions=actions(default, **named),
        keyring=keyring,
    )
    return made if item is None else made.with_item(item)


def symmetric(key, algorithm):
    return JceNameLocalDelegatedKey(
        key=key, algorithm=algorithm, key_type=EncryptionKeyType.SYMMETRIC, key_encoding=KeyEncodingType.RAW
    )


def aes(**more):
    key = symmetric(WRAP, "AES")
    return legacy.WrappedCryptographicMaterialsProvider(
        signing_key=symmetric(SIGN, "HmacSHA256"), wrapping_key=key, unwrapping_key=key, **more
    )


def old_aes():
    key = old.old_symmetric(WRAP, "AES")
    return old.OldWrapped(signing_key=old.old_symmetric(SIGN, "HmacSHA256"), wrapping_key=key, unwrapping_key=key)


def written(provider, default="ENCRYPT_AND_SIGN", named=NAMED, **context):
    made = old.old_config(provider, old.old_actions(default, **named), **{**CONTEXT, **context})
    return old.old_items.encrypt_python_item(ITEM, made)


def check(stored, reader):
    """Old and new are read on both layers, and what is written is new."""
    assert legacy.LegacyDecryptor.is_legacy(stored)
    before = copy.deepcopy(stored)
    assert legacy.decrypt_python_item(stored, reader) == ITEM
    assert stored == before
    assert python(legacy.decrypt_dynamodb_item(wire(stored), reader)) == ITEM
    new = legacy.encrypt_python_item(legacy.decrypt_python_item(stored, reader), reader)
    assert "aws_dbe_head" in new and not legacy.LegacyDecryptor.is_legacy(new)
    assert isinstance(new["card"], Binary) and new["status"] == "shipped" and new["hits"] == 3
    assert legacy.decrypt_python_item(new, reader) == ITEM
    table = itemseal.TableConfig("Orders", partition_key="pk", sort_key="sk", sign_only=["status"], unsigned=["hits"])
    assert itemseal.ItemEncryptor(table, KEYRING).decrypt_item(new) == ITEM
    again = legacy.encrypt_dynamodb_item(wire(ITEM), reader)
    assert python(legacy.decrypt_dynamodb_item(again, reader)) == ITEM


def decryptor():
    named = {name: action.lower() for name, action in NAMED.items()}
    materials = legacy.LegacyMaterials.wrapped("AES", WRAP, "HmacSHA256", SIGN)
    return legacy.LegacyDecryptor("Orders", "pk", "sk", materials=materials, actions=named)


def encryptor(keyring=KEYRING):
    table = itemseal.TableConfig("Orders", partition_key="pk", sort_key="sk", sign_only=["status"], unsigned=["hits"])
    return itemseal.ItemEncryptor(table, keyring, legacy=decryptor())
