"""A process that forks, and processes that others start, with keyrings over KMS in both.

ITEMSEAL_LONG=1 forks 1,000 times for each way to KMS.
"""

import multiprocessing
import os
import threading

import aiobotocore.session
import boto3
import pytest

import itemseal
from conftest import EU, US
from forking import DEADLINE, in_child

TABLE = itemseal.TableConfig("Orders", partition_key="OrderID")
ITEM = {"OrderID": "1", "Card": "4111"}
LONG = os.environ.get("ITEMSEAL_LONG") == "1"
FORKS = 1_000 if LONG else 40

# Threads in a process that forks are what this is about.
pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")


# Who calls KMS.
AWS = {"sdk": lambda: None, "boto3": boto3.Session, "aiobotocore": aiobotocore.session.get_session}


@pytest.fixture(params=AWS)
def used(request, lab):
    aws = AWS[request.param]()
    keyring = itemseal.CachingKeyring(itemseal.MrkKeyring(lab.create_key(), [US, EU], deadline=30, most_per_region=10))
    return itemseal.ItemEncryptor(TABLE, keyring, aws=aws)


def both_ways(used):
    assert used.decrypt_item(used.encrypt_item(ITEM)) == ITEM
    return True


def test_children_go_on_while_eight_threads_of_the_parent_are_busy(used):
    both_ways(used)
    stop, failed, done = threading.Event(), [], [0] * 8

    def busy(thread):
        try:
            while not stop.is_set():
                both_ways(used)
                done[thread] += 1
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=busy, args=(thread,), daemon=True) for thread in range(8)]
    for thread in threads:
        thread.start()
    try:
        for fork in range(FORKS):
            said = in_child(lambda: both_ways(used))
            assert not said, f"fork {fork}: {said}"
    finally:
        stop.set()
        for thread in threads:
            thread.join(DEADLINE)
    assert not failed and not any(thread.is_alive() for thread in threads)
    assert all(done), "a thread of the parent made no progress"
    print(f"{FORKS} forks, {sum(done)} items by the parent's threads meanwhile")


def test_a_child_that_hangs_is_ended_and_says_where_it_is():
    def hangs_here():
        threading.Event().wait()

    said = in_child(hangs_here, deadline=1)
    assert "did not end within 1 s" in said and "in hangs_here" in said
    assert "State:" in said or not os.path.exists("/proc/self/task")


def test_a_child_that_crashes_says_so():
    assert in_child(lambda: os.kill(os.getpid(), 9)) == "the child ended with status 9"


def test_a_child_of_a_child_goes_on(used):
    both_ways(used)

    def grandchild():
        both_ways(used)
        said = in_child(lambda: both_ways(used))
        assert not said, said

    said = in_child(grandchild)
    assert not said, said


def test_an_encryptor_that_was_never_used_before_the_fork(used):
    said = in_child(lambda: both_ways(used))
    assert not said, said
    both_ways(used)


def test_a_child_has_connections_of_its_own(lab):
    session = boto3.Session()
    clients = itemseal.AwsClients(session)
    used = itemseal.ItemEncryptor(TABLE, itemseal.MrkKeyring(lab.create_key(), [US]), aws=clients)
    both_ways(used)
    parents = clients._client("kms", US)

    def child():
        both_ways(used)
        assert clients._client("kms", US) is not parents

    said = in_child(child)
    assert not said, said


USED = None


def opened(stored):
    return USED.decrypt_item(stored)


def opened_anew(key, stored):
    keyring = itemseal.MrkKeyring(key, [US, EU])
    return itemseal.ItemEncryptor(TABLE, keyring, aws=boto3.Session()).decrypt_item(stored)


def test_multiprocessing_forked_and_spawned(lab):
    global USED
    key = lab.create_key()
    USED = itemseal.ItemEncryptor(TABLE, itemseal.MrkKeyring(key, [US, EU]), aws=boto3.Session())
    stored = [USED.encrypt_item({**ITEM, "OrderID": str(n)}) for n in range(8)]
    expected = [{**ITEM, "OrderID": str(n)} for n in range(8)]
    with multiprocessing.get_context("fork").Pool(2) as pool:
        assert pool.map_async(opened, stored).get(DEADLINE) == expected
        pool.close()
        pool.join()
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        given = [(key, one) for one in stored]
        assert pool.starmap_async(opened_anew, given).get(DEADLINE) == expected
        pool.close()
        pool.join()
    with pytest.raises(TypeError, match="cannot be pickled"):
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            pool.apply(repr, (itemseal.MrkKeyring(key),))
