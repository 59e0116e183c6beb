"""Each operation: what is stored has nothing readable, and what comes back is what plain boto3 would give."""

import copy
from decimal import Decimal

import pytest
from attaching import LOG, SECRET, TABLE, World, config, item, key, keyring
from botocore.exceptions import ClientError

import itemseal


@pytest.fixture
def world(lab):
    return World(lab)


def every_type(id_):
    return item(
        id_,
        n={"N": "12345678901234567890123456789012345678"},
        small={"N": "-1E-130"},
        b={"B": b"\x00\xff"},
        yes={"BOOL": True},
        null={"NULL": True},
        ss={"SS": ["a", "b"]},
        ns={"NS": ["1", "2.5"]},
        bs={"BS": [b"", b"a"]},
        l={"L": [{"S": "x"}, {"M": {"k": {"N": "1"}}}]},
        m={"M": {"deep": {"L": [{"NULL": True}]}}},
    )


@pytest.mark.parametrize("by", ["TableName", "TableArn"])
def test_put_and_get(world, by):
    name = world.plain.describe_table(TableName=TABLE)["Table"][by]
    given = every_type("1")
    before = copy.deepcopy(given)
    world.client.put_item(TableName=name, Item=given)
    assert given == before, "the caller's item is left as it was"
    world.assert_sealed("1")
    got = world.client.get_item(TableName=name, Key=key("1"))["Item"]
    assert Decimal(got["small"]["N"]) == Decimal("-1E-130")
    assert got == {**given, "small": got["small"]}
    assert got["n"] == {"N": "12345678901234567890123456789012345678"}
    assert "Item" not in world.client.get_item(TableName=name, Key=key("none"))


def test_other_tables_pass(world):
    row = {"id": {"S": "1"}, "card": {"S": SECRET}}
    world.client.put_item(TableName=LOG, Item=row)
    assert world.plain.get_item(TableName=LOG, Key={"id": {"S": "1"}})["Item"] == row
    world.client.update_item(
        TableName=LOG, Key={"id": {"S": "1"}}, AttributeUpdates={"x": {"Value": {"S": "y"}, "Action": "PUT"}}
    )
    got = world.client.get_item(TableName=LOG, Key={"id": {"S": "1"}}, AttributesToGet=["x"])
    assert got["Item"] == {"x": {"S": "y"}}


def test_what_returns_the_item_returns_it_opened(world):
    client = world.client
    first, second = item("1"), item("1", status="paid")
    assert "Attributes" not in client.put_item(TableName=TABLE, Item=first, ReturnValues="ALL_OLD")
    assert client.put_item(TableName=TABLE, Item=second, ReturnValues="ALL_OLD")["Attributes"] == first
    add = dict(
        TableName=TABLE,
        Key=key("1"),
        UpdateExpression="ADD hits :one",
        ExpressionAttributeValues={":one": {"N": "1"}},
    )
    assert client.update_item(**add, ReturnValues="UPDATED_NEW")["Attributes"] == {"hits": {"N": "1"}}
    updated = client.update_item(**add, ReturnValues="ALL_NEW")["Attributes"]
    assert updated == {**second, "hits": {"N": "2"}}
    assert client.delete_item(TableName=TABLE, Key=key("1"), ReturnValues="ALL_OLD")["Attributes"] == updated
    assert world.stored() == {}


def test_an_update_changes_items_that_are_there_only(world):
    with pytest.raises(ClientError) as raised:
        world.client.update_item(
            TableName=TABLE,
            Key=key("none"),
            UpdateExpression="SET hits = :n",
            ExpressionAttributeValues={":n": {"N": "1"}},
        )
    assert raised.value.response["Error"]["Code"] == "ConditionalCheckFailedException"
    assert world.stored() == {}


@pytest.mark.parametrize("write", ["put", "update", "delete"])
def test_the_item_that_failed_a_condition_comes_back_opened(world, write):
    found = item("1")
    world.client.put_item(TableName=TABLE, Item=found)
    condition = dict(
        TableName=TABLE,
        ConditionExpression="#s = :s",
        ExpressionAttributeNames={"#s": "status"},
        ExpressionAttributeValues={":s": {"S": "other"}},
        ReturnValuesOnConditionCheckFailure="ALL_OLD",
    )
    update = {"UpdateExpression": "SET hits = :h"}
    with pytest.raises(world.client.exceptions.ConditionalCheckFailedException) as raised:
        if write == "put":
            world.client.put_item(Item=item("1", status="x"), **condition)
        elif write == "delete":
            world.client.delete_item(Key=key("1"), **condition)
        else:
            condition["ExpressionAttributeValues"][":h"] = {"N": "5"}
            world.client.update_item(Key=key("1"), **update, **condition)
    assert raised.value.response["Item"] == found


def test_an_error_of_ours_does_not_hide_dynamodbs(world):
    world.client.put_item(TableName=TABLE, Item=item("1"))
    stored = world.stored()["1"]
    stored["card"]["B"] = bytes(len(stored["card"]["B"]))
    world.plain.put_item(TableName=TABLE, Item=stored)
    with pytest.raises(world.client.exceptions.ConditionalCheckFailedException) as raised:
        world.client.put_item(
            TableName=TABLE,
            Item=item("1"),
            ConditionExpression="attribute_not_exists(id)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    assert isinstance(raised.value.__cause__, itemseal.AuthenticationError)
    assert "Item" not in raised.value.response, "what was not verified is not handed out"
    with pytest.raises(itemseal.AuthenticationError):
        world.client.get_item(TableName=TABLE, Key=key("1"))


def test_query_and_scan(world):
    for n in range(5):
        world.client.put_item(TableName=TABLE, Item=item("1", f"c{n}", status="even" if n % 2 == 0 else "odd"))
    query = dict(
        TableName=TABLE, KeyConditionExpression="id = :id", ExpressionAttributeValues={":id": {"S": "1"}}
    )
    expected = [item("1", f"c{n}", status="even" if n % 2 == 0 else "odd") for n in range(5)]
    got = world.client.query(**query)
    assert (got["Items"], got["Count"], got["ScannedCount"]) == (expected, 5, 5)
    page = world.client.query(**query, Limit=2, ScanIndexForward=False)
    assert page["Items"] == expected[:2:-1] and page["LastEvaluatedKey"] == key("1", "c3")
    assert world.client.query(**query, Select="COUNT")["Count"] == 5
    filtered = world.client.scan(
        TableName=TABLE,
        FilterExpression="#s = :s",
        ExpressionAttributeNames={"#s": "status"},
        ExpressionAttributeValues={":s": {"S": "odd"}},
    )
    assert sorted(i["customer"]["S"] for i in filtered["Items"]) == ["c1", "c3"]
    assert (filtered["Count"], filtered["ScannedCount"]) == (2, 5)


def test_indexes(world):
    world.client.put_item(TableName=TABLE, Item=item("1"))
    query = dict(
        TableName=TABLE,
        KeyConditionExpression="#s = :s",
        ExpressionAttributeNames={"#s": "status"},
        ExpressionAttributeValues={":s": {"S": "new"}},
    )
    assert world.client.query(**query, IndexName="by-status")["Items"] == [item("1")]
    projected = world.client.query(**query, IndexName="by-status", Select="ALL_PROJECTED_ATTRIBUTES")
    assert projected["Items"] == [item("1")]
    assert world.client.query(**query, IndexName="keys-only", Select="COUNT")["Count"] == 1
    with pytest.raises(itemseal.RefusedError, match="keys-only has only parts.*complete_index_reads.*project ALL attributes, or count"):
        world.client.query(**query, IndexName="keys-only")
    with pytest.raises(itemseal.RefusedError, match="keys-only"):
        world.client.scan(TableName=TABLE, IndexName="keys-only")
    with pytest.raises(itemseal.MisuseError, match="no index"):
        world.client.scan(TableName=TABLE, IndexName="none")


def test_projections_are_made_after_opening(world):
    given = item("1", m={"M": {"a": {"S": "x"}, "b": {"S": "y"}}}, l={"L": [{"N": "1"}, {"N": "2"}]})
    world.client.put_item(TableName=TABLE, Item=given)
    projection = dict(
        ProjectionExpression="#c, m.a, l[1], nothing", ExpressionAttributeNames={"#c": "card"}
    )
    expected = {"card": given["card"], "m": {"M": {"a": {"S": "x"}}}, "l": {"L": [{"N": "2"}]}}
    client = world.client
    assert client.get_item(TableName=TABLE, Key=key("1"), **projection)["Item"] == expected
    assert client.scan(TableName=TABLE, Select="SPECIFIC_ATTRIBUTES", **projection)["Items"] == [expected]
    names = projection["ExpressionAttributeNames"] | {"#i": "id"}
    queried = client.query(
        TableName=TABLE,
        KeyConditionExpression="#i = :i",
        ExpressionAttributeValues={":i": {"S": "1"}},
        **projection | {"ExpressionAttributeNames": names},
    )
    assert queried["Items"] == [expected]
    keys = {"Keys": [key("1")], **projection}
    assert client.batch_get_item(RequestItems={TABLE: keys})["Responses"] == {TABLE: [expected]}
    assert keys == {"Keys": [key("1")], **projection}
    get = {"Get": {"TableName": TABLE, "Key": key("1"), **projection}}
    assert client.transact_get_items(TransactItems=[get])["Responses"] == [{"Item": expected}]


def test_batches(world):
    requests = {
        TABLE: [{"PutRequest": {"Item": item("1")}}, {"PutRequest": {"Item": item("2")}}],
        LOG: [{"PutRequest": {"Item": {"id": {"S": "a"}}}}],
    }
    before = copy.deepcopy(requests)
    assert world.client.batch_write_item(RequestItems=requests)["UnprocessedItems"] == {}
    assert requests == before
    world.assert_sealed("1", "2")
    got = world.client.batch_get_item(
        RequestItems={
            TABLE: {"Keys": [key("1"), key("2"), key("3")], "ConsistentRead": True},
            LOG: {"Keys": [{"id": {"S": "a"}}], "ProjectionExpression": "id"},
        }
    )["Responses"]
    assert sorted(got[TABLE], key=lambda i: i["id"]["S"]) == [item("1"), item("2")]
    assert got[LOG] == [{"id": {"S": "a"}}]
    world.client.batch_write_item(RequestItems={TABLE: [{"DeleteRequest": {"Key": key("1")}}]})
    world.assert_sealed("2")


def test_what_a_batch_leaves_undone_comes_back_as_it_was_given(world):
    """The answer is made by hand, in botocore's own place for that, so that it is known what is left."""
    left_undone = {}

    def respond(params, model, **_):
        import json

        sent = json.loads(params["body"])["RequestItems"]
        left_undone["sent"] = sent
        answer = {"UnprocessedItems": {TABLE: from_wire(sent[TABLE])[1:]}, "ResponseMetadata": {}}
        return type("Http", (), {"status_code": 200})(), answer

    def from_wire(requests):
        import base64

        for request in requests:
            for value in request.get("PutRequest", {}).get("Item", {}).values():
                if "B" in value:
                    value["B"] = base64.b64decode(value["B"])
        return requests

    client = world.client
    client.get_item(TableName=TABLE, Key=key("1"))
    client.meta.events.register_first("before-call.dynamodb.BatchWriteItem", respond)
    requests = [
        {"PutRequest": {"Item": item("1")}},
        {"PutRequest": {"Item": every_type("2")}},
        {"DeleteRequest": {"Key": key("3")}},
    ]
    left = client.batch_write_item(RequestItems={TABLE: requests})["UnprocessedItems"]
    assert left == {TABLE: requests[1:]}
    assert left[TABLE][0]["PutRequest"]["Item"] is not requests[1]["PutRequest"]["Item"]
    assert "B" in left_undone["sent"][TABLE][1]["PutRequest"]["Item"]["card"]


def test_an_item_that_pretends_to_be_encrypted_is_not_let_pass(world):
    """Nothing that a caller puts into an item makes it pass for one that was left undone before."""
    for name in ("aws_dbe_head", "aws_dbe_foot"):
        forged = item("1", **{name: {"B": b"x"}})
        with pytest.raises(itemseal.MisuseError):
            world.client.put_item(TableName=TABLE, Item=forged)
        with pytest.raises(itemseal.MisuseError):
            world.client.batch_write_item(RequestItems={TABLE: [{"PutRequest": {"Item": forged}}]})
    world.client.put_item(TableName=TABLE, Item=item("1"))
    sealed = world.stored()["1"]
    with pytest.raises(itemseal.MisuseError):
        world.client.batch_write_item(RequestItems={TABLE: [{"PutRequest": {"Item": sealed}}]})


def test_transactions(world):
    client = world.client
    client.put_item(TableName=TABLE, Item=item("1"))
    client.put_item(TableName=TABLE, Item=item("2"))
    parts = [
        {"Put": {"TableName": TABLE, "Item": item("3"), "ConditionExpression": "attribute_not_exists(card)"}},
        {
            "Update": {
                "TableName": TABLE,
                "Key": key("1"),
                "UpdateExpression": "SET hits = :h",
                "ExpressionAttributeValues": {":h": {"N": "7"}},
            }
        },
        {"Delete": {"TableName": TABLE, "Key": key("2")}},
        {"Put": {"TableName": LOG, "Item": {"id": {"S": "log"}}}},
    ]
    before = copy.deepcopy(parts)
    client.transact_write_items(TransactItems=parts)
    assert parts == before
    world.assert_sealed("1", "3")
    gets = [{"Get": {"TableName": TABLE, "Key": key(id_)}} for id_ in ("1", "2", "3")]
    gets.append({"Get": {"TableName": LOG, "Key": {"id": {"S": "log"}}}})
    got = client.transact_get_items(TransactItems=gets)["Responses"]
    expected = [{"Item": item("1", hits={"N": "7"})}, {}, {"Item": item("3")}, {"Item": {"id": {"S": "log"}}}]
    assert got == expected


def test_a_cancelled_transaction_tells_its_items_opened(world):
    client = world.client
    client.put_item(TableName=TABLE, Item=item("1"))
    check = {
        "TableName": TABLE,
        "Key": key("1"),
        "ConditionExpression": "#s = :s",
        "ExpressionAttributeNames": {"#s": "status"},
        "ExpressionAttributeValues": {":s": {"S": "other"}},
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    with pytest.raises(client.exceptions.TransactionCanceledException) as raised:
        client.transact_write_items(
            TransactItems=[{"Put": {"TableName": TABLE, "Item": item("2")}}, {"ConditionCheck": check}]
        )
    reasons = raised.value.response["CancellationReasons"]
    assert [reason["Code"] for reason in reasons] == ["None", "ConditionalCheckFailed"]
    assert reasons[1]["Item"] == item("1")
    world.assert_sealed("1")


def test_a_transaction_sent_again_with_its_token_is_the_same(world):
    client = world.client
    sent = []
    client.meta.events.register("before-call.dynamodb.TransactWriteItems", lambda params, **_: sent.append(params["body"]))

    def write(token, **more):
        put = {"TableName": TABLE, "Item": item("1", **more)}
        client.transact_write_items(TransactItems=[{"Put": put}], ClientRequestToken=token)

    write("token-1")
    write("token-1")
    assert sent[0] == sent[1]
    with pytest.raises(client.exceptions.IdempotentParameterMismatchException):
        write("token-1", note={"S": "changed"})
    write("token-2")
    assert sent[3] != sent[0]
    assert client.get_item(TableName=TABLE, Key=key("1"))["Item"] == item("1")


def test_versions_and_old_plaintext_by_the_file(lab, tmp_path):
    lab.create_table("Versioned", "id")
    path = tmp_path / "itemseal.toml"
    (tmp_path / "wrapping.key").write_bytes(bytes(range(32)))
    (tmp_path / "wrapping.key").chmod(0o600)
    path.write_text(
        """
        [table."Versioned"]
        partition_key = "id"
        version_attribute = "v"
        plaintext_reads = "allow"
        [keyring]
        kind = "raw-aes"
        key_file = "wrapping.key"
        namespace = "test"
        name = "key-1"
        """
    )
    plain = lab.boto3("dynamodb")
    old = {"id": {"S": "old"}, "card": {"S": SECRET}}
    plain.put_item(TableName="Versioned", Item=old)
    client = itemseal.attach(lab.boto3("dynamodb"), path)
    assert client.get_item(TableName="Versioned", Key={"id": {"S": "old"}})["Item"] == old
    given = {"id": {"S": "1"}, "card": {"S": SECRET}}
    client.put_item(TableName="Versioned", Item=given)
    with pytest.raises(client.exceptions.ConditionalCheckFailedException):
        client.put_item(TableName="Versioned", Item=given)
    read = client.get_item(TableName="Versioned", Key={"id": {"S": "1"}})["Item"]
    assert read == {**given, "v": {"N": "1"}}
    values = {":c": {"S": "1"}}
    condition = dict(ConditionExpression="id = :c", ExpressionAttributeValues=values)
    client.put_item(TableName="Versioned", Item=read, **condition)
    assert values == {":c": {"S": "1"}}
    with pytest.raises(client.exceptions.TransactionCanceledException):
        client.transact_write_items(TransactItems=[{"Put": {"TableName": "Versioned", "Item": read}}])
    assert client.get_item(TableName="Versioned", Key={"id": {"S": "1"}})["Item"]["v"] == {"N": "2"}
    with pytest.raises(itemseal.RefusedError, match="versions"):
        client.batch_write_item(RequestItems={"Versioned": [{"PutRequest": {"Item": given}}]})


def test_many_tables_by_name(lab):
    for name in ("Tab-A", "Tab-B"):
        lab.create_table(name, "id", "customer")
    client = itemseal.attach(lab.boto3("dynamodb"), {"Tab-A": config("Tab-A"), "Tab-B": config("Original-B")}, keyring())
    for name in ("Tab-A", "Tab-B"):
        client.put_item(TableName=name, Item=item("1"))
        assert client.get_item(TableName=name, Key=key("1"))["Item"] == item("1")
    # The logical name is bound into the item: one table's is not the other's.
    moved = lab.boto3("dynamodb").get_item(TableName="Tab-A", Key=key("1"))["Item"]
    lab.boto3("dynamodb").put_item(TableName="Tab-B", Item=moved)
    with pytest.raises(itemseal.AuthenticationError):
        client.get_item(TableName="Tab-B", Key=key("1"))
