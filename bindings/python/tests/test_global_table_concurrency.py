"""Event loops, threads, signals and forks."""

import asyncio
import concurrent.futures
import os
import signal
import threading
import time

import itemseal
import pytest
from conftest import EU, US
from orders import KEY, ORDER, arrived, client, configure
from faults import hangs


@pytest.fixture
def orders(lab, tmp_path):
    return client(configure(tmp_path, lab))


def test_twins_run_at_the_same_time_on_one_loop(lab, orders):
    async def run():
        await orders.connect_async()
        items = [{**ORDER, "OrderID": f"{at}"} for at in range(10)]
        await asyncio.gather(*(orders.put_item_async(TableName="Orders", Item=i) for i in items))
        keys = [{**KEY, "OrderID": f"{at}"} for at in range(10)]
        with hangs(lab, US):
            # Each waits for the Region that hangs; one after the other they would do so for seconds.
            begun = time.monotonic()
            reads = (orders.get_item_async(TableName="Orders", Key=key) for key in keys)
            answers = await asyncio.gather(*reads)
            took = time.monotonic() - begun
        return items, answers, took

    asyncio.run(wait_for_replicas(lab, orders))
    items, answers, took = asyncio.run(run())
    assert [answer["Item"] for answer in answers] == items
    assert {answer["Region"] for answer in answers} == {EU}
    assert took < 4


async def wait_for_replicas(lab, orders):
    for at in range(10):
        await orders.put_item_async(TableName="Orders", Item={**ORDER, "OrderID": f"{at}"})
    for at in range(10):
        await asyncio.to_thread(arrived, lab, {**KEY, "OrderID": f"{at}"})


def test_each_operation_has_its_twin(orders):
    async def run():
        table = {"TableName": "Orders"}
        await orders.put_item_async(**table, Item=ORDER)
        assert (await orders.get_item_async(**table, Key=KEY))["Item"] == ORDER
        await orders.update_item_async(
            **table,
            Key=KEY,
            UpdateExpression="SET Note = :n",
            ExpressionAttributeValues={":n": "gift"},
        )
        asked = {"KeyConditionExpression": "OrderID = :i", "ExpressionAttributeValues": {":i": "1"}}
        noted = {**ORDER, "Note": "gift"}
        assert (await orders.query_async(**table, **asked))["Items"] == [noted]
        assert (await orders.scan_async(**table))["Items"] == [noted]
        got = await orders.batch_get_item_async(RequestItems={"Orders": {"Keys": [KEY]}})
        assert got["Responses"]["Orders"] == [noted]
        get = {"Get": {"TableName": "Orders", "Key": KEY}}
        got = await orders.transact_get_items_async(TransactItems=[get])
        assert got["Responses"] == [{"Item": noted}]
        changed = await orders.update_item_with_async("Orders", KEY, lambda i: {**i, "Card": "5"})
        assert changed["Item"]["Card"] == "5"
        put = {"Put": {"TableName": "Orders", "Item": {**ORDER, "OrderID": "2"}}}
        await orders.transact_write_items_async(TransactItems=[put])
        delete = {"DeleteRequest": {"Key": {**KEY, "OrderID": "2"}}}
        await orders.batch_write_item_async(RequestItems={"Orders": [delete]})
        old = await orders.delete_item_async(**table, Key=KEY, ReturnValues="ALL_OLD")
        assert old["Attributes"]["Card"] == "5"
        with pytest.raises(itemseal.MisuseError, match="version"):
            await orders.get_item_not_before_async(**table, Key=KEY, Version=1)
        with pytest.raises(itemseal.MisuseError, match="Unheard"):
            orders.get_item_async(**table, Key=KEY, Unheard=1)

    asyncio.run(run())


def test_eight_threads(orders):
    def work(thread):
        for at in range(10):
            key = {**KEY, "OrderID": f"{thread}-{at}"}
            orders.put_item(TableName="Orders", Item={**ORDER, **key})
            got = orders.get_item(TableName="Orders", Key=key, ConsistentRead=True)
            assert got["Item"] == {**ORDER, **key}
        return thread

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(8))) == list(range(8))
    # One of the eight built the client.
    assert orders.item_counts()["sealed"] == 80


def test_other_threads_go_on_while_one_waits(lab, orders):
    orders.connect()
    counted = 0
    with hangs(lab, US), hangs(lab, EU):
        thread = threading.Thread(target=lambda: pytest.raises(itemseal.ServiceError, read, orders))
        thread.start()
        while thread.is_alive():
            counted += 1
        thread.join()
    assert counted > 1_000


def read(orders):
    return orders.get_item(TableName="Orders", Key=KEY)


def test_a_signal_ends_the_waiting(lab, tmp_path):
    orders = client(configure(tmp_path, lab), deadline=20, regions=[US])
    orders.connect()

    over = threading.Event()

    def interrupt():
        while not any(count["operation"] == "GetItem" for count in orders.call_counts()):
            if over.is_set():
                return
        os.kill(os.getpid(), signal.SIGINT)

    with hangs(lab, US):
        thread = threading.Thread(target=interrupt)
        begun = time.monotonic()
        thread.start()
        try:
            with pytest.raises(KeyboardInterrupt):
                read(orders)
        finally:
            over.set()
            thread.join()
        assert time.monotonic() - begun < 10


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks here")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_child_builds_its_own(lab, orders):
    orders.put_item(TableName="Orders", Item=ORDER)
    items = orders.scan_items(TableName="Orders")
    next(items)
    child = os.fork()
    if child == 0:
        status = 1
        try:
            assert orders.item_counts()["sealed"] == 0
            assert read(orders)["Item"] == ORDER
            orders.put_item(TableName="Orders", Item={**ORDER, "OrderID": "child"})
            try:
                next(items)
            except itemseal.MisuseError as error:
                assert "another process" in str(error)
                status = 0
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    # The parent's is as it was.
    got = orders.get_item(TableName="Orders", Key={**KEY, "OrderID": "child"}, ConsistentRead=True)
    assert got["Item"]["Card"] == ORDER["Card"]
    assert orders.item_counts()["sealed"] == 1
    assert lab.faults() == []
