"""Orders through aioboto3. Without the two lines that name itemseal it is plain aioboto3, and prints the same."""

import asyncio

import aioboto3
import itemseal


async def main() -> None:
    session = aioboto3.Session()
    async with session.resource("dynamodb") as dynamodb:
        itemseal.attach(dynamodb, config="itemseal.toml")
        table = await dynamodb.Table("Orders")

        async with table.batch_writer() as batch:
            for number in range(30):
                item = {"OrderID": f"order-{number:02}", "OrderStatus": "new", "Customer": "Ada Lovelace", "Count": number}
                await batch.put_item(Item=item)

        keys = [{"OrderID": f"order-{number:02}"} for number in range(30)]
        answers = await asyncio.gather(*(table.get_item(Key=key) for key in keys))
        print(sum(answer["Item"]["Count"] for answer in answers), answers[0]["Item"]["Customer"])

        page = await table.scan()
        print(page["Count"], {item["Customer"] for item in page["Items"]})


asyncio.run(main())
