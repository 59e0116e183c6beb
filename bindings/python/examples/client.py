"""Orders through boto3's client. Without the two lines that name itemseal it is plain boto3, and prints the same."""

from typing import Any

import boto3
import itemseal

dynamodb = boto3.client("dynamodb")
itemseal.attach(dynamodb, config="itemseal.toml")

for number in range(3):
    dynamodb.put_item(
        TableName="Orders",
        Item={
            "OrderID": {"S": f"order-{number}"},
            "OrderStatus": {"S": "new"},
            "Customer": {"S": "Ada Lovelace"},
            "Card": {"S": "4111 1111 1111 1111"},
            "Total": {"N": "12345678901234567890123456789.123456789"},
            "OrderLines": {"L": [{"M": {"Sku": {"S": "sku-secret"}, "Pieces": {"N": "2"}}}]},
        },
        ConditionExpression="attribute_not_exists(OrderID)",
    )

try:
    dynamodb.put_item(
        TableName="Orders",
        Item={"OrderID": {"S": "order-1"}, "Card": {"S": "none"}},
        ConditionExpression="OrderStatus = :shipped",
        ExpressionAttributeValues={":shipped": {"S": "shipped"}},
        ReturnValuesOnConditionCheckFailure="ALL_OLD",
    )
except dynamodb.exceptions.ConditionalCheckFailedException as failed:
    found: Any = failed.response
    print("not shipped yet:", found["Item"]["Customer"]["S"])

got = dynamodb.get_item(
    TableName="Orders", Key={"OrderID": {"S": "order-1"}}, ConsistentRead=True, ProjectionExpression="Card, OrderLines[0].Sku"
)
print(sorted(got["Item"].items()))

answer = dynamodb.batch_get_item(
    RequestItems={"Orders": {"Keys": [{"OrderID": {"S": f"order-{number}"}} for number in range(3)]}}
)
for item in sorted(answer["Responses"]["Orders"], key=lambda item: item["OrderID"]["S"]):
    print(item["OrderID"]["S"], item["Total"]["N"])

dynamodb.transact_write_items(
    TransactItems=[
        {
            "Put": {
                "TableName": "Orders",
                "Item": {"OrderID": {"S": "order-9"}, "OrderStatus": {"S": "new"}, "Card": {"S": "4222 2222 2222 2222"}},
            }
        },
        {"Delete": {"TableName": "Orders", "Key": {"OrderID": {"S": "order-0"}}}},
    ]
)
both = dynamodb.transact_get_items(
    TransactItems=[
        {"Get": {"TableName": "Orders", "Key": {"OrderID": {"S": name}}}} for name in ("order-0", "order-9")
    ]
)
print([entry.get("Item", {}).get("Card") for entry in both["Responses"]])

old = dynamodb.delete_item(TableName="Orders", Key={"OrderID": {"S": "order-9"}}, ReturnValues="ALL_OLD")
print("deleted", old["Attributes"]["Card"]["S"])
