"""ScheduleKeyDeletion and CancelKeyDeletion."""

import datetime

from keys import NO_KEY, arn, invalid_state
from lab import AP, EU, US, denied


def in_days(keys, days):
    return keys.lab.now() + datetime.timedelta(days=days)


def test_the_waiting_period_is_7_to_30_days_and_30_if_not_given(keys):
    key_id = keys.key()
    for days in (6, 31):
        schedule = {"KeyId": key_id, "PendingWindowInDays": days}
        denied("ValidationException", keys.us.schedule_key_deletion, **schedule)
    scheduled = keys.us.schedule_key_deletion(KeyId=key_id)
    assert scheduled["KeyId"] == arn(US, key_id)
    assert scheduled["KeyState"] == "PendingDeletion"
    assert scheduled["PendingWindowInDays"] == 30
    assert scheduled["DeletionDate"] == in_days(keys, 30)
    described = keys.describe(US, key_id)
    assert described["DeletionDate"] == in_days(keys, 30)
    assert "PendingDeletionWindowInDays" not in described
    for days in (7, 30):
        assert keys.call(US, "cancel_key_deletion", key_id) is None
        assert keys.schedule(US, key_id, days)["DeletionDate"] == in_days(keys, days)


def test_a_key_is_gone_after_its_waiting_period_and_what_it_encrypted_with_it(keys):
    key_id = keys.key()
    sealed = keys.seal(US, key_id)
    keys.schedule(US, key_id, 7)
    keys.lab.advance(days=7, milliseconds=-1)
    assert keys.state(US, key_id) == "PendingDeletion"
    keys.lab.advance(milliseconds=1)
    denied("NotFoundException", keys.us.describe_key, KeyId=key_id)
    denied("NotFoundException", keys.us.cancel_key_deletion, KeyId=key_id)
    code, text = keys.refusal(US, sealed)
    assert code == "AccessDeniedException"
    assert text.startswith(NO_KEY)
    assert keys.us.list_keys()["Keys"] == []


def test_a_primary_with_replicas_waits_for_them_and_shows_its_window(keys):
    key_id = keys.key(EU)
    scheduled = keys.schedule(US, key_id, 10)
    assert scheduled["KeyState"] == "PendingReplicaDeletion"
    assert "DeletionDate" not in scheduled
    assert scheduled["PendingWindowInDays"] == 10
    keys.lab.advance(days=100)
    described = keys.describe(US, key_id)
    assert described["KeyState"] == "PendingReplicaDeletion"
    assert "DeletionDate" not in described
    assert described["PendingDeletionWindowInDays"] == 10
    assert keys.state(EU, key_id) == "Enabled", "the replica goes on"


def test_a_primarys_own_period_begins_when_the_last_replica_is_gone(keys):
    key_id = keys.key(EU, AP)
    for region, days in ((US, 10), (EU, 7), (AP, 9)):
        keys.schedule(region, key_id, days)
    gone = in_days(keys, 9 + 10)
    keys.lab.advance(days=8)
    denied("NotFoundException", keys.eu.describe_key, KeyId=key_id)
    assert keys.state(US, key_id) == "PendingReplicaDeletion", "one is still there"
    # Nobody looks on the day itself.
    keys.lab.advance(days=3)
    described = keys.describe(US, key_id)
    assert described["KeyState"] == "PendingDeletion"
    assert described["DeletionDate"] == gone
    assert "PendingDeletionWindowInDays" not in described
    keys.lab.advance(days=8)
    denied("NotFoundException", keys.us.describe_key, KeyId=key_id)


def test_a_primary_whose_replica_stays_waits_on(keys):
    key_id = keys.key(EU)
    keys.schedule(US, key_id, 7)
    keys.schedule(EU, key_id, 7)
    assert keys.call(EU, "cancel_key_deletion", key_id) is None
    keys.lab.advance(days=60)
    assert keys.state(US, key_id) == "PendingReplicaDeletion"
    assert keys.state(EU, key_id) == "Disabled"


def test_a_replica_may_go_at_any_time_and_the_others_stay(keys):
    key_id = keys.key(EU, AP)
    sealed = keys.seal(EU, key_id)
    scheduled = keys.schedule(EU, key_id, 7)
    assert scheduled["KeyState"] == "PendingDeletion"
    assert scheduled["DeletionDate"] == in_days(keys, 7)
    keys.lab.advance(days=7)
    assert keys.refusal(EU, sealed)[0] == "AccessDeniedException"
    for region in (US, AP):
        assert keys.open(region, sealed) == b"secret"
        related = keys.describe(region, key_id)["MultiRegionConfiguration"]
        assert related["ReplicaKeys"] == [{"Arn": arn(AP, key_id), "Region": AP}]


def test_a_cancelled_deletion_leaves_the_key_disabled(keys):
    key_id = keys.key(EU)
    for region in (US, EU):
        keys.schedule(region, key_id, 7)
        assert keys.at(region).cancel_key_deletion(KeyId=key_id)["KeyId"] == arn(region, key_id)
        described = keys.describe(region, key_id)
        assert described["KeyState"] == "Disabled"
        assert not {"DeletionDate", "PendingDeletionWindowInDays"} & set(described)
    keys.lab.advance(days=40)
    assert keys.call(US, "enable_key", key_id) is None, "it was not deleted"


def test_what_is_not_pending_deletion_cannot_be_cancelled(keys):
    key_id = keys.key(EU)
    text = "is not pending deletion (or pending replica deletion)."
    expected = invalid_state(US, key_id, text)
    assert keys.call(US, "cancel_key_deletion", key_id) == expected
    assert keys.call(US, "disable_key", key_id) is None
    assert keys.call(US, "cancel_key_deletion", key_id) == expected
    keys.schedule(EU, key_id, 7)
    assert keys.call(US, "cancel_key_deletion", key_id) == expected, "another Region's is not"
