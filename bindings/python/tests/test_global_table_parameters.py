"""What cannot be right is refused by name, before anything is sent."""

import re
import subprocess
import sys

import itemseal
import pytest
from conftest import US, create_table
from orders import KEY, ORDER, client, configure, stored

# No service is asked: there is none.
TABLE = itemseal.TableConfig("Orders", partition_key="OrderID", sort_key="CustomerID")
KEYRING = itemseal.RawAesKeyring("ns", "key", bytes(32))
ASKED = {"TableName": "Orders", "Key": KEY}


@pytest.fixture
def orders():
    return itemseal.GlobalTable(TABLE, KEYRING, regions=[US])


@pytest.mark.parametrize(
    ("operation", "parameters", "says"),
    [
        ("get_item", {**ASKED, "Consistent": True}, "get_item: .*no parameter Consistent; .*ConsistentRead"),
        ("get_item", {**ASKED, "AttributesToGet": ["a"]}, "AttributesToGet.*ProjectionExpression"),
        ("put_item", {"TableName": "Orders", "Item": ORDER, "Expected": {}}, "ConditionExpression"),
        ("get_item", {"Key": KEY}, "get_item: TableName is missing"),
        ("get_item", {"TableName": "Orders"}, "get_item: Key is missing"),
        ("get_item", {**ASKED, "ReturnConsumedCapacity": "ALL"}, "INDEXES, NONE, TOTAL"),
        ("scan", {"TableName": "Orders", "Limit": 1 << 40}, "scan: Limit"),
        ("transact_get_items", {"TransactItems": [{}]}, re.escape("TransactItems[0]: Get is missing")),
        (
            "batch_write_item",
            {"RequestItems": {"Orders": [{"PutRequest": {"Item": ORDER}}, {}]}},
            re.escape("Orders[1]: it is exactly one of PutRequest and DeleteRequest"),
        ),
        (
            "transact_write_items",
            {"TransactItems": [{"Put": {"TableName": "Orders", "Item": ORDER, "Key": KEY}}]},
            re.escape("TransactItems[0]: Put: there is no parameter Key"),
        ),
        ("get_item_not_before", {**ASKED, "Version": -1}, "Version"),
    ],
)
def test_a_parameter_that_cannot_be(orders, operation, parameters, says):
    for call in [getattr(orders, operation), getattr(orders, f"{operation}_async")]:
        with pytest.raises(itemseal.MisuseError, match=says) as caught:
            call(**parameters)
        assert not isinstance(caught.value, TypeError)


@pytest.mark.parametrize(
    ("operation", "parameters", "says"),
    [
        ("get_item", {"TableName": 1, "Key": KEY}, "get_item: TableName is a str, not int"),
        ("get_item", {**ASKED, "ConsistentRead": 1}, "ConsistentRead is a bool, not int"),
        ("get_item", {**ASKED, "ProjectionExpression": None}, "ProjectionExpression is a str, not NoneType"),
        ("scan", {"TableName": "Orders", "Limit": True}, "Limit is an int, not bool"),
        ("scan", {"TableName": "Orders", "FilterExpression": object()}, "FilterExpression is a str"),
        ("scan", {"TableName": "Orders", "ExpressionAttributeNames": {"#a": 1}}, "ExpressionAttributeNames"),
        ("batch_get_item", {"RequestItems": []}, "RequestItems is a dict, not list"),
        ("batch_get_item", {"RequestItems": {"Orders": {"Keys": {}}}}, "Orders: Keys is a list, not dict"),
        ("put_item", {"TableName": "Orders", "Item": {"a": 1.5}}, 'attribute "a": a float'),
        ("put_item", {"TableName": "Orders", "Item": [1]}, "an item is a dict"),
    ],
)
def test_a_parameter_of_another_type(orders, operation, parameters, says):
    with pytest.raises(itemseal.UnsupportedTypeError, match=says) as caught:
        getattr(orders, operation)(**parameters)
    assert isinstance(caught.value, TypeError)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"writes": "anywhere"}, "writes: say"),
        ({"read_order": "random"}, "read_order: say"),
        ({"types": "json"}, "types: say"),
        ({"deadline": 0}, "deadline is a number of seconds"),
        ({"most_per_region": float("nan")}, "most_per_region is a number of seconds"),
        ({"regions": US}, "regions is a list, not str"),
        ({"hedged": True}, "no parameter hedged; it has: .*hedged_reads"),
        ({"shapes": {"Orders": {"key": []}}}, "shapes of Orders: there is no parameter key"),
    ],
)
def test_an_option_that_cannot_be(options, says):
    with pytest.raises(itemseal.MisuseError, match=says):
        itemseal.GlobalTable(TABLE, KEYRING, **options)


def test_an_option_that_is_none_is_not_given():
    options = ["regions", "writes", "deadline", "hedged_reads", "version_attributes", "shapes"]
    itemseal.GlobalTable(TABLE, KEYRING, **dict.fromkeys(options))


def test_a_table_config_needs_a_keyring():
    with pytest.raises(itemseal.MisuseError, match="keyring"):
        itemseal.GlobalTable(TABLE)
    with pytest.raises(itemseal.UnsupportedTypeError, match="TableConfig"):
        itemseal.GlobalTable({"Orders": "Orders"}, KEYRING)


def test_the_callers_objects_stay_as_they_are(lab, tmp_path):
    orders = client(configure(tmp_path, lab))
    asked = {"RequestItems": {"Orders": [{"PutRequest": {"Item": dict(ORDER)}}]}}
    orders.batch_write_item(**asked)
    assert asked == {"RequestItems": {"Orders": [{"PutRequest": {"Item": ORDER}}]}}


def test_other_tables_and_options(lab, tmp_path):
    """Tables by name, a shape that is given, a plaintext table, an index that has parts of the items."""
    configure(tmp_path, lab)
    create_table(lab, "Plain", "id")
    create_table(lab, "Indexed", "OrderID", by="OrderStatus", by_status="KEYS_ONLY")
    indexed = itemseal.TableConfig("Indexed", partition_key="OrderID", sign_only=["OrderStatus"])
    shape = {"keys": ["OrderID", "CustomerID"]}
    options = {
        "regions": [US],
        "plaintext_tables": ["Plain"],
        "complete_index_reads": True,
        "shapes": {"Orders": shape},
        "hedged_reads": True,
        "read_order": "nearest",
        "plaintext_reads": ["Orders"],
    }
    orders = itemseal.GlobalTable({"Orders": TABLE, "Indexed": indexed}, KEYRING, **options)
    assert repr(orders) == "GlobalTable(Orders, Indexed)" and orders.tables == ["Orders", "Indexed"]
    item = {"OrderID": "1", "OrderStatus": "Paid", "Card": "4111"}
    puts = {
        "Orders": [{"PutRequest": {"Item": ORDER}}],
        "Indexed": [{"PutRequest": {"Item": item}}],
        "Plain": [{"PutRequest": {"Item": {"id": "p", "open": "yes"}}}],
    }
    orders.batch_write_item(RequestItems=puts)
    plain = lab.boto3("dynamodb").get_item(TableName="Plain", Key={"id": {"S": "p"}})["Item"]
    assert plain == {"id": {"S": "p"}, "open": {"S": "yes"}}
    assert "4111" not in str(stored(lab))
    found = orders.query(
        TableName="Indexed",
        IndexName="by-status",
        KeyConditionExpression="OrderStatus = :s",
        ExpressionAttributeValues={":s": "Paid"},
    )
    assert found["Items"] == [item]
    with pytest.raises(itemseal.MisuseError, match="Elsewhere"):
        orders.get_item(TableName="Elsewhere", Key=KEY)
    # An item of before the table was encrypted.
    lab.boto3("dynamodb").put_item(
        TableName="Orders", Item={"OrderID": {"S": "old"}, "CustomerID": {"S": "u"}}
    )
    old = {"OrderID": "old", "CustomerID": "u"}
    assert orders.get_item(TableName="Orders", Key=old)["Item"] == old


def test_without_boto3(lab, tmp_path):
    """Neither the client nor its errors need it: bytes come as bytes, and errors are the package's own."""
    config = configure(tmp_path, lab)
    script = f"""
import sys
class No:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("boto3", "botocore"):
            raise ImportError(name)
sys.meta_path.insert(0, No())
import itemseal
orders = itemseal.GlobalTable({str(config)!r})
item = {{"OrderID": "1", "CustomerID": "u", "b": b"x"}}
orders.put_item(TableName="Orders", Item=item)
key = {{"OrderID": "1", "CustomerID": "u"}}
assert orders.get_item(TableName="Orders", Key=key)["Item"] == item
try:
    orders.put_item(TableName="Orders", Item=item, ConditionExpression="attribute_not_exists(OrderID)",
                    ReturnValuesOnConditionCheckFailure="ALL_OLD")
except itemseal.ConflictError as error:
    assert error.item == item and type(error) is itemseal.ConflictError
else:
    raise AssertionError
assert "botocore" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", script], check=True)
