"""What a multi-Region key is called, and where it is found."""

import re

from keys import CRYPTOGRAPHIC, UNKNOWN, arn
from lab import ACCOUNT, AP, EU, US, denied


def test_a_multi_region_key_id_is_mrk_and_32_hex_digits(keys):
    key = keys.us.create_key(MultiRegion=True, Description="orders")["KeyMetadata"]
    assert re.fullmatch("mrk-[0-9a-f]{32}", key["KeyId"])
    assert key["Arn"] == arn(US, key["KeyId"])
    assert key["MultiRegion"] is True
    assert (key["KeyState"], key["Enabled"]) == ("Enabled", True)
    assert key["Description"] == "orders"
    assert key["AWSAccountId"] == ACCOUNT


def test_a_single_region_key_id_is_a_uuid(keys):
    key = keys.us.create_key()["KeyMetadata"]
    assert [len(part) for part in key["KeyId"].split("-")] == [8, 4, 4, 4, 12]
    assert key["MultiRegion"] is False
    assert "MultiRegionConfiguration" not in key


def test_related_arns_differ_in_the_region_only(keys):
    key_id = keys.key(EU, AP)
    for region in (US, EU, AP):
        key = keys.describe(region, key_id)
        assert (key["KeyId"], key["Arn"]) == (key_id, arn(region, key_id))


def test_a_description_names_the_primary_and_all_replicas_in_every_region(keys):
    key_id = keys.key(EU, AP)
    for region, kind in ((US, "PRIMARY"), (EU, "REPLICA"), (AP, "REPLICA")):
        related = keys.describe(region, key_id)["MultiRegionConfiguration"]
        assert related["MultiRegionKeyType"] == kind
        assert related["PrimaryKey"] == {"Arn": arn(US, key_id), "Region": US}
        replicas = sorted(related["ReplicaKeys"], key=lambda replica: replica["Region"])
        assert replicas == [{"Arn": arn(r, key_id), "Region": r} for r in (AP, EU)]


def test_whether_a_key_is_multi_region_is_fixed_at_creation(keys):
    key_id = keys.single()
    update = keys.us.update_primary_region
    denied("UnsupportedOperationException", update, KeyId=key_id, PrimaryRegion=EU)
    for operation in ("disable_key", "enable_key", "update_key_description"):
        assert keys.call(US, operation, key_id) is None
    assert keys.call(US, "rotate_key_on_demand", key_id) is None
    assert keys.describe(US, key_id)["MultiRegion"] is False
    assert keys.describe(US, keys.key())["MultiRegion"] is True, "also without a replica"


def test_a_key_is_in_no_other_region_until_it_is_replicated(keys):
    key_id = keys.key(EU)
    text = denied("NotFoundException", keys.ap.describe_key, KeyId=key_id)
    assert text == f"Key '{arn(AP, key_id)}' does not exist"
    assert keys.ap.list_keys()["Keys"] == []


def test_keys_are_listed_in_each_region_that_has_them(keys):
    related, single = keys.key(EU), keys.single()
    listed = keys.us.list_keys()["Keys"]
    assert sorted(key["KeyArn"] for key in listed) == sorted([arn(US, related), arn(US, single)])
    assert keys.eu.list_keys()["Keys"] == [{"KeyId": related, "KeyArn": arn(EU, related)}]
    # In pages too.
    first = keys.us.list_keys(Limit=1)
    assert first["Truncated"] is True
    rest = keys.us.list_keys(Marker=first["NextMarker"])
    assert rest["Truncated"] is False
    assert first["Keys"] + rest["Keys"] == listed


def test_a_key_is_found_by_id_and_by_its_arn_in_this_region(keys):
    key_id = keys.key(EU)
    for name in (key_id, arn(EU, key_id)):
        assert keys.describe(EU, name)["Arn"] == arn(EU, key_id)


def test_an_arn_of_another_region_is_not_found(keys):
    key_id = keys.key(EU)
    # Although both Regions have the key.
    elsewhere = arn(US, key_id)
    denied("NotFoundException", keys.eu.describe_key, KeyId=elsewhere)
    denied("NotFoundException", keys.eu.encrypt, KeyId=elsewhere, Plaintext=b"x")
    sealed = keys.seal(US, key_id)
    denied("NotFoundException", keys.eu.decrypt, KeyId=elsewhere, CiphertextBlob=sealed)


def test_an_unknown_key_is_not_found_and_what_is_no_arn_is_refused(keys):
    text = denied("NotFoundException", keys.us.describe_key, KeyId=UNKNOWN)
    assert text == f"Key '{arn(US, UNKNOWN)}' does not exist"
    for operation in CRYPTOGRAPHIC:
        assert keys.call(US, operation, UNKNOWN)[0] == "NotFoundException", operation
    no_arn = "arn:aws:kms:nonsense"
    denied("InvalidArnException", keys.us.describe_key, KeyId=no_arn)
    denied("InvalidArnException", keys.us.enable_key, KeyId=no_arn)
    # The cryptographic operations' lists of errors have no InvalidArnException.
    assert keys.call(US, "generate_data_key", no_arn)[0] == "NotFoundException"
    others = arn(US, keys.key()).replace(ACCOUNT, "999988887777")
    denied("AccessDeniedException", keys.us.describe_key, KeyId=others)


def test_a_multi_region_key_is_in_no_custom_key_store(keys):
    store = {"Origin": "AWS_CLOUDHSM", "CustomKeyStoreId": "cks-1"}
    denied("UnsupportedOperationException", keys.us.create_key, MultiRegion=True, **store)
    assert keys.us.list_keys()["Keys"] == []
