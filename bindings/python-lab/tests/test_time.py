"""Replication and the clock, by themselves and by hand."""

import time
from datetime import datetime, timedelta, timezone

import pytest
from itemseal_lab import LabError

START = datetime(2026, 1, 1, tzinfo=timezone.utc)


def test_a_manual_lab_stands_still_until_it_is_told_to_go_on(lab_factory, orders):
    lab = lab_factory(manual=True)
    virginia, ireland = orders(lab)
    assert lab.now == START
    virginia.put("1")
    virginia.put("2")
    assert lab.status()["waiting"] == [{"from": "us-east-1", "to": "eu-west-1", "changes": 2}]
    assert ireland.get("1") is None
    assert lab.deliver("us-east-1", "eu-west-1") == 1
    assert (ireland.get("1"), ireland.get("2")) == ("new", None)
    assert lab.converge() == 1
    assert ireland.get("2") == "new"
    assert lab.advance(1.5) == lab.now == START + timedelta(seconds=1.5)


def test_on_the_machines_clock_changes_go_by_themselves(lab, orders):
    virginia, ireland = orders(lab)
    virginia.put("1")
    end = time.monotonic() + 30
    while ireland.get("1") is None:
        assert time.monotonic() < end, lab.status()


def test_changes_take_as_long_as_they_are_told_to(lab_factory, orders):
    lab = lab_factory(manual=True)
    virginia, ireland = orders(lab)
    lab.lag(0.8, source="us-east-1")
    virginia.put("1")
    ireland.put("2")
    with pytest.raises(LabError) as refusal:
        lab.converge()
    assert "us-east-1 to eu-west-1: 1 on their way" in str(refusal.value)
    assert str(refusal.value).endswith("; the first is due after advance(0.8)")
    assert (ireland.get("1"), virginia.get("2")) == (None, "new")
    lab.advance(0.8)
    assert lab.converge() == 1
    assert ireland.get("1") == "new"


def test_on_the_machines_clock_converge_waits_if_it_may(lab, orders):
    virginia, ireland = orders(lab)
    with lab.lag(3600):
        virginia.put("1")
        with pytest.raises(LabError, match=r"the first is due in 3\d+.* seconds: give converge"):
            lab.converge()
    lab.converge()
    assert ireland.get("1") == "new"
    with lab.lag(0.2):
        virginia.put("1", "shipped")
        lab.converge(timeout=30)
        assert ireland.get("1") == "shipped"


def test_regions_that_are_cut_off_go_their_ways_until_they_are_healed(lab, orders):
    virginia, ireland = orders(lab)
    lab.cut("us-east-1")
    virginia.put("1", "by Virginia")
    ireland.put("1", "by Ireland")
    with pytest.raises(LabError, match=r"\(heal them\):.* us-east-1 to eu-west-1: 1 waiting"):
        lab.converge()
    assert (virginia.get("1"), ireland.get("1")) == ("by Virginia", "by Ireland")
    lab.heal("us-east-1")
    lab.converge()
    assert (virginia.get("1"), ireland.get("1")) == ("by Ireland", "by Ireland")


def test_two_of_three_regions_can_be_cut_off_from_each_other(lab_factory):
    lab = lab_factory(regions=["us-east-1", "eu-west-1", "ap-south-1"])
    lab.create_table("Orders", "OrderID")
    with lab.cut("us-east-1", "eu-west-1"):
        lab.boto3("dynamodb").put_item(TableName="Orders", Item={"OrderID": {"S": "1"}})
        with pytest.raises(LabError):
            lab.converge()
        counts = {
            region: lab.boto3("dynamodb", region).scan(TableName="Orders")["Count"]
            for region in lab.regions
        }
        assert counts == {"us-east-1": 1, "eu-west-1": 0, "ap-south-1": 1}


def test_the_machines_clock_is_moved_by_nobody(lab):
    before = datetime.now(timezone.utc) - timedelta(seconds=1)
    assert before < lab.now < before + timedelta(seconds=60)
    with pytest.raises(LabError, match=r"machine's clock, .*: use Lab\(manual=True\)"):
        lab.advance(1)


def test_the_clock_goes_forward_only(lab_factory):
    lab = lab_factory(manual=True)
    for seconds in (-1, float("inf"), float("nan")):
        with pytest.raises(
            LabError, match="the time to advance by is .*: it is a number of seconds"
        ):
            lab.advance(seconds)
    assert lab.now == START


def test_items_whose_time_is_over_are_deleted(lab_factory):
    lab = lab_factory(manual=True)
    lab.create_table("Orders", "OrderID")
    client = lab.boto3("dynamodb")
    client.update_time_to_live(
        TableName="Orders",
        TimeToLiveSpecification={"Enabled": True, "AttributeName": "Expires"},
    )
    expires = str(int(START.timestamp()) + 60)
    client.put_item(TableName="Orders", Item={"OrderID": {"S": "1"}, "Expires": {"N": expires}})
    assert lab.expire() == 0
    lab.advance(120)
    assert lab.expire("us-east-1") == 1
    assert client.scan(TableName="Orders")["Count"] == 0


def test_slow_keys_take_a_minute(lab_factory):
    lab = lab_factory(manual=True, slow_keys=True)
    key = lab.create_key()
    ireland = lab.boto3("kms", "eu-west-1")

    def state():
        return ireland.describe_key(KeyId=key.replace("us-east-1", "eu-west-1"))["KeyMetadata"][
            "KeyState"
        ]

    assert state() == "Creating"
    lab.advance(60)
    assert state() == "Enabled"
