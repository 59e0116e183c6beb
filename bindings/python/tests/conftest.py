"""What several tests need. The fixture `lab` is that of itemseal-lab, which pytest finds by itself."""

import signal

import pytest

# What a shell starts in the background is deaf to Ctrl-C, and so is all that it starts; the tests are not.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

US, EU = "us-east-1", "eu-west-1"


@pytest.fixture
def lab(lab):
    """A lab of the test's own; plain boto3 and the AWS SDK for Rust find it by the environment."""
    with lab.as_aws(US):
        yield lab


def create_table(lab, name, *keys, by=None, **indexes):
    """A table in one Region with a stream, and indexes by an attribute, each with what it has of its items. Keys are
    strings."""
    schema = [{"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"))]
    more = {}
    if indexes:
        of = {"KeySchema": [{"AttributeName": by, "KeyType": "HASH"}]}
        more["GlobalSecondaryIndexes"] = [
            {"IndexName": index.replace("_", "-"), **of, "Projection": {"ProjectionType": projection}}
            for index, projection in indexes.items()
        ]
    lab.boto3("dynamodb").create_table(
        TableName=name,
        KeySchema=schema,
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in (*keys, *([by] if by else []))],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        **more,
    )
