"""A lab for the tests: KMS multi-Region keys and global tables, on a port of this machine."""

import os
import pathlib
import subprocess

import boto3
import pytest
from botocore.config import Config

ROOT = pathlib.Path(__file__).resolve().parents[3]
BUILD = ["cargo", "build", "--quiet", "--package", "itemseal-lab", "--example", "serve"]
US, EU = "us-east-1", "eu-west-1"


class Lab:
    """A lab that is running, and clients of it."""

    def __init__(self, url):
        self.url = url

    def boto3(self, service, region=US, **options):
        session = boto3.session.Session(aws_access_key_id="AK", aws_secret_access_key="secret")
        # An error is an answer here, and not tried again.
        options.setdefault("config", Config(retries={"total_max_attempts": 1, "mode": "standard"}))
        return session.client(service, region_name=region, endpoint_url=self.url, **options)

    def create_key(self, regions=(US, EU)):
        """A multi-Region key; its ARN in the first of the Regions."""
        home = self.boto3("kms", regions[0])
        metadata = home.create_key(MultiRegion=True)["KeyMetadata"]
        for region in regions[1:]:
            home.replicate_key(KeyId=metadata["KeyId"], ReplicaRegion=region)
        return metadata["Arn"]

    def create_table(self, name, partition_key, sort_key=None, regions=(US,), **more):
        """A table, global if it has several Regions; keys are strings, more is passed on to CreateTable."""
        keys = [(partition_key, "HASH")] + ([(sort_key, "RANGE")] if sort_key else [])
        definitions = more.pop("AttributeDefinitions", [])
        home = self.boto3("dynamodb", regions[0])
        home.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in keys],
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key, _ in keys] + definitions,
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
            **more,
        )
        for region in regions[1:]:
            home.update_table(TableName=name, ReplicaUpdates=[{"Create": {"RegionName": region}}])
        return name


@pytest.fixture(scope="session")
def program():
    subprocess.run(BUILD, cwd=ROOT, check=True)
    target = os.environ.get("CARGO_TARGET_DIR", ROOT / "target")
    return pathlib.Path(target) / "debug" / "examples" / "serve"


@pytest.fixture
def lab(program, monkeypatch):
    """A lab of the test's own; plain boto3 and the AWS SDK for Rust find it by the environment."""
    process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        url = process.stdout.readline().strip()
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AK")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        monkeypatch.setenv("AWS_REGION", US)
        monkeypatch.setenv("AWS_DEFAULT_REGION", US)
        monkeypatch.delenv("AWS_PROFILE", raising=False)
        yield Lab(url)
    finally:
        process.stdin.close()
        process.wait(timeout=30)
        process.stdout.close()
