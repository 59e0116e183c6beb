"""A lab's life: started, used by several, closed."""

import gc
import os
import socket
import subprocess
import sys
import threading
from urllib.parse import urlsplit

import pytest
from itemseal_lab import Lab, LabError

REGIONS = ["us-east-1", "eu-west-1"]


def listens(endpoint):
    at = urlsplit(endpoint)
    with socket.socket() as probe:
        return probe.connect_ex((at.hostname, at.port)) == 0


def test_it_listens_until_it_is_closed_and_closing_twice_is_closing_once():
    with Lab(regions=REGIONS) as lab:
        assert lab.endpoint.startswith("http://127.0.0.1:")
        assert listens(lab.endpoint)
        assert not lab.closed
    assert lab.closed
    assert not listens(lab.endpoint)
    lab.close()
    with pytest.raises(LabError, match=r"the lab at http://127.0.0.1:\d+ is closed: make another"):
        lab.create_key()


def test_a_port_can_be_chosen_and_one_that_is_taken_is_told():
    with Lab(regions=REGIONS) as first:
        port = urlsplit(first.endpoint).port
        with pytest.raises(LabError, match=f"cannot listen on 127.0.0.1:{port}: .*in use"):
            Lab(regions=REGIONS, port=port)
    with Lab(regions=REGIONS, port=port) as second:
        assert second.endpoint == first.endpoint


def test_two_labs_know_nothing_of_each_other():
    with Lab(regions=REGIONS) as one, Lab(regions=["eu-west-1"]) as two:
        assert one.endpoint != two.endpoint
        one.create_table("Orders", "OrderID")
        assert one.boto3("dynamodb", "eu-west-1").list_tables()["TableNames"] == ["Orders"]
        assert two.boto3("dynamodb", "eu-west-1").list_tables()["TableNames"] == []
        one.close()
        assert listens(two.endpoint)


def test_it_is_directed_from_several_threads(lab):
    arns = []
    threads = [threading.Thread(target=lambda: arns.append(lab.create_key())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(arns)) == 8


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "a lab needs Regions: Lab\\(regions="),
        ({"regions": []}, "a lab needs Regions: Lab\\(regions="),
        ({"regions": REGIONS, "every_region": True}, "and not both"),
        ({"regions": "eu-west-1"}, "regions=\\['eu-west-1'\\], not 'eu-west-1'"),
        ({"regions": ["Europe"]}, '"Europe" is not the name of a Region, such as eu-west-1'),
        ({"regions": REGIONS, "port": 65536}, "port 65536 is none: it is a number to 65535"),
    ],
)
def test_a_lab_that_cannot_be_is_refused_with_what_to_do(options, message):
    with pytest.raises(LabError, match=message):
        Lab(**options)


def test_a_region_that_the_lab_has_not_is_refused_wherever_it_is_named(lab):
    for named in [
        lambda: lab.boto3("kms", "eu-west-2"),
        lambda: lab.environment("eu-west-2"),
        lambda: lab.create_key(["us-east-1", "eu-west-2"]),
        lambda: lab.create_table("Orders", "OrderID", regions=["eu-west-2"]),
        lambda: lab.outage("eu-west-2"),
        lambda: lab.lag(1, target="eu-west-2"),
        lambda: lab.cut("us-east-1", "eu-west-2"),
        lambda: lab.fault("skew", region="eu-west-2", by_ms=1),
        lambda: lab.restore("eu-west-2"),
        lambda: lab.deliver("eu-west-2", "us-east-1"),
        lambda: lab.expire("eu-west-2"),
    ]:
        with pytest.raises(LabError) as refusal:
            named()
        assert str(refusal.value) == (
            "this lab has no Region 'eu-west-2', only us-east-1, eu-west-1: "
            "name it in Lab(regions=[...]), or use Lab(every_region=True)"
        )


def test_a_lab_of_every_region_opens_those_that_are_used(lab_factory):
    lab = lab_factory(every_region=True)
    assert lab.regions == ()
    with pytest.raises(LabError, match="a key needs Regions, as the lab has every one"):
        lab.create_key()
    lab.create_table("Orders", "OrderID", regions=["us-east-1", "ap-south-1"])
    assert lab.regions == ("ap-south-1", "us-east-1")


def test_what_it_says_of_itself(lab):
    assert repr(lab) == f"<Lab {lab.endpoint}: us-east-1, eu-west-1>"
    assert lab.regions == ("us-east-1", "eu-west-1")
    lab.close()
    assert repr(lab) == "<Lab, closed>"


def test_tables_and_faults_end_with_a_reset_and_keys_if_asked(lab):
    key = lab.create_key()
    lab.create_table("Orders", "OrderID")
    lab.outage("us-east-1")
    lab.reset()
    assert lab.faults() == []
    assert [region["tables"] for region in lab.status()["regions"]] == [[], []]
    kms = lab.boto3("kms")
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["Enabled"]
    lab.reset(keys=True)
    with pytest.raises(kms.exceptions.NotFoundException):
        kms.describe_key(KeyId=key)


def test_a_lab_that_nobody_closed_is_told_and_closed():
    lab = Lab(regions=REGIONS)
    endpoint = lab.endpoint
    with pytest.warns(ResourceWarning, match=f"unclosed <Lab {endpoint}"):
        del lab
        gc.collect()
    assert not listens(endpoint)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_forked_child_leaves_its_parents_lab_alone():
    # In a process of its own: the test's has threads by other libraries.
    program = """
import os
from itemseal_lab import Lab, LabError
lab = Lab(regions=["us-east-1"])
child = os.fork()
if child == 0:
    code = 1
    try:
        lab.create_key()
    except LabError as error:
        assert str(error).startswith(f"the lab runs in process {os.getppid()}, "), error
        lab.boto3("dynamodb").create_table(
            TableName="FromTheChild",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
        )
        lab.close()
        del lab
        code = 0
    finally:
        os._exit(code)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert lab.boto3("dynamodb").list_tables()["TableNames"] == ["FromTheChild"]
child = os.fork()
if child == 0:
    del lab
    os._exit(0)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
lab.create_key()
lab.close()
"""
    ended = subprocess.run(
        [sys.executable, "-X", "dev", "-c", program], capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 0, ended.stderr
    assert "ResourceWarning" not in ended.stderr


def test_a_lab_left_open_does_not_hold_up_the_end_of_the_process():
    program = "from itemseal_lab import Lab; lab = Lab(regions=['us-east-1'])"
    ended = subprocess.run(
        [sys.executable, "-X", "dev", "-c", program], capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 0
    assert "ResourceWarning: unclosed <Lab http://127.0.0.1:" in ended.stderr
