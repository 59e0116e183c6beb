"""Rotation, by itself and on demand."""

import datetime

from keys import arn, is_disabled, is_pending
from lab import AP, EU, US, denied

ROTATING = ["enable_key_rotation", "disable_key_rotation", "rotate_key_on_demand"]


def status(keys, region, key_id):
    return keys.at(region).get_key_rotation_status(KeyId=key_id)


def rotations(keys, region, key_id):
    return keys.at(region).list_key_rotations(KeyId=key_id)["Rotations"]


def test_old_and_new_ciphertexts_open_in_all_regions_after_a_rotation(keys):
    key_id = keys.key(EU)
    sealed = []
    for _ in range(3):
        sealed += [keys.seal(US, key_id), keys.seal(EU, key_id)]
        assert keys.us.rotate_key_on_demand(KeyId=key_id)["KeyId"] == arn(US, key_id)
    # A replica made later has the older materials too.
    assert keys.call(US, "replicate_key", key_id) is None
    for blob in sealed:
        assert [keys.open(region, blob) for region in (US, EU, AP)] == [b"secret"] * 3


def test_new_material_is_used_in_all_regions_at_once(keys):
    key_id = keys.key(EU)
    old = keys.material(US, key_id)
    assert keys.call(US, "rotate_key_on_demand", key_id) is None
    new = keys.material(US, key_id)
    assert new != old
    assert len(new) == 64
    assert keys.material(EU, key_id) == new
    for region in (US, EU):
        made = keys.at(region).generate_data_key(KeyId=key_id, NumberOfBytes=32)
        assert made["KeyMaterialId"] == new


def test_only_the_primary_rotates(keys):
    key_id = keys.key(EU)
    for operation in ROTATING:
        assert keys.call(EU, operation, key_id)[0] == "UnsupportedOperationException", operation
        assert keys.call(US, operation, key_id) is None, operation


def test_the_status_of_rotation_is_shared(keys):
    key_id = keys.key(EU)
    for region in (US, EU):
        shown = status(keys, region, key_id)
        assert shown["KeyRotationEnabled"] is False
        assert not {"RotationPeriodInDays", "NextRotationDate"} & set(shown)
    keys.us.enable_key_rotation(KeyId=key_id, RotationPeriodInDays=90)
    for region in (US, EU):
        shown = status(keys, region, key_id)
        assert shown["KeyRotationEnabled"] is True
        assert shown["RotationPeriodInDays"] == 90
        assert shown["NextRotationDate"] == keys.lab.now() + datetime.timedelta(days=90)
    assert keys.call(US, "disable_key_rotation", key_id) is None
    assert status(keys, EU, key_id)["KeyRotationEnabled"] is False


def test_the_period_is_90_to_2560_days_and_365_if_not_given(keys):
    key_id = keys.key()
    enable = keys.us.enable_key_rotation
    # Boto3 itself refuses fewer than 90 days.
    denied("ValidationException", enable, KeyId=key_id, RotationPeriodInDays=2_561)
    assert status(keys, US, key_id)["KeyRotationEnabled"] is False
    for days in (90, 2_560):
        enable(KeyId=key_id, RotationPeriodInDays=days)
        assert status(keys, US, key_id)["RotationPeriodInDays"] == days
    enable(KeyId=key_id)
    assert status(keys, US, key_id)["RotationPeriodInDays"] == 365


def test_a_key_rotates_by_itself_after_each_period(keys):
    key_id = keys.key(EU)
    first, sealed = keys.material(EU, key_id), keys.seal(EU, key_id)
    keys.us.enable_key_rotation(KeyId=key_id, RotationPeriodInDays=90)
    keys.lab.advance(days=90, milliseconds=-1)
    assert keys.material(EU, key_id) == first
    keys.lab.advance(milliseconds=1)
    second = keys.material(EU, key_id)
    assert second != first
    assert keys.material(US, key_id) == second
    keys.lab.advance(days=180)
    kinds = [rotation["RotationType"] for rotation in rotations(keys, EU, key_id)]
    assert kinds == ["AUTOMATIC"] * 3
    assert keys.open(US, sealed) == b"secret"


def test_rotations_are_listed_in_every_region(keys):
    key_id = keys.key(EU)
    assert keys.call(US, "rotate_key_on_demand", key_id) is None
    for region in (US, EU):
        # The first material was not rotated to.
        (rotation,) = rotations(keys, region, key_id)
        assert rotation["RotationType"] == "ON_DEMAND"
        assert rotation["KeyMaterialId"] == keys.material(US, key_id)
        assert rotation["RotationDate"] == keys.lab.now()


def test_a_key_rotates_on_demand_25_times(keys):
    key_id = keys.single()
    for _ in range(25):
        assert keys.call(US, "rotate_key_on_demand", key_id) is None
    denied("LimitExceededException", keys.us.rotate_key_on_demand, KeyId=key_id)


def test_on_demand_is_a_conflict_within_20_minutes_of_an_automatic_rotation(keys):
    key_id = keys.key()
    keys.us.enable_key_rotation(KeyId=key_id, RotationPeriodInDays=90)
    keys.lab.advance(days=90, minutes=-21)
    assert keys.call(US, "rotate_key_on_demand", key_id) is None
    keys.lab.advance(minutes=2)
    denied("ConflictException", keys.us.rotate_key_on_demand, KeyId=key_id)
    keys.lab.advance(minutes=19)
    assert keys.call(US, "rotate_key_on_demand", key_id) is None


def test_disabled_and_pending_keys_do_not_rotate(keys):
    key_id = keys.key()
    first = keys.material(US, key_id)
    keys.us.enable_key_rotation(KeyId=key_id, RotationPeriodInDays=90)
    assert keys.call(US, "disable_key", key_id) is None
    for operation in ROTATING:
        assert keys.call(US, operation, key_id) == is_disabled(US, key_id), operation
    keys.lab.advance(days=200)
    assert keys.material(US, key_id) == first
    keys.schedule(US, key_id, 30)
    for operation in ROTATING:
        assert keys.call(US, operation, key_id) == is_pending(US, key_id), operation
    assert status(keys, US, key_id)["KeyRotationEnabled"] is False, "while pending deletion"
    assert keys.material(US, key_id) == first
    # Enabled again, it makes up for all that it missed with one rotation.
    assert keys.call(US, "cancel_key_deletion", key_id) is None
    assert keys.call(US, "enable_key", key_id) is None
    assert len(rotations(keys, US, key_id)) == 1
    assert keys.material(US, key_id) != first


def test_only_symmetric_encryption_keys_rotate(keys):
    key_id = keys.key_for("HMAC_256", "GENERATE_VERIFY_MAC")
    for operation in ROTATING:
        assert keys.call(US, operation, key_id)[0] == "UnsupportedOperationException", operation
