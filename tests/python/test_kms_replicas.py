"""What ReplicateKey makes, and what replicas share."""

from keys import CRYPTOGRAPHIC, OPEN_POLICY, UNKNOWN, arn, invalid_state, is_disabled, is_pending
from lab import AP, EU, US, denied


def policy(kms, key_id):
    return kms.get_key_policy(KeyId=key_id)["Policy"]


def tags(kms, key_id):
    return kms.list_resource_tags(KeyId=key_id)["Tags"]


def tag(key, value):
    return {"TagKey": key, "TagValue": value}


def test_a_region_has_one_related_key_also_when_that_is_pending_deletion(keys):
    key_id = keys.key(EU)
    again = {"KeyId": key_id, "ReplicaRegion": EU}
    denied("AlreadyExistsException", keys.us.replicate_key, **again)
    denied("AlreadyExistsException", keys.us.replicate_key, KeyId=key_id, ReplicaRegion=US)
    keys.schedule(EU, key_id, 7)
    denied("AlreadyExistsException", keys.us.replicate_key, **again)
    keys.lab.advance(days=7)
    made = keys.us.replicate_key(**again)["ReplicaKeyMetadata"]
    assert made["Arn"] == arn(EU, key_id), "there is room for another"


def test_only_the_primary_replicates(keys):
    key_id = keys.key(EU)
    replicate = keys.eu.replicate_key
    denied("UnsupportedOperationException", replicate, KeyId=key_id, ReplicaRegion=AP)
    denied("NotFoundException", keys.ap.describe_key, KeyId=key_id)


def test_a_single_region_key_never_replicates(keys):
    key_id = keys.single()
    replicate = keys.us.replicate_key
    denied("UnsupportedOperationException", replicate, KeyId=key_id, ReplicaRegion=EU)
    denied("NotFoundException", keys.eu.describe_key, KeyId=key_id)


def test_a_replica_stays_in_its_partition(keys):
    key_id = keys.key()
    for elsewhere in ("cn-north-1", "us-gov-west-1"):
        replicate = {"KeyId": key_id, "ReplicaRegion": elsewhere}
        text = denied("UnsupportedOperationException", keys.us.replicate_key, **replicate)
        assert "partition" in text


def test_id_material_spec_usage_and_origin_are_shared(keys):
    for key_id in (
        keys.key(EU),
        keys.key_for("ECC_NIST_P384", "SIGN_VERIFY"),
        keys.key_for("HMAC_512", "GENERATE_VERIFY_MAC"),
    ):
        us, eu = keys.describe(US, key_id), keys.describe(EU, key_id)
        own = {"Arn", "CreationDate", "Description", "MultiRegionConfiguration"}
        assert {k: v for k, v in us.items() if k not in own} == {
            k: v for k, v in eu.items() if k not in own
        }
        assert us["Origin"] == "AWS_KMS"
    assert len(keys.material(EU, keys.key(EU))) == 64


def test_a_new_replica_has_no_description_no_tags_and_the_default_policy(keys):
    settings = {"Description": "of the primary", "Tags": [tag("team", "a")]}
    key_id = keys.key(Policy=OPEN_POLICY, **settings)
    made = keys.us.replicate_key(KeyId=key_id, ReplicaRegion=EU)
    assert made["ReplicaKeyMetadata"]["Description"] == ""
    assert (made["ReplicaTags"], tags(keys.eu, key_id)) == ([], [])
    default = policy(keys.eu, key_id)
    assert made["ReplicaPolicy"] == default
    assert "Enable IAM User Permissions" in default
    assert policy(keys.us, key_id) == OPEN_POLICY


def test_a_new_replica_gets_the_description_the_tags_and_the_policy_that_are_given(keys):
    key_id = keys.key()
    settings = {"Description": "mine", "Tags": [tag("team", "b")], "Policy": OPEN_POLICY}
    made = keys.us.replicate_key(KeyId=key_id, ReplicaRegion=EU, **settings)
    assert (made["ReplicaPolicy"], made["ReplicaTags"]) == (OPEN_POLICY, [tag("team", "b")])
    assert keys.describe(EU, key_id)["Description"] == "mine"
    assert tags(keys.eu, key_id) == [tag("team", "b")]
    assert policy(keys.eu, key_id) == OPEN_POLICY
    assert tags(keys.us, key_id) == []


def test_description_tags_policy_and_state_change_in_their_region_only(keys):
    key_id = keys.key(EU)
    for operation in ("update_key_description", "tag_resource", "put_key_policy", "disable_key"):
        assert keys.call(EU, operation, key_id) is None
    us, eu = keys.describe(US, key_id), keys.describe(EU, key_id)
    assert (us["Description"], eu["Description"]) == ("", "d")
    assert (us["Enabled"], eu["Enabled"]) == (True, False)
    assert (tags(keys.us, key_id), tags(keys.eu, key_id)) == ([], [tag("k", "v")])
    assert policy(keys.us, key_id) != policy(keys.eu, key_id) == OPEN_POLICY
    assert keys.call(EU, "enable_key", key_id) is None
    assert keys.call(EU, "untag_resource", key_id) is None
    assert tags(keys.eu, key_id) == []


def test_a_replica_works_when_the_primary_or_another_is_disabled(keys):
    key_id = keys.key(EU, AP)
    sealed = keys.seal(US, key_id)
    for region in (US, AP):
        assert keys.call(region, "disable_key", key_id) is None
    assert keys.open(EU, sealed) == b"secret"
    for operation in CRYPTOGRAPHIC:
        assert keys.call(EU, operation, key_id) is None, operation
    assert keys.call(US, "encrypt", key_id) == is_disabled(US, key_id)


def test_a_replica_is_creating_and_then_enabled(slow_keys):
    keys = slow_keys
    key_id = keys.key(EU)
    assert keys.state(EU, key_id) == "Creating"
    assert keys.state(US, key_id) == "Enabled", "the primary goes on"
    sealed = keys.seal(US, key_id)
    creating = invalid_state(EU, key_id, "is creating.")
    for operation in CRYPTOGRAPHIC:
        assert keys.call(EU, operation, key_id) == creating, operation
    assert keys.refusal(EU, sealed) == creating
    assert keys.call(EU, "disable_key", key_id) == creating
    keys.lab.advance(milliseconds=59_999)
    assert keys.state(EU, key_id) == "Creating"
    keys.lab.advance(milliseconds=1)
    assert keys.state(EU, key_id) == "Enabled"
    assert keys.open(EU, sealed) == b"secret"


def test_a_primary_that_is_not_enabled_does_not_replicate(keys):
    key_id = keys.key()
    assert keys.call(US, "disable_key", key_id) is None
    assert keys.call(US, "replicate_key", key_id) == is_disabled(US, key_id)
    keys.schedule(US, key_id, 7)
    assert keys.call(US, "replicate_key", key_id) == is_pending(US, key_id)


def test_a_replica_with_a_bad_name_policy_or_tag_is_refused(keys):
    key_id = keys.key()

    def refused(code, **changed):
        denied(code, keys.us.replicate_key, **{"KeyId": key_id, "ReplicaRegion": EU, **changed})

    refused("NotFoundException", KeyId=UNKNOWN)
    refused("InvalidArnException", KeyId="arn:x")
    refused("MalformedPolicyDocumentException", Policy="{}")
    refused("TagException", Tags=[tag("aws:team", "a")])
    refused("TagException", Tags=[tag("a", "1"), tag("a", "2")])
    refused("LimitExceededException", Tags=[tag(str(at), "") for at in range(51)])
    refused("ValidationException", ReplicaRegion="EU")
    denied("NotFoundException", keys.eu.describe_key, KeyId=key_id)
