"""What could leak plaintext, or could not be verified, is refused before anything is sent."""

import copy

import botocore.session
import pytest
from attaching import LOG, TABLE, World, config, item, key, keyring

import itemseal
from itemseal._itemseal import Hooks


@pytest.fixture
def world(lab):
    return World(lab)


@pytest.fixture
def sent(world):
    """The operations that the attached client sends, but for the two that describe the table."""
    sent = []
    world.client.get_item(TableName=TABLE, Key=key("1"))
    world.client.meta.events.register("before-call.dynamodb", lambda model, **_: sent.append(model.name))
    return sent


VALUES = {"ExpressionAttributeValues": {":v": {"S": "x"}}}
LEGACY = {"card": {"Value": {"S": "x"}, "Exists": True}}
CONDITIONS = {"card": {"AttributeValueList": [{"S": "x"}], "ComparisonOperator": "EQ"}}
PUT = {"TableName": TABLE, "Item": item("1")}
KEYED = {"TableName": TABLE, "Key": key("1")}
QUERY = {"TableName": TABLE, "KeyConditionExpression": "id = :v", **VALUES}
SCAN = {"TableName": TABLE}


@pytest.mark.parametrize(
    ("operation", "params", "says"),
    [
        ("put_item", {**PUT, "ConditionExpression": "card = :v", **VALUES}, "'?card'?.*encrypted"),
        ("put_item", {**PUT, "Expected": LEGACY}, "Expected is a legacy parameter"),
        ("put_item", {**PUT, "ConditionalOperator": "AND"}, "ConditionalOperator"),
        ("delete_item", {**KEYED, "ConditionExpression": "card = :v", **VALUES}, "card"),
        ("delete_item", {**KEYED, "Expected": LEGACY}, "Expected"),
        ("get_item", {**KEYED, "AttributesToGet": ["card"]}, "AttributesToGet"),
        ("update_item", {**KEYED, "UpdateExpression": "SET card = :v", **VALUES}, "card.*signed.*put it"),
        ("update_item", {**KEYED, "UpdateExpression": "SET card.x = :v", **VALUES}, "card"),
        ("update_item", {**KEYED, "UpdateExpression": "REMOVE aws_dbe_head"}, "aws_dbe_head"),
        ("update_item", {**KEYED, "AttributeUpdates": {"hits": {"Action": "DELETE"}}}, "AttributeUpdates"),
        (
            "update_item",
            {**KEYED, "UpdateExpression": "SET hits = :v", "ConditionExpression": "card = :v", **VALUES},
            "card",
        ),
        ("query", {**QUERY, "FilterExpression": "card = :v"}, "FilterExpression"),
        ("query", {**QUERY, "KeyConditionExpression": "card = :v"}, "KeyConditionExpression"),
        ("query", {"TableName": TABLE, "KeyConditions": CONDITIONS}, "KeyConditions"),
        ("query", {**QUERY, "QueryFilter": CONDITIONS}, "QueryFilter"),
        ("query", {**QUERY, "AttributesToGet": ["card"]}, "AttributesToGet"),
        ("scan", {**SCAN, "FilterExpression": "contains(card, :v)", **VALUES}, "card"),
        ("scan", {**SCAN, "ScanFilter": CONDITIONS}, "ScanFilter"),
        ("scan", {**SCAN, "AttributesToGet": ["card"]}, "AttributesToGet"),
        ("batch_get_item", {"RequestItems": {TABLE: {"Keys": [key("1")], "AttributesToGet": ["a"]}}}, "AttributesToGet"),
        ("execute_statement", {"Statement": f"SELECT * FROM {TABLE}"}, "Orders.*PartiQL"),
        ("execute_statement", {"Statement": f"SELECT * FROM \"{TABLE}\".\"by-status\""}, "PartiQL"),
        ("execute_statement", {"Statement": f"SELECT * FROM \"arn:aws:dynamodb:us-east-1:1:table/{TABLE}\""}, "PartiQL"),
        ("execute_statement", {"Statement": "EXISTS(SELECT * FROM Log)"}, "cannot be told"),
        ("batch_execute_statement", {"Statements": [{"Statement": f"DELETE FROM {TABLE}"}]}, "PartiQL"),
        (
            "execute_transaction",
            {"TransactStatements": [{"Statement": f"INSERT INTO {TABLE} VALUE {{'id': 'x'}}"}]},
            "PartiQL",
        ),
        (
            "transact_write_items",
            {"TransactItems": [{"Put": {**PUT, "ConditionExpression": "card = :v", **VALUES}}]},
            "card",
        ),
        (
            "transact_write_items",
            {"TransactItems": [{"Update": {**KEYED, "UpdateExpression": "SET card = :v", **VALUES}}]},
            "card",
        ),
        (
            "transact_write_items",
            {"TransactItems": [{"Delete": {**KEYED, "ConditionExpression": "card = :v", **VALUES}}]},
            "card",
        ),
        (
            "transact_write_items",
            {"TransactItems": [{"ConditionCheck": {**KEYED, "ConditionExpression": "card = :v", **VALUES}}]},
            "card",
        ),
        (
            "transact_write_items",
            {"TransactItems": [{"Put": PUT, "Delete": KEYED}]},
            "exactly one of",
        ),
    ],
)
def test_refused(world, sent, operation, params, says):
    before = copy.deepcopy(params)
    with pytest.raises(itemseal.RefusedError, match=says):
        getattr(world.client, operation)(**params)
    assert sent == []
    assert params == before


def test_two_requests_about_one_item_are_misuse(world, sent):
    requests = [{"PutRequest": {"Item": item("1")}}, {"DeleteRequest": {"Key": key("1")}}]
    with pytest.raises(itemseal.MisuseError, match="about one item"):
        world.client.batch_write_item(RequestItems={TABLE: requests})
    assert sent == []


def test_statements_about_other_tables_pass(world, sent):
    world.client.execute_statement(Statement="INSERT INTO Log VALUE {'id': 'x'}")
    got = world.client.execute_statement(Statement='SELECT * FROM "Log"')
    assert got["Items"] == [{"id": {"S": "x"}}]
    assert sent == ["ExecuteStatement"] * 2


def modified(world, change):
    """An attached client of a DynamoDB that knows more than ours: its service model is changed."""
    session = botocore.session.get_session()
    session.set_credentials("AK", "secret")
    loader = session.get_component("data_loader")
    model = copy.deepcopy(loader.load_service_model("dynamodb", "service-2"))
    change(model)
    original = loader.load_service_model

    def load(service, kind, *args, **kwargs):
        return model if (service, kind) == ("dynamodb", "service-2") else original(service, kind, *args, **kwargs)

    loader.load_service_model = load
    client = session.create_client("dynamodb", "us-east-1", endpoint_url=world.lab.endpoint)
    sent = []
    itemseal.attach(client, config(), keyring())
    client.get_item(TableName=TABLE, Key=key("1"))
    client.meta.events.register("before-call.dynamodb", lambda model, **_: sent.append(model.name))
    return client, sent


def add_operations(model):
    put = copy.deepcopy(model["operations"]["PutItem"])
    model["operations"]["PutQuickly"] = {**put, "name": "PutQuickly"}
    model["operations"]["PutAnywhere"] = {
        "name": "PutAnywhere",
        "http": put["http"],
        "input": {"shape": "PutAnywhereInput"},
    }
    target = {"shape": "String"}
    model["shapes"]["PutAnywhereInput"] = {"type": "structure", "members": {"Target": target, "TableName": target}}


def test_an_operation_that_is_not_known_is_refused(world):
    client, sent = modified(world, add_operations)
    with pytest.raises(itemseal.RefusedError, match="PutQuickly, and it names an encrypted table"):
        client.put_quickly(**PUT)
    with pytest.raises(itemseal.RefusedError, match="PutAnywhere, and it cannot be told"):
        client.put_anywhere(Target=LOG)
    with pytest.raises(itemseal.RefusedError, match="names an encrypted table"):
        client.put_anywhere(TableName=LOG, Target=f"arn:aws:dynamodb:us-east-1:1:table/{TABLE}/index/by-status")
    assert sent == []
    with pytest.raises(client.exceptions.ClientError):
        client.put_quickly(TableName=LOG, Item={"id": {"S": "1"}})
    assert sent == ["PutQuickly"], "what is certainly about another table passes"


def add_parameters(model):
    shapes = model["shapes"]
    for shape in (
        "PutItemInput GetItemInput UpdateItemInput DeleteItemInput QueryInput ScanInput BatchGetItemInput KeysAndAttributes "
        "BatchWriteItemInput PutRequest WriteRequest TransactWriteItemsInput TransactWriteItem Put TransactGetItemsInput Get"
    ).split():
        shapes[shape]["members"]["New"] = {"shape": "New"}
    shapes["New"] = {"type": "structure", "members": {"TableName": {"shape": "String"}}}


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("put_item", {**PUT, "New": {}}),
        ("get_item", {**KEYED, "New": {}}),
        ("update_item", {**KEYED, "UpdateExpression": "REMOVE hits", "New": {}}),
        ("delete_item", {**KEYED, "New": {}}),
        ("query", {**QUERY, "New": {}}),
        ("scan", {**SCAN, "New": {}}),
        ("batch_get_item", {"RequestItems": {TABLE: {"Keys": [key("1")]}}, "New": {}}),
        ("batch_get_item", {"RequestItems": {TABLE: {"Keys": [key("1")], "New": {}}}}),
        ("batch_write_item", {"RequestItems": {TABLE: [{"DeleteRequest": {"Key": key("1")}}]}, "New": {}}),
        ("batch_write_item", {"RequestItems": {TABLE: [{"PutRequest": {"Item": item("1"), "New": {}}}]}}),
        ("batch_write_item", {"RequestItems": {TABLE: [{"New": {}}]}}),
        ("transact_write_items", {"TransactItems": [{"Put": PUT}], "New": {}}),
        ("transact_write_items", {"TransactItems": [{"Put": {**PUT, "New": {}}}]}),
        ("transact_write_items", {"TransactItems": [{"New": {"TableName": TABLE}}]}),
        ("transact_write_items", {"TransactItems": [{"New": {}}]}),
        ("transact_get_items", {"TransactItems": [{"Get": KEYED}], "New": {}}),
        ("transact_get_items", {"TransactItems": [{"Get": {**KEYED, "New": {}}}]}),
    ],
)
def test_a_parameter_that_is_not_known_is_refused(world, operation, params):
    client, sent = modified(world, add_parameters)
    with pytest.raises(itemseal.RefusedError):
        getattr(client, operation)(**params)
    assert sent == []


def test_every_operation_of_the_model_is_handled():
    """Each one has a rule, or is on the list of those that carry no items; the rest is known to be refused."""
    model = botocore.session.get_session().get_service_model("dynamodb")
    hooks = Hooks(config(), keyring(), None, None, False)
    refused = set()
    for operation in model.operation_names:
        try:
            hooks.before("dynamodb", operation, {}, {})
        except itemseal.RefusedError:
            refused.add(operation)
    with_items = {name for name in model.operation_names if holds_values(model.operation_model(name).input_shape)}
    # An export names keys in a filter, and its items go to S3.
    passed = with_items - refused - {"ExportTableToPointInTime"}
    ours = "GetItem PutItem UpdateItem DeleteItem Query Scan BatchGetItem BatchWriteItem TransactGetItems TransactWriteItems"
    partiql = "BatchExecuteStatement ExecuteTransaction"
    assert passed == set(f"{ours} {partiql}".split())
    assert refused <= {"ExecuteStatement", "SearchVectors", "StartBulkPutItems"}


def holds_values(shape, seen=()):
    if shape is None or shape.name in seen:
        return False
    if shape.name == "AttributeValue":
        return True
    below = {"structure": lambda: shape.members.values(), "list": lambda: [shape.member], "map": lambda: [shape.value]}
    return any(holds_values(part, (*seen, shape.name)) for part in below.get(shape.type_name, list)())


def test_control_operations_pass(world, sent):
    world.client.describe_table(TableName=TABLE)
    world.client.list_tables()
    world.client.update_time_to_live(
        TableName=TABLE, TimeToLiveSpecification={"Enabled": True, "AttributeName": "status"}
    )
    world.client.delete_table(TableName=TABLE)
    assert sent == ["DescribeTable", "ListTables", "UpdateTimeToLive", "DeleteTable"]


def test_a_configuration_that_hides_what_dynamodb_reads_is_refused_at_the_first_call(world):
    hides = itemseal.TableConfig(TABLE, partition_key="id", sort_key="customer", unsigned=["hits"])
    client = itemseal.attach(world.lab.boto3("dynamodb"), hides, keyring())
    for _ in range(2):
        with pytest.raises(itemseal.MisuseError, match="by-status.*sign_only") as raised:
            client.put_item(TableName=TABLE, Item=item("1"))
        assert raised.value.attribute == "status"
    wrong = itemseal.TableConfig(TABLE, partition_key="id")
    client = itemseal.attach(world.lab.boto3("dynamodb"), wrong, keyring())
    with pytest.raises(itemseal.MisuseError, match="key attributes"):
        client.batch_write_item(RequestItems={TABLE: [{"PutRequest": {"Item": item("1")}}]})
    world.plain.update_time_to_live(
        TableName=TABLE, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"}
    )
    client = itemseal.attach(world.lab.boto3("dynamodb"), config(), keyring())
    with pytest.raises(itemseal.MisuseError, match="time to live"):
        client.transact_write_items(TransactItems=[{"Put": PUT}])
    assert world.stored() == {}


def test_the_table_is_described_once(world):
    client = itemseal.attach(world.lab.boto3("dynamodb"), config(), keyring())
    sent = []
    client.meta.events.register("before-call.dynamodb", lambda model, **_: sent.append(model.name))
    client.put_item(**PUT)
    client.get_item(**KEYED)
    client.query(**QUERY)
    assert sent == ["DescribeTable", "DescribeTimeToLive", "PutItem", "GetItem", "Query"]


def test_a_describe_that_is_denied_names_the_permission(world):
    client = itemseal.attach(world.lab.boto3("dynamodb"), config(), keyring())
    denied = {"Error": {"Code": "AccessDeniedException", "Message": "no"}, "ResponseMetadata": {"RequestId": "R"}}
    http = type("Http", (), {"status_code": 400})()
    client.meta.events.register("before-call.dynamodb.DescribeTable", lambda **_: (http, denied))
    with pytest.raises(itemseal.ServiceError, match="allow dynamodb:DescribeTable") as raised:
        client.put_item(**PUT)
    assert (raised.value.code, raised.value.request_id) == ("AccessDeniedException", "R")
    assert world.stored() == {}


def test_a_table_that_is_not_there_is_dynamodbs_error(world):
    client = itemseal.attach(world.lab.boto3("dynamodb"), config("NoSuchTable"), keyring())
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.put_item(TableName="NoSuchTable", Item=item("1"))


def test_values_that_dynamodb_has_nothing_for_are_told_by_attribute(world):
    with pytest.raises(itemseal.UnsupportedTypeError, match="note"):
        world.client.put_item(TableName=TABLE, Item=item("1", note="text"))
    with pytest.raises(itemseal.TooLargeError, match="409600"):
        world.client.put_item(TableName=TABLE, Item=item("1", note={"S": "x" * 409_600}))
