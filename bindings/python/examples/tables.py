"""Orders through boto3's resource, a Table and its batch_writer, and collections.

Without the two lines that name itemseal it is plain boto3, and prints the same.
"""

from decimal import Decimal
from typing import Any

import boto3
import itemseal
from boto3.dynamodb.conditions import Attr, Key

dynamodb = boto3.resource("dynamodb")
itemseal.attach(dynamodb, config="itemseal.toml")
table = dynamodb.Table("Orders")

with table.batch_writer(overwrite_by_pkeys=["OrderID"]) as batch:
    for number in range(40):
        batch.put_item(
            Item={
                "OrderID": f"order-{number:02}",
                "OrderStatus": "shipped" if number % 2 else "new",
                "Customer": "Ada Lovelace",
                "Total": Decimal("99.80") * number,
                "Tags": {"gift", f"tag-{number}"},
                "Photo": b"secret bytes",
                "OrderLines": [{"Sku": "sku-secret", "Pieces": Decimal(number)}, None, True],
            }
        )
    batch.delete_item(Key={"OrderID": "order-39"})

order: Any = table.get_item(Key={"OrderID": "order-07"})["Item"]
print(order["Customer"], order["Total"], sorted(order["Tags"]), order["Photo"].value, order["OrderLines"])

found = table.query(KeyConditionExpression=Key("OrderID").eq("order-08"), ProjectionExpression="Customer, OrderLines[0].Pieces")
print(found["Items"], found["Count"])

shipped: Any = table.scan(FilterExpression=Attr("OrderStatus").eq("shipped"))
print(sorted(item["OrderID"] for item in shipped["Items"])[:3], shipped["Count"], shipped["ScannedCount"])
print(table.scan(Select="COUNT")["Count"])

batch_got: Any = dynamodb.batch_get_item(RequestItems={"Orders": {"Keys": [{"OrderID": "order-01"}, {"OrderID": "order-02"}]}})
print(sorted(str(item["Total"]) for item in batch_got["Responses"]["Orders"]))

before = table.put_item(Item={"OrderID": "order-07", "Customer": "Charles Babbage"}, ReturnValues="ALL_OLD")
print(before["Attributes"]["Customer"], "->", table.get_item(Key={"OrderID": "order-07"})["Item"]["Customer"])

for each in dynamodb.tables.all():
    if each.name == "Orders":
        print(each.get_item(Key={"OrderID": "order-07"})["Item"]["Customer"])
