"""The legacy client's configuration: its actions and keys, and what cannot be right."""

import pickle

import itemseal
import itemseal.legacy as legacy
import legacy_client as old
import pytest
from itemseal.legacy import CryptoAction, EncryptionKeyType, JceNameLocalDelegatedKey, KeyEncodingType
from legacy_items import ITEM, SIGN, WRAP, actions, aes, config, decryptor, old_aes, symmetric, wire


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
    with pytest.raises(itemseal.MisuseError, match="never encrypted"):
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
