"""Tables for the tests of attach, and clients of them with and without it."""

import json

import itemseal
from conftest import create_table

TABLE, LOG = "Orders", "Log"
KEY = bytes(range(32))
SECRET = "4111-1111-1111-1111"


def keyring():
    return itemseal.RawAesKeyring("test", "key-1", KEY)


def config(name=TABLE):
    return itemseal.TableConfig(
        name, partition_key="id", sort_key="customer", sign_only=["status"], unsigned=["hits"]
    )


class World:
    """The table Orders, which is encrypted, and Log, which is not."""

    def __init__(self, lab):
        self.lab = lab
        create_table(lab, TABLE, "id", "customer", by="status", by_status="ALL", keys_only="KEYS_ONLY")
        create_table(lab, LOG, "id")
        self.plain = lab.boto3("dynamodb")
        self.client = self.attached()

    def attached(self, **options):
        return itemseal.attach(self.lab.boto3("dynamodb"), config(), keyring(), **options)

    def stored(self):
        """All that DynamoDB has of the table, by the items' ids."""
        items = self.plain.scan(TableName=TABLE, ConsistentRead=True)["Items"]
        return {item["id"]["S"]: item for item in items}

    def assert_sealed(self, *ids):
        """These are stored, and nothing that is stored has the secret in it."""
        stored = self.stored()
        assert set(ids) == set(stored)
        for item in stored.values():
            assert {"aws_dbe_head", "aws_dbe_foot"} <= set(item)
            assert "B" in item["card"]
        assert SECRET not in json.dumps(list(stored.values()), default=lambda value: value.decode("latin-1"))


def key(id_, customer="c"):
    return {"id": {"S": id_}, "customer": {"S": customer}}


def item(id_, customer="c", status="new", **more):
    return {**key(id_, customer), "status": {"S": status}, "card": {"S": SECRET}, "hits": {"N": "0"}, **more}


def native(id_, customer="c", status="new", **more):
    """The same as a resource has it."""
    return {"id": id_, "customer": customer, "status": status, "card": SECRET, "hits": 0, **more}
