"""Programs as they are written for plain boto3 and PynamoDB, unchanged but for attach."""

import copy
import logging
import threading
from decimal import Decimal

import boto3
import pytest
from attaching import LOG, SECRET, TABLE, World, config, item, key, keyring, native
from boto3.dynamodb.conditions import Attr, Key
from botocore.exceptions import StubAssertionError
from botocore.stub import Stubber

import itemseal


@pytest.fixture
def world(lab):
    return World(lab)


@pytest.fixture
def resource(world):
    return itemseal.attach(boto3.resource("dynamodb"), config(), keyring())


def rows(items):
    return sorted(items, key=lambda item: (item["id"], item["customer"]))


def test_a_resource_and_its_tables(world, resource):
    table = resource.Table(TABLE)
    number = Decimal("12345678901234567890123456789012345678")
    given = native("1", n=number, l=[1, "x", {"k": None}], ss={"a", "b"}, b=b"\x00")
    before = copy.deepcopy(given)
    table.put_item(Item=given)
    assert given == before
    world.assert_sealed("1")
    assert table.get_item(Key={"id": "1", "customer": "c"})["Item"] == given
    table.update_item(
        Key={"id": "1", "customer": "c"},
        UpdateExpression="SET hits = :h",
        ConditionExpression=Attr("status").eq("new") & Attr("card").exists(),
        ExpressionAttributeValues={":h": 5},
    )
    found = table.query(KeyConditionExpression=Key("id").eq("1"), FilterExpression=Attr("hits").gt(4))
    assert found["Items"] == [{**given, "hits": 5}]
    with pytest.raises(itemseal.RefusedError, match="card"):
        table.scan(FilterExpression=Attr("card").eq(SECRET))
    old = table.delete_item(Key={"id": "1", "customer": "c"}, ReturnValues="ALL_OLD")
    assert old["Attributes"] == {**given, "hits": 5}
    # The resource's client is the Table's: what goes around the Table is encrypted too.
    table.meta.client.put_item(TableName=TABLE, Item=native("2"))
    world.assert_sealed("2")
    assert resource.meta.client.get_item(TableName=TABLE, Key={"id": "2", "customer": "c"})["Item"] == native("2")


def test_a_tables_collections_and_batches(world, resource):
    for table in resource.tables.all():
        if table.name == TABLE:
            table.put_item(Item=native("1"))
    world.assert_sealed("1")
    got = resource.batch_get_item(RequestItems={TABLE: {"Keys": [{"id": "1", "customer": "c"}]}})
    assert got["Responses"] == {TABLE: [native("1")]}
    resource.batch_write_item(RequestItems={TABLE: [{"PutRequest": {"Item": native("2")}}]})
    client = resource.meta.client
    client.transact_write_items(TransactItems=[{"Put": {"TableName": TABLE, "Item": native("3")}}])
    world.assert_sealed("1", "2", "3")
    got = client.transact_get_items(
        TransactItems=[{"Get": {"TableName": TABLE, "Key": {"id": "3", "customer": "c"}}}]
    )
    assert got["Responses"] == [{"Item": native("3")}]


def test_attach_to_a_table_is_attach_to_its_client(world):
    table = boto3.resource("dynamodb").Table(TABLE)
    assert itemseal.attach(table, config(), keyring()) is table
    table.put_item(Item=native("1"))
    world.assert_sealed("1")


def test_batch_writer_goes_round_until_nothing_is_left(world, resource):
    """The first answer says that half was left undone; the writer sends that again."""
    rounds = []

    def leave_half(parsed, **_):
        rounds.append(len(sent))
        if len(rounds) == 1:
            parsed["UnprocessedItems"] = {TABLE: sent[0][TABLE][::2]}

    sent = []
    client = resource.meta.client
    client.meta.events.register_last(
        "before-parameter-build.dynamodb.BatchWriteItem", lambda **_: None, unique_id="none"
    )
    client.meta.events.register(
        "before-parameter-build", lambda params, model, **_: model.name == "BatchWriteItem" and sent.append(params["RequestItems"])
    )
    # Before our own hook, which is the first of its event: a more specific event comes before.
    client.meta.events.register_first("after-call.dynamodb.BatchWriteItem", leave_half)
    with resource.Table(TABLE).batch_writer() as batch:
        for n in range(30):
            batch.put_item(Item=native(str(n), note=f"{SECRET} {n}"))
    assert len(rounds) >= 2
    assert "aws_dbe_head" in sent[0][TABLE][0]["PutRequest"]["Item"]
    ids = [str(n) for n in range(30)]
    world.assert_sealed(*ids)
    got = rows(resource.Table(TABLE).scan()["Items"])
    assert got == rows(native(id_, note=f"{SECRET} {id_}") for id_ in ids)


def test_paginators(world):
    client = world.client
    for n in range(7):
        client.put_item(TableName=TABLE, Item=item("1", f"c{n}"))
    query = dict(
        TableName=TABLE,
        KeyConditionExpression="id = :id",
        ExpressionAttributeValues={":id": {"S": "1"}},
        PaginationConfig={"PageSize": 3},
    )
    expected = [item("1", f"c{n}") for n in range(7)]
    pages = client.get_paginator("query").paginate(**query)
    assert pages.build_full_result()["Items"] == expected
    assert list(client.get_paginator("query").paginate(**query).search("Items[].card.S")) == [SECRET] * 7
    scan = client.get_paginator("scan").paginate(TableName=TABLE, PaginationConfig={"PageSize": 2})
    assert [i for page in scan for i in page["Items"]] == expected
    limited = client.get_paginator("query").paginate(**query | {"PaginationConfig": {"MaxItems": 4, "PageSize": 3}})
    full = limited.build_full_result()
    assert full["Items"] == expected[:4]
    rest = client.get_paginator("query").paginate(
        **query | {"PaginationConfig": {"StartingToken": full["NextToken"], "PageSize": 3}}
    )
    assert rest.build_full_result()["Items"] == expected[4:]


def test_eight_threads_share_a_client(world):
    failures = []

    def work(name):
        try:
            for n in range(25):
                given = item(name, str(n), note={"S": f"{name}-{n}"})
                world.client.put_item(TableName=TABLE, Item=given)
                got = world.client.get_item(TableName=TABLE, Key=key(name, str(n)), ConsistentRead=True)["Item"]
                assert got == given
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(f"t{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert world.plain.scan(TableName=TABLE, Select="COUNT")["Count"] == 200


def test_pynamodb(world, caplog):
    from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
    from pynamodb.models import Model

    caplog.set_level(logging.DEBUG)

    class Order(Model):
        class Meta:
            table_name = TABLE
            host = world.lab.endpoint
            region = "us-east-1"

        id = UnicodeAttribute(hash_key=True)
        customer = UnicodeAttribute(range_key=True)
        status = UnicodeAttribute()
        card = UnicodeAttribute()
        hits = NumberAttribute(default=0)
        tags = UnicodeSetAttribute(null=True)

    itemseal.attach(Order._get_connection().connection.client, config(), keyring())
    Order("1", "c", status="new", card=SECRET, tags={"a", "b"}).save()
    world.assert_sealed("1")
    order = Order.get("1", "c")
    assert (order.card, order.tags, order.hits) == (SECRET, {"a", "b"}, 0)
    assert [found.card for found in Order.query("1", Order.customer.startswith("c"))] == [SECRET]
    assert [found.card for found in Order.scan(Order.status == "new")] == [SECRET]
    with Order.batch_write() as batch:
        batch.save(Order("2", "c", status="new", card=SECRET))
    world.assert_sealed("1", "2")
    assert sorted(found.id for found in Order.batch_get([("1", "c"), ("2", "c")])) == ["1", "2"]
    order.update(actions=[Order.hits.add(1)])
    assert order.hits == 1
    with pytest.raises(itemseal.RefusedError, match="card.*get the item, change it, and put it"):
        order.update(actions=[Order.card.set("x")])
    order.delete()
    world.assert_sealed("2")
    assert "Calling PutItem with arguments {'TableName': 'Orders'" in caplog.text
    assert SECRET not in caplog.text


def test_a_session_is_refused(world):
    for session in (boto3.session.Session(), boto3.session.Session()._session):
        with pytest.raises(itemseal.MisuseError, match="attach to each client"):
            itemseal.attach(session, config(), keyring())
    with pytest.raises(itemseal.MisuseError, match="client of kms"):
        itemseal.attach(world.lab.boto3("kms"), config(), keyring())
    with pytest.raises(itemseal.MisuseError, match="not to str"):
        itemseal.attach("dynamodb", config(), keyring())
    with pytest.raises(itemseal.MisuseError, match="give one: keyring="):
        itemseal.attach(world.lab.boto3("dynamodb"), config())


def test_attached_twice_it_encrypts_once(world):
    ring = keyring()
    client = world.lab.boto3("dynamodb")
    itemseal.attach(client, config(), ring)
    assert itemseal.attach(client, config(), ring) is client
    with pytest.raises(itemseal.MisuseError, match="another configuration"):
        itemseal.attach(client, config("Other"), ring)
    with pytest.raises(itemseal.MisuseError, match="another configuration"):
        itemseal.attach(client, config(), keyring())
    client.put_item(TableName=TABLE, Item=item("1"))
    world.assert_sealed("1")
    assert world.client.get_item(TableName=TABLE, Key=key("1"))["Item"] == item("1")
    itemseal.detach(client)
    assert "aws_dbe_head" in client.get_item(TableName=TABLE, Key=key("1"))["Item"]
    with pytest.raises(itemseal.MisuseError, match="not attached"):
        itemseal.detach(client)
    itemseal.attach(client, config(), keyring())
    assert client.get_item(TableName=TABLE, Key=key("1"))["Item"] == item("1")


def test_a_file_that_says_the_same_is_the_same(world, tmp_path):
    def written(name, more=""):
        path = tmp_path / name
        (tmp_path / "wrapping.key").write_bytes(bytes(32))
        (tmp_path / "wrapping.key").chmod(0o600)
        path.write_text(
            '[table."Orders"]\npartition_key = "id"\nsort_key = "customer"\nsign_only = ["status"]\n' + more +
            '[keyring]\nkind = "raw-aes"\nkey_file = "wrapping.key"\nnamespace = "n"\nname = "k"\n'
        )
        return path

    client = itemseal.attach(world.lab.boto3("dynamodb"), written("a.toml"))
    itemseal.attach(client, itemseal.Config.read(written("b.toml")))
    with pytest.raises(itemseal.MisuseError):
        itemseal.attach(client, written("c.toml", 'unsigned = ["x"]\n'))


def test_boto3s_debug_log_has_no_item(world, resource, caplog):
    caplog.set_level(logging.DEBUG)
    table = resource.Table(TABLE)
    table.put_item(Item=native("1"))
    table.get_item(Key={"id": "1", "customer": "c"})
    table.query(KeyConditionExpression=Key("id").eq("1"))
    with table.batch_writer() as batch:
        batch.put_item(Item=native("2"))
    resource.batch_get_item(RequestItems={TABLE: {"Keys": [{"id": "1", "customer": "c"}]}})
    assert SECRET not in caplog.text
    calls = [record.getMessage() for record in caplog.records if record.name == "boto3.resources.action"]
    assert any("Calling dynamodb:put_item with {'TableName': 'Orders', 'Item': '<hidden" in call for call in calls)
    assert any("Response:" in call and "hidden" in call for call in calls)
    assert "'itemseal': <itemseal>" in caplog.text, "botocore prints the call's context: nothing is to be read there"


def test_the_log_is_as_it_was_for_other_services(resource, caplog):
    caplog.set_level(logging.DEBUG)
    logger = logging.getLogger("boto3.resources.action")
    logger.debug("Calling %s:%s with %r", "sqs", "send_message", {"Body": "x"})
    logger.debug("Response: %r", {"MessageId": "id-1"})
    assert "{'Body': 'x'}" in caplog.text and "id-1" in caplog.text


def test_a_stubber_is_given_the_plaintext_and_answers_with_what_is_stored(world):
    """Its check of the parameters comes before ours; its answers are opened like DynamoDB's own."""
    shape = world.plain.describe_table(TableName=TABLE)["Table"]
    client = itemseal.attach(world.lab.boto3("dynamodb"), config(), keyring(), shapes={TABLE: shape})
    stored = itemseal.ItemEncryptor(config(), keyring()).encrypt_dynamodb_item(item("1"))
    with Stubber(client) as stub:
        stub.add_response("put_item", {}, {"TableName": TABLE, "Item": item("1")})
        stub.add_response("get_item", {"Item": stored}, {"TableName": TABLE, "Key": key("1")})
        stub.add_response("get_item", {"Item": item("1")}, {"TableName": TABLE, "Key": key("1")})
        stub.add_response("put_item", {}, {"TableName": TABLE, "Item": item("2")})
        client.put_item(TableName=TABLE, Item=item("1"))
        assert client.get_item(TableName=TABLE, Key=key("1"))["Item"] == item("1")
        with pytest.raises(itemseal.NotEncryptedError):
            client.get_item(TableName=TABLE, Key=key("1"))
        with pytest.raises(StubAssertionError):
            client.put_item(TableName=TABLE, Item=item("1"))


def test_images_of_a_stream(world):
    world.client.put_item(TableName=TABLE, Item=item("1"))
    world.client.put_item(TableName=TABLE, Item=item("1", status="paid"))
    world.client.put_item(TableName=LOG, Item={"id": {"S": "x"}})
    streams = itemseal.attach(world.lab.boto3("dynamodbstreams"), config(), keyring())

    def images(table, client=streams):
        arn = world.plain.describe_table(TableName=table)["Table"]["LatestStreamArn"]
        shards = client.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        found = []
        for shard in shards:
            iterator = client.get_shard_iterator(
                StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
            )["ShardIterator"]
            for limit in (1, 100):
                answer = client.get_records(ShardIterator=iterator, Limit=limit)
                found += [record["dynamodb"] for record in answer["Records"]]
                iterator = answer.get("NextShardIterator")
                if iterator is None:
                    break
        return [(change.get("OldImage"), change.get("NewImage")) for change in found]

    paid = item("1", status="paid")
    assert images(TABLE) == [(None, item("1")), (item("1"), paid)]
    assert images(LOG) == [(None, {"id": {"S": "x"}})]
    assert "aws_dbe_head" in images(TABLE, world.lab.boto3("dynamodbstreams"))[0][1]
    with pytest.raises(itemseal.RefusedError, match="shard iterator with the same client"):
        streams.get_records(ShardIterator="from-elsewhere")


def test_import_alone_needs_no_boto3():
    import subprocess
    import sys

    code = "import itemseal, sys; assert not {'boto3', 'botocore'} & set(sys.modules); assert 'attach' in itemseal.__all__"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_client_that_is_attached_can_go(lab):
    import gc
    import weakref

    client = itemseal.attach(lab.boto3("dynamodb"), config(), keyring())
    gone = weakref.ref(client)
    del client
    gc.collect()
    assert gone() is None


def test_after_a_fork_the_child_goes_on(world):
    import os

    world.client.put_item(TableName=TABLE, Item=item("1"))
    child = os.fork()
    if child == 0:
        try:
            found = world.client.get_item(TableName=TABLE, Key=key("1"))["Item"] == item("1")
            world.client.put_item(TableName=TABLE, Item=item("2"))
            os._exit(0 if found else 1)
        except BaseException:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    world.assert_sealed("1", "2")


def test_one_item_of_before_fails_a_page_unless_the_file_lets_it_be_read(world):
    world.client.put_item(TableName=TABLE, Item=item("1"))
    world.plain.put_item(TableName=TABLE, Item=item("old"))
    for read in (world.client.scan, world.client.get_paginator("scan").paginate(TableName=TABLE).build_full_result):
        with pytest.raises(itemseal.NotEncryptedError):
            read(**({"TableName": TABLE} if read == world.client.scan else {}))
