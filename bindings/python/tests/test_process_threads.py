"""Threads, signals and event loops while a call waits for KMS."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time

import boto3
import pytest

import itemseal
from conftest import EU, US
from faults import calls, outage

TABLE = itemseal.TableConfig("Orders", partition_key="OrderID")
ITEM = {"OrderID": "1", "Card": "4111"}
# Longer than any of this takes; a test that waits for it has failed.
LONG = 60


@pytest.fixture(params=["sdk", "boto3"])
def aws(request, lab):
    return boto3.Session() if request.param == "boto3" else None


def over_kms(lab, aws, region, deadline=LONG):
    keyring = itemseal.MrkKeyring(lab.create_key(), [region], deadline=deadline)
    return itemseal.ItemEncryptor(TABLE, keyring, aws=aws)


def interrupts(call):
    """Makes a call in this thread, which a SIGINT ends as soon as it waits."""
    main, waiting = threading.main_thread().ident, threading.Event()

    def interrupt():
        waiting.wait(LONG)
        os.kill(os.getpid(), signal.SIGINT)

    timer = threading.Thread(target=interrupt)
    timer.start()
    began = time.monotonic()
    try:
        with pytest.raises(KeyboardInterrupt):
            waiting.set()
            call()
    finally:
        timer.join()
    return time.monotonic() - began


def test_ctrl_c_ends_a_call_that_waits_for_kms(lab, aws):
    used = over_kms(lab, aws, US)
    used.encrypt_item(ITEM)
    with outage(lab, US, "hang"):
        assert interrupts(lambda: used.encrypt_item(ITEM)) < LONG / 2
        assert interrupts(lambda: used.encrypt_items([ITEM] * 40)) < LONG / 2
    assert used.decrypt_item(used.encrypt_item(ITEM)) == ITEM


def test_a_process_that_is_interrupted_ends_at_once_and_in_order(lab):
    """Though a thread still waits for KMS."""
    program = """
import boto3, itemseal, sys
keyring = itemseal.MrkKeyring(sys.argv[1], deadline=60)
used = itemseal.ItemEncryptor(itemseal.TableConfig("Orders", partition_key="OrderID"), keyring, aws=boto3.Session())
print("begins", flush=True)
try:
    used.encrypt_item({"OrderID": "1"})
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""
    key = lab.create_key()
    with outage(lab, US, "hang"):
        started = subprocess.Popen(
            [sys.executable, "-c", program, key], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert started.stdout.readline() == "begins\n"
        # A signal may come before the call waits, too.
        started.send_signal(signal.SIGINT)
        out, err = started.communicate(timeout=LONG)
    assert (out, started.returncode) == ("interrupted\n", 0), err


def test_threads_go_on_while_one_waits_for_kms(lab, aws):
    slow, fast = over_kms(lab, aws, US), over_kms(lab, aws, EU)
    fast.encrypt_item(ITEM)
    failed, ended = [], threading.Event()

    def waits():
        try:
            slow.encrypt_item(ITEM)
        except itemseal.KeyUnavailableError:
            ended.set()
        except BaseException as error:
            failed.append(error)

    def works():
        try:
            for _ in range(20):
                assert fast.decrypt_item(fast.encrypt_item(ITEM)) == ITEM
                assert not ended.is_set()
        except BaseException as error:
            failed.append(error)

    slow = over_kms(lab, aws, US, deadline=8)
    with outage(lab, US, "hang"):
        waiting = threading.Thread(target=waits)
        waiting.start()
        workers = [threading.Thread(target=works) for _ in range(8)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert not failed
        waiting.join()
    assert not failed and ended.is_set()


def test_the_loop_goes_on_and_a_cancelled_call_ends(lab, aws):
    used = over_kms(lab, aws, US, deadline=LONG)
    other = over_kms(lab, aws, EU)

    async def main():
        task = asyncio.ensure_future(used.encrypt_item_async(ITEM))
        # The loop has time for others meanwhile.
        assert await other.decrypt_item_async(await other.encrypt_item_async(ITEM)) == ITEM
        assert not task.done()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with outage(lab, US, "hang"):
        began = time.monotonic()
        asyncio.run(main())
        assert time.monotonic() - began < LONG / 2
    before = calls(lab, "GenerateDataKey", US)
    assert used.encrypt_item(ITEM)["Card"] != "4111"
    # The cancelled one asks for nothing more.
    assert calls(lab, "GenerateDataKey", US) == before + 1
