"""Conditions that do not hold, cancelled transactions, versions."""

import itemseal
import pytest
from botocore.exceptions import ClientError
from conftest import EU, US
from orders import KEY, ORDER, arrived, client, configure, stored, typed


@pytest.fixture(params=["python", "dynamodb"])
def case(request, lab, tmp_path):
    of = (lambda item: item) if request.param == "python" else typed
    orders = client(configure(tmp_path, lab), types=request.param)
    orders.put_item(TableName="Orders", Item=of(ORDER))
    return orders, of


def test_a_condition_that_does_not_hold(case):
    orders, of = case
    asked = {
        "TableName": "Orders",
        "Item": of({**ORDER, "Card": "5500"}),
        "ConditionExpression": "attribute_not_exists(OrderID)",
    }
    with pytest.raises(itemseal.ConflictError) as caught:
        orders.put_item(**asked, ReturnValuesOnConditionCheckFailure="ALL_OLD")
    error = caught.value
    assert error.item == of(ORDER) and error.reasons is None
    assert (error.code, error.region) == ("ConditionalCheckFailedException", US)
    # As code for boto3 has it.
    assert isinstance(error, ClientError)
    assert error.response["Error"]["Code"] == "ConditionalCheckFailedException"
    assert error.response["Item"] == of(ORDER)
    assert "4111" not in str(error)
    with pytest.raises(itemseal.ConflictError) as caught:
        orders.put_item(**asked)
    assert caught.value.item is None and "Item" not in caught.value.response


def test_a_cancelled_transaction(case):
    orders, of = case
    with pytest.raises(itemseal.ConflictError) as caught:
        orders.transact_write_items(
            TransactItems=[
                {"Put": {"TableName": "Orders", "Item": of({**ORDER, "OrderID": "2"})}},
                {
                    "Put": {
                        "TableName": "Orders",
                        "Item": of(ORDER),
                        "ConditionExpression": "attribute_not_exists(OrderID)",
                        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
                    }
                },
            ]
        )
    error = caught.value
    reasons = [{"Code": "None"}, {"Code": "ConditionalCheckFailed", "Item": of(ORDER)}]
    assert error.reasons == reasons and error.item is None
    assert error.code == "TransactionCanceledException"
    assert error.response["CancellationReasons"] == reasons


def test_update_item_with(case, lab):
    orders, of = case
    seen = []

    def change(item):
        seen.append(item)
        return {**item, **of({"Card": "5500"})}

    changed = orders.update_item_with("Orders", of(KEY), change)
    assert changed == {"Region": US, "Item": of({**ORDER, "Card": "5500"})}
    assert seen == [of(ORDER)]
    assert "5500" not in str(stored(lab))
    left = orders.update_item_with(TableName="Orders", Key=of(KEY), change=lambda item: None)
    assert left["Item"] == changed["Item"]
    made = orders.update_item_with(
        TableName="Orders", Key=of({**KEY, "OrderID": "2"}), change=lambda item: item
    )
    assert "Item" not in made


def test_update_item_with_begins_again_when_others_write(case):
    orders, of = case
    calls = []

    def change(item):
        calls.append(item)
        if len(calls) == 1:
            # From within: the client is not held up.
            orders.put_item(TableName="Orders", Item=of({**ORDER, "Card": "5500"}))
        return {**item, **of({"OrderStatus": "Paid"})}

    changed = orders.update_item_with("Orders", of(KEY), change)
    assert calls == [of(ORDER), of({**ORDER, "Card": "5500"})]
    assert changed["Item"] == of({**ORDER, "Card": "5500", "OrderStatus": "Paid"})


def test_what_a_change_raises_is_raised(case):
    orders, of = case

    class Mine(Exception):
        pass

    def change(item):
        raise Mine("no")

    with pytest.raises(Mine):
        orders.update_item_with("Orders", of(KEY), change)
    with pytest.raises(itemseal.UnsupportedTypeError, match="Card"):
        orders.update_item_with("Orders", of(KEY), lambda item: {**item, "Card": object()})
    with pytest.raises(itemseal.MisuseError, match="key"):
        orders.update_item_with("Orders", of(KEY), lambda item: {**item, **of({"OrderID": "9"})})


def test_versions(lab, tmp_path):
    config = configure(tmp_path, lab, version_attribute="Version")
    orders = client(config)
    first = orders.put_item(TableName="Orders", Item=ORDER)
    assert first["Version"] == 1
    item = orders.get_item(TableName="Orders", Key=KEY)["Item"]
    assert item == {**ORDER, "Version": 1}
    arrived(lab)
    with lab.cut(US):
        second = orders.put_item(TableName="Orders", Item={**item, "Card": "5500"})
        assert second["Version"] == 2
        # A stale version is a conflict.
        with pytest.raises(itemseal.ConflictError):
            orders.put_item(TableName="Orders", Item={**item, "Card": "0000"})
        behind = client(config, regions=[EU, US])
        assert behind.get_item(TableName="Orders", Key=KEY)["Item"]["Version"] == 1
        ahead = behind.get_item_not_before(TableName="Orders", Key=KEY, Version=2)
        assert (ahead["Region"], ahead["Version"]) == (US, 2)
        assert ahead["Item"]["Card"] == "5500"
        with pytest.raises(itemseal.ConflictError) as caught:
            behind.get_item_not_before(TableName="Orders", Key=KEY, Version=3)
        assert caught.value.retryable
    assert lab.faults() == []


def test_a_version_attribute_that_is_given(lab, tmp_path):
    orders = client(configure(tmp_path, lab), version_attributes={"Orders": "Version"})
    assert orders.put_item(TableName="Orders", Item=ORDER)["Version"] == 1
