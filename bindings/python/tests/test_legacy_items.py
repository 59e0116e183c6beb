"""Single items: what the legacy client writes now is read, what is written is itemseal's."""

import asyncio
import copy
import pickle
from decimal import Decimal

import itemseal
import itemseal.legacy as legacy
import legacy_client as old
import pytest
from boto3.dynamodb.types import Binary, TypeDeserializer, TypeSerializer
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
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


def test_aes_and_hmac():
    check(written(old_aes()), config(aes()))
    check(written(old_aes()), config(aes(keyring=KEYRING), keyring=None))


def pem(key, private=True, encoding=serialization.Encoding.PEM):
    if private:
        return key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key.public_key().public_bytes(encoding, serialization.PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize("encoding", ["PEM", "DER"])
@pytest.mark.parametrize("verifies_with", ["PRIVATE", "PUBLIC"])
def test_rsa(encoding, verifies_with):
    wrap, sign = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
    as_encoded = getattr(serialization.Encoding, encoding)

    def key(bytes_, algorithm, kind, of=JceNameLocalDelegatedKey, types=EncryptionKeyType, encodings=KeyEncodingType):
        return of(key=bytes_, algorithm=algorithm, key_type=types[kind], key_encoding=encodings[encoding])

    def old_key(bytes_, algorithm, kind):
        return key(bytes_, algorithm, kind, old.OldKey, old.OldType, old.OldEncoding)

    stored = written(
        old.OldWrapped(
            signing_key=old_key(pem(sign, True, as_encoded), "SHA256withRSA", "PRIVATE"),
            wrapping_key=old_key(pem(wrap, False, as_encoded), "RSA", "PUBLIC"),
        )
    )
    private = verifies_with == "PRIVATE"
    reader = legacy.WrappedCryptographicMaterialsProvider(
        signing_key=key(pem(sign, private, as_encoded), "SHA256withRSA", verifies_with),
        unwrapping_key=key(pem(wrap, True, as_encoded), "RSA", "PRIVATE"),
    )
    check(stored, config(reader))


def test_static_keys():
    stored = written(
        old.OldStatic(
            encryption_materials=old.OldRawEncryption(
                signing_key=old.old_symmetric(SIGN, "HmacSHA256"), encryption_key=old.old_symmetric(WRAP, "AES")
            )
        )
    )
    raw = legacy.RawDecryptionMaterials(symmetric(SIGN, "HmacSHA256"), symmetric(WRAP, "AES"))
    check(stored, config(legacy.StaticCryptographicMaterialsProvider(decryption_materials=raw)))
    with pytest.raises(itemseal.MisuseError, match="AESWrap"):
        legacy.RawDecryptionMaterials(symmetric(SIGN, "HmacSHA256"), symmetric(WRAP, "AESWrap"))


@pytest.mark.parametrize("default", ["SIGN_ONLY", "DO_NOTHING"])
def test_another_default_is_read_as_it_was_and_written_encrypted(default):
    named = {"pk": "SIGN_ONLY", "sk": "SIGN_ONLY", "card": "ENCRYPT_AND_SIGN", "status": "SIGN_ONLY", "hits": "DO_NOTHING"}
    stored = written(old_aes(), default, named)
    assert stored["sum"] == Decimal("12.50") and isinstance(stored["card"], Binary)
    reader = config(aes(), default=default, named=named)
    assert legacy.decrypt_python_item(stored, reader) == ITEM
    new = legacy.encrypt_python_item(ITEM, reader)
    assert isinstance(new["sum"], Binary) and new["status"] == "shipped" and new["hits"] == 3
    assert legacy.decrypt_python_item(new, reader) == ITEM


def test_numbers_keep_all_38_digits_from_now_on():
    number = Decimal("12345678901234567890123456789012345678")
    reader = config(aes())
    assert legacy.decrypt_python_item(legacy.encrypt_python_item({**ITEM, "sum": number}, reader), reader)["sum"] == number
    made = old.old_config(old_aes(), old.old_actions(**NAMED), **CONTEXT)
    stored = old.old_items.encrypt_python_item({**ITEM, "sum": number}, made)
    assert legacy.decrypt_python_item(stored, reader)["sum"] == Decimal("12345678901234567890123456790000000000")


@pytest.mark.parametrize("name", ["pk", "sk", "card", "status", "*amzn-ddb-map-sig*"])
def test_altered_items_are_refused(name):
    stored, reader = written(old_aes()), config(aes())
    value = stored[name]
    changed = Binary(value.value[:-1] + bytes([value.value[-1] ^ 1])) if isinstance(value, Binary) else value + type(value)("1")
    for altered in ({**stored, name: changed}, {key: value for key, value in stored.items() if key != name}):
        with pytest.raises(itemseal.AuthenticationError):
            legacy.decrypt_python_item(altered, reader)


def test_another_key_or_table_says_no_more_than_that():
    stored = written(old_aes())
    key = symmetric(WRAP, "AES")
    other = legacy.WrappedCryptographicMaterialsProvider(symmetric(bytes(32), "HmacSHA256"), key, key)
    for reader in (config(other), config(aes(), table_name="Others")):
        with pytest.raises(itemseal.AuthenticationError) as caught:
            legacy.decrypt_python_item(stored, reader)
        assert caught.value.attribute is None and caught.value.__cause__ is None


def decryptor():
    named = {name: action.lower() for name, action in NAMED.items()}
    materials = legacy.LegacyMaterials.wrapped("AES", WRAP, "HmacSHA256", SIGN)
    return legacy.LegacyDecryptor("Orders", "pk", "sk", materials=materials, actions=named)


def encryptor(keyring=KEYRING):
    table = itemseal.TableConfig("Orders", partition_key="pk", sort_key="sk", sign_only=["status"], unsigned=["hits"])
    return itemseal.ItemEncryptor(table, keyring, legacy=decryptor())


def test_an_item_encryptor_reads_old_and_new_and_writes_new():
    both, stored = encryptor(), written(old_aes())
    new = both.encrypt_item(ITEM)
    assert both.decrypt_item(stored) == ITEM == both.decrypt_item(new)
    assert python(both.decrypt_dynamodb_item(wire(stored))) == ITEM
    assert both.decrypt_items([stored, new] * 50) == [ITEM] * 100
    assert "aws_dbe_head" in new and not legacy.LegacyDecryptor.is_legacy(new)
    with pytest.raises(itemseal.NotEncryptedError):
        both.decrypt_item(ITEM)

    async def run():
        assert await both.decrypt_item_async(stored) == ITEM == await both.decrypt_item_async(new)
        assert await decryptor().decrypt_item_async(stored) == ITEM
        assert python(await decryptor().decrypt_dynamodb_item_async(wire(stored))) == ITEM

    asyncio.run(run())


def test_an_item_that_is_encrypted_still_is_not_encrypted_again():
    both, stored = encryptor(), written(old_aes())
    for name in ("*amzn-ddb-map-sig*", "*amzn-ddb-map-desc*"):
        with pytest.raises(itemseal.MisuseError, match="decrypt it first"):
            both.encrypt_item({**ITEM, name: stored[name]})
    with pytest.raises(itemseal.MisuseError, match="decrypt it first"):
        legacy.encrypt_python_item(stored, config(aes()))


def test_an_old_item_without_one_of_its_attributes_is_still_taken_for_one():
    both, stored = encryptor(), written(old_aes())
    for name in ("*amzn-ddb-map-sig*", "*amzn-ddb-map-desc*"):
        with pytest.raises((itemseal.AuthenticationError, itemseal.MalformedError)):
            both.decrypt_item({key: value for key, value in stored.items() if key != name})
    # Of one that lost both, nothing is left to tell.
    bare = {key: value for key, value in stored.items() if not key.startswith("*")}
    with pytest.raises(itemseal.NotEncryptedError):
        both.decrypt_item(bare)
    with pytest.raises(itemseal.NotEncryptedError):
        decryptor().decrypt_item(bare)


def test_is_legacy_looks_at_names_alone():
    is_legacy = legacy.LegacyDecryptor.is_legacy
    assert not is_legacy(ITEM) and not is_legacy({}) and not is_legacy({"amzn-ddb-map-sig": 1, 7: 1, "\ud800": 1})
    assert is_legacy({"*amzn-ddb-map-sig*": None}) and is_legacy({"*amzn-ddb-map-desc*": {"B": b""}})


def test_without_a_keyring_what_was_written_is_read_and_nothing_new_written():
    reader = config(aes(), keyring=None)
    assert legacy.decrypt_python_item(written(old_aes()), reader) == ITEM
    with pytest.raises(itemseal.MisuseError, match="keyring= of WrappedCryptographicMaterialsProvider"):
        legacy.encrypt_python_item(ITEM, reader)


def test_without_keys_to_read_with_only_new_items_are_read():
    writes = legacy.WrappedCryptographicMaterialsProvider(symmetric(SIGN, "HmacSHA256"), symmetric(WRAP, "AES"))
    new = legacy.encrypt_python_item(ITEM, config(writes))
    assert legacy.decrypt_python_item(new, config(writes)) == ITEM
    with pytest.raises(itemseal.MisuseError, match="keys to read with"):
        legacy.decrypt_python_item(written(old_aes()), config(writes))


def test_items_without_a_table_are_read_and_new_ones_need_it():
    stored = written(old_aes(), table_name=None)
    reader = config(aes(), table_name=None)
    assert legacy.decrypt_python_item(stored, reader) == ITEM
    with pytest.raises(itemseal.MisuseError, match="table_name"):
        legacy.encrypt_python_item(ITEM, reader)


def test_a_configuration_that_cannot_be_right_is_refused():
    with pytest.raises(itemseal.MisuseError, match="pk is a key"):
        config(aes(), named={"sk": "SIGN_ONLY"})
    with pytest.raises(itemseal.MisuseError, match="nothing is signed"):
        legacy.encrypt_python_item(ITEM, config(aes(), default="DO_NOTHING", named={}))
    with pytest.raises(itemseal.MisuseError, match="dynamodb_encryption_sdk"):
        config(old_aes())
    with pytest.raises(itemseal.MisuseError, match="belongs to the legacy"):
        actions(**{"*amzn-ddb-map-sig*": "SIGN_ONLY"})
    with pytest.raises(itemseal.MisuseError, match="CryptoAction"):
        legacy.AttributeActions(attribute_actions={"a": "SIGN_ONLY"})
    with pytest.raises(itemseal.MisuseError, match="cannot be encrypted"):
        actions(pk="ENCRYPT_AND_SIGN").set_index_keys("pk")
    with pytest.raises(itemseal.MisuseError, match="_validate_key_id"):

        class Own(legacy.AwsKmsCryptographicMaterialsProvider):
            def _validate_key_id(self, key_id, encryption_context):
                raise ValueError(key_id)

    materials = legacy.LegacyMaterials.wrapped("AES", WRAP, "HmacSHA256", SIGN)
    with pytest.raises(itemseal.MisuseError, match="do_nothing"):
        legacy.LegacyDecryptor("Orders", "pk", materials=materials, actions={"a": "encrypt"})
    with pytest.raises(itemseal.MisuseError, match="16 or 32 bytes"):
        legacy.LegacyMaterials.wrapped("AES", b"short", "HmacSHA256", SIGN)
    with pytest.raises(itemseal.MisuseError, match="AES"):
        legacy.LegacyMaterials.wrapped("DES", WRAP, "HmacSHA256", SIGN)
    with pytest.raises(itemseal.MisuseError, match="signature algorithm"):
        legacy.LegacyMaterials.fixed(WRAP, "HmacMD5", SIGN)


@pytest.mark.parametrize(
    ("algorithm", "kind", "encoding", "says"),
    [
        ("DES", "SYMMETRIC", "RAW", "unknown"),
        ("AES", "PRIVATE", "RAW", "SYMMETRIC and RAW"),
        ("AES", "SYMMETRIC", "DER", "SYMMETRIC and RAW"),
        ("RSA", "SYMMETRIC", "PEM", "PRIVATE or PUBLIC"),
        ("SHA256withRSA", "PUBLIC", "RAW", "PEM or DER"),
    ],
)
def test_a_key_that_cannot_be_right_is_refused(algorithm, kind, encoding, says):
    with pytest.raises(itemseal.MisuseError, match=says):
        JceNameLocalDelegatedKey(bytes(32), algorithm, EncryptionKeyType[kind], KeyEncodingType[encoding])


def test_keys_are_made():
    assert len(JceNameLocalDelegatedKey.generate("AES", 128).key) == 16
    assert JceNameLocalDelegatedKey.generate("AES", 128).key != JceNameLocalDelegatedKey.generate("AES", 128).key
    made = JceNameLocalDelegatedKey.generate("HmacSHA512", 512)
    assert len(made.key) == 64 and made.algorithm == made.signing_algorithm() == "HmacSHA512"
    with pytest.raises(itemseal.MisuseError, match="openssl"):
        JceNameLocalDelegatedKey.generate("RSA", 2048)


def test_actions_are_as_the_legacy_clients():
    """The same questions to both."""
    both = []
    for of, action in ((legacy.AttributeActions, CryptoAction), (old.old_structures.AttributeActions, old.OldAction)):
        one = of(action.SIGN_ONLY, {"a": action.ENCRYPT_AND_SIGN, "b": action.DO_NOTHING})
        two = of(action.DO_NOTHING, {"b": action.SIGN_ONLY})
        two.set_index_keys("k")
        asked = [one.action(name).name for name in "abk"] + [two.action("k").name, two.take_no_actions]
        asked += [of(action.DO_NOTHING).take_no_actions, one.contains_action(action.ENCRYPT_AND_SIGN)]
        asked += [one.copy().action("a").name, of().default_action.name]
        both.append(asked)
    assert both[0] == both[1]
    added = actions("SIGN_ONLY", a="ENCRYPT_AND_SIGN") + actions("DO_NOTHING", a="SIGN_ONLY", b="DO_NOTHING")
    assert added == actions("SIGN_ONLY", a="ENCRYPT_AND_SIGN", b="SIGN_ONLY")


def test_nothing_secret_is_shown_or_pickled():
    provider, key = aes(), symmetric(WRAP, "AES")
    materials = legacy.LegacyMaterials.wrapped("AES", WRAP, "HmacSHA256", SIGN)
    for shown in (key, provider, materials, decryptor(), config(provider)):
        assert repr(WRAP)[2:10] not in repr(shown)
    assert repr(key) == "JceNameLocalDelegatedKey(AES, SYMMETRIC)" and repr(decryptor()) == 'LegacyDecryptor("Orders")'
    for secret in (key, materials, decryptor(), provider):
        with pytest.raises(TypeError):
            pickle.dumps(secret)


def test_one_configuration_an_item_is_one_encryptor():
    provider = aes()
    configs = [config(provider, item=wire({**ITEM, "sk": n})) for n in range(20)]
    for one in configs:
        legacy.encrypt_python_item(ITEM, one)
    assert len(provider._built) == 1
    for n in range(600):
        legacy.encrypt_python_item(ITEM, config(provider, table_name=f"Orders{n}"))
    assert len(provider._built) <= 256
