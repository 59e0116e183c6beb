"""Global tables of eventual consistency: how changes travel, and what happens when they meet."""

import pytest
from botocore.exceptions import HTTPClientError
from lab import AP, EU, US, denied, until
from tables import T, create, create_table, get, insert, key, put, records, replicas, two


def ttl(client, enabled=True):
    specification = {"AttributeName": "ttl", "Enabled": enabled}
    client.update_time_to_live(TableName=T, TimeToLiveSpecification=specification)


def test_items_written_before_and_after_are_replicated_both_ways(lab):
    us, eu = lab.client("dynamodb", US), lab.client("dynamodb", EU)
    create_table(us)
    put(us, "before", "1")
    replicas(us, create(EU))
    assert get(eu, "before") == "1"
    put(us, "after", "2")
    assert get(eu, "after") is None, "replication is asynchronous"
    put(eu, "back", "3")
    lab.converge()
    assert (get(eu, "after"), get(us, "back")) == ("2", "3")


def test_a_replica_is_added_at_any_time_and_has_everything(lab):
    us, eu = two(lab)
    put(us, "1", "old")
    put(eu, "2", "old")
    # Neither has the other's yet.
    replicas(us, create(AP))
    ap = lab.client("dynamodb", AP)
    put(us, "1", "new")
    lab.converge()
    assert [get(client, "1") for client in (us, eu, ap)] == ["new"] * 3
    assert [get(client, "2") for client in (us, eu, ap)] == ["old"] * 3


def test_the_last_writer_wins_and_nobody_is_told(lab):
    us, eu = two(lab)
    put(eu, "1", "first")
    lab.advance(milliseconds=1)
    put(us, "1", "second")
    delivered = lab.converge()
    assert delivered == {"applied": 1, "superseded": 1}
    assert (get(us, "1"), get(eu, "1")) == ("second", "second")


def test_a_later_delete_wins_too(lab):
    us, eu = two(lab)
    put(us, "1", "x")
    lab.converge()
    put(us, "1", "y")
    lab.advance(milliseconds=1)
    eu.delete_item(TableName=T, Key=key("1"))
    lab.converge()
    assert (get(us, "1"), get(eu, "1")) == (None, None)


def test_the_writers_clocks_decide(lab):
    us, eu = two(lab)
    lab.fault(fault="skew", region=EU, by_ms=10_000)
    put(eu, "1", "of the fast clock")
    lab.advance(seconds=1)
    put(us, "1", "of the right clock")
    lab.converge()
    assert (get(us, "1"), get(eu, "1")) == ("of the fast clock", "of the fast clock")


def test_the_item_that_wins_is_one_writers_whole_item(lab):
    us, eu = two(lab)
    put(us, "1", "x")
    lab.converge()
    for client, attribute in ((us, "a"), (eu, "b")):
        lab.advance(milliseconds=1)
        client.update_item(
            TableName=T,
            Key=key("1"),
            UpdateExpression=f"SET {attribute} = :v",
            ExpressionAttributeValues={":v": {"S": "1"}},
        )
    lab.converge()
    items = [c.get_item(TableName=T, Key=key("1"))["Item"] for c in (us, eu)]
    assert items[0] == items[1] == {**key("1"), "value": {"S": "x"}, "b": {"S": "1"}}


def test_a_strongly_consistent_read_sees_the_local_replica_only(lab):
    us, eu = two(lab)
    put(us, "1", "x")
    assert get(us, "1", ConsistentRead=True) == "x"
    assert get(eu, "1", ConsistentRead=True) is None


def test_a_condition_is_evaluated_on_the_local_version(lab):
    us, eu = two(lab)
    insert(us, "1", "of us")
    lab.advance(milliseconds=1)
    insert(eu, "1", "of eu")
    lab.converge()
    assert get(us, "1") == "of eu", "one of two inserts is lost"
    denied("ConditionalCheckFailedException", lambda: insert(us, "1"))


def test_a_transaction_is_atomic_in_its_region_and_replicates_item_by_item(lab):
    us, eu = two(lab)
    puts = [{"Put": {"TableName": T, "Item": {**key(i), "value": {"S": "t"}}}} for i in "12"]
    us.transact_write_items(TransactItems=puts)
    assert (get(us, "1"), get(us, "2")) == ("t", "t")
    assert lab.deliver(US, EU)["applied"] == 1
    assert (get(eu, "1"), get(eu, "2")) == ("t", None), "half of it is there"
    lab.converge()
    assert get(eu, "2") == "t"


def test_a_region_that_is_cut_off_goes_on_and_catches_up(lab):
    us, eu = two(lab)
    heal = lab.fault(fault="partition", region=EU)
    put(us, "1", "of us")
    put(eu, "2", "of eu")
    assert lab.deliver(US, EU) == {"applied": 0, "superseded": 0}
    assert (get(eu, "1"), get(us, "2")) == (None, None)
    waiting = {(w["from"], w["to"]): w["changes"] for w in lab.status()["waiting"]}
    assert waiting == {(US, EU): 1, (EU, US): 1}
    heal()
    lab.converge()
    assert (get(eu, "1"), get(us, "2")) == ("of us", "of eu")


def test_a_region_that_is_out_is_not_failed_over_by_itself(lab):
    us, eu = two(lab)
    put(us, "1", "x")
    end = lab.fault(fault="outage", region=US)
    with pytest.raises(HTTPClientError):
        get(us, "1")
    assert lab.converge()["applied"] == 1, "replication does not use the endpoint"
    assert get(eu, "1") == "x"
    end()
    assert get(us, "1") == "x"


def test_a_local_secondary_index_is_in_every_replica(lab):
    us, eu = lab.client("dynamodb", US), lab.client("dynamodb", EU)
    index = {
        "IndexName": "by-total",
        "KeySchema": [
            {"AttributeName": "id", "KeyType": "HASH"},
            {"AttributeName": "total", "KeyType": "RANGE"},
        ],
        "Projection": {"ProjectionType": "ALL"},
    }
    create_table(us, sort="line", attributes=["total"], LocalSecondaryIndexes=[index])
    replicas(us, create(EU))
    item = {**key("1"), "line": {"S": "1"}, "total": {"S": "9"}}
    us.put_item(TableName=T, Item=item)
    lab.converge()
    found = eu.query(
        TableName=T,
        IndexName="by-total",
        KeyConditionExpression="id = :id AND #t = :t",
        ExpressionAttributeNames={"#t": "total"},
        ExpressionAttributeValues={":id": {"S": "1"}, ":t": {"S": "9"}},
    )
    assert found["Items"] == [item]


def test_deletes_by_time_to_live_are_replicated(lab):
    us, eu = two(lab)
    ttl(us)
    now = int(lab.now().timestamp())
    for item_id, at in (("over", now - 1), ("not-yet", now + 3_600)):
        item = {**key(item_id), "value": {"S": "x"}, "ttl": {"N": str(at)}}
        us.put_item(TableName=T, Item=item)
    lab.deliver(US, EU, 2)
    assert lab.api("POST", "expire", {"region": US}) == {"expired": 1}
    assert (get(us, "over"), get(eu, "over")) == (None, "x"), "the delete is on its way"
    lab.converge()
    assert (get(eu, "over"), get(eu, "not-yet")) == (None, "x")
    lab.advance(hours=2)
    assert lab.api("POST", "expire") == {"expired": 2}, "each Region sweeps its own replica"


def test_only_the_region_that_deletes_by_time_to_live_says_so_in_its_stream(lab):
    us, _ = two(lab)
    ttl(us)
    item = {**key("1"), "ttl": {"N": "1767225599"}}
    us.put_item(TableName=T, Item=item)
    lab.converge()
    assert lab.api("POST", "expire", {"region": US}) == {"expired": 1}
    lab.converge()
    here, there = records(lab, US)[-1], records(lab, EU)[-1]
    assert (here["eventName"], there["eventName"]) == ("REMOVE", "REMOVE")
    service = {"Type": "Service", "PrincipalId": "dynamodb.amazonaws.com"}
    assert here["userIdentity"] == service
    assert "userIdentity" not in there
    assert here["dynamodb"]["OldImage"] == item


def test_replication_and_time_to_live_go_by_themselves(client):
    us, eu = client("dynamodb", US), client("dynamodb", EU)
    create_table(us)
    replicas(us, create(EU))
    put(us, "stays", "x")
    until("a write arrives", lambda: get(eu, "stays"))
    ttl(us)
    us.put_item(TableName=T, Item={**key("goes"), "ttl": {"N": "1"}})
    gone = lambda c: "Item" not in c.get_item(TableName=T, Key=key("goes"))  # noqa: E731
    until("an item expires everywhere", lambda: gone(us) and gone(eu))
    assert (get(us, "stays"), get(eu, "stays")) == ("x", "x")
