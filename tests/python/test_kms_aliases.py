"""Aliases: each Region's own names."""

from keys import CRYPTOGRAPHIC, arn, is_pending
from lab import ACCOUNT, EU, US, denied, says

NAME = "alias/orders"


def alias_arn(region):
    return f"arn:aws:kms:{region}:{ACCOUNT}:{NAME}"


def name(keys, region, alias, key_id):
    keys.at(region).create_alias(AliasName=alias, TargetKeyId=key_id)


def aliases(kms, **only):
    return kms.list_aliases(**only)["Aliases"]


def test_an_alias_is_the_regions_own(keys):
    key_id, other = keys.key(EU), keys.key(EU)
    name(keys, US, NAME, key_id)
    text = denied("NotFoundException", keys.eu.describe_key, KeyId=NAME)
    assert text == f"Alias {alias_arn(EU)} is not found."
    denied("NotFoundException", keys.eu.describe_key, KeyId=alias_arn(US))
    name(keys, EU, NAME, other)
    assert keys.describe(US, NAME)["Arn"] == arn(US, key_id)
    assert keys.describe(EU, NAME)["Arn"] == arn(EU, other)
    (alias,) = aliases(keys.us)
    assert (alias["AliasName"], alias["AliasArn"]) == (NAME, alias_arn(US))
    assert alias["TargetKeyId"] == key_id
    keys.us.delete_alias(AliasName=NAME)
    assert keys.describe(EU, NAME)["KeyId"] == other


def test_an_alias_and_its_key_are_in_one_region(keys):
    key_id = keys.key()
    for target in (key_id, arn(US, key_id)):
        alias = {"AliasName": NAME, "TargetKeyId": target}
        denied("NotFoundException", keys.eu.create_alias, **alias)


def test_what_uses_a_key_takes_an_alias_and_what_manages_one_does_not(keys):
    key_id = keys.key()
    name(keys, US, NAME, key_id)
    for named in (NAME, alias_arn(US)):
        for operation in CRYPTOGRAPHIC:
            assert keys.call(US, operation, named) is None, operation
        made = keys.us.encrypt(KeyId=named, Plaintext=b"x")
        assert made["KeyId"] == arn(US, key_id), "the answer names the key"
        for operation in (
            "disable_key",
            "schedule_key_deletion",
            "get_key_policy",
            "enable_key_rotation",
            "replicate_key",
        ):
            assert keys.call(US, operation, named)[0] == "NotFoundException", operation


def test_an_alias_names_one_key_until_it_is_updated_or_deleted(keys):
    one, other = keys.key(), keys.key()
    name(keys, US, NAME, one)
    to_other = {"AliasName": NAME, "TargetKeyId": other}
    assert alias_arn(US) in denied("AlreadyExistsException", keys.us.create_alias, **to_other)
    keys.us.update_alias(**to_other)
    assert keys.describe(US, NAME)["KeyId"] == other
    assert aliases(keys.us, KeyId=one) == []
    assert len(aliases(keys.us, KeyId=other)) == 1
    keys.us.delete_alias(AliasName=NAME)
    denied("NotFoundException", keys.us.describe_key, KeyId=NAME)
    denied("NotFoundException", keys.us.update_alias, **to_other)
    denied("NotFoundException", keys.us.delete_alias, AliasName=NAME)


def test_an_update_asks_for_the_destinations_state_only(keys):
    going, staying = keys.key(), keys.key()
    name(keys, US, NAME, going)
    keys.schedule(US, going, 7)
    update = {"AliasName": NAME, "TargetKeyId": going}
    assert says(keys.us.update_alias, **update) == is_pending(US, going)
    keys.us.update_alias(AliasName=NAME, TargetKeyId=staying)
    assert keys.describe(US, NAME)["KeyId"] == staying
    assert keys.call(US, "disable_key", staying) is None
    assert keys.call(US, "create_alias", staying) is None, "also disabled"


def test_an_alias_stays_with_keys_of_one_type_and_usage(keys):
    symmetric = keys.key()
    mac = keys.key_for("HMAC_256", "GENERATE_VERIFY_MAC")
    sign = keys.key_for("ECC_NIST_P256", "SIGN_VERIFY")
    agree = keys.key_for("ECC_NIST_P256", "KEY_AGREEMENT")
    name(keys, US, NAME, sign)
    for other in (symmetric, mac, agree):
        update = {"AliasName": NAME, "TargetKeyId": other}
        denied("ValidationException", keys.us.update_alias, **update)
    assert keys.describe(US, NAME)["KeyId"] == sign


def test_a_keys_aliases_go_with_it(keys):
    key_id = keys.key(EU)
    for region in (US, EU):
        name(keys, region, NAME, key_id)
    keys.schedule(EU, key_id, 7)
    keys.lab.advance(days=7)
    assert aliases(keys.eu) == []
    assert keys.describe(US, NAME)["KeyId"] == key_id


def test_an_alias_that_is_called_mrk_is_an_alias(keys):
    key_id = keys.key()
    name(keys, US, "alias/mrk-1234", key_id)
    assert keys.describe(US, "alias/mrk-1234")["KeyId"] == key_id
    denied("NotFoundException", keys.us.describe_key, KeyId="mrk-1234")


def test_alias_names_have_rules(keys):
    key_id = keys.key()
    for bad, code in (
        ("orders", "ValidationException"),
        ("alias/or ders", "ValidationException"),
        ("alias/", "InvalidAliasNameException"),
        ("alias/aws/dynamodb", "InvalidAliasNameException"),
        (f"alias/{'x' * 251}", "ValidationException"),
    ):
        denied(code, keys.us.create_alias, AliasName=bad, TargetKeyId=key_id)
    name(keys, US, f"alias/{'x' * 250}", key_id)


def test_a_key_has_at_most_50_aliases_in_a_region(keys):
    key_id = keys.key(EU)
    for at in range(50):
        name(keys, US, f"alias/{at}", key_id)
    further = {"AliasName": NAME, "TargetKeyId": key_id}
    denied("LimitExceededException", keys.us.create_alias, **further)
    name(keys, EU, NAME, key_id)
