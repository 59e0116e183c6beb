"""The table of the client's tests, and clients of it."""

import itemseal
from conftest import EU, US

KEY = {"OrderID": "1", "CustomerID": "u"}
ORDER = {**KEY, "OrderStatus": "Shipped", "Card": "4111111111111111"}


def typed(item):
    """An item of strings, as boto3's clients have it."""
    return {name: {"S": value} for name, value in item.items()}


def configure(folder, lab, **fields):
    """A table and a key in two Regions; the path of a configuration for them."""
    lab.create_table("Orders", "OrderID", "CustomerID")
    path = folder / "itemseal.toml"
    lines = [
        '[table."Orders"]',
        'partition_key = "OrderID"',
        'sort_key = "CustomerID"',
        'sign_only = ["OrderStatus", "Version"]',
        'unsigned = ["Note"]',
        *[f'{name} = "{value}"' for name, value in fields.items()],
        "[keyring]",
        'kind = "kms-mrk"',
        f'key_arn = "{lab.create_key()}"',
        f'regions = ["{US}", "{EU}"]',
    ]
    path.write_text("\n".join(lines))
    return path


def stored(lab, key=KEY, region=US, table="Orders"):
    """What plain boto3 sees of an item."""
    dynamodb = lab.boto3("dynamodb", region)
    return dynamodb.get_item(TableName=table, Key=typed(key), ConsistentRead=True).get("Item")


def arrived(lab, key=KEY, region=EU):
    """What a replica has of an item, when all changes have arrived."""
    lab.converge(timeout=30)
    item = stored(lab, key, region)
    assert item is not None
    return item


def client(config, **options):
    return itemseal.GlobalTable(config, **options)
