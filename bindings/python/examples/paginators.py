"""Orders page after page. Without the two lines that name itemseal it is plain boto3, and prints the same."""

import boto3
import itemseal

dynamodb = boto3.client("dynamodb")
itemseal.attach(dynamodb, config="itemseal.toml")

for start in range(0, 60, 20):
    dynamodb.batch_write_item(
        RequestItems={
            "Orders": [
                {
                    "PutRequest": {
                        "Item": {
                            "OrderID": {"S": f"order-{number:02}"},
                            "OrderStatus": {"S": "new"},
                            "Customer": {"S": f"Ada Lovelace {number}"},
                            "Card": {"S": "4111 1111 1111 1111"},
                        }
                    }
                }
                for number in range(start, start + 20)
            ]
        }
    )

scan = dynamodb.get_paginator("scan")
pages = scan.paginate(TableName="Orders", PaginationConfig={"PageSize": 7})
print(sum(len(page["Items"]) for page in pages))

everything = scan.paginate(TableName="Orders", PaginationConfig={"PageSize": 25}).build_full_result()
print(sorted(item["Customer"]["S"] for item in everything["Items"])[:2], len(everything["Items"]))

names = scan.paginate(TableName="Orders").search("Items[].Customer.S")
print(sorted(names)[-1])

query = dynamodb.get_paginator("query")
for page in query.paginate(
    TableName="Orders",
    KeyConditionExpression="OrderID = :id",
    ExpressionAttributeValues={":id": {"S": "order-42"}},
    ProjectionExpression="Customer",
):
    print(page["Items"], page["Count"])
