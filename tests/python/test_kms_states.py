"""What each of a key's states allows."""

from keys import CRYPTOGRAPHIC, ROLE, arn, is_disabled, is_pending
from lab import EU, US, denied

# What a key's state never stands in the way of.
ALWAYS = [
    "describe_key",
    "get_key_policy",
    "get_key_rotation_status",
    "list_aliases",
    "list_grants",
    "list_key_policies",
    "list_resource_tags",
    "put_key_policy",
]


def test_a_disabled_key_refuses_cryptography_in_its_region(keys):
    key_id = keys.key(EU)
    sealed = keys.seal(US, key_id)
    assert keys.call(US, "disable_key", key_id) is None
    assert keys.state(US, key_id) == "Disabled"
    assert keys.describe(US, key_id)["Enabled"] is False
    disabled = is_disabled(US, key_id)
    for operation in CRYPTOGRAPHIC:
        assert keys.call(US, operation, key_id) == disabled, operation
        assert keys.call(EU, operation, key_id) is None, operation
    assert keys.refusal(US, sealed) == disabled
    named = {"KeyId": arn(US, key_id), "CiphertextBlob": sealed}
    assert denied("DisabledException", keys.us.decrypt, **named) == disabled[1]
    assert keys.call(US, "create_grant", key_id) == disabled
    assert keys.open(EU, sealed) == b"secret"


def test_an_enabled_key_works_again(keys):
    key_id = keys.key()
    sealed = keys.seal(US, key_id)
    for operation in ("disable_key", "disable_key", "enable_key", "enable_key"):
        assert keys.call(US, operation, key_id) is None, operation
    assert keys.state(US, key_id) == "Enabled"
    assert keys.describe(US, key_id)["Enabled"] is True
    assert keys.open(US, sealed) == b"secret"


def pending(keys):
    """A primary that waits for its replica, the replica being pending deletion."""
    key_id = keys.key(EU)
    sealed = keys.seal(US, key_id)
    keys.schedule(EU, key_id, 7)
    keys.schedule(US, key_id, 7)
    assert keys.state(US, key_id) == "PendingReplicaDeletion"
    assert keys.state(EU, key_id) == "PendingDeletion"
    return key_id, sealed


def test_a_key_pending_deletion_refuses_cryptography(keys):
    key_id, sealed = pending(keys)
    for region in (US, EU):
        for operation in CRYPTOGRAPHIC:
            assert keys.call(region, operation, key_id) == is_pending(region, key_id), operation
        assert keys.refusal(region, sealed) == is_pending(region, key_id)
        assert keys.describe(region, key_id)["Enabled"] is False


def test_a_key_pending_deletion_refuses_changes(keys):
    key_id, _ = pending(keys)
    for operation in (
        "enable_key",
        "disable_key",
        "schedule_key_deletion",
        "update_key_description",
        "tag_resource",
        "untag_resource",
        "create_alias",
        "create_grant",
    ):
        for region in (US, EU):
            assert keys.call(region, operation, key_id) == is_pending(region, key_id), operation
    for operation in ("rotate_key_on_demand", "enable_key_rotation", "replicate_key"):
        assert keys.call(US, operation, key_id) == is_pending(US, key_id), operation


def test_reading_and_the_policy_are_allowed_in_every_state(slow_keys):
    keys = slow_keys
    key_id = keys.key(EU)

    def all_allowed(state, *regions):
        for region in regions:
            assert keys.state(region, key_id) == state
            for operation in ALWAYS:
                assert keys.call(region, operation, key_id) is None, (state, operation)

    all_allowed("Creating", EU)
    keys.lab.advance(minutes=1)
    keys.us.update_primary_region(KeyId=key_id, PrimaryRegion=EU)
    all_allowed("Updating", US, EU)
    keys.lab.advance(minutes=1)
    keys.us.disable_key(KeyId=key_id)
    all_allowed("Disabled", US)
    keys.schedule(US, key_id, 7)
    keys.schedule(EU, key_id, 7)
    all_allowed("PendingDeletion", US)
    all_allowed("PendingReplicaDeletion", EU)


def test_aliases_and_grants_go_in_every_state(keys):
    key_id = keys.key(EU)
    assert keys.call(US, "create_alias", key_id) is None
    grant = {"KeyId": key_id, "GranteePrincipal": ROLE, "Operations": ["Decrypt"]}
    revoked, retired, by_id = (keys.us.create_grant(**grant) for _ in range(3))
    keys.schedule(US, key_id, 7)
    keys.us.revoke_grant(KeyId=key_id, GrantId=revoked["GrantId"])
    keys.us.retire_grant(GrantToken=retired["GrantToken"])
    keys.us.retire_grant(KeyId=arn(US, key_id), GrantId=by_id["GrantId"])
    keys.us.delete_alias(AliasName="alias/called")
    assert keys.us.list_grants(KeyId=key_id)["Grants"] == []
    assert keys.us.list_aliases(KeyId=key_id)["Aliases"] == []


def test_an_error_of_the_state_comes_after_that_of_the_name(keys):
    key_id = keys.key(EU)
    assert keys.call(EU, "disable_key", key_id) is None
    denied("NotFoundException", keys.eu.encrypt, KeyId=arn(US, key_id), Plaintext=b"x")
    # A replica, enabled or not.
    assert keys.call(EU, "rotate_key_on_demand", key_id)[0] == "UnsupportedOperationException"
