"""What several tests need. The fixtures `lab` and `lab_factory` are the package's own."""

import pytest
from botocore.config import Config

HOME, OTHER = "us-east-1", "eu-west-1"


@pytest.fixture
def once():
    """A client's configuration: each call is made once, and is to be answered in half a second."""
    return Config(retries={"total_max_attempts": 1}, read_timeout=0.5, connect_timeout=5)


class Orders:
    """The table Orders in one Region, through boto3."""

    def __init__(self, lab, region, config):
        self.client = lab.boto3("dynamodb", region, config=config)

    def put(self, id, status="new"):
        item = {"OrderID": {"S": id}, "Status": {"S": status}}
        self.client.put_item(TableName="Orders", Item=item)

    def get(self, id, **options):
        answer = self.client.get_item(TableName="Orders", Key={"OrderID": {"S": id}}, **options)
        return answer["Item"]["Status"]["S"] if "Item" in answer else None


@pytest.fixture
def orders(once):
    """Makes the table Orders of a lab, and gives it in two Regions."""

    def make(lab):
        lab.create_table("Orders", "OrderID")
        return Orders(lab, HOME, once), Orders(lab, OTHER, once)

    return make
