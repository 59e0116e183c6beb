"""What the hooks add to a boto3 call beyond the encryption itself, over canned answers: no network.

Median CPU time of the calling thread, in µs: a plain client; a plain client whose program encrypts and decrypts by hand;
an attached client; and what the hooks cost beyond doing it by hand, the median of what each turn differs by: a machine that
is now faster and now slower counts in a turn for both.
"""

import argparse
import base64
import json
import statistics
import time

import boto3
import itemseal
from boto3.dynamodb.types import TypeSerializer
from botocore.awsrequest import AWSResponse
from compare import TYPICAL


class Raw:
    """A body that has arrived."""

    def __init__(self, body):
        self.body = body

    def stream(self, **_):
        yield self.body


def client(body):
    """A client whose every call is answered with body."""
    made = boto3.client(
        "dynamodb",
        region_name="eu-west-1",
        endpoint_url="http://127.0.0.1:1",
        aws_access_key_id="AK",
        aws_secret_access_key="secret",
    )

    def answer(request, **_):
        headers = {"content-type": "application/x-amz-json-1.0", "content-length": str(len(body))}
        return AWSResponse(request.url, 200, headers, Raw(body))

    made.meta.events.register("before-send.dynamodb.*", answer)
    return made


def wire_json(item):
    def text(value):
        return base64.b64encode(value).decode() if isinstance(value, bytes) else list(value)

    return json.dumps(item, default=text)


def together(calls, seconds):
    """What several calls took, in turns so that the machine is the same to all."""
    rounds = [[] for _ in calls]
    for call in calls:
        for _ in range(20):
            call()
    ends = time.perf_counter() + seconds * len(calls)
    while time.perf_counter() < ends:
        for call, figures in zip(calls, rounds):
            start = time.thread_time_ns()
            for _ in range(10):
                call()
            figures.append((time.thread_time_ns() - start) / 10_000)
    return rounds


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0, help="time for each figure")
    seconds = parser.parse_args().seconds
    table = itemseal.TableConfig(
        "Orders", partition_key="pk", sort_key="sk", sign_only=["status", "region"], suite="hmac-only"
    )
    keyring = itemseal.RawAesKeyring("bench", "key-1", bytes(range(32)))
    encryptor = itemseal.ItemEncryptor(table, keyring)
    item = {name: TypeSerializer().serialize(value) for name, value in TYPICAL.items()}
    stored = encryptor.encrypt_dynamodb_item(item)
    key = {"pk": item["pk"], "sk": item["sk"]}
    described = {
        "Table": {
            "TableName": "Orders",
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        }
    }
    answer = {"Item": stored, **described}
    plain, attached = client(wire_json(answer).encode()), client(wire_json(answer).encode())
    itemseal.attach(attached, config={"Orders": table}, keyring=keyring)
    rows = {
        "put_item": [
            lambda: plain.put_item(TableName="Orders", Item=stored),
            lambda: plain.put_item(TableName="Orders", Item=encryptor.encrypt_dynamodb_item(item)),
            lambda: attached.put_item(TableName="Orders", Item=item),
        ],
        "get_item": [
            lambda: plain.get_item(TableName="Orders", Key=key),
            lambda: encryptor.decrypt_dynamodb_item(plain.get_item(TableName="Orders", Key=key)["Item"]),
            lambda: attached.get_item(TableName="Orders", Key=key),
        ],
    }
    assert attached.get_item(TableName="Orders", Key=key)["Item"].keys() == item.keys()
    print(f"{'':9} {'plain':>8} {'by hand':>9} {'attached':>9} {'hooks':>7}")
    for name, calls in rows.items():
        rounds = together(calls, seconds)
        without, by_hand, with_hooks = (statistics.median(figures) for figures in rounds)
        hooks = statistics.median(hooks - hand for _, hand, hooks in zip(*rounds, strict=True))
        print(f"{name:9} {without:8.1f} {by_hand:9.1f} {with_hooks:9.1f} {hooks:7.1f}")


if __name__ == "__main__":
    main()
