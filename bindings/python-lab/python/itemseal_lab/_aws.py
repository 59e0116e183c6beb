"""The environment that makes programs which know nothing of the lab talk to it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

ACCESS_KEY = "lab"
"""Access key and secret: the lab checks no signature, and SDKs want some."""

# A program that has these too would find other credentials, or none.
_REMOVED = ("AWS_DEFAULT_PROFILE", "AWS_PROFILE", "AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN")


def environment(endpoint: str, region: str) -> dict[str, str]:
    """Variables for boto3, the AWS CLI and AWS's SDKs. They prevail over what is set already: an
    endpoint of one service, for one, would otherwise lead to AWS."""
    host = urlsplit(endpoint).hostname or ""
    variables = {
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_DEFAULT_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ENDPOINT_URL_DYNAMODB": endpoint,
        "AWS_ENDPOINT_URL_DYNAMODB_STREAMS": endpoint,
        "AWS_ENDPOINT_URL_KMS": endpoint,
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
        "AWS_REGION": region,
        "AWS_SECRET_ACCESS_KEY": ACCESS_KEY,
        "AWS_USE_DUALSTACK_ENDPOINT": "false",
        "AWS_USE_FIPS_ENDPOINT": "false",
    }
    for name in ("NO_PROXY", "no_proxy"):
        hosts = [one for one in os.environ.get(name, "").split(",") if one]
        variables[name] = ",".join(dict.fromkeys([*hosts, host]))
    return variables


@contextmanager
def as_aws(variables: dict[str, str]) -> Iterator[None]:
    """Sets the variables in this process, and puts everything back. boto3's default session is put
    aside meanwhile, since it keeps the credentials that it once found."""
    before = {name: os.environ.get(name) for name in (*variables, *_REMOVED)}
    session = _swap_default_session(None)
    for name in _REMOVED:
        os.environ.pop(name, None)
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        _swap_default_session(session)


def _swap_default_session(session: object) -> object:
    # boto3 is not imported for this: unless it is there, it has no session either.
    boto3 = sys.modules.get("boto3")
    if boto3 is None:
        return None
    before: object = boto3.DEFAULT_SESSION
    boto3.DEFAULT_SESSION = session  # type: ignore[attr-defined, unused-ignore]
    return before
