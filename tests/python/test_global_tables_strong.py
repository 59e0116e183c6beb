"""Global tables of strong consistency."""

import pytest
from lab import EU, US, denied
from tables import T, create, create_table, delete, describe, get, insert, invalid, key, put
from tables import regions, replicas

OHIO, OREGON = "us-east-2", "us-west-2"
STRONG = {"MultiRegionConsistency": "STRONG"}


def witness(region, action="Create"):
    return {"GlobalTableWitnessUpdates": [{action: {"RegionName": region}}]}


@pytest.fixture
def us(lab):
    """The client of a table that is in one Region yet."""
    client = lab.client("dynamodb", US)
    create_table(client)
    return client


@pytest.fixture
def three(lab, us):
    """The clients of a table's three replicas."""
    replicas(us, create(OHIO), create(OREGON), **STRONG)
    return us, lab.client("dynamodb", OHIO), lab.client("dynamodb", OREGON)


def test_three_replicas_or_two_and_a_witness(lab, three):
    for client in three:
        table = describe(client)
        assert table["MultiRegionConsistency"] == "STRONG"
        assert len(table["Replicas"]) == 2
        assert "GlobalTableWitnesses" not in table
    assert sorted(regions(three[0])) == [OHIO, OREGON]


def test_a_witness_is_neither_read_nor_written(lab, us):
    replicas(us, create(OHIO), **STRONG, **witness(OREGON))
    ohio, oregon = lab.client("dynamodb", OHIO), lab.client("dynamodb", OREGON)
    assert regions(ohio) == [US]
    for client in (us, ohio):
        shown = {"RegionName": OREGON, "WitnessStatus": "ACTIVE"}
        assert describe(client)["GlobalTableWitnesses"] == [shown]
    denied("ResourceNotFoundException", oregon.describe_table, TableName=T)
    denied("ResourceNotFoundException", lambda: put(oregon, "1", "x"))
    put(us, "1", "x")
    assert get(ohio, "1", ConsistentRead=True) == "x"


def test_streams_are_optional(three):
    us = three[0]
    assert "StreamSpecification" not in describe(us)
    stream = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    us.update_table(TableName=T, StreamSpecification=stream)
    assert describe(us)["StreamSpecification"] == stream
    assert "StreamSpecification" not in describe(three[1]), "each replica's own"


def test_two_or_four_regions_are_refused(us):
    invalid(us, create(OHIO), **STRONG)
    invalid(us, create(OHIO), create(OREGON), **STRONG, **witness(EU))
    invalid(us, create(EU), **witness(OHIO))
    assert regions(us) == [], "nothing was done"


def test_the_regions_are_of_one_set(us):
    assert "Region set" in invalid(us, create(OHIO), create(EU), **STRONG)
    invalid(us, create("us-west-1"), create(OREGON), **STRONG)


def test_only_an_empty_table_becomes_one(us):
    put(us, "1", "x")
    assert "empty" in invalid(us, create(OHIO), create(OREGON), **STRONG)
    us.delete_item(TableName=T, Key=key("1"))
    replicas(us, create(OHIO), create(OREGON), **STRONG)
    assert sorted(regions(us)) == [OHIO, OREGON]


def test_local_secondary_indexes_are_refused(lab):
    client = lab.client("dynamodb", US)
    keys = [{"AttributeName": "id", "KeyType": "HASH"}]
    index = {
        "IndexName": "by-total",
        "KeySchema": [*keys, {"AttributeName": "total", "KeyType": "RANGE"}],
        "Projection": {"ProjectionType": "ALL"},
    }
    create_table(client, sort="line", attributes=["total"], LocalSecondaryIndexes=[index])
    text = invalid(client, create(OHIO), create(OREGON), **STRONG)
    assert "Local secondary index" in text


def test_time_to_live_is_refused(lab, us):
    specification = {"AttributeName": "ttl", "Enabled": True}
    ttl = {"TableName": T, "TimeToLiveSpecification": specification}
    us.update_time_to_live(**ttl)
    assert "Time To Live" in invalid(us, create(OHIO), create(OREGON), **STRONG)
    us.update_time_to_live(TableName=T, TimeToLiveSpecification={**specification, "Enabled": False})
    replicas(us, create(OHIO), create(OREGON), **STRONG)
    assert "Time To Live" in denied("ValidationException", us.update_time_to_live, **ttl)


def test_transactions_are_refused(three):
    us = three[0]
    write = {"Put": {"TableName": T, "Item": key("1")}}
    denied("ValidationException", us.transact_write_items, TransactItems=[write])
    read = {"Get": {"TableName": T, "Key": key("1")}}
    denied("ValidationException", us.transact_get_items, TransactItems=[read])
    statement = {"Statement": f"INSERT INTO \"{T}\" VALUE {{'id':'1'}}"}
    denied("ValidationException", us.execute_transaction, TransactStatements=[statement])
    assert us.scan(TableName=T)["Count"] == 0


def test_a_write_is_everywhere_before_it_is_answered(lab, three):
    us, ohio, oregon = three
    put(us, "1", "x")
    assert lab.status()["waiting"] == [], "nothing is on its way"
    for client in (ohio, oregon):
        assert get(client, "1", ConsistentRead=True) == "x"
    ohio.delete_item(TableName=T, Key=key("1"))
    assert get(us, "1") is None


def test_a_condition_is_evaluated_on_the_latest_version(three):
    us, _, oregon = three
    insert(us, "1")
    denied("ConditionalCheckFailedException", lambda: insert(oregon, "1"))
    add = {
        "TableName": T,
        "Key": key("1"),
        "UpdateExpression": "ADD n :one",
        "ExpressionAttributeValues": {":one": {"N": "1"}},
    }
    for client in three * 2:
        n = client.update_item(ReturnValues="UPDATED_NEW", **add)["Attributes"]["n"]["N"]
    assert n == "6", "no update is lost"


def test_an_item_that_another_region_is_writing_is_a_conflict(lab, three):
    us, ohio, _ = three
    held = lab.api("POST", "writes", {"region": OHIO, "table": T, "key": key("1")})["id"]
    conflict = "ReplicatedWriteConflictException"
    denied(conflict, lambda: put(us, "1", "x"))
    denied(conflict, us.delete_item, TableName=T, Key=key("1"))
    set_a = {"UpdateExpression": "SET a = :a", "ExpressionAttributeValues": {":a": {"S": "x"}}}
    denied(conflict, us.update_item, TableName=T, Key=key("1"), **set_a)
    batch = {T: [{"PutRequest": {"Item": key("1")}}]}
    denied(conflict, us.batch_write_item, RequestItems=batch)
    put(ohio, "1", "of who holds it")
    put(us, "2", "another item")
    lab.api("DELETE", f"writes/{held}")
    put(us, "1", "after it")
    assert get(ohio, "1", ConsistentRead=True) == "after it"


def test_a_region_that_reaches_nobody_neither_writes_nor_reads_strongly(lab, three):
    us, ohio, oregon = three
    put(us, "1", "old")
    heal = lab.fault(fault="partition", region=OREGON)
    put(us, "1", "new")
    assert get(ohio, "1", ConsistentRead=True) == "new", "two of three go on"
    denied("InternalServerError", lambda: put(oregon, "1", "lost"))
    denied("InternalServerError", lambda: get(oregon, "1", ConsistentRead=True))
    assert get(oregon, "1") == "old", "an eventual read is answered"
    heal()
    assert get(oregon, "1", ConsistentRead=True) == "new"


def test_nothing_that_was_answered_is_lost_with_a_region(lab, three):
    us, ohio, oregon = three
    heal = lab.fault(fault="partition", region=OHIO)
    put(us, "1", "kept")
    heal()
    # The Region that made the write is gone; the third one has kept it for this one.
    lab.fault(fault="partition", region=US)
    assert get(ohio, "1", ConsistentRead=True) == "kept"
    put(oregon, "1", "later")
    assert get(ohio, "1", ConsistentRead=True) == "later"


def test_no_replica_is_added_later(three):
    us = three[0]
    invalid(us, create(EU))
    invalid(us, create("eu-west-2"), **STRONG)
    assert len(regions(us)) == 2


def test_the_other_two_are_deleted_together(lab, three):
    us, ohio, _ = three
    invalid(us, delete(OHIO))
    denied("ValidationException", ohio.delete_table, TableName=T)
    put(us, "1", "x")
    replicas(us, delete(OHIO), delete(OREGON))
    assert regions(us) == []
    assert get(us, "1") == "x", "what remains is a table of one Region"
    denied("ResourceNotFoundException", ohio.describe_table, TableName=T)


def test_a_replica_and_the_witness_are_deleted_together(lab, us):
    replicas(us, create(OHIO), **STRONG, **witness(OREGON))
    invalid(us, delete(OHIO))
    replicas(us, delete(OHIO), **witness(OREGON, "Delete"))
    assert "GlobalTableWitnesses" not in describe(us)
    assert regions(us) == []
