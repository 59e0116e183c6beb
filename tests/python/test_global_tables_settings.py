"""What the replicas of a global table have in common, and what each has of its own."""

from lab import AP, EU, US, denied
from tables import T, create, create_table, describe, put, replicas, two, update


def units(client):
    throughput = describe(client)["ProvisionedThroughput"]
    return throughput["ReadCapacityUnits"], throughput["WriteCapacityUnits"]


def throughput(read, write):
    return {"ReadCapacityUnits": read, "WriteCapacityUnits": write}


def test_capacity_mode_and_write_capacity_are_always_the_same(lab):
    us, eu = two(lab)
    provisioned = {"BillingMode": "PROVISIONED", "ProvisionedThroughput": throughput(5, 6)}
    us.update_table(TableName=T, **provisioned)
    assert units(eu) == (5, 6)
    # Also from the other Region, and back to on demand.
    eu.update_table(TableName=T, ProvisionedThroughput=throughput(5, 9))
    assert units(us) == (5, 9)
    eu.update_table(TableName=T, BillingMode="PAY_PER_REQUEST")
    assert describe(us)["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"


def test_read_capacity_can_be_overridden_in_a_replica(lab):
    us, eu = lab.client("dynamodb", US), lab.client("dynamodb", EU)
    create_table(us, BillingMode="PROVISIONED", ProvisionedThroughput=throughput(5, 6))
    own = {"ReadCapacityUnits": 50}
    replicas(us, create(EU, ProvisionedThroughputOverride=own))
    assert (units(us), units(eu)) == ((5, 6), (50, 6))
    assert describe(us)["Replicas"][0]["ProvisionedThroughputOverride"] == own
    # An update of all leaves the override.
    us.update_table(TableName=T, ProvisionedThroughput=throughput(7, 8))
    assert (units(us), units(eu)) == ((7, 8), (50, 8))


def test_the_most_that_is_read_on_demand_can_be_overridden_in_a_replica(lab):
    us, eu = lab.client("dynamodb", US), lab.client("dynamodb", EU)
    most = {"MaxReadRequestUnits": 10, "MaxWriteRequestUnits": 20}
    create_table(us, OnDemandThroughput=most)
    replicas(us, create(EU, OnDemandThroughputOverride={"MaxReadRequestUnits": 70}))
    assert describe(us)["OnDemandThroughput"] == most
    assert describe(eu)["OnDemandThroughput"] == {**most, "MaxReadRequestUnits": 70}
    further = {"MaxReadRequestUnits": 11, "MaxWriteRequestUnits": 21}
    us.update_table(TableName=T, OnDemandThroughput=further)
    assert describe(eu)["OnDemandThroughput"] == {**further, "MaxReadRequestUnits": 70}


def test_the_table_class_can_be_overridden_in_a_replica(lab):
    us, eu = two(lab)
    replicas(us, update(EU, TableClassOverride="STANDARD_INFREQUENT_ACCESS"))
    assert describe(eu)["TableClassSummary"]["TableClass"] == "STANDARD_INFREQUENT_ACCESS"
    shown = describe(us)["Replicas"][0]["ReplicaTableClassSummary"]
    assert shown["TableClass"] == "STANDARD_INFREQUENT_ACCESS"
    assert describe(us).get("TableClassSummary", {}).get("TableClass") in (None, "STANDARD")


def test_key_schema_and_attributes_are_always_the_same(lab):
    us, eu = lab.client("dynamodb", US), lab.client("dynamodb", EU)
    create_table(us, sort="line")
    replicas(us, create(EU))
    assert describe(eu)["KeySchema"] == describe(us)["KeySchema"]
    assert describe(eu)["AttributeDefinitions"] == describe(us)["AttributeDefinitions"]
    assert [k["AttributeName"] for k in describe(eu)["KeySchema"]] == ["id", "line"]


def test_index_definitions_are_always_the_same(lab):
    us, eu = two(lab)
    put(eu, "1", "x")
    index = {
        "IndexName": "by-value",
        "KeySchema": [{"AttributeName": "value", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"},
    }
    us.update_table(
        TableName=T,
        AttributeDefinitions=[{"AttributeName": "value", "AttributeType": "S"}],
        GlobalSecondaryIndexUpdates=[{"Create": index}],
    )
    (there,) = describe(eu)["GlobalSecondaryIndexes"]
    assert there["IndexName"] == "by-value"
    lab.converge()
    for client in (us, eu):
        found = client.query(
            TableName=T,
            IndexName="by-value",
            KeyConditionExpression="#v = :v",
            ExpressionAttributeNames={"#v": "value"},
            ExpressionAttributeValues={":v": {"S": "x"}},
        )
        assert found["Count"] == 1
    gone = [{"Delete": {"IndexName": "by-value"}}]
    eu.update_table(TableName=T, GlobalSecondaryIndexUpdates=gone)
    assert describe(us).get("GlobalSecondaryIndexes", []) == []


def test_deletion_protection_and_tags_are_each_replicas_own(lab):
    us, eu = two(lab)
    us.update_table(TableName=T, DeletionProtectionEnabled=True)
    assert describe(us)["DeletionProtectionEnabled"] is True
    assert describe(eu)["DeletionProtectionEnabled"] is False
    here, there = describe(us)["TableArn"], describe(eu)["TableArn"]
    tags = [{"Key": "team", "Value": here}]
    us.tag_resource(ResourceArn=here, Tags=tags)
    assert us.list_tags_of_resource(ResourceArn=here)["Tags"] == tags
    assert eu.list_tags_of_resource(ResourceArn=there)["Tags"] == []


def test_time_to_live_is_always_the_same(lab):
    us, eu = two(lab)

    def switch(client, enabled):
        specification = {"AttributeName": "ttl", "Enabled": enabled}
        client.update_time_to_live(TableName=T, TimeToLiveSpecification=specification)

    def status(client):
        return client.describe_time_to_live(TableName=T)["TimeToLiveDescription"]

    switch(eu, True)
    assert status(us) == {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}
    replicas(us, create(AP))
    ap = lab.client("dynamodb", AP)
    assert status(ap)["TimeToLiveStatus"] == "ENABLED", "also in a new replica"
    text = denied("ValidationException", lambda: switch(us, True))
    assert text == "TimeToLive is already enabled"
    switch(us, False)
    assert status(ap)["TimeToLiveStatus"] == "DISABLED"
