"""Each operation there and back, in both kinds of values."""

from decimal import Decimal

import itemseal
import pytest
from boto3.dynamodb.conditions import Attr, Key
from boto3.dynamodb.types import Binary
from conftest import US
from orders import KEY, ORDER, client, configure, stored, typed


@pytest.fixture(params=["python", "dynamodb"])
def case(request, lab, tmp_path):
    """A client, and what makes of an item of strings one of its items."""
    of = (lambda item: item) if request.param == "python" else typed
    return client(configure(tmp_path, lab), types=request.param), of


def test_put_get_update_delete(case, lab):
    orders, of = case
    put = orders.put_item(TableName="Orders", Item=of(ORDER), ReturnConsumedCapacity="TOTAL")
    assert put["Region"] == US
    assert put["ConsumedCapacity"]["TableName"] == "Orders"
    assert isinstance(put["ConsumedCapacity"]["CapacityUnits"], float)
    assert put["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert "Attributes" not in put and "BadItems" not in put and "Version" not in put

    at_rest = stored(lab)
    assert at_rest["OrderStatus"] == {"S": "Shipped"}
    assert at_rest["Card"].keys() == {"B"}
    assert "4111" not in str(at_rest)

    got = orders.get_item(TableName="Orders", Key=of(KEY), ConsistentRead=True)
    assert got["Item"] == of(ORDER)
    part = orders.get_item(
        TableName="Orders",
        Key=of(KEY),
        ProjectionExpression="#c",
        ExpressionAttributeNames={"#c": "Card"},
    )
    assert part["Item"] == of({"Card": ORDER["Card"]})

    note = of({":n": "gift"})
    updated = orders.update_item(
        TableName="Orders",
        Key=of(KEY),
        UpdateExpression="SET Note = :n",
        ExpressionAttributeValues=note,
        ReturnValues="ALL_NEW",
    )
    assert updated["Attributes"] == of({**ORDER, "Note": "gift"})
    deleted = orders.delete_item(TableName="Orders", Key=of(KEY), ReturnValues="ALL_OLD")
    assert deleted["Attributes"] == of({**ORDER, "Note": "gift"})
    assert "Item" not in orders.get_item(TableName="Orders", Key=of(KEY))


def test_pages(case):
    orders, of = case
    items = [{**ORDER, "CustomerID": f"u{at}"} for at in range(5)]
    for item in items:
        orders.put_item(TableName="Orders", Item=of(item))
    query = {
        "TableName": "Orders",
        "KeyConditionExpression": "OrderID = :id",
        "ExpressionAttributeValues": of({":id": "1"}),
    }
    page = orders.query(**query, Limit=2, ScanIndexForward=False)
    assert page["Items"] == [of(items[4]), of(items[3])]
    assert (page["Count"], page["ScannedCount"]) == (2, 2)
    following = orders.query(
        **query, ScanIndexForward=False, ExclusiveStartKey=page["LastEvaluatedKey"]
    )
    assert following["Items"] == [of(item) for item in items[2::-1]]
    assert "LastEvaluatedKey" not in following
    counted = orders.query(**query, Select="COUNT")
    assert counted["Count"] == 5 and "Items" not in counted
    page = orders.scan(TableName="Orders", Limit=3)
    rest = orders.scan(TableName="Orders", ExclusiveStartKey=page["LastEvaluatedKey"])
    found = page["Items"] + rest["Items"]
    assert sorted(found, key=lambda item: str(item["CustomerID"])) == [of(item) for item in items]
    shares = [orders.scan(TableName="Orders", Segment=s, TotalSegments=3) for s in range(3)]
    assert sum(share["Count"] for share in shares) == 5


def test_batches(case, lab):
    orders, of = case
    items = [{**ORDER, "OrderID": f"{at}"} for at in range(30)]
    puts = [{"PutRequest": {"Item": of(item)}} for item in items]
    written = orders.batch_write_item(RequestItems={"Orders": puts})
    assert written["UnprocessedItems"] == {}
    assert "4111" not in str(stored(lab, {**KEY, "OrderID": "29"}))
    keys = [of({**KEY, "OrderID": f"{at}"}) for at in range(30)]
    read = orders.batch_get_item(
        RequestItems={"Orders": {"Keys": keys, "ProjectionExpression": "Card"}}
    )
    assert read["Responses"] == {"Orders": [of({"Card": ORDER["Card"]})] * 30}
    assert read["UnprocessedKeys"] == {}
    deletes = [{"DeleteRequest": {"Key": key}} for key in keys]
    orders.batch_write_item(RequestItems={"Orders": deletes})
    assert orders.scan(TableName="Orders")["Count"] == 0


def test_transactions(case, lab):
    orders, of = case
    orders.put_item(TableName="Orders", Item=of({**ORDER, "OrderID": "old"}))
    orders.put_item(TableName="Orders", Item=of({**ORDER, "OrderID": "noted"}))
    answer = orders.transact_write_items(
        TransactItems=[
            {
                "Put": {
                    "TableName": "Orders",
                    "Item": of(ORDER),
                    "ConditionExpression": "attribute_not_exists(OrderID)",
                }
            },
            {"Delete": {"TableName": "Orders", "Key": of({**KEY, "OrderID": "old"})}},
            {
                "Update": {
                    "TableName": "Orders",
                    "Key": of({**KEY, "OrderID": "noted"}),
                    "UpdateExpression": "SET Note = :n",
                    "ExpressionAttributeValues": of({":n": "gift"}),
                }
            },
            {
                "ConditionCheck": {
                    "TableName": "Orders",
                    "Key": of({**KEY, "OrderID": "none"}),
                    "ConditionExpression": "attribute_not_exists(OrderID)",
                }
            },
        ],
        ReturnConsumedCapacity="TOTAL",
    )
    assert answer["Region"] == US
    assert "4111" not in str(stored(lab))
    keys = [KEY, {**KEY, "OrderID": "old"}, {**KEY, "OrderID": "noted"}]
    gets = [{"Get": {"TableName": "Orders", "Key": of(key)}} for key in keys]
    read = orders.transact_get_items(TransactItems=gets)
    noted = {**ORDER, "OrderID": "noted", "Note": "gift"}
    assert read["Responses"] == [{"Item": of(ORDER)}, {}, {"Item": of(noted)}]


def test_every_type(lab, tmp_path):
    orders = client(configure(tmp_path, lab))
    item = {
        **KEY,
        "n": Decimal("12345678901234567890123456789012345678"),
        "b": b"\x00\xff",
        "bool": True,
        "null": None,
        "ss": {"a", "b"},
        "ns": {Decimal("1"), Decimal("2.5")},
        "bs": {b"x"},
        "l": [1, "two", [None]],
        "m": {"deep": {"er": Decimal("-1")}},
    }
    orders.put_item(TableName="Orders", Item=item)
    got = orders.get_item(TableName="Orders", Key=KEY)["Item"]
    assert got == item
    assert isinstance(got["b"], Binary) and isinstance(got["l"][0], Decimal)
    # The other kind of values sees the same item.
    other = client(tmp_path / "itemseal.toml", types="dynamodb")
    got = other.get_item(TableName="Orders", Key=typed(KEY))["Item"]
    assert got["n"] == {"N": "12345678901234567890123456789012345678"}
    assert got["b"] == {"B": b"\x00\xff"} and got["null"] == {"NULL": True}


def test_boto3s_conditions(lab, tmp_path):
    orders = client(configure(tmp_path, lab))
    for at in range(3):
        item = {**ORDER, "CustomerID": f"u{at}", "OrderStatus": f"s{at}"}
        orders.put_item(TableName="Orders", Item=item)
    found = orders.query(
        TableName="Orders",
        KeyConditionExpression=Key("OrderID").eq("1") & Key("CustomerID").gt("u0"),
        FilterExpression=Attr("OrderStatus").ne("s1"),
    )
    assert [item["CustomerID"] for item in found["Items"]] == ["u2"]
    with pytest.raises(itemseal.ConflictError):
        orders.put_item(
            TableName="Orders",
            Item={**ORDER, "CustomerID": "u0"},
            ConditionExpression=Attr("OrderStatus").eq("s9"),
        )
    # An encrypted attribute cannot be compared in DynamoDB, however it is written.
    with pytest.raises(itemseal.RefusedError, match="Card"):
        orders.scan(TableName="Orders", FilterExpression=Attr("Card").eq("4111"))
