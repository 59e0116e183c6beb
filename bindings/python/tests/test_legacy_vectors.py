"""Items that AWS's legacy client wrote, as they lie beside the checkout: good ones open, altered ones do not."""

import base64
from decimal import Decimal

import itemseal
import pytest
from boto3.dynamodb.types import TypeDeserializer
from itemseal.legacy import LegacyDecryptor, LegacyMaterials
from legacy_client import vectors

ACTIONS = {"E": "encrypt_and_sign", "S": "sign_only", "N": "do_nothing"}


def bytes_of(value):
    """DynamoDB's JSON with its bytes as bytes."""
    ((kind, inner),) = value.items()
    if kind == "B":
        return {"B": base64.b64decode(inner)}
    if kind == "BS":
        return {"BS": [base64.b64decode(one) for one in inner]}
    if kind == "L":
        return {"L": [bytes_of(one) for one in inner]}
    if kind == "M":
        return {"M": item_of(inner)}
    return {kind: inner}


def item_of(item):
    return {name: bytes_of(value) for name, value in item.items()}


class Exactly(TypeDeserializer):
    """boto3's refuses numbers of over 38 characters, whatever they are worth."""

    def _deserialize_n(self, value):
        return Decimal(value)


def python_of(item):
    return {name: Exactly().deserialize(value) for name, value in item.items()}


def decryptor(file, case):
    def key(use):
        return file["keys"][case["keys"][use]]

    def raw(use):
        return base64.b64decode(key(use)["base64"])

    if case["provider"] == "wrapped-aes-hmac":
        materials = LegacyMaterials.wrapped("AES", raw("wrap"), "HmacSHA256", raw("sign"))
    else:
        private, public = key("wrap")["private_pem"].encode(), key("sign")["public_pem"].encode()
        materials = LegacyMaterials.wrapped("RSA", private, "SHA256withRSA", public)
    context = case["context"]
    return LegacyDecryptor(
        context["table_name"],
        context["partition_key"],
        context["sort_key"],
        materials=materials,
        default_action=ACTIONS[case["default_action"]],
        actions={name: ACTIONS[letter] for name, letter in case["actions"].items()},
    )


def local(file, *lists):
    """Those that no KMS is needed for: of that one only its data key is known, and boto3 has no such KMS."""
    return [case for name in lists for case in file[name] if case["provider"] != "aws-kms"]


def test_good_items_open_to_what_the_legacy_client_gives():
    file = vectors()
    cases = local(file, "items", "extra_items")
    assert len(cases) == 7
    for case in cases:
        reader, stored = decryptor(file, case), item_of(case["encrypted"])
        assert LegacyDecryptor.is_legacy(stored), case["id"]
        expected = item_of(case["decrypted"])
        opened = reader.decrypt_dynamodb_item(stored)
        assert python_of(opened) == python_of(expected), case["id"]
        assert not LegacyDecryptor.is_legacy(opened)
        assert reader.decrypt_item(python_of(stored)) == python_of(expected), case["id"]


def test_altered_items_are_refused_and_nothing_is_said():
    file = vectors()
    cases = local(file, "tampered")
    assert len(cases) == 5
    said = set()
    for case in cases:
        reader, stored = decryptor(file, case), item_of(case["encrypted"])
        for work in (reader.decrypt_dynamodb_item, lambda item, of=reader: of.decrypt_item(python_of(item))):
            with pytest.raises(itemseal.AuthenticationError) as caught:
                work(stored)
            said.add(str(caught.value))
    assert len(said) == 1


def test_what_the_legacy_format_does_not_protect_is_not_seen_either():
    file = vectors()
    for case in local(file, "undetected_by_legacy"):
        decryptor(file, case).decrypt_dynamodb_item(item_of(case["encrypted"]))


def test_the_item_under_kms_opens_with_its_data_key():
    """By HKDF over the data key, which the test does itself: the native class has the AWS KMS of the SDK only."""
    file = vectors()
    (case,) = [case for case in file["extra_items"] if case["provider"] == "aws-kms"]
    import hashlib
    import hmac

    secret = base64.b64decode(file["keys"][case["keys"]["ikm"]]["base64"])

    def derived(info):
        return hmac.digest(hmac.digest(bytes(32), secret, hashlib.sha256), info + b"\x01", hashlib.sha256)

    materials = LegacyMaterials.fixed(derived(b"Encryption"), "HmacSHA256", derived(b"Signing"))
    context = case["context"]
    reader = LegacyDecryptor(context["table_name"], context["partition_key"], context["sort_key"], materials=materials)
    assert reader.decrypt_dynamodb_item(item_of(case["encrypted"])) == item_of(case["decrypted"])
