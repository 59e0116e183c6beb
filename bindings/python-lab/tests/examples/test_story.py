"""The whole API as a typed test suite uses it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from itemseal_lab import Fault, Lab, LabError, Mode, Service
from itemseal_lab.pytest_plugin import LabFactory

ORDER = {"OrderID": {"S": "12345"}}


@pytest.fixture
def ireland(lab: Lab) -> Iterator[Any]:
    lab.create_table("Orders", partition_key="OrderID")
    client = lab.boto3("dynamodb", "eu-west-1")
    yield client
    client.close()


def test_an_order_outlives_virginia(lab: Lab, ireland: Any) -> None:
    with lab.as_aws("us-east-1") as same:
        assert same.endpoint == lab.environment()["AWS_ENDPOINT_URL"]
    virginia = lab.session("us-east-1").client("dynamodb")
    virginia.put_item(TableName="Orders", Item=ORDER)
    delivered: int = lab.converge(timeout=10)
    assert delivered >= 0
    outage: Fault
    with lab.outage("us-east-1") as outage:
        assert outage.id == lab.faults()[0]["id"]
        assert ireland.get_item(TableName="Orders", Key=ORDER)["Item"] == ORDER


@pytest.mark.parametrize("mode", ["hang", "refuse", 503])
@pytest.mark.parametrize("service", ["kms", "dynamodb", None])
def test_every_outage(lab: Lab, service: Service | None, mode: Mode) -> None:
    outage = lab.outage("us-east-1", service=service, mode=mode)
    outage.end()
    assert not lab.faults()


def test_time_by_hand(lab_factory: LabFactory) -> None:
    lab: Lab = lab_factory(manual=True, regions=["us-east-1"])
    key: str = lab.create_key(["us-east-1"], description="orders")
    assert key.startswith("arn:aws:kms:us-east-1:")
    lab.create_table("Events", ("Tenant", "S"), ("At", "N"))
    before: datetime = lab.now
    assert lab.advance(2) - before == timedelta(seconds=2)
    with pytest.raises(LabError):
        lab.cut("eu-west-1")
