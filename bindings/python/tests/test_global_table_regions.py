"""Regions that fail: reads go on, writes stay at home or fail over."""

import time

import itemseal
import pytest
from conftest import EU, US
from orders import KEY, ORDER, arrived, client, configure, stored
from faults import hangs, refuses, throttles


@pytest.fixture
def config(lab, tmp_path):
    path = configure(tmp_path, lab)
    client(path).put_item(TableName="Orders", Item=ORDER)
    arrived(lab)
    return path


@pytest.mark.parametrize("outage", [refuses, hangs, throttles])
def test_reads_go_on_in_the_second_region(lab, config, outage):
    orders = client(config)
    orders.connect()
    assert orders.get_item(TableName="Orders", Key=KEY)["Region"] == US
    with outage(lab, US):
        for _ in range(3):
            got = orders.get_item(TableName="Orders", Key=KEY)
            assert (got["Region"], got["Item"]) == (EU, ORDER)
        assert orders.scan(TableName="Orders")["Region"] == EU
    assert orders.item_counts()["failovers"] == 4
    asked = {count["region"]: count for count in orders.call_counts() if count["operation"] == "GetItem"}
    assert asked[EU]["calls"] == 3


def test_a_region_that_is_gone_altogether(lab, config):
    orders = client(config)
    orders.connect()
    with lab.outage(US):
        # The other Region's replica of the key opens it too.
        got = orders.get_item(TableName="Orders", Key=KEY)
        assert (got["Region"], got["Item"]) == (EU, ORDER)


def test_consistent_reads_stay_at_home(lab, config):
    orders = client(config, deadline=1)
    elsewhere = client(config, consistent_reads_elsewhere=True)
    orders.connect(), elsewhere.connect()
    with throttles(lab, US):
        with pytest.raises(itemseal.ServiceError) as caught:
            orders.get_item(TableName="Orders", Key=KEY, ConsistentRead=True)
        assert caught.value.retryable and caught.value.region == US
        got = elsewhere.get_item(TableName="Orders", Key=KEY, ConsistentRead=True)
        assert got["Region"] == EU


def test_writes_stay_at_home(lab, config):
    orders = client(config, deadline=1)
    orders.connect()
    with throttles(lab, US):
        with pytest.raises(itemseal.ServiceError) as caught:
            orders.put_item(TableName="Orders", Item={**ORDER, "OrderID": "2"})
        assert (caught.value.region, caught.value.retryable) == (US, True)
    assert stored(lab, {**KEY, "OrderID": "2"}, EU) is None


@pytest.mark.parametrize("outage", [refuses, hangs])
def test_writes_fail_over_where_that_is_chosen(lab, config, outage):
    orders = client(config, writes="failover").idempotent()
    orders.connect()
    with outage(lab, US):
        put = orders.put_item(TableName="Orders", Item={**ORDER, "OrderID": "2"})
        assert put["Region"] == EU
    assert "4111" not in str(stored(lab, {**KEY, "OrderID": "2"}, EU))


def test_only_an_idempotent_write_may_be_made_twice(lab, config):
    orders = client(config, writes="failover", deadline=1)
    orders.connect()
    with hangs(lab, US):
        with pytest.raises(itemseal.ServiceError, match="may have been carried out"):
            orders.put_item(TableName="Orders", Item={**ORDER, "OrderID": "2"})
    assert stored(lab, {**KEY, "OrderID": "2"}, EU) is None


def test_the_file_says_where_writes_go(lab, tmp_path):
    orders = client(configure(tmp_path, lab, writes="failover")).idempotent()
    orders.connect()
    with refuses(lab, US):
        assert orders.put_item(TableName="Orders", Item=ORDER)["Region"] == EU


def test_regions_that_are_given(config):
    assert client(config).regions() == [US, EU]
    orders = client(config, regions=[EU, US])
    assert orders.regions() == [EU, US]
    assert orders.get_item(TableName="Orders", Key=KEY)["Region"] == EU
    with pytest.raises(itemseal.MisuseError) as caught:
        client(config, allowed_regions=[EU]).connect()
    assert caught.value.region == US


def test_a_deadline_holds(lab, config):
    orders = client(config, deadline=0.5)
    orders.connect()
    begun = time.monotonic()
    with hangs(lab, US), hangs(lab, EU):
        with pytest.raises(itemseal.ServiceError) as caught:
            orders.get_item(TableName="Orders", Key=KEY)
    assert caught.value.retryable
    assert 0.4 < time.monotonic() - begun < 5


def test_a_table_that_cannot_be_described(lab, config):
    orders = client(config)
    with throttles(lab, US):
        with pytest.raises(itemseal.ServiceError):
            orders.connect()
    # It is built when it can be.
    assert orders.get_item(TableName="Orders", Key=KEY)["Item"] == ORDER
