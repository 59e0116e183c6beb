"""Reads through boto3 what AWS's library wrote, and writes changes for it to read; driven by `tests/oracle`.

    beside_aws.py CONFIG TABLE ORDERS
"""

import base64
import json
import sys

import boto3
import itemseal


def wire(value):
    """A value of DynamoDB JSON as boto3's client has it: bytes are bytes, and sets have no order."""
    ((kind, content),) = value.items()
    match kind:
        case "B":
            content = base64.b64decode(content)
        case "BS":
            content = [base64.b64decode(element) for element in content]
        case "L":
            content = [wire(element) for element in content]
        case "M":
            content = {name: wire(element) for name, element in content.items()}
    return {kind: content}


def unordered(value):
    ((kind, content),) = value.items()
    match kind:
        case "SS" | "NS" | "BS":
            content = sorted(content)
        case "L":
            content = [unordered(element) for element in content]
        case "M":
            content = {name: unordered(element) for name, element in content.items()}
    return {kind: content}


def same(got, expected):
    got = {name: unordered(value) for name, value in got.items()}
    expected = {name: unordered(value) for name, value in expected.items()}
    assert got == expected, f"{sorted(got)} instead of {sorted(expected)}"


def main(config, table, path):
    with open(path, encoding="utf-8") as lines:
        orders = [{name: wire(value) for name, value in json.loads(line).items()} for line in lines]
    plain, attached = boto3.client("dynamodb"), boto3.client("dynamodb")
    itemseal.attach(attached, config=config)
    encryptor = itemseal.ItemEncryptor(config, table=table)
    for order in orders:
        key = {name: order[name] for name in ("OrderID", "CustomerID")}
        stored = plain.get_item(TableName=table, Key=key)["Item"]
        assert "aws_dbe_head" in stored
        same(encryptor.decrypt_dynamodb_item(stored), order)
        same(attached.get_item(TableName=table, Key=key)["Item"], order)
        attached.put_item(TableName=table, Item={**order, "OrderStatus": {"S": "Returned"}})
    return len(orders)


if __name__ == "__main__":
    assert main(*sys.argv[1:]) > 0
