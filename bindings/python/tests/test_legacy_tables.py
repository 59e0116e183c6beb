"""The legacy client's tables, clients and resources: its items are read, new ones are written."""

import sys
import types
from decimal import Decimal

import boto3
import itemseal
import itemseal.legacy as legacy
import legacy_client as old
import pytest
from boto3.dynamodb.conditions import Key
from legacy_items import KEYRING, aes, old_aes, wire

ACTIONS = legacy.AttributeActions(attribute_actions={"status": legacy.CryptoAction.SIGN_ONLY})


def order(number):
    return {"pk": "customer-1", "sk": f"order-{number}", "card": "4111 1111", "sum": Decimal("12.5"), "status": "shipped"}


@pytest.fixture
def stored(lab):
    """Plain boto3, and two tables, with an item of the legacy client's in the first."""
    for name in ("Orders", "Parts"):
        lab.create_table(name, "pk", "sk")
    resource = boto3.resource("dynamodb")
    actions = old.old_actions(status="SIGN_ONLY")
    old.OldTable(resource.Table("Orders"), old_aes(), attribute_actions=actions).put_item(Item=order(1))
    yield resource
    resource.meta.client.close()


def raw(stored, number, table="Orders"):
    return stored.Table(table).get_item(Key={"pk": "customer-1", "sk": f"order-{number}"})["Item"]


def by_order(item):
    return str(item["sk"])


def fresh(kind="resource"):
    return getattr(boto3, kind)("dynamodb")


def is_new(item):
    return "aws_dbe_head" in item and "*amzn-ddb-map-sig*" not in item and item["card"] != "4111 1111"


def test_a_table_reads_old_and_new_and_writes_new(stored):
    table = legacy.EncryptedTable(fresh().Table("Orders"), aes(keyring=KEYRING), attribute_actions=ACTIONS)
    assert table.get_item(Key={"pk": "customer-1", "sk": "order-1"})["Item"] == order(1)
    table.put_item(Item=order(2))
    with table.batch_writer() as batch:
        batch.put_item(Item=order(3))
    asked = table.query(KeyConditionExpression=Key("pk").eq("customer-1"))["Items"]
    assert asked == [order(1), order(2), order(3)] == sorted(table.scan()["Items"], key=lambda item: item["sk"])
    assert "*amzn-ddb-map-sig*" in raw(stored, 1) and raw(stored, 1)["status"] == "shipped"
    assert is_new(raw(stored, 2)) and is_new(raw(stored, 3)) and raw(stored, 2)["status"] == "shipped"
    table.put_item(Item=table.get_item(Key={"pk": "customer-1", "sk": "order-1"})["Item"])
    assert is_new(raw(stored, 1))
    assert table.name == "Orders" and "Orders" in repr(table)
    table.meta.client.close()


def test_what_passed_the_legacy_client_in_plaintext_is_encrypted(stored):
    table = legacy.EncryptedTable(fresh().Table("Orders"), aes(), attribute_actions=ACTIONS, keyring=KEYRING)
    client = table.meta.client
    client.put_item(TableName="Orders", Item=order(2))
    client.transact_write_items(TransactItems=[{"Put": {"TableName": "Orders", "Item": order(3)}}])
    assert is_new(raw(stored, 2)) and is_new(raw(stored, 3))
    client.close()


@pytest.mark.parametrize("standard", [False, True])
def test_a_client_on_both_layers(stored, standard):
    """A resource's client has Python's types, and one of its own DynamoDB's JSON."""
    raw_client = fresh().meta.client if standard else fresh("client")
    client = legacy.EncryptedClient(
        raw_client, aes(), ACTIONS, expect_standard_dictionaries=standard, tables=["Orders"], keyring=KEYRING
    )
    of = (lambda item: item) if standard else wire
    client.put_item(TableName="Orders", Item=of(order(2)))
    key = of({"pk": "customer-1", "sk": "order-1"})
    assert client.get_item(TableName="Orders", Key=key)["Item"] == of(order(1))
    batch = {"Orders": {"Keys": [key, of({"pk": "customer-1", "sk": "order-2"})]}}
    answered = client.batch_get_item(RequestItems=batch)["Responses"]["Orders"]
    assert sorted(answered, key=by_order) == [of(order(1)), of(order(2))]
    pages = client.get_paginator("scan").paginate(TableName="Orders").build_full_result()["Items"]
    assert sorted(pages, key=by_order) == [of(order(1)), of(order(2))]
    client.batch_write_item(RequestItems={"Orders": [{"PutRequest": {"Item": of(order(3))}}]})
    assert is_new(raw(stored, 2)) and is_new(raw(stored, 3))
    with pytest.raises(itemseal.RefusedError, match="Parts"):
        client.put_item(TableName="Parts", Item=of(order(4)))
    raw_client.close()


def test_a_resource_and_its_tables(stored):
    resource = legacy.EncryptedResource(fresh(), aes(), ACTIONS, tables=["Orders", "Parts"], keyring=KEYRING)
    for name in ("Orders", "Parts"):
        resource.Table(name).put_item(Item=order(2))
        assert is_new(raw(stored, 2, name))
    assert resource.Table("Orders").get_item(Key={"pk": "customer-1", "sk": "order-1"})["Item"] == order(1)
    assert [table.scan()["Count"] for table in resource.tables.all()] == [2, 1]
    keys = {"Orders": {"Keys": [{"pk": "customer-1", "sk": "order-1"}]}}
    assert resource.batch_get_item(RequestItems=keys)["Responses"]["Orders"] == [order(1)]
    resource.meta.client.close()


def test_altered_items_are_refused_through_a_table(stored):
    stored.Table("Orders").put_item(Item={**raw(stored, 1), "status": "lost"})
    table = legacy.EncryptedTable(fresh().Table("Orders"), aes(), attribute_actions=ACTIONS, keyring=KEYRING)
    with pytest.raises(itemseal.AuthenticationError):
        table.get_item(Key={"pk": "customer-1", "sk": "order-1"})
    table.meta.client.close()


class Recorded:
    """attach, which writes down what it is given."""

    def __init__(self, monkeypatch):
        module = types.ModuleType("itemseal._attach")
        module.attach = self
        monkeypatch.setitem(sys.modules, "itemseal._attach", module)
        self.calls = []

    def __call__(self, obj, config, keyring=None, *, legacy=None):
        self.calls.append((obj, config, keyring, legacy))
        return obj


class Client:
    """As much of a client as is looked at."""

    def __init__(self):
        self.meta = types.SimpleNamespace(client=self)
        self.asked = []

    def describe_table(self, TableName):  # noqa: N803 - boto3's name
        self.asked.append(TableName)
        return {"Table": {"KeySchema": [{"AttributeName": f"{TableName}ID", "KeyType": "HASH"}]}}

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda **request: (name, request)


INFO = legacy.TableInfo("Orders", legacy.TableIndex("pk", "sk"))


def test_what_is_attached(monkeypatch):
    attached, client = Recorded(monkeypatch), Client()
    actions = legacy.AttributeActions(
        attribute_actions={"a": legacy.CryptoAction.SIGN_ONLY, "b": legacy.CryptoAction.DO_NOTHING}
    )
    legacy.EncryptedClient(client, aes(keyring=KEYRING), actions, tables=["Orders", "Parts"])
    ((obj, configs, keyring, legacy_readers),) = attached.calls
    assert obj is client and keyring is KEYRING and client.asked == ["Orders", "Parts"]
    assert [(name, config.logical_name, config.partition_key, config.sort_key) for name, config in configs.items()] == [
        ("Orders", "Orders", "OrdersID", None),
        ("Parts", "Parts", "PartsID", None),
    ]
    assert [configs["Orders"].action(name) for name in ("OrdersID", "a", "b", "c")] == [
        "sign_only",
        "sign_only",
        "do_nothing",
        "encrypt_and_sign",
    ]
    assert [repr(one) for one in legacy_readers.values()] == ['LegacyDecryptor("Orders")', 'LegacyDecryptor("Parts")']
    assert actions.attribute_actions.keys() == {"a", "b"}


def test_what_is_known_of_a_table_is_not_asked_for(monkeypatch):
    attached, client = Recorded(monkeypatch), Client()
    table = types.SimpleNamespace(name="Orders", meta=client.meta)
    legacy.EncryptedTable(table, aes(), INFO, auto_refresh_table_indexes=False, keyring=KEYRING)
    ((_, configs, _, _),) = attached.calls
    assert client.asked == [] and configs["Orders"].sort_key == "sk"
    with pytest.raises(itemseal.MisuseError, match="primary_index"):
        legacy.EncryptedTable(table, aes(), auto_refresh_table_indexes=False, keyring=KEYRING)
    with pytest.raises(itemseal.MisuseError, match="keyring="):
        legacy.EncryptedTable(table, aes())
    assert len(attached.calls) == 1


def test_tables_that_are_not_listed_are_refused(monkeypatch):
    Recorded(monkeypatch)
    client = legacy.EncryptedClient(Client(), aes(keyring=KEYRING), tables=["Orders"])
    put = {"TableName": "Parts", "Item": {}}
    refused = [
        ("put_item", put),
        ("get_item", {"TableName": "arn:aws:dynamodb:us-east-1:111122223333:table/Parts", "Key": {}}),
        ("update_item", {"TableName": "Parts"}),
        ("delete_item", {"TableName": "Parts"}),
        ("query", {"TableName": "Parts"}),
        ("scan", {"TableName": "Parts"}),
        ("batch_get_item", {"RequestItems": {"Orders": {}, "Parts": {}}}),
        ("batch_write_item", {"RequestItems": {"Parts": []}}),
        ("transact_get_items", {"TransactItems": [{"Get": {"TableName": "Parts"}}]}),
        ("transact_write_items", {"TransactItems": [{"Delete": {"TableName": "Orders"}}, {"Put": put}]}),
        ("execute_statement", {"Statement": "INSERT INTO \"Orders\" VALUE {'pk': '1'}"}),
        ("batch_execute_statement", {"Statements": []}),
        ("execute_transaction", {"TransactStatements": []}),
    ]
    for name, request in refused:
        with pytest.raises(itemseal.RefusedError):
            getattr(client, name)(**request)
    put = {**put, "TableName": "Orders"}
    assert client.put_item(**put) == ("put_item", put)
    arn = "arn:aws:dynamodb:us-east-1:111122223333:table/Orders"
    assert client.scan(TableName=arn) == ("scan", {"TableName": arn})
    assert client.list_tables() == ("list_tables", {})


def test_a_resource_has_only_the_tables_that_are_listed(monkeypatch):
    Recorded(monkeypatch)

    class Resource(Client):
        tables = types.SimpleNamespace(all=lambda: [types.SimpleNamespace(name=name) for name in ("Orders", "Parts")])

        def Table(self, name):  # noqa: N802 - boto3's name
            return types.SimpleNamespace(name=name)

    resource = legacy.EncryptedResource(Resource(), aes(keyring=KEYRING), tables=[INFO], auto_refresh_table_indexes=False)
    assert resource.Table("Orders").name == "Orders" and [table.name for table in resource.tables.all()] == ["Orders"]
    with pytest.raises(itemseal.RefusedError, match="Parts"):
        resource.Table("Parts")
    with pytest.raises(itemseal.RefusedError, match="Parts"):
        resource.batch_write_item(RequestItems={"Parts": []})
    with pytest.raises(itemseal.MisuseError, match="same configuration"):
        resource.Table("Orders", attribute_actions=ACTIONS)


@pytest.mark.parametrize("tables", [None, "Orders"])
@pytest.mark.parametrize("kind", [legacy.EncryptedClient, legacy.EncryptedResource])
def test_the_tables_must_be_listed(monkeypatch, kind, tables):
    attached = Recorded(monkeypatch)
    with pytest.raises(itemseal.MisuseError, match="tables="):
        kind(Client(), aes(keyring=KEYRING), tables=tables)
    assert attached.calls == []
