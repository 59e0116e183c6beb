"""Single items: what the legacy client writes now is read, what is written is itemseal's."""

import asyncio
from decimal import Decimal

import itemseal
import itemseal.legacy as legacy
import legacy_client as old
import pytest
from boto3.dynamodb.types import Binary
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from itemseal.legacy import EncryptionKeyType, JceNameLocalDelegatedKey, KeyEncodingType
from legacy_items import (
    CONTEXT,
    ITEM,
    KEYRING,
    NAMED,
    SIGN,
    WRAP,
    aes,
    check,
    config,
    decryptor,
    encryptor,
    old_aes,
    python,
    symmetric,
    wire,
    written,
)


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
    same = aes()
    assert legacy.decrypt_python_item(stored, config(same)) == ITEM
    for reader in (config(other), config(same, table_name="Others")):
        with pytest.raises(itemseal.AuthenticationError) as caught:
            legacy.decrypt_python_item(stored, reader)
        assert caught.value.attribute is None and caught.value.__cause__ is None


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
