"""Change records as AWS Lambda hands them over."""

import asyncio
import base64
import copy
import json

import itemseal
import pytest
from conftest import US
from orders import KEY, ORDER, client, configure, stored, typed

ARN = f"arn:aws:dynamodb:{US}:111122223333:table/Orders/stream/2026-01-01T00:00:00.000"


@pytest.fixture
def orders(lab, tmp_path):
    orders = client(configure(tmp_path, lab))
    orders.put_item(TableName="Orders", Item=ORDER)
    return orders


def image(lab):
    """The stored item as a record has it."""
    item = stored(lab)
    for value in item.values():
        if "B" in value:
            value["B"] = base64.b64encode(value["B"]).decode()
    return item


def record(image, number="1"):
    change = {"Keys": typed(KEY), "NewImage": image, "SequenceNumber": number}
    return {"eventID": f"e{number}", "eventSourceARN": ARN, "dynamodb": change}


def test_an_event_of_dynamodb_streams(lab, orders):
    good, bad = image(lab), image(lab)
    bad["OrderStatus"] = {"S": "Paid"}
    event = {"Records": [record(good, "1"), record(bad, "2")]}
    given = copy.deepcopy(event)
    opener = orders.stream_opener()

    async def run():
        return await opener.open_lambda_event_async(event)

    for opened in [opener.open_lambda_event(event), asyncio.run(run())]:
        [one] = opened["Records"]
        assert one == record(typed(ORDER), "1")
        [failed] = opened["Failed"]
        assert isinstance(failed.pop("Error"), itemseal.AuthenticationError)
        assert failed == {
            "SequenceNumber": "2",
            "EventId": "e2",
            "TableName": "Orders",
            "Image": "NewImage",
            "Key": typed(KEY),
        }
        assert opened["batchItemFailures"] == [{"itemIdentifier": "2"}]
    assert event == given
    with pytest.raises(itemseal.MalformedError, match="Records"):
        opener.open_lambda_event({})


def test_an_event_of_kinesis(lab, orders):
    change = {"tableName": "Orders", "dynamodb": {"Keys": typed(KEY), "NewImage": image(lab)}}
    data = base64.b64encode(json.dumps(change).encode()).decode()
    event = {"Records": [{"eventID": "e", "kinesis": {"sequenceNumber": "7", "data": data}}]}
    opened = orders.stream_opener().open_lambda_kinesis_event(event)
    [one] = opened["Records"]
    change = json.loads(base64.b64decode(one["kinesis"]["data"]))
    assert change["dynamodb"]["NewImage"] == typed(ORDER)
    assert opened["Failed"] == [] and opened["batchItemFailures"] == []
