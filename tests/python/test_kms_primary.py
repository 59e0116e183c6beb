"""UpdatePrimaryRegion."""

import pytest

from keys import CRYPTOGRAPHIC, UNKNOWN, arn, invalid_state, is_disabled, is_pending
from lab import AP, EU, US, denied


def kind(keys, region, key_id):
    return keys.describe(region, key_id)["MultiRegionConfiguration"]["MultiRegionKeyType"]


def test_the_primary_changes_and_no_arn_does(keys):
    key_id = keys.key(EU, AP)
    sealed = keys.seal(US, key_id)
    assert keys.call(US, "update_primary_region", key_id) is None
    assert (kind(keys, EU, key_id), kind(keys, US, key_id)) == ("PRIMARY", "REPLICA")
    for region in (US, EU, AP):
        key = keys.describe(region, key_id)
        assert key["Arn"] == arn(region, key_id)
        assert key["MultiRegionConfiguration"]["PrimaryKey"]["Region"] == EU
        assert len(key["MultiRegionConfiguration"]["ReplicaKeys"]) == 2
        assert keys.open(region, sealed) == b"secret"


def test_what_only_the_primary_may_do_goes_to_the_new_one(keys):
    key_id = keys.key(EU)
    assert keys.call(US, "update_primary_region", key_id) is None
    for operation in ("replicate_key", "rotate_key_on_demand", "enable_key_rotation"):
        assert keys.call(US, operation, key_id)[0] == "UnsupportedOperationException", operation
        assert keys.call(EU, operation, key_id) is None, operation
    assert keys.state(AP, key_id) == "Enabled"
    # And the old primary may go like any replica.
    keys.schedule(US, key_id, 7)
    assert keys.state(US, key_id) == "PendingDeletion"


def test_the_new_primary_must_be_a_replica(keys):
    key_id = keys.key(EU)
    update = keys.us.update_primary_region
    denied("NotFoundException", update, KeyId=key_id, PrimaryRegion=AP)
    denied("UnsupportedOperationException", update, KeyId=key_id, PrimaryRegion=US)
    assert kind(keys, US, key_id) == "PRIMARY"


def test_only_the_primary_is_asked_to_change(keys):
    key_id = keys.key(EU, AP)
    update = keys.eu.update_primary_region
    denied("UnsupportedOperationException", update, KeyId=key_id, PrimaryRegion=AP)
    denied("NotFoundException", update, KeyId=UNKNOWN, PrimaryRegion=AP)
    denied("InvalidArnException", update, KeyId="arn:x", PrimaryRegion=AP)
    assert kind(keys, US, key_id) == "PRIMARY"


def test_both_keys_must_be_enabled(keys):
    key_id = keys.key(EU)
    assert keys.call(EU, "disable_key", key_id) is None
    assert keys.call(US, "update_primary_region", key_id) == is_disabled(EU, key_id)
    keys.schedule(EU, key_id, 7)
    assert keys.call(US, "update_primary_region", key_id) == is_pending(EU, key_id)
    assert keys.call(EU, "cancel_key_deletion", key_id) is None
    assert keys.call(EU, "enable_key", key_id) is None
    assert keys.call(US, "disable_key", key_id) is None
    assert keys.call(US, "update_primary_region", key_id) == is_disabled(US, key_id)
    keys.schedule(US, key_id, 7)
    assert keys.call(US, "update_primary_region", key_id) == is_pending(US, key_id)
    assert kind(keys, US, key_id) == "PRIMARY", "nothing has changed"


def test_a_replica_that_is_creating_does_not_become_the_primary(slow_keys):
    key_id = slow_keys.key(EU)
    creating = invalid_state(EU, key_id, "is creating.")
    assert slow_keys.call(US, "update_primary_region", key_id) == creating


@pytest.fixture
def updating(slow_keys):
    key_id = slow_keys.key(EU)
    slow_keys.lab.advance(minutes=1)
    slow_keys.us.update_primary_region(KeyId=key_id, PrimaryRegion=EU)
    return slow_keys, key_id


def test_both_keys_are_updating_and_then_enabled(updating):
    keys, key_id = updating
    states = lambda: [keys.state(region, key_id) for region in (US, EU)]  # noqa: E731
    assert states() == ["Updating", "Updating"]
    keys.lab.advance(milliseconds=59_999)
    assert states() == ["Updating", "Updating"]
    keys.lab.advance(milliseconds=1)
    assert states() == ["Enabled", "Enabled"]
    assert keys.call(EU, "replicate_key", key_id) is None


def test_while_updating_cryptography_works(updating):
    keys, key_id = updating
    for region in (US, EU):
        sealed = keys.seal(region, key_id)
        assert [keys.open(opener, sealed) for opener in (US, EU)] == [b"secret", b"secret"]
        for operation in CRYPTOGRAPHIC:
            assert keys.call(region, operation, key_id) is None, operation


def test_while_updating_changes_are_refused(updating):
    keys, key_id = updating
    for region in (US, EU):
        refused = invalid_state(region, key_id, "is updating.")
        for operation in ("enable_key", "disable_key", "schedule_key_deletion"):
            assert keys.call(region, operation, key_id) == refused, operation
    code, text = invalid_state(EU, key_id, "is updating.")
    assert keys.call(EU, "replicate_key", key_id) == (code, text)
    update = keys.eu.update_primary_region
    assert denied(code, update, KeyId=key_id, PrimaryRegion=US) == text
