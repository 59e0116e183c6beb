"""Starts labs, and gives boto3 clients of them.

The lab's program is what ``ITEMSEAL_LAB_SERVE`` names: it prints the endpoint's URL on one line, and
ends when its standard input does. Without it, the lab crate's example ``serve`` is built and run.
"""

import contextlib
import json
import os
import pathlib
import subprocess

import boto3
import pytest
from botocore.config import Config

pytest.register_assert_rewrite("keys", "lab", "tables")

from keys import Keys  # noqa: E402
from lab import Lab  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ["cargo", "build", "--quiet", "--package", "itemseal-lab", "--example", "serve"]


@pytest.fixture(scope="session")
def program():
    """The path of the lab's program."""
    if given := os.environ.get("ITEMSEAL_LAB_SERVE"):
        return given
    built = subprocess.run(
        [*BUILD, "--message-format=json"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    messages = [json.loads(line) for line in built.stdout.splitlines()]
    (path,) = [message["executable"] for message in messages if message.get("executable")]
    return path


@contextlib.contextmanager
def serve(program, *options):
    process = subprocess.Popen(
        [program, *options], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        url = process.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:"), f"the lab said {url!r}"
        yield url
    finally:
        process.stdin.close()
        process.wait(timeout=30)
        process.stdout.close()


@pytest.fixture(scope="session")
def endpoint(program):
    """A lab on the machine's clock, whose changes go by themselves."""
    with serve(program) as url:
        yield url


@pytest.fixture
def client(endpoint, monkeypatch):
    """``client("kms", "eu-west-1")``: plain boto3, told of the lab by its environment only."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AK")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.delenv("AWS_PROFILE", raising=False)

    def make(service, region):
        # An error is an answer here, and not tried again.
        config = Config(retries={"total_max_attempts": 1, "mode": "standard"})
        return boto3.session.Session().client(service, region_name=region, config=config)

    return make


@pytest.fixture
def lab(program):
    """A lab of the test's own, whose clock and replication stand still until they are told."""
    with serve(program, "--manual") as url:
        yield Lab(url)


@pytest.fixture
def keys(lab):
    """Keys whose states change at once."""
    return Keys(lab)


@pytest.fixture
def slow_keys(program):
    """Keys that are replicated, and change their primary, in a minute."""
    with serve(program, "--manual", "--slow-keys") as url:
        yield Keys(Lab(url))
