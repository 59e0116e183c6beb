"""RSA, elliptic-curve and HMAC keys in several Regions."""

from keys import arn
from lab import EU, US, denied

ECDSA = {"SigningAlgorithm": "ECDSA_SHA_256"}
OAEP = {"EncryptionAlgorithm": "RSAES_OAEP_SHA_256"}
MAC = {"MacAlgorithm": "HMAC_SHA_256"}


def changed(blob):
    return blob[:-1] + bytes([blob[-1] ^ 1])


def test_related_keys_have_one_public_key(keys):
    key_id = keys.key_for("ECC_NIST_P256", "SIGN_VERIFY")
    us, eu = (kms.get_public_key(KeyId=key_id) for kms in (keys.us, keys.eu))
    assert eu["KeyId"] == arn(EU, key_id)
    assert eu["PublicKey"] == us["PublicKey"]
    assert eu["SigningAlgorithms"] == ["ECDSA_SHA_256"]
    assert eu["KeySpec"] == "ECC_NIST_P256"
    denied("UnsupportedOperationException", keys.us.get_public_key, KeyId=keys.key())


def test_one_regions_signature_is_verified_in_another(keys):
    key_id = keys.key_for("ECC_NIST_P256", "SIGN_VERIFY")
    signed = keys.us.sign(KeyId=key_id, Message=b"message", **ECDSA)
    assert signed["KeyId"] == arn(US, key_id)
    right = {"KeyId": key_id, "Message": b"message", "Signature": signed["Signature"], **ECDSA}
    verified = keys.eu.verify(**right)
    assert verified["SignatureValid"] is True
    assert verified["KeyId"] == arn(EU, key_id)
    for wrong in ({"Message": b"another"}, {"Signature": changed(signed["Signature"])}):
        denied("KMSInvalidSignatureException", keys.eu.verify, **{**right, **wrong})
    short = {"KeyId": key_id, "Message": b"short", "MessageType": "DIGEST", **ECDSA}
    text = denied("ValidationException", keys.us.sign, **short)
    assert text == "Digest is invalid length for algorithm ECDSA_SHA_256."


def test_what_rsa_encrypts_in_one_region_opens_in_another(keys):
    key_id = keys.key_for("RSA_2048", "ENCRYPT_DECRYPT")
    sealed = keys.us.encrypt(KeyId=key_id, Plaintext=b"7" * 190, **OAEP)["CiphertextBlob"]
    denied("ValidationException", keys.us.encrypt, KeyId=key_id, Plaintext=b"7" * 191, **OAEP)
    opened = keys.eu.decrypt(KeyId=key_id, CiphertextBlob=sealed, **OAEP)
    assert opened["Plaintext"] == b"7" * 190
    assert opened["KeyId"] == arn(EU, key_id)
    wrong = {"KeyId": key_id, "CiphertextBlob": changed(sealed), **OAEP}
    denied("InvalidCiphertextException", keys.eu.decrypt, **wrong)
    # It does not say whose it is.
    denied("ValidationException", keys.eu.decrypt, CiphertextBlob=sealed, **OAEP)
    in_context = {"KeyId": key_id, "Plaintext": b"x", "EncryptionContext": {"a": "1"}, **OAEP}
    denied("ValidationException", keys.us.encrypt, **in_context)


def test_related_keys_agree_on_a_secret(keys):
    one, other = (keys.key_for("ECC_NIST_P256", "KEY_AGREEMENT") for _ in range(2))
    ours, theirs = (keys.us.get_public_key(KeyId=k)["PublicKey"] for k in (one, other))

    def agree(kms, key_id, peer):
        return kms.derive_shared_secret(
            KeyId=key_id, PublicKey=peer, KeyAgreementAlgorithm="ECDH"
        )

    secret, there = agree(keys.us, one, theirs), agree(keys.eu, one, theirs)
    assert there["KeyId"] == arn(EU, one)
    assert secret["SharedSecret"] == there["SharedSecret"]
    assert agree(keys.eu, other, ours)["SharedSecret"] == secret["SharedSecret"]
    nonsense = {"KeyId": one, "PublicKey": b"nonsense", "KeyAgreementAlgorithm": "ECDH"}
    denied("ValidationException", keys.us.derive_shared_secret, **nonsense)


def test_one_regions_mac_is_verified_in_another(keys):
    key_id = keys.key_for("HMAC_256", "GENERATE_VERIFY_MAC")
    made = keys.us.generate_mac(KeyId=key_id, Message=b"message", **MAC)
    assert made["KeyId"] == arn(US, key_id)
    assert len(made["Mac"]) == 32
    right = {"KeyId": key_id, "Message": b"message", "Mac": made["Mac"], **MAC}
    verified = keys.eu.verify_mac(**right)
    assert verified["MacValid"] is True
    assert verified["KeyId"] == arn(EU, key_id)
    for wrong in ({"Message": b"another"}, {"Mac": changed(made["Mac"])}):
        denied("KMSInvalidMacException", keys.eu.verify_mac, **{**right, **wrong})


def test_a_key_for_something_else_is_an_invalid_usage(keys):
    symmetric = keys.key()
    mac = keys.key_for("HMAC_256", "GENERATE_VERIFY_MAC")
    sign = keys.key_for("ECC_NIST_P256", "SIGN_VERIFY")

    def invalid(call, **request):
        return denied("InvalidKeyUsageException", call, **request)

    text = invalid(keys.us.encrypt, KeyId=mac, Plaintext=b"x")
    usage = "key usage is GENERATE_VERIFY_MAC which is not valid for Encrypt."
    assert text == f"{arn(US, mac)} {usage}"
    invalid(keys.us.generate_data_key, KeyId=sign, NumberOfBytes=32)
    text = invalid(keys.us.sign, KeyId=symmetric, Message=b"x", **ECDSA)
    assert text.endswith("ENCRYPT_DECRYPT which is not valid for Sign.")
    invalid(keys.us.sign, KeyId=sign, Message=b"x", SigningAlgorithm="ECDSA_SHA_384")
    text = invalid(keys.us.generate_mac, KeyId=symmetric, Message=b"x", **MAC)
    assert text.endswith("ENCRYPT_DECRYPT which is not valid for GenerateMac.")
    invalid(keys.us.generate_mac, KeyId=mac, Message=b"x", MacAlgorithm="HMAC_SHA_512")
    text = invalid(keys.us.encrypt, KeyId=symmetric, Plaintext=b"x", **OAEP)
    pair = "Algorithm RSAES_OAEP_SHA_256 and key spec SYMMETRIC_DEFAULT"
    assert text == f"{pair} are incompatible."


def test_a_spec_has_its_usages(keys):
    for wrong in (
        {"KeySpec": "RSA_2048"},
        {"KeySpec": "RSA_2048", "KeyUsage": "KEY_AGREEMENT"},
        {"KeySpec": "ECC_SECG_P256K1", "KeyUsage": "KEY_AGREEMENT"},
        {"KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "SIGN_VERIFY"},
    ):
        denied("ValidationException", keys.us.create_key, **wrong)
    assert keys.us.create_key()["KeyMetadata"]["KeyUsage"] == "ENCRYPT_DECRYPT"
