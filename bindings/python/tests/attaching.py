"""Tables for the tests of attach, and clients of them with and without it."""

import json

import itemseal

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
        attribute = {"AttributeName": "status", "AttributeType": "S"}
        by = [{"AttributeName": "status", "KeyType": "HASH"}]
        lab.create_table(
            TABLE,
            "id",
            "customer",
            AttributeDefinitions=[attribute],
            GlobalSecondaryIndexes=[
                {"IndexName": "by-status", "KeySchema": by, "Projection": {"ProjectionType": "ALL"}},
                {"IndexName": "keys-only", "KeySchema": by, "Projection": {"ProjectionType": "KEYS_ONLY"}},
            ],
        )
        lab.create_table(LOG, "id")
        self.plain = lab.boto3("dynamodb")
        self.client = itemseal.attach(lab.boto3("dynamodb"), config(), keyring())

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
