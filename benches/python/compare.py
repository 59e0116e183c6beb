"""itemseal beside dynamodb-encryption-sdk 3.3, the same items in one run: ratios, not absolute times.

Median CPU time of the calling thread per item; batches and threads by wall clock.
"""

import argparse
import decimal
import itertools
import json
import multiprocessing
import os
import statistics
import sys
import threading
import time

import itemseal
from boto3.dynamodb.types import Binary, TypeDeserializer, TypeSerializer
from dynamodb_encryption_sdk.delegated_keys.jce import JceNameLocalDelegatedKey
from dynamodb_encryption_sdk.encrypted import CryptoConfig
from dynamodb_encryption_sdk.encrypted.item import (
    decrypt_dynamodb_item,
    decrypt_python_item,
    encrypt_dynamodb_item,
    encrypt_python_item,
)
from dynamodb_encryption_sdk.identifiers import CryptoAction, EncryptionKeyType, KeyEncodingType
from dynamodb_encryption_sdk.material_providers.wrapped import WrappedCryptographicMaterialsProvider
from dynamodb_encryption_sdk.structures import AttributeActions, EncryptionContext

Decimal = decimal.Decimal

SMALL = {"pk": "customer-4711", "sk": Decimal(17), **{f"text{n}": "x" * 50 for n in range(3)}}
# 14 attributes: two keys, two that are signed only, ten encrypted of every type; about 1 KB.
TYPICAL = {
    "pk": "customer-4711",
    "sk": Decimal("20261121"),
    "status": "shipped",
    "region": "eu-west-1",
    "name": "n" * 120,
    "address": "a" * 300,
    "amount": Decimal("1234567.89"),
    "photo": Binary(b"\x17" * 200),
    "active": True,
    "nothing": None,
    "tags": {"alpha", "beta", "gamma"},
    "codes": {Decimal(1), Decimal(22), Decimal(333)},
    "lines": ["first line", Decimal(2), {"sku": "A-1", "count": Decimal(3)}],
    "profile": {"language": "en", "since": Decimal(2019), "notes": "z" * 80},
}
WIDE = {"pk": "customer-4711", "sk": Decimal(1), **{f"attribute{n:03}": "w" * 30 for n in range(98)}}
LARGE = {"pk": "customer-4711", "sk": Decimal(1), "blob": Binary(b"\x2a" * 100 * 1024)}
ITEMS = {"small": SMALL, "typical": TYPICAL, "wide": WIDE, "100 KB": LARGE}
SIGNED = ["pk", "sk", "status", "region"]


def ours():
    table = itemseal.TableConfig(
        "Orders", partition_key="pk", sort_key="sk", sign_only=["status", "region"], suite="hmac-only"
    )
    return itemseal.ItemEncryptor(table, itemseal.RawAesKeyring("bench", "key-1", bytes(range(32))))


def theirs():
    wrapping = JceNameLocalDelegatedKey(
        key=bytes(range(32)), algorithm="AES", key_type=EncryptionKeyType.SYMMETRIC, key_encoding=KeyEncodingType.RAW
    )
    signing = JceNameLocalDelegatedKey(
        key=bytes(range(32)),
        algorithm="HmacSHA256",
        key_type=EncryptionKeyType.SYMMETRIC,
        key_encoding=KeyEncodingType.RAW,
    )
    provider = WrappedCryptographicMaterialsProvider(
        signing_key=signing, wrapping_key=wrapping, unwrapping_key=wrapping
    )
    actions = AttributeActions(attribute_actions={name: CryptoAction.SIGN_ONLY for name in SIGNED})

    def config(item):
        context = EncryptionContext(table_name="Orders", partition_key_name="pk", sort_key_name="sk", attributes=item)
        return CryptoConfig(materials_provider=provider, encryption_context=context, attribute_actions=actions)

    return config


def median_us(call, seconds):
    """The median CPU time of a call, in µs, after a warm-up."""
    clock = time.thread_time_ns
    for _ in range(20):
        call()
    rounds, ends = [], time.perf_counter() + seconds
    while time.perf_counter() < ends:
        count = 20
        start = clock()
        for _ in range(count):
            call()
        rounds.append((clock() - start) / count / 1_000)
    return statistics.median(rounds)


def items(seconds):
    encryptor, config = ours(), theirs()
    print(f"{'item':8} {'layer':8} {'way':8} {'ours µs':>9} {'theirs µs':>10} {'ratio':>7}")
    results = {}
    for name, item in ITEMS.items():
        serialize = TypeSerializer().serialize
        wire = {key: serialize(value) for key, value in item.items()}
        rows = [
            ("python", "encrypt", encryptor.encrypt_item, encrypt_python_item, item, item),
            ("dynamodb", "encrypt", encryptor.encrypt_dynamodb_item, encrypt_dynamodb_item, wire, wire),
        ]
        mine, other = encryptor.encrypt_item(item), encrypt_python_item(item, config(wire))
        assert encryptor.decrypt_item(mine) == item, name
        rows.append(("python", "decrypt", encryptor.decrypt_item, decrypt_python_item, mine, other))
        mine, other = encryptor.encrypt_dynamodb_item(wire), encrypt_dynamodb_item(wire, config(wire))
        rows.append(("dynamodb", "decrypt", encryptor.decrypt_dynamodb_item, decrypt_dynamodb_item, mine, other))
        for layer, way, our_call, their_call, ours_in, theirs_in in rows:
            our_us = median_us(lambda: our_call(ours_in), seconds)
            # It takes attributes out of what it is given.
            their_us = median_us(lambda: their_call(dict(theirs_in), config(wire)), seconds)
            results[name, layer, way] = their_us / our_us
            print(f"{name:8} {layer:8} {way:8} {our_us:9.1f} {their_us:10.1f} {their_us / our_us:7.1f}")
    return results


def many_items():
    return [dict(TYPICAL, sk=Decimal(n)) for n in range(2_000)]


def process_of_its_own(turns):
    """Half of the batch one by one, each time it is asked to: what the machine's second core can do at most."""
    encryptor = ours()
    stored = encryptor.encrypt_items(many_items())
    halves = {"encrypt": (encryptor.encrypt_item, many_items()), "decrypt": (encryptor.decrypt_item, stored)}
    while way := turns.recv():
        one, given = halves[way]
        done = [one(item) for item in given[: len(given) // 2]]
        turns.send(len(done))


def batches(seconds):
    """Many items together, beside the same one by one and beside two processes with half of them, by wall clock."""
    encryptor = ours()
    many = many_items()
    stored = encryptor.encrypt_items(many)
    spawned = multiprocessing.get_context("spawn")
    pipes = [spawned.Pipe() for _ in range(2)]
    processes = [spawned.Process(target=process_of_its_own, args=(theirs,), daemon=True) for _, theirs in pipes]
    for process in processes:
        process.start()

    def halves(way):
        for turns, _ in pipes:
            turns.send(way)
        return [turns.recv() for turns, _ in pipes]

    for way, together, one, given in (
        ("encrypt", encryptor.encrypt_items, encryptor.encrypt_item, many),
        ("decrypt", encryptor.decrypt_items, encryptor.decrypt_item, stored),
    ):
        halves(way)
        ratios, most, ends = [], [], time.perf_counter() + seconds * 8
        while time.perf_counter() < ends:
            times = [time.perf_counter()]
            for work in (lambda: [one(item) for item in given], lambda: together(given), lambda: halves(way)):
                work()
                times.append(time.perf_counter())
            alone, batch, processes_took = (after - before for before, after in itertools.pairwise(times))
            ratios.append(alone / batch)
            most.append(alone / processes_took)
        print(
            f"batch    {way}: {statistics.median(ratios):.2f} times as fast as one by one, {os.cpu_count()} cores;"
            f" two processes: {statistics.median(most):.2f} times"
        )
    for (turns, _), process in zip(pipes, processes, strict=True):
        turns.send(None)
        process.join()


def threads(seconds):
    """Items a second of 1 and of 2 threads."""
    encryptor = ours()
    wire = {key: TypeSerializer().serialize(value) for key, value in WIDE.items()}

    def rate(count):
        done, ends = [0] * count, time.perf_counter() + seconds * 4

        def work(n):
            while time.perf_counter() < ends:
                encryptor.encrypt_dynamodb_item(wire)
                done[n] += 1

        workers = [threading.Thread(target=work, args=(n,)) for n in range(count)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        return sum(done) / (seconds * 4)

    print(f"threads  wide items, two beside one: {rate(2) / rate(1):.2f} times")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=1.0, help="time for each figure")
    given = parser.parse_args()
    print(f"itemseal {itemseal.__version__}, Python {sys.version.split()[0]}")
    items(given.seconds)
    batches(given.seconds)
    threads(given.seconds)


if __name__ == "__main__":
    main()
