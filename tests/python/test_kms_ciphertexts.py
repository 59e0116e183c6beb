"""What a ciphertext is bound to, and where it opens."""

from keys import NO_KEY, arn
from lab import ACCOUNT, AP, EU, US, denied

INVALID = ("InvalidCiphertextException", "")


def test_any_related_key_decrypts_and_answers_with_the_local_arn(keys):
    key_id = keys.key(EU, AP)
    for writer in (US, EU, AP):
        made = keys.at(writer).generate_data_key(KeyId=key_id, KeySpec="AES_256")
        assert made["KeyId"] == arn(writer, key_id)
        assert len(made["Plaintext"]) == 32
        for reader in (US, EU, AP):
            opened = keys.at(reader).decrypt(CiphertextBlob=made["CiphertextBlob"])
            assert opened["KeyId"] == arn(reader, key_id)
            assert opened["Plaintext"] == made["Plaintext"]
            assert opened["KeyMaterialId"] == made["KeyMaterialId"]
    assert made["KeyMaterialId"] == keys.material(EU, key_id)


def test_the_key_id_is_optional_and_may_be_given_in_every_form(keys):
    key_id = keys.key(EU)
    sealed = keys.seal(US, key_id)
    assert keys.call(EU, "create_alias", key_id) is None
    alias_arn = f"arn:aws:kms:{EU}:{ACCOUNT}:alias/called"
    forms = [{"KeyId": name} for name in (key_id, arn(EU, key_id), "alias/called", alias_arn)]
    for form in [{}, *forms]:
        opened = keys.eu.decrypt(CiphertextBlob=sealed, **form)
        assert opened["Plaintext"] == b"secret", form
        assert opened["KeyId"] == arn(EU, key_id), form


def test_without_a_replica_it_opens_in_no_other_region(keys):
    for key_id in (keys.key(EU), keys.single()):
        sealed = keys.seal(US, key_id)
        code, text = keys.refusal(AP, sealed)
        assert code == "AccessDeniedException"
        assert text.startswith(NO_KEY)
        for name in (key_id, arn(AP, key_id), arn(US, key_id)):
            denied("NotFoundException", keys.ap.decrypt, KeyId=name, CiphertextBlob=sealed)
        assert keys.open(US, sealed) == b"secret"


def test_another_keys_ciphertext_is_an_incorrect_key(keys):
    one, other = keys.key(EU), keys.key(EU)
    sealed = keys.seal(US, one)
    expected = "The key ID in the request does not identify a CMK that can perform this operation."
    for region in (US, EU):
        decrypt = {"KeyId": other, "CiphertextBlob": sealed}
        assert denied("IncorrectKeyException", keys.at(region).decrypt, **decrypt) == expected


def test_a_corrupt_ciphertext_is_invalid(keys):
    key_id = keys.key(EU)
    sealed = keys.seal(US, key_id)
    for at in range(len(sealed)):
        changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        assert keys.refusal(EU, changed) == INVALID, f"byte {at}"
    for kept in (1, len(sealed) // 2, len(sealed) - 1):
        cut = sealed[:kept]
        assert keys.refusal(EU, cut) == INVALID, f"{kept} bytes"
        decrypt = {"KeyId": key_id, "CiphertextBlob": cut}
        assert denied("InvalidCiphertextException", keys.eu.decrypt, **decrypt) == ""
    assert keys.refusal(EU, sealed + b"x") == INVALID


def test_the_encryption_context_is_bound(keys):
    key_id = keys.key(EU)
    right = {"table": "Orders", "tenant": "7"}
    sealed = keys.seal(US, key_id, right)
    for wrong in (
        {},
        {"table": "Orders"},
        {"table": "Orders", "tenant": "8"},
        {"table": "Orders", "Tenant": "7"},
        {**right, "more": ""},
    ):
        assert keys.refusal(EU, sealed, wrong) == INVALID, wrong
    assert keys.open(EU, sealed, right) == b"secret"
    assert keys.refusal(EU, keys.seal(US, key_id, {"a": "bc"}), {"ab": "c"}) == INVALID


def test_two_encryptions_of_one_plaintext_differ(keys):
    key_id = keys.key(EU)
    assert keys.seal(US, key_id) != keys.seal(US, key_id)
    one, other = (keys.us.generate_random(NumberOfBytes=32)["Plaintext"] for _ in range(2))
    assert one != other


def test_a_data_key_comes_with_or_without_its_plaintext(keys):
    key_id = keys.key(EU)
    without = keys.us.generate_data_key_without_plaintext
    made = without(KeyId=key_id, KeySpec="AES_128")
    assert "Plaintext" not in made
    assert made["KeyId"] == arn(US, key_id)
    assert len(keys.open(EU, made["CiphertextBlob"])) == 16
    made = keys.us.generate_data_key(KeyId=key_id, NumberOfBytes=1_024)
    assert keys.open(EU, made["CiphertextBlob"]) == made["Plaintext"]
    generate = keys.us.generate_data_key
    # Boto3 itself refuses no bytes.
    denied("ValidationException", generate, KeyId=key_id, NumberOfBytes=1_025)
    denied("ValidationException", generate, KeyId=key_id)


def test_a_plaintext_is_1_to_4096_bytes(keys):
    key_id = keys.key()
    # Boto3 itself refuses an empty one.
    denied("ValidationException", keys.us.encrypt, KeyId=key_id, Plaintext=b"7" * 4_097)
    sealed = keys.us.encrypt(KeyId=key_id, Plaintext=b"7" * 4_096)["CiphertextBlob"]
    assert keys.open(US, sealed) == b"7" * 4_096


def test_re_encrypt_moves_a_ciphertext_to_another_key(keys):
    source, to = keys.key(EU), keys.key(EU)
    sealed = keys.seal(US, source, {"a": "1"})
    move = {"CiphertextBlob": sealed, "DestinationKeyId": to}
    in_context = {**move, "SourceEncryptionContext": {"a": "1"}}
    moved = keys.eu.re_encrypt(**in_context)
    assert (moved["SourceKeyId"], moved["KeyId"]) == (arn(EU, source), arn(EU, to))
    assert keys.open(US, moved["CiphertextBlob"]) == b"secret"
    denied("InvalidCiphertextException", keys.eu.re_encrypt, **move)
    denied("IncorrectKeyException", keys.eu.re_encrypt, SourceKeyId=to, **in_context)


def test_a_trial_says_whether_it_would_have_worked(keys):
    key_id = keys.key()
    trial = {"KeyId": key_id, "Plaintext": b"x", "DryRun": True}
    denied("DryRunOperationException", keys.us.encrypt, **trial)
    assert keys.call(US, "disable_key", key_id) is None
    denied("DisabledException", keys.us.encrypt, **trial)
