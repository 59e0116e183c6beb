"""How a table becomes a global one, version 2019.11.21, and how it is described."""

import pytest
from lab import ACCOUNT, AP, EU, US, denied
from tables import T, create, create_table, delete, describe, get, insert, invalid, put
from tables import records, regions, replicas, two, update


def test_a_table_without_replicas_is_not_described_as_global(lab):
    us = lab.client("dynamodb", US)
    create_table(us)
    table = describe(us)
    assert "GlobalTableVersion" not in table
    assert table.get("Replicas", []) == []
    assert "MultiRegionConsistency" not in table


def test_a_description_lists_the_replicas_without_the_region_that_is_asked(lab):
    us, eu = two(lab)
    here, there = describe(us), describe(eu)
    arn = f"arn:aws:dynamodb:{{}}:{ACCOUNT}:table/{T}".format
    assert here["Replicas"] == [
        {"RegionName": EU, "ReplicaStatus": "ACTIVE", "ReplicaArn": arn(EU)}
    ]
    assert here["GlobalTableVersion"] == "2019.11.21"
    assert here["MultiRegionConsistency"] == "EVENTUAL"
    assert here["GlobalTableSettingsReplicationMode"] == "ENABLED_WITH_OVERRIDES"
    assert [replica["RegionName"] for replica in there["Replicas"]] == [US]
    assert there["TableArn"] == arn(EU)
    assert there["TableId"] != here["TableId"], "each replica is a table of its own"


def test_a_table_has_replicas_in_any_number_of_regions(lab):
    us = lab.client("dynamodb", US)
    create_table(us)
    others = [AP, "ca-central-1", EU, "me-central-1", "sa-east-1"]
    answer = replicas(us, *map(create, others[:3]))["TableDescription"]
    assert [replica["RegionName"] for replica in answer["Replicas"]] == others[:3]
    for region in others[3:]:
        replicas(us, create(region))
    put(us, "1", "x")
    lab.converge()
    for region in others:
        client = lab.client("dynamodb", region)
        assert get(client, "1") == "x"
        assert sorted(regions(client)) == sorted({US, *others} - {region})


def test_an_entry_holds_exactly_one_action(lab):
    us, _ = two(lab)
    invalid(us, {})
    invalid(us, {**create(AP), **delete(EU)})
    assert regions(us) == [EU], "nothing was done"


def test_one_request_creates_or_deletes_and_names_a_region_once(lab):
    us, _ = two(lab)
    invalid(us, create(AP), delete(EU))
    invalid(us, create(AP), create(AP))
    assert regions(us) == [EU]


def test_the_own_region_is_not_the_replica_updates_business(lab):
    us, _ = two(lab)
    for own in (create(US), delete(US)):
        text = invalid(us, own)
        assert text.startswith("Cannot add, delete, or update the local region")


def test_a_region_has_one_replica_and_no_table_of_that_name_before(lab):
    us, _ = two(lab)
    invalid(us, create(EU))
    create_table(lab.client("dynamodb", AP))
    assert "already existed as tables" in invalid(us, create(AP))
    invalid(us, create("mars"))


def test_only_a_replica_can_be_updated_or_deleted(lab):
    us, _ = two(lab)
    invalid(us, delete(AP))
    invalid(us, update(AP, TableClassOverride="STANDARD"))


def test_replicas_of_a_table_that_is_not_there_are_not_found(lab):
    request = {"TableName": T, "ReplicaUpdates": [create(EU)]}
    us = lab.client("dynamodb", US)
    assert T in denied("ResourceNotFoundException", us.update_table, **request)


def test_replicas_and_settings_are_updated_in_requests_of_their_own(lab):
    us, _ = two(lab)
    invalid(us, create(AP), DeletionProtectionEnabled=True)
    assert regions(us) == [EU]


def test_a_replica_is_deleted_from_another_region_or_in_its_own(lab):
    us, eu = two(lab)
    replicas(us, delete(EU))
    denied("ResourceNotFoundException", eu.describe_table, TableName=T)
    assert regions(us) == []
    assert "GlobalTableVersion" not in describe(us)
    replicas(us, create(EU))
    eu.delete_table(TableName=T)
    assert regions(us) == []


def test_what_others_were_copied_from_stays_for_a_day(lab):
    us, eu = two(lab)
    text = denied("ValidationException", us.delete_table, TableName=T)
    assert "source region" in text and "24 hours" in text
    lab.advance(days=1, milliseconds=-1)
    invalid(eu, delete(US))
    lab.advance(milliseconds=1)
    replicas(eu, delete(US))
    assert regions(eu) == []


def test_a_protected_replica_is_not_deleted(lab):
    us, eu = two(lab)
    eu.update_table(TableName=T, DeletionProtectionEnabled=True)
    invalid(us, delete(EU))
    assert regions(us) == [EU]


def test_a_consistency_mode_is_given_only_with_new_replicas_and_never_changes(lab):
    us, _ = two(lab)
    change = {"TableName": T, "MultiRegionConsistency": "STRONG"}
    denied("ValidationException", us.update_table, **change)
    invalid(us, create(AP), MultiRegionConsistency="STRONG")
    assert describe(us)["MultiRegionConsistency"] == "EVENTUAL"


@pytest.mark.parametrize("shown", ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE"])
def test_a_stream_that_shows_less_has_to_go_first(lab, shown):
    us = lab.client("dynamodb", US)
    create_table(us, StreamSpecification={"StreamEnabled": True, "StreamViewType": shown})
    assert "NEW_AND_OLD_IMAGES" in invalid(us, create(EU))


def test_streams_are_switched_on_in_every_replica_and_stay_on(lab):
    us, eu = two(lab)
    for client, region in ((us, US), (eu, EU)):
        table = describe(client)
        stream = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
        assert table["StreamSpecification"] == stream
        start = f"arn:aws:dynamodb:{region}:{ACCOUNT}:table/{T}/stream/"
        assert table["LatestStreamArn"].startswith(start)
    off = {"TableName": T, "StreamSpecification": {"StreamEnabled": False}}
    denied("ValidationException", us.update_table, **off)


def test_a_replicated_write_is_in_every_regions_stream(lab):
    us, _ = two(lab)
    insert(us, "1")
    lab.converge()
    for region in (US, EU):
        (record,) = records(lab, region)
        assert record["eventName"] == "INSERT"
        assert record["awsRegion"] == region
        assert record["dynamodb"]["NewImage"] == {"id": {"S": "1"}, "value": {"S": "x"}}
