"""Clients of aiobotocore and aioboto3: hooks are awaited, and waiting for a key does not hold up the loop."""

import asyncio
import os
import pathlib
import subprocess
import sys

import pytest
from attaching import SECRET, TABLE, World, config, item, key, keyring, native

import itemseal

session_of = pytest.importorskip("aiobotocore.session", reason="aiobotocore is another environment's").get_session


@pytest.fixture
def world(lab):
    return World(lab)


def run(test):
    async def with_client():
        async with session_of().create_client("dynamodb") as client:
            itemseal.attach(client, config(), keyring())
            return await test(client)

    return asyncio.run(with_client())


def test_every_operation(world):
    async def test(client):
        await client.put_item(TableName=TABLE, Item=item("1"))
        world.assert_sealed("1")
        assert (await client.get_item(TableName=TABLE, Key=key("1")))["Item"] == item("1")
        add = dict(UpdateExpression="SET hits = :n", ExpressionAttributeValues={":n": {"N": "3"}})
        updated = await client.update_item(TableName=TABLE, Key=key("1"), ReturnValues="ALL_NEW", **add)
        assert updated["Attributes"] == item("1", hits={"N": "3"})
        await client.batch_write_item(RequestItems={TABLE: [{"PutRequest": {"Item": item("2")}}]})
        got = await client.batch_get_item(RequestItems={TABLE: {"Keys": [key("2")]}})
        assert got["Responses"] == {TABLE: [item("2")]}
        await client.transact_write_items(TransactItems=[{"Put": {"TableName": TABLE, "Item": item("3")}}])
        world.assert_sealed("1", "2", "3")
        gets = await client.transact_get_items(TransactItems=[{"Get": {"TableName": TABLE, "Key": key("3")}}])
        assert gets["Responses"] == [{"Item": item("3")}]
        pages = client.get_paginator("scan").paginate(TableName=TABLE, PaginationConfig={"PageSize": 2})
        full = await pages.build_full_result()
        assert sorted(found["id"]["S"] for found in full["Items"]) == ["1", "2", "3"]
        assert {found["card"]["S"] for found in full["Items"]} == {SECRET}
        projected = await client.query(
            TableName=TABLE,
            KeyConditionExpression="id = :id",
            ExpressionAttributeValues={":id": {"S": "2"}},
            ProjectionExpression="card",
        )
        assert projected["Items"] == [{"card": {"S": SECRET}}]
        old = await client.delete_item(TableName=TABLE, Key=key("2"), ReturnValues="ALL_OLD")
        assert old["Attributes"] == item("2")

    run(test)


def test_errors(world):
    async def test(client):
        await client.put_item(TableName=TABLE, Item=item("1"))
        with pytest.raises(itemseal.RefusedError, match="card"):
            await client.scan(
                TableName=TABLE, FilterExpression="card = :c", ExpressionAttributeValues={":c": {"S": "x"}}
            )
        with pytest.raises(itemseal.RefusedError, match="PartiQL"):
            await client.execute_statement(Statement=f"SELECT * FROM {TABLE}")
        condition = dict(
            ConditionExpression="attribute_not_exists(id)", ReturnValuesOnConditionCheckFailure="ALL_OLD"
        )
        with pytest.raises(client.exceptions.ConditionalCheckFailedException) as raised:
            await client.put_item(TableName=TABLE, Item=item("1", status="x"), **condition)
        assert raised.value.response["Item"] == item("1")
        stored = world.stored()["1"]
        stored["card"]["B"] = bytes(len(stored["card"]["B"]))
        world.plain.put_item(TableName=TABLE, Item=stored)
        with pytest.raises(itemseal.AuthenticationError):
            await client.get_item(TableName=TABLE, Key=key("1"))
        with pytest.raises(client.exceptions.ConditionalCheckFailedException) as raised:
            await client.put_item(TableName=TABLE, Item=item("1"), **condition)
        assert isinstance(raised.value.__cause__, itemseal.AuthenticationError)

    run(test)


def test_many_calls_at_a_time(world):
    async def test(client):
        async def one(n):
            given = item(str(n), note={"S": f"{SECRET} {n}"})
            await client.put_item(TableName=TABLE, Item=given)
            assert (await client.get_item(TableName=TABLE, Key=key(str(n))))["Item"] == given

        await asyncio.gather(*(one(n) for n in range(50)))

    run(test)
    world.assert_sealed(*(str(n) for n in range(50)))


def test_a_key_service_that_is_slow_does_not_hold_up_the_loop(lab, tmp_path):
    """KMS is answered by a server on the loop itself: were the loop held up, there would never be an answer."""
    arn = lab.create_key()
    lab.create_table(TABLE, "id", "customer")
    path = tmp_path / "itemseal.toml"
    path.write_text(
        f"""
        [table."{TABLE}"]
        partition_key = "id"
        sort_key = "customer"
        sign_only = ["status"]
        [keyring]
        kind = "kms-mrk"
        key_arn = "{arn}"
        regions = ["us-east-1"]
        deadline_ms = 20000
        """
    )
    # In a process of its own, which finds KMS by its environment when it first needs it.
    program = pathlib.Path(__file__).with_name("aio_program.py")
    done = subprocess.run(
        [sys.executable, program, lab.endpoint, path],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    calls, ticks = map(int, done.stdout.split())
    assert calls >= 2 and ticks >= calls * 100


def test_aioboto3(world):
    aioboto3 = pytest.importorskip("aioboto3", reason="aioboto3 is another environment's")

    async def test():
        async with aioboto3.Session().resource("dynamodb") as resource:
            itemseal.attach(resource, config(), keyring())
            table = await resource.Table(TABLE)
            await table.put_item(Item=native("1"))
            world.assert_sealed("1")
            assert (await table.get_item(Key={"id": "1", "customer": "c"}))["Item"] == native("1")
            async with table.batch_writer() as batch:
                for n in range(2, 30):
                    await batch.put_item(Item=native(str(n)))
            world.assert_sealed(*(str(n) for n in range(1, 30)))
            assert {found["card"] for found in (await table.scan())["Items"]} == {SECRET}
        async with aioboto3.Session().client("dynamodb") as client:
            itemseal.attach(client, config(), keyring())
            assert (await client.get_item(TableName=TABLE, Key=key("1")))["Item"] == item("1")

    asyncio.run(test())
