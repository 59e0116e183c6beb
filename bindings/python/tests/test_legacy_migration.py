"""docs/from-the-legacy-client.md is true: its examples run, in their order, over the lab."""

import pathlib
import re

import boto3
import itemseal
import itemseal.legacy
import legacy_client  # noqa: F401 - imports AWS's client without its warnings
import pytest

PAGE = pathlib.Path(__file__).resolve().parents[1] / "docs" / "from-the-legacy-client.md"
KEY = "arn:aws:kms:us-east-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab"
NAMES = ["What changes", "Tables", "Moving, item by item", "Traps"]


def blocks(section):
    sections = re.split(r"^## (.+)$", PAGE.read_text(), flags=re.MULTILINE)[1:]
    assert sections[::2] == NAMES
    return re.findall(r"^```python\n(.*?)^```$", sections[sections.index(section) + 1], re.MULTILINE | re.DOTALL)


def run(section, names, key=KEY):
    ran = blocks(section)
    for number, block in enumerate(ran):
        code = compile(block.replace(KEY, key), f"{section}, block {number + 1}", "exec")
        exec(code, names)
    return len(ran)


@pytest.fixture
def names():
    return {"wrapping_key": bytes(range(32)), "signing_key": bytes(range(32, 64)), "new_wrapping_key": bytes(range(64, 96))}


@pytest.fixture
def orders(lab):
    lab.create_table("Orders", "OrderID", regions=("us-east-1",))
    table = boto3.resource("dynamodb").Table("Orders")
    yield table
    table.meta.client.close()


def test_what_changes(names):
    assert run("What changes", names) == 2
    assert "aws_dbe_head" in names["new"] and itemseal.legacy.LegacyDecryptor.is_legacy(names["old"])


def test_tables(lab, orders, names):
    assert run("Tables", names, lab.create_key()) == 1
    assert "aws_dbe_head" in orders.get_item(Key={"OrderID": "12346"})["Item"]
    names["orders"].meta.client.close()


def test_moving(orders, names):
    run("What changes", names)
    orders.put_item(Item=names["old"])
    assert run("Moving, item by item", names) == 2
    (stored,) = orders.scan()["Items"]
    assert "aws_dbe_head" in stored and stored["OrderStatus"] == "Shipped"
    names["table"].meta.client.close()


def test_an_item_that_is_written_meanwhile_is_left_alone(orders, names):
    run("What changes", names)
    orders.put_item(Item=names["old"])
    run("Moving, item by item", names)

    class Meanwhile:
        """The table, in which the item is written between the scan and the put."""

        meta = orders.meta

        def scan(self, **request):
            page = orders.scan(**request)
            orders.put_item(Item={"OrderID": "12345", "OrderStatus": "Lost"})
            return page

        def put_item(self, **request):
            return orders.put_item(**request)

    # The page's last encryptor has no reader any more.
    names["encryptor"] = itemseal.ItemEncryptor(
        names["encryptor"].table, itemseal.RawAesKeyring("orders", "2026", names["new_wrapping_key"]), legacy=names["legacy"]
    )
    orders.put_item(Item=names["old"])
    assert names["move"](Meanwhile()) == 1
    assert orders.scan()["Items"] == [{"OrderID": "12345", "OrderStatus": "Lost"}]
    names["table"].meta.client.close()


def test_the_page_names_only_what_there_is():
    named = re.findall(r"`([A-Z]\w+(?:Error|Provider|Client|Resource|Table|Actions|Config))`", PAGE.read_text())
    old = {"SignatureVerificationError", "DecryptionError", "UnwrappingError", "WrappingError", "DeserializationError"}
    old |= {"InvalidArgumentError", "ValueError", "TypeError", "NotImplementedError"}
    for name in set(named) - old:
        assert hasattr(itemseal, name) or hasattr(itemseal.legacy, name), name
