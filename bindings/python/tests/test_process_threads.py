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
from faults import calls
from hanging import hanging

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


@pytest.mark.parametrize("method", ["encrypt_item", "encrypt_items"])
def test_ctrl_c_ends_a_call_that_waits_for_kms(lab, aws, monkeypatch, method):
    used = over_kms(lab, aws, US)
    with hanging(lambda: os.kill(os.getpid(), signal.SIGINT)) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_KMS", url)
        began = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            getattr(used, method)(ITEM if method == "encrypt_item" else [ITEM])
    assert time.monotonic() - began < LONG / 2


def test_a_process_that_is_interrupted_ends_at_once_and_in_order(lab, monkeypatch):
    """Though a thread still waits for KMS."""
    program = """
import boto3, itemseal, sys
keyring = itemseal.MrkKeyring(sys.argv[1], deadline=60)
used = itemseal.ItemEncryptor(itemseal.TableConfig("Orders", partition_key="OrderID"), keyring, aws=boto3.Session())
try:
    used.encrypt_item({"OrderID": "1"})
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""
    key, asked = lab.create_key(), threading.Event()
    with hanging(asked.set) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_KMS", url)
        arguments = [sys.executable, "-c", program, key]
        started = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert asked.wait(LONG)
        started.send_signal(signal.SIGINT)
        out, err = started.communicate(timeout=LONG)
    assert (out, started.returncode) == ("interrupted\n", 0), err


def test_threads_go_on_while_one_waits_for_kms(lab, aws):
    slow, fast = over_kms(lab, aws, US, deadline=8), over_kms(lab, aws, EU)
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

    with lab.outage(US, "kms", "hang"):
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

    with lab.outage(US, "kms", "hang"):
        began = time.monotonic()
        asyncio.run(main())
        assert time.monotonic() - began < LONG / 2
    before = calls(lab, "GenerateDataKey", US)
    assert used.encrypt_item(ITEM)["Card"] != "4111"
    # The cancelled one asks for nothing more.
    assert calls(lab, "GenerateDataKey", US) == before + 1


def test_a_thread_that_gets_its_answer_while_the_interpreter_ends_does_no_harm(lab, monkeypatch):
    program = """
import boto3, itemseal, os, sys, threading
keyring = itemseal.MrkKeyring(sys.argv[1], deadline=60)
used = itemseal.ItemEncryptor(itemseal.TableConfig("Orders", partition_key="OrderID"), keyring, aws=boto3.Session())
threading.Thread(target=used.encrypt_item, args=({"OrderID": "1"},), daemon=True).start()
os.read(0, 1)

class Last:
    def __del__(self, read=os.read, write=os.write):
        # The modules are being cleared: no other thread may have the interpreter any more.
        write(1, b"!")
        read(0, 1)

last = Last()
"""
    key, asked = lab.create_key(), threading.Event()
    with hanging(asked.set) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_KMS", url)
        started = subprocess.Popen(
            [sys.executable, "-c", program, key], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert asked.wait(LONG)
        started.stdin.write(b"1")
        started.stdin.flush()
        assert started.stdout.read(1) == b"!"
        tasks = f"/proc/{started.pid}/task"
        before = len(os.listdir(tasks))
    # The connection is closed now: the thread goes on, finds no interpreter, and ends.
    ends = time.monotonic() + LONG
    while started.poll() is None and len(os.listdir(tasks)) >= before and time.monotonic() < ends:
        pass
    out, err = started.communicate(b"1", timeout=LONG)
    assert (out, started.returncode) == (b"", 0), err
