"""All items of a query or a scan, and those that do not open."""

import asyncio

import itemseal
import pytest
from conftest import US
from orders import KEY, ORDER, client, configure, stored, typed
from faults import throttles

MANY = 40


def numbered(at):
    return {**ORDER, "CustomerID": f"u{at:03}"}


@pytest.fixture
def orders(lab, tmp_path):
    orders = client(configure(tmp_path, lab))
    puts = [{"PutRequest": {"Item": numbered(at)}} for at in range(MANY)]
    orders.batch_write_item(RequestItems={"Orders": puts})
    return orders


def all_of_one(**more):
    asked = {
        "TableName": "Orders",
        "KeyConditionExpression": "OrderID = :id",
        "ExpressionAttributeValues": {":id": "1"},
    }
    return {**asked, **more}


def test_a_query_over_its_pages(orders):
    items = orders.query_items(**all_of_one(Limit=7))
    assert list(items) == [numbered(at) for at in range(MANY)]
    assert list(items) == []
    calls = {count["operation"]: count["calls"] for count in orders.call_counts()}
    assert calls["Query"] == MANY // 7 + 1


@pytest.mark.parametrize("segments", [1, 4])
def test_a_scan_in_segments(orders, segments):
    items = orders.scan_items(TableName="Orders", segments=segments, Limit=9)
    assert sorted(item["CustomerID"] for item in items) == [f"u{at:03}" for at in range(MANY)]
    before = scans(orders)
    assert len(list(orders.scan_items(TableName="Orders", segments=segments))) == MANY
    assert scans(orders) - before == segments
    with pytest.raises(itemseal.MisuseError, match="segments"):
        next(orders.scan_items(TableName="Orders", segments=0))
    with pytest.raises(itemseal.MisuseError, match="Segment"):
        next(orders.scan_items(TableName="Orders", Segment=0, TotalSegments=2))


def scans(orders):
    return sum(count["calls"] for count in orders.call_counts() if count["operation"] == "Scan")


def test_in_async_for(orders):
    async def run():
        queried = [item async for item in orders.query_items(**all_of_one(Limit=7))]
        scanned = [item async for item in orders.scan_items(TableName="Orders", segments=3)]
        return queried, scanned

    queried, scanned = asyncio.run(run())
    assert queried == [numbered(at) for at in range(MANY)]
    assert len(scanned) == MANY


def test_it_goes_on_after_an_error(lab, tmp_path):
    orders = client(configure(tmp_path, lab), regions=[US], deadline=1)
    for at in range(4):
        orders.put_item(TableName="Orders", Item=numbered(at))
    items = orders.query_items(**all_of_one(Limit=2))
    found = [next(items), next(items)]
    with throttles(lab, US):
        with pytest.raises(itemseal.ServiceError) as caught:
            next(items)
        assert caught.value.retryable
    assert found + list(items) == [numbered(at) for at in range(4)]


def test_bad_items_are_reported_where_asked(lab, orders):
    damaged = stored(lab, {**KEY, "CustomerID": "u003"})
    damaged["OrderStatus"] = {"S": "Paid"}
    lab.boto3("dynamodb", US).put_item(TableName="Orders", Item=damaged)
    with pytest.raises(itemseal.AuthenticationError):
        orders.query(**all_of_one())
    reporting = orders.reporting_bad_items()
    page = reporting.query(**all_of_one())
    [bad] = page["BadItems"]
    assert page["Items"] == [numbered(at) for at in range(MANY) if at != 3]
    assert (bad["TableName"], bad["Key"]) == ("Orders", {**KEY, "CustomerID": "u003"})
    assert isinstance(bad["Error"], itemseal.AuthenticationError)
    items = reporting.query_items(**all_of_one())
    assert items.take_bad_items() == []
    assert len(list(items)) == MANY - 1
    [bad] = items.take_bad_items()
    assert bad["Key"]["CustomerID"] == "u003" and items.take_bad_items() == []
    assert reporting.get_item(TableName="Orders", Key=KEY)["BadItems"] == []
    assert orders.item_counts()["unopened"] == 3


@pytest.mark.parametrize("types", ["python", "dynamodb"])
def test_what_a_batch_leaves_undone_comes_back_as_given(lab, tmp_path, types):
    of = typed if types == "dynamodb" else dict
    orders = client(configure(tmp_path, lab), types=types, hand_back_unprocessed=True, regions=[US])
    puts = [{"PutRequest": {"Item": of(numbered(at))}} for at in range(25)]
    deletes = [{"DeleteRequest": {"Key": of({**KEY, "OrderID": f"{at}"})}} for at in range(2, 27)]
    requests = puts + deletes
    with lab.unprocessed(US, 0.5):
        left = orders.batch_write_item(RequestItems={"Orders": requests})["UnprocessedItems"]
    assert 0 < len(left["Orders"]) < 50
    assert all(request in requests for request in left["Orders"])
    while left:
        left = orders.batch_write_item(RequestItems=left)["UnprocessedItems"]
    keys = [of({**KEY, "CustomerID": f"u{at:03}"}) for at in range(25)]
    asked = {"Keys": keys, "ConsistentRead": True, "ProjectionExpression": "#c"}
    asked["ExpressionAttributeNames"] = {"#c": "Card"}
    with lab.unprocessed(US, 0.5):
        read = orders.batch_get_item(RequestItems={"Orders": asked})
    found, left = len(read["Responses"]["Orders"]), read["UnprocessedKeys"]
    assert {**left["Orders"], "Keys": keys} == asked
    assert 0 < found < 25 and found + len(left["Orders"]["Keys"]) == 25
    again = orders.batch_get_item(RequestItems=left)
    assert len(again["Responses"]["Orders"]) == 25 - found
