"""Starts a lab, and gives boto3 clients of it.

The lab's program is what ``ITEMSEAL_LAB_SERVE`` names: it prints the endpoint's URL on one line, and
ends when its standard input does. Without it, the lab crate's example ``serve`` is built and run.
"""

import os
import pathlib
import subprocess

import boto3
import pytest
from botocore.config import Config

ROOT = pathlib.Path(__file__).resolve().parents[2]
CARGO = ["cargo", "run", "--quiet", "--package", "itemseal-lab", "--example", "serve"]


@pytest.fixture(scope="session")
def endpoint():
    given = os.environ.get("ITEMSEAL_LAB_SERVE")
    process = subprocess.Popen(
        [given] if given else CARGO,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        url = process.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:"), f"the lab said {url!r}"
        yield url
    finally:
        process.stdin.close()
        process.wait(timeout=30)


@pytest.fixture
def client(endpoint, monkeypatch):
    """``client("kms", "eu-west-1")``: plain boto3, told of the lab by its environment only."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AK")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.delenv("AWS_PROFILE", raising=False)

    def make(service, region):
        # An error is an answer here, and not tried again.
        config = Config(retries={"max_attempts": 1, "mode": "standard"})
        return boto3.session.Session().client(service, region_name=region, config=config)

    return make
