"""A lab: boto3 clients of it, and its own API, which moves its clock and its changes."""

import datetime
import json
import urllib.request

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

US, EU, AP = "us-east-1", "eu-west-1", "ap-northeast-1"
ACCOUNT = "111122223333"

# A session reads the services' models once.
SESSION = boto3.session.Session(aws_access_key_id="AK", aws_secret_access_key="secret")
# An error is an answer here, and not tried again.
CONFIG = Config(retries={"total_max_attempts": 1, "mode": "standard"})


class Lab:
    def __init__(self, url):
        self.url = url
        self.clients = {}

    def client(self, service, region):
        known = (service, region)
        if known not in self.clients:
            self.clients[known] = SESSION.client(
                service, region_name=region, endpoint_url=self.url, config=CONFIG
            )
        return self.clients[known]

    def api(self, method, path, body=None):
        """Calls the lab's own API."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_lab/{path}", data=data, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def status(self):
        return self.api("GET", "status")

    def now(self):
        seconds = self.status()["clock"]["now_us"] / 1_000_000
        return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)

    def advance(self, **period):
        """Moves the clock: ``advance(days=7)``."""
        by = datetime.timedelta(**period) // datetime.timedelta(milliseconds=1)
        self.api("POST", "clock/advance", {"by_ms": by})

    def deliver(self, source, to, most=1):
        return self.api("POST", "deliver", {"from": source, "to": to, "most": most})

    def converge(self):
        return self.api("POST", "converge")

    def fault(self, **fault):
        """Something goes wrong until the answer is called."""
        added = self.api("POST", "faults", fault)["id"]
        return lambda: self.api("DELETE", f"faults/{added}")


def says(call, **arguments):
    """An error's name and text; none if there is no error."""
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"], error.response["Error"].get("Message", "")
    return None


def denied(code, call, **arguments):
    """Asserts that a call is refused with an error of this name, and gives its text."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    error = caught.value.response["Error"]
    assert error["Code"] == code, error
    return error.get("Message", "")


def until(what, ask):
    """Asks until there is an answer, and gives up after many times: each is a call of the lab."""
    for _ in range(5_000):
        if answer := ask():
            return answer
    raise AssertionError(f"it never happened that {what}")
