"""Each fault as a client meets it, and as it ends."""

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError
from itemseal_lab import LabError


@pytest.fixture
def regions(lab, once):
    """What answers in a Region: the names of its services, or what they fail with."""
    key = lab.create_key()
    id = key.rsplit("/", 1)[1]
    calls = {}
    for region in lab.regions:
        kms = lab.boto3("kms", region, config=once)
        tables = lab.boto3("dynamodb", region, config=once)
        calls[region] = {
            "kms": lambda kms=kms: kms.describe_key(KeyId=id),
            "dynamodb": tables.list_tables,
        }

    def ask(region):
        met = {}
        for service, call in calls[region].items():
            try:
                call()
                met[service] = "answers"
            except ClientError as error:
                met[service] = error.response["ResponseMetadata"]["HTTPStatusCode"]
            except Exception as error:
                met[service] = type(error)
        return met

    return ask


WELL = {"kms": "answers", "dynamodb": "answers"}


@pytest.mark.parametrize(
    ("mode", "seen"),
    [("refuse", ConnectionClosedError), ("hang", ReadTimeoutError), (503, 503)],
)
def test_an_outage_fails_as_it_is_told_to_in_its_region_alone(lab, regions, mode, seen):
    assert regions("us-east-1") == WELL
    lab.outage("us-east-1", mode=mode)
    assert regions("us-east-1") == {"kms": seen, "dynamodb": seen}
    assert regions("eu-west-1") == WELL
    lab.restore("us-east-1")
    assert regions("us-east-1") == WELL


@pytest.mark.parametrize(("service", "other"), [("kms", "dynamodb"), ("dynamodb", "kms")])
def test_an_outage_of_one_service_leaves_the_other(lab, regions, service, other):
    with lab.outage("us-east-1", service=service):
        assert regions("us-east-1") == {service: ConnectionClosedError, other: "answers"}
    assert regions("us-east-1") == WELL


def test_calls_above_a_rate_are_throttled(lab_factory, orders):
    lab = lab_factory(manual=True)
    virginia, ireland = orders(lab)
    lab.throttle("us-east-1", 2, "dynamodb", ["PutItem"])
    virginia.put("1")
    virginia.put("2")
    with pytest.raises(ClientError) as refusal:
        virginia.put("3")
    assert refusal.value.response["Error"]["Code"] == "ProvisionedThroughputExceededException"
    assert (virginia.get("1"), virginia.get("3")) == ("new", None)
    ireland.put("3")
    lab.advance(0.5)
    virginia.put("3")
    with pytest.raises(ClientError):
        virginia.put("4")
    lab.restore("us-east-1")
    virginia.put("4")


def test_reads_are_stale_by_as_much_as_they_are_told_to_be(lab_factory, orders):
    lab = lab_factory(manual=True)
    virginia, _ = orders(lab)
    virginia.put("1", "new")
    with lab.stale_reads("us-east-1", 2):
        lab.advance(1)
        virginia.put("1", "shipped")
        assert virginia.get("1") == "new"
        assert virginia.get("1", ConsistentRead=True) == "shipped"
        lab.advance(2)
        assert virginia.get("1") == "shipped"
        virginia.put("1", "paid")
        assert virginia.get("1") == "shipped"
    assert virginia.get("1") == "paid"


def test_batches_leave_undone_what_they_are_told_to(lab, orders):
    virginia, _ = orders(lab)
    puts = [{"PutRequest": {"Item": {"OrderID": {"S": str(n)}}}} for n in range(25)]

    def left():
        answer = virginia.client.batch_write_item(RequestItems={"Orders": puts})
        return len(answer["UnprocessedItems"].get("Orders", []))

    assert left() == 0
    with lab.unprocessed("us-east-1", 0.5):
        assert 0 < left() < 25
    assert left() == 0


def test_the_later_write_wins_by_the_clocks_of_the_regions(lab_factory, orders):
    lab = lab_factory(manual=True)
    virginia, ireland = orders(lab)
    with lab.skew("eu-west-1", -10):
        virginia.put("1", "first")
        lab.advance(1)
        ireland.put("1", "second")
        lab.converge()
        assert (virginia.get("1"), ireland.get("1")) == ("first", "first")
    ireland.put("1", "third")
    lab.converge()
    assert (virginia.get("1"), ireland.get("1")) == ("third", "third")


def test_faults_are_listed_and_end_one_by_one_or_by_region(lab):
    outage = lab.outage("us-east-1", "kms", "hang")
    lag = lab.lag((0.5, 1.5), "us-east-1", "eu-west-1")
    skew = lab.fault("skew", region="eu-west-1", by_ms=250)
    assert repr(outage) == f"<Fault {outage.id}: outage>"
    assert lab.faults() == [
        {
            "id": outage.id,
            "fault": "outage",
            "region": "us-east-1",
            "service": "kms",
            "mode": "hang",
        },
        {
            "id": lag.id,
            "fault": "lag",
            "from": "us-east-1",
            "to": "eu-west-1",
            "delay": {"uniform": {"min_ms": 500, "max_ms": 1500}},
        },
        {"id": skew.id, "fault": "skew", "region": "eu-west-1", "by_ms": 250},
    ]
    lab.restore("us-east-1")
    assert [fault["id"] for fault in lab.faults()] == [skew.id]
    outage.end()
    skew.end()
    skew.end()
    assert lab.faults() == []
    lab.outage("us-east-1")
    lab.cut("eu-west-1")
    lab.heal()
    assert [fault["fault"] for fault in lab.faults()] == ["outage"]
    lab.restore()
    assert lab.faults() == []


@pytest.mark.parametrize(
    ("set", "message"),
    [
        (
            lambda lab: lab.outage("us-east-1", mode="slow"),
            "us-east-1 .* mode 'slow': it is 'refuse'",
        ),
        (lambda lab: lab.outage("us-east-1", mode=404), "status 500 to 599, not 404"),
        (lambda lab: lab.outage("us-east-1", "s3"), "us-east-1 has no service 's3'.* 'kms'"),
        (lambda lab: lab.throttle("us-east-1", -1), "per_second of us-east-1 is -1: it is"),
        (lambda lab: lab.throttle("us-east-1", 1, None, "PutItem"), "operations=\\['PutItem'\\]"),
        (lambda lab: lab.lag(-1), "from all Regions to all Regions is -1: .* 0 or more"),
        (lambda lab: lab.lag((2, 1)), "a delay from 2s to 1s"),
        (lambda lab: lab.unprocessed("us-east-1", 2), "a share is from 0 to 1, not 2"),
        (lambda lab: lab.stale_reads("us-east-1", float("nan")), "stale reads in us-east-1 is nan"),
        (lambda lab: lab.cut("us-east-1", "us-east-1"), "us-east-1 cannot be cut off from itself"),
        (lambda lab: lab.fault("fire"), "unknown variant `fire`"),
    ],
)
def test_a_fault_that_cannot_be_is_refused_with_what_to_do(lab, set, message):
    with pytest.raises(LabError, match=message):
        set(lab)
    assert lab.faults() == []
