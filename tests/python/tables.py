"""Global tables, as the tests of their rules need them."""

from lab import EU, US, denied

# The table of most tests.
T = "Orders"


def create_table(client, name=T, sort=None, **more):
    """A table with partition key ``id``, and perhaps a sort key."""
    keys = [("id", "HASH")] + ([(sort, "RANGE")] if sort else [])
    attributes = [*(key for key, _ in keys), *more.pop("attributes", [])]
    client.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in keys],
        AttributeDefinitions=[{"AttributeName": a, "AttributeType": "S"} for a in attributes],
        **{"BillingMode": "PAY_PER_REQUEST", **more},
    )


def create(region, **own):
    return {"Create": {"RegionName": region, **own}}


def update(region, **own):
    return {"Update": {"RegionName": region, **own}}


def delete(region):
    return {"Delete": {"RegionName": region}}


def replicas(client, *updates, **more):
    return client.update_table(TableName=T, ReplicaUpdates=list(updates), **more)


def invalid(client, *updates, **more):
    """Asserts that a change of replicas is refused, and gives the text."""
    request = {"TableName": T, "ReplicaUpdates": list(updates), **more}
    return denied("ValidationException", client.update_table, **request)


def describe(client):
    return client.describe_table(TableName=T)["Table"]


def regions(client):
    """The other Regions that a table's description names."""
    return [replica["RegionName"] for replica in describe(client).get("Replicas", [])]


def key(item_id):
    return {"id": {"S": item_id}}


def put(client, item_id, value, **more):
    item = {**key(item_id), "value": {"S": value}}
    return client.put_item(TableName=T, Item=item, **more)


def get(client, item_id, **more):
    """The value of an item, or none."""
    item = client.get_item(TableName=T, Key=key(item_id), **more).get("Item")
    return item and item["value"]["S"]


def insert(client, item_id, value="x"):
    """Puts an item that must not be there."""
    return put(client, item_id, value, ConditionExpression="attribute_not_exists(id)")


def two(lab):
    """``Orders`` in two Regions, made in the first."""
    us, eu = lab.client("dynamodb", US), lab.client("dynamodb", EU)
    create_table(us)
    replicas(us, create(EU))
    return us, eu


def records(lab, region):
    """What a table's stream shows."""
    arn = describe(lab.client("dynamodb", region))["LatestStreamArn"]
    streams = lab.client("dynamodbstreams", region)
    (shard,) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    iterator = streams.get_shard_iterator(
        StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )
    return streams.get_records(ShardIterator=iterator["ShardIterator"])["Records"]
