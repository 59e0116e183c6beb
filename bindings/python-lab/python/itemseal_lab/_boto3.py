"""boto3 sessions and clients that talk to a lab. Importing this imports boto3."""

from __future__ import annotations

import threading
from typing import Any

import boto3  # type: ignore[import-untyped, unused-ignore]
from botocore.config import Config  # type: ignore[import-untyped, unused-ignore]

from ._aws import ACCESS_KEY
from .exceptions import LabError

_KEYS: dict[str, Any] = {"aws_access_key_id": ACCESS_KEY, "aws_secret_access_key": ACCESS_KEY}
_SERVICES = ("dynamodb", "dynamodbstreams", "kms")

# A session reads what boto3 knows of a service anew, which takes ten times what a client takes
# otherwise. So all clients are made by one, which nobody sees; they share nothing that could be
# changed. Clients can be used by several threads, and a session not by two that make some.
_making = threading.Lock()
_kept: Any = None


# Typed or not, by what is installed beside it.
_Session: Any = boto3.Session


class LabSession(_Session):  # type: ignore[misc]
    """A session whose clients and resources are the lab's, unless they are given an endpoint."""

    def __init__(self, endpoint: str, region: str) -> None:
        super().__init__(**_KEYS, region_name=region)
        self._lab_endpoint = endpoint

    def client(self, service_name: str, *args: Any, **kwargs: Any) -> Any:
        """As of `boto3.Session.client`."""
        # The sixth parameter: `resource` gives it by name, and so does everybody else.
        if len(args) < 5 and kwargs.get("endpoint_url") is None:
            kwargs = _directed(self._lab_endpoint, service_name, kwargs)
        return super().client(service_name, *args, **kwargs)


def client(endpoint: str, region: str, service: str, kwargs: dict[str, Any]) -> Any:
    """A client of the lab in a Region."""
    if kwargs.get("endpoint_url") is None:
        kwargs = _directed(endpoint, service, kwargs)
    global _kept
    with _making:
        if _kept is None:
            _kept = boto3.Session(**_KEYS)
        return _kept.client(service, **{"region_name": region, **kwargs})


def _directed(endpoint: str, service: str, kwargs: dict[str, Any]) -> dict[str, Any]:
    if service not in _SERVICES:
        raise LabError(
            f"the lab has no {service}, only {', '.join(_SERVICES)}: give the endpoint_url of "
            "whatever stands in for it"
        )
    # The lab is on this machine: no proxy leads to it.
    config = Config(proxies={}).merge(kwargs.get("config") or Config())
    return {**kwargs, "endpoint_url": endpoint, "config": config}
