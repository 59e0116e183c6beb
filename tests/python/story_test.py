"""What the project is for, with plain boto3: a key and a table made in one Region, replicated to two
more, and used in all three."""

import pytest
from botocore.exceptions import ClientError
from lab import ACCOUNT, until

REGIONS = ["us-east-1", "eu-west-1", "ap-northeast-1"]


def make_table(dynamodb, name):
    dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 0})


def test_a_key_and_a_table_in_three_regions(client):
    home, *others = REGIONS
    key = client("kms", home).create_key(MultiRegion=True)["KeyMetadata"]
    assert key["KeyId"].startswith("mrk-")
    for region in others:
        made = client("kms", home).replicate_key(KeyId=key["KeyId"], ReplicaRegion=region)
        arn = f"arn:aws:kms:{region}:{ACCOUNT}:key/{key['KeyId']}"
        assert made["ReplicaKeyMetadata"]["Arn"] == arn

    dynamodb = client("dynamodb", home)
    make_table(dynamodb, "Story")
    for region in others:
        dynamodb.update_table(
            TableName="Story", ReplicaUpdates=[{"Create": {"RegionName": region}}]
        )
    table = dynamodb.describe_table(TableName="Story")["Table"]
    assert sorted(replica["RegionName"] for replica in table["Replicas"]) == sorted(others)
    assert table["GlobalTableVersion"] == "2019.11.21"

    context = {"table": "Story"}
    for writer in REGIONS:
        made = client("kms", writer).generate_data_key(
            KeyId=key["KeyId"], KeySpec="AES_256", EncryptionContext=context
        )
        item = {"id": {"S": writer}, "key": {"B": made["CiphertextBlob"]}}
        client("dynamodb", writer).put_item(TableName="Story", Item=item)
        for reader in REGIONS:
            there, wanted = client("dynamodb", reader), {"id": {"S": writer}}
            found = until(
                f"{writer}'s item is in {reader}",
                lambda: there.get_item(TableName="Story", Key=wanted).get("Item"),
            )
            opened = client("kms", reader).decrypt(
                CiphertextBlob=found["key"]["B"], EncryptionContext=context
            )
            assert opened["Plaintext"] == made["Plaintext"]
            assert opened["KeyId"] == f"arn:aws:kms:{reader}:{ACCOUNT}:key/{key['KeyId']}"


def test_streams_say_where_they_are(client):
    dynamodb = client("dynamodb", "eu-west-1")
    make_table(dynamodb, "Streamed")
    dynamodb.put_item(TableName="Streamed", Item={"id": {"S": "1"}})
    streams = client("dynamodbstreams", "eu-west-1")
    arn = streams.list_streams(TableName="Streamed")["Streams"][0]["StreamArn"]
    assert arn.startswith(f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/Streamed/stream/")
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.get_shard_iterator(
        StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    (record,) = streams.get_records(ShardIterator=iterator)["Records"]
    assert record["awsRegion"] == "eu-west-1"
    assert record["dynamodb"]["NewImage"] == {"id": {"S": "1"}}


def test_errors_are_botos(client):
    dynamodb = client("dynamodb", "us-east-1")
    with pytest.raises(dynamodb.exceptions.ResourceNotFoundException):
        dynamodb.describe_table(TableName="Nowhere")
    with pytest.raises(ClientError) as caught:
        client("kms", "us-east-1").describe_key(KeyId="mrk-none")
    assert caught.value.response["Error"]["Code"] == "NotFoundException"
    assert caught.value.response["ResponseMetadata"]["RequestId"]
