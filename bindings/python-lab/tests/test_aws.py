"""boto3 against a lab: keys and tables of two Regions, and programs that do not know of it."""

import os
import subprocess
import sys
import threading

import boto3
import itemseal_lab
import pytest
from botocore.config import Config
from itemseal_lab import LabError, MissingBoto3Error


def test_a_data_key_of_one_region_is_opened_in_the_other(lab):
    key = lab.create_key()
    assert key.startswith("arn:aws:kms:us-east-1:111122223333:key/mrk-")
    context = {"table": "Orders"}
    virginia, ireland = lab.boto3("kms", "us-east-1"), lab.boto3("kms", "eu-west-1")
    made = virginia.generate_data_key(KeyId=key, KeySpec="AES_256", EncryptionContext=context)
    opened = ireland.decrypt(CiphertextBlob=made["CiphertextBlob"], EncryptionContext=context)
    assert opened["Plaintext"] == made["Plaintext"]
    assert opened["KeyId"] == key.replace("us-east-1", "eu-west-1")


def test_a_key_is_in_the_regions_that_were_named_and_in_no_others(lab):
    key = lab.create_key(["eu-west-1"], description="orders")
    described = lab.boto3("kms", "eu-west-1").describe_key(KeyId=key)["KeyMetadata"]
    assert (described["Arn"], described["Description"]) == (key, "orders")
    assert described["MultiRegionConfiguration"]["ReplicaKeys"] == []
    elsewhere = lab.boto3("kms", "us-east-1")
    with pytest.raises(elsewhere.exceptions.NotFoundException):
        elsewhere.describe_key(KeyId=key.rsplit("/", 1)[1])


def test_an_item_put_in_one_region_is_read_in_the_other(lab, orders):
    virginia, ireland = orders(lab)
    virginia.put("1")
    lab.converge()
    assert ireland.get("1") == "new"
    ireland.put("1", "shipped")
    lab.converge()
    assert virginia.get("1") == "shipped"


def test_a_table_has_the_keys_and_regions_that_were_named(lab):
    lab.create_table("Events", "Tenant", ("At", "N"), regions=["eu-west-1", "us-east-1"])
    for region in ("us-east-1", "eu-west-1"):
        table = lab.boto3("dynamodb", region).describe_table(TableName="Events")["Table"]
        assert table["TableStatus"] == "ACTIVE"
        types = {
            one["AttributeName"]: one["AttributeType"] for one in table["AttributeDefinitions"]
        }
        assert types == {"Tenant": "S", "At": "N"}
        assert [key["AttributeName"] for key in table["KeySchema"]] == ["Tenant", "At"]
    with pytest.raises(LabError, match="Events"):
        lab.create_table("Events", "Tenant")
    with pytest.raises(LabError, match='key attribute At cannot be of type "NUMBER": it is "S"'):
        lab.create_table("Others", "Tenant", ("At", "NUMBER"))


def test_a_session_has_clients_and_resources_of_the_lab(lab):
    lab.create_table("Orders", "OrderID")
    session = lab.session("eu-west-1")
    assert isinstance(session, boto3.Session)
    assert session.region_name == "eu-west-1"
    table = session.resource("dynamodb").Table("Orders")
    table.put_item(Item={"OrderID": "1", "Total": 3})
    assert table.get_item(Key={"OrderID": "1"})["Item"]["Total"] == 3
    # Where nothing is said, the first Region it is; and what the caller says is what counts.
    assert lab.session().region_name == "us-east-1"
    client = session.client("kms", region_name="us-east-1", config=Config(read_timeout=7))
    assert (client.meta.region_name, client.meta.config.read_timeout) == ("us-east-1", 7)


def test_clients_share_nothing_but_the_lab(lab):
    one, other = lab.boto3("dynamodb"), lab.boto3("dynamodb", "eu-west-1")
    assert (one.meta.region_name, other.meta.region_name) == ("us-east-1", "eu-west-1")
    asked = []
    one.meta.events.register("before-call", lambda **call: asked.append(call["model"].name))
    other.list_tables()
    lab.boto3("dynamodb").list_tables()
    assert asked == []
    one.list_tables()
    assert asked == ["ListTables"]
    assert lab.boto3("kms", region_name="eu-west-1").meta.region_name == "eu-west-1"


def test_clients_are_made_by_several_threads_at_once(lab):
    key = lab.create_key()
    met = []

    def make(region):
        client = lab.boto3("kms", region)
        met.append(
            client.describe_key(KeyId=key.replace("us-east-1", region))["KeyMetadata"]["Arn"]
        )

    threads = [threading.Thread(target=make, args=(region,)) for region in lab.regions * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(met) == sorted([key, key.replace("us-east-1", "eu-west-1")] * 4)


MISLEADING = {
    "AWS_PROFILE": "no-such-profile",
    "AWS_SESSION_TOKEN": "token",
    "AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:9",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
    "AWS_USE_FIPS_ENDPOINT": "true",
    "AWS_DEFAULT_REGION": "sa-east-1",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "NO_PROXY": "example.org",
}


@pytest.fixture
def misleading(monkeypatch):
    """What a developer's environment may have that would lead past the lab."""
    for name, value in MISLEADING.items():
        monkeypatch.setenv(name, value)


def test_clients_of_the_lab_take_nothing_from_the_environment_that_leads_past_it(
    lab, monkeypatch, misleading
):
    monkeypatch.delenv("AWS_PROFILE")
    for client in (lab.boto3("dynamodb", "eu-west-1"), lab.session().client("dynamodb")):
        assert client.meta.endpoint_url == lab.endpoint
        assert client.list_tables()["TableNames"] == []


def test_plain_boto3_talks_to_the_lab_as_if_to_aws_and_everything_is_put_back(lab, misleading):
    lab.create_table("Orders", "OrderID")
    before = dict(os.environ)
    default = boto3.DEFAULT_SESSION
    with lab.as_aws("eu-west-1") as same:
        assert same is lab
        client = boto3.client("dynamodb")
        assert client.meta.region_name == "eu-west-1"
        assert client.list_tables()["TableNames"] == ["Orders"]
        assert os.environ["NO_PROXY"] == "example.org,127.0.0.1"
    assert dict(os.environ) == before
    assert boto3.DEFAULT_SESSION is default
    with pytest.raises(LabError), lab.as_aws():
        raise LabError("within")
    assert dict(os.environ) == before


def test_a_default_session_that_was_there_neither_misleads_nor_is_lost(lab, monkeypatch):
    mine = boto3.Session(region_name="sa-east-1")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", mine)
    with lab.as_aws():
        assert boto3.client("kms").meta.region_name == "us-east-1"
    assert boto3.DEFAULT_SESSION is mine


def test_a_subprocess_with_the_environment_talks_to_the_lab(lab, misleading):
    lab.create_table("Orders", "OrderID")
    program = "import boto3; print(boto3.client('dynamodb').list_tables()['TableNames'])"
    around = {name: value for name, value in os.environ.items() if name != "AWS_PROFILE"}
    environment = {**around, **lab.environment("eu-west-1")}
    run = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60
    )
    assert (run.stdout.strip(), run.stderr) == ("['Orders']", "")
    # boto3 has no objection; AWS's other SDKs take no endpoint together with these.
    assert (
        environment["AWS_USE_FIPS_ENDPOINT"] == environment["AWS_USE_DUALSTACK_ENDPOINT"] == "false"
    )


def test_without_boto3_it_is_said_how_to_get_it(lab, monkeypatch):
    monkeypatch.setitem(sys.modules, "boto3", None)
    # As if nobody had asked for a client before.
    monkeypatch.delitem(sys.modules, "itemseal_lab._boto3", raising=False)
    monkeypatch.delattr(itemseal_lab, "_boto3", raising=False)
    with pytest.raises(MissingBoto3Error, match=r"pip install itemseal-lab\[boto3\]") as refusal:
        lab.boto3("kms")
    assert isinstance(refusal.value, LabError) and isinstance(refusal.value, ImportError)


def test_a_service_that_the_lab_has_not_is_refused_before_anything_is_sent(lab):
    with pytest.raises(LabError, match="no s3, only dynamodb, dynamodbstreams, kms: give the endp"):
        lab.boto3("s3")
    with pytest.raises(LabError, match="no s3, only"):
        lab.session().client("s3")
    for client in (lab.boto3, lab.session().client):
        elsewhere = client("s3", endpoint_url="http://127.0.0.1:9", region_name="eu-west-1")
        assert elsewhere.meta.endpoint_url == "http://127.0.0.1:9"
