"""A process that forks, and processes that others start, with keyrings over KMS in both."""

import multiprocessing
import os
import select
import sys
import threading
import traceback

import boto3
import pytest

import itemseal
from conftest import EU, US

TABLE = itemseal.TableConfig("Orders", partition_key="OrderID")
ITEM = {"OrderID": "1", "Card": "4111"}
FORKS = 200
# How long a child may take, in seconds; it takes some hundredths.
DEADLINE = 60

# Threads in a process that forks are what this is about.
pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")


def in_child(work):
    """Forks, does the work there, and gives what went wrong; "" if nothing did."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        said = b""
        try:
            work()
        except BaseException:
            said = traceback.format_exc().encode()
        finally:
            os.write(write, b"!" + said)
            os._exit(0)
    os.close(write)
    try:
        told, ready = b"", [read]
        while ready:
            ready, _, _ = select.select([read], [], [], DEADLINE)
            part = os.read(read, 65536) if ready else b""
            if not part:
                break
            told += part
    finally:
        os.close(read)
        if not told:
            os.kill(child, 9)
        os.waitpid(child, 0)
    return told[1:].decode() if told else f"the child said nothing within {DEADLINE} s"


@pytest.fixture(params=["sdk", "boto3"])
def used(request, lab):
    aws = boto3.Session() if request.param == "boto3" else None
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

    threads = [threading.Thread(target=busy, args=(thread,)) for thread in range(8)]
    for thread in threads:
        thread.start()
    try:
        for fork in range(FORKS):
            said = in_child(lambda: both_ways(used))
            assert not said, f"fork {fork}: {said}"
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert not failed
    assert all(done), "a thread of the parent made no progress"


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
