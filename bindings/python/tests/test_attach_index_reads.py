"""complete_index_reads: what an index has parts of is read from the table, by every kind of client."""

import asyncio
import json

import boto3
import pytest
from attaching import SECRET, TABLE, World, config, item, key, keyring, native
from boto3.dynamodb.conditions import Attr, Key

import itemseal

PARTS = {
    "TableName": TABLE,
    "IndexName": "keys-only",
    "KeyConditionExpression": "#s = :s",
    "ExpressionAttributeNames": {"#s": "status"},
    "ExpressionAttributeValues": {":s": {"S": "new"}},
}


@pytest.fixture
def world(lab):
    return World(lab)


@pytest.fixture
def client(world):
    """A client that completes, and a table with five items, one of them not new."""
    client = world.attached(complete_index_reads=True)
    for n in range(5):
        client.put_item(TableName=TABLE, Item=item(str(n), status="paid" if n == 3 else "new"))
    return client


def ids(items):
    return sorted(item["id"]["S"] for item in items)


def asked(client):
    """The calls of BatchGetItem that a client sends: the numbers of their keys."""
    counts = []

    def seen(params, **_):
        asked_for = json.loads(params["body"])["RequestItems"].values()
        counts.append(sum(len(of["Keys"]) for of in asked_for))

    client.meta.events.register("before-call.dynamodb.BatchGetItem", seen)
    return counts


def test_queries_scans_and_pages(world, client):
    counts = asked(client)
    got = client.query(**PARTS)
    assert ids(got["Items"]) == ["0", "1", "2", "4"] and got["Count"] == 4
    assert all(one == item(one["id"]["S"]) for one in got["Items"])
    assert ids(client.scan(TableName=TABLE, IndexName="keys-only")["Items"]) == ["0", "1", "2", "3", "4"]
    assert len(counts) == 2
    pages = client.get_paginator("query").paginate(**PARTS, PaginationConfig={"PageSize": 3})
    assert ids(pages.build_full_result()["Items"]) == ["0", "1", "2", "4"]
    assert client.query(**PARTS, Select="COUNT")["Count"] == 4
    nothing = {**PARTS, "ExpressionAttributeValues": {":s": {"S": "lost"}}}
    assert client.query(**nothing)["Items"] == []
    # Whole items are not read again, and neither is nothing.
    before = len(counts)
    assert len(client.query(**{**PARTS, "IndexName": "by-status"})["Items"]) == 4
    client.query(**nothing)
    assert len(counts) == before


def test_a_projection_is_made_of_the_whole_item_and_in_the_indexs_order(client):
    order = [one["id"]["S"] for one in client.query(**PARTS, ProjectionExpression="id")["Items"]]
    projected = client.query(**PARTS, ProjectionExpression="id, card", Select="SPECIFIC_ATTRIBUTES")["Items"]
    assert projected == [{"id": {"S": id_}, "card": {"S": SECRET}} for id_ in order]


def test_what_it_costs_is_told_with_the_rest(client):
    alone = client.query(**PARTS, Select="COUNT", ReturnConsumedCapacity="TOTAL")["ConsumedCapacity"]
    whole = client.query(**PARTS, ReturnConsumedCapacity="TOTAL")["ConsumedCapacity"]
    assert whole["TableName"] == TABLE
    assert whole["CapacityUnits"] > alone["CapacityUnits"] > 0
    assert "ConsumedCapacity" not in client.query(**PARTS)


def test_more_than_a_batch_and_what_one_leaves_undone(world, client, monkeypatch):
    for n in range(5, 205):
        client.put_item(TableName=TABLE, Item=item(str(n)))
    counts = asked(client)
    with world.lab.unprocessed("us-east-1", 0.2):
        got = client.query(**PARTS)
    assert got["Count"] == len(got["Items"]) == len({one["id"]["S"] for one in got["Items"]}) == 204
    assert counts[:3] == [100, 100, 4] and len(counts) > 3
    # Where it was tried often enough.
    monkeypatch.setattr(itemseal._index_reads, "_ATTEMPTS", 1)
    with world.lab.unprocessed("us-east-1", 0.5):
        with pytest.raises(itemseal.ServiceError, match="did not give all items of the index's page") as caught:
            client.query(**PARTS)
    assert caught.value.retryable


def test_resources_have_their_own_values(world, client):
    resource = itemseal.attach(boto3.resource("dynamodb"), config(), keyring(), complete_index_reads=True)
    table = resource.Table(TABLE)
    got = table.query(IndexName="keys-only", KeyConditionExpression=Key("status").eq("paid"))
    assert got["Items"] == [native("3", status="paid")]
    got = table.scan(IndexName="keys-only", FilterExpression=Attr("status").eq("new"), ReturnConsumedCapacity="TOTAL")
    assert sorted(one["id"] for one in got["Items"]) == ["0", "1", "2", "4"]
    assert all(one["card"] == SECRET and one["hits"] == 0 for one in got["Items"])
    with world.lab.unprocessed("us-east-1", 0.5):
        assert len(table.scan(IndexName="keys-only")["Items"]) == 5
    resource.meta.client.close()


def test_awaited(world, client):
    session = pytest.importorskip("aiobotocore.session", reason="aiobotocore is another environment's").get_session()

    async def main():
        async with session.create_client("dynamodb") as aio:
            itemseal.attach(aio, config(), keyring(), complete_index_reads=True)
            with world.lab.unprocessed("us-east-1", 0.5):
                got = await asyncio.gather(*(aio.query(**PARTS) for _ in range(4)))
            # The program's own batches are as they were.
            own = await aio.batch_get_item(RequestItems={TABLE: {"Keys": [key("1")]}})
            return [ids(one["Items"]) for one in got], own["Responses"][TABLE]

    pages, own = asyncio.run(main())
    assert pages == [["0", "1", "2", "4"]] * 4 and own == [item("1")]


def test_what_was_deleted_meanwhile_is_left_out_and_what_was_altered_fails_the_page(world, client):
    # Between the index's answer and the table's.
    def delete(**_):
        world.plain.delete_item(TableName=TABLE, Key=key("1"))

    client.meta.events.register("before-parameter-build.dynamodb.BatchGetItem", delete)
    assert ids(client.query(**PARTS)["Items"]) == ["0", "2", "4"]
    stored = world.stored()["2"]
    world.plain.put_item(TableName=TABLE, Item={**stored, "card": {"B": b"altered"}})
    with pytest.raises(itemseal.AuthenticationError):
        client.query(**PARTS)


def test_it_is_off_unless_asked_for_and_another_configuration(world, client):
    with pytest.raises(itemseal.RefusedError, match="keys-only has only parts.*attach with complete_index_reads=True"):
        world.client.query(**PARTS)
    other, key_of_both = world.lab.boto3("dynamodb"), keyring()
    for _ in range(2):
        itemseal.attach(other, config(), key_of_both, complete_index_reads=True)
    with pytest.raises(itemseal.MisuseError, match="another configuration"):
        itemseal.attach(other, config(), key_of_both)
