"""boto3 sessions whose clients talk to a lab. Importing this imports boto3."""

from __future__ import annotations

from typing import Any

import boto3  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]

from ._aws import ACCESS_KEY
from .exceptions import LabError

_SERVICES = ("dynamodb", "dynamodbstreams", "kms")


class LabSession(boto3.Session):  # type: ignore[misc]
    """A session whose clients and resources are the lab's, unless they are given an endpoint."""

    def __init__(self, endpoint: str, region: str) -> None:
        super().__init__(
            aws_access_key_id=ACCESS_KEY, aws_secret_access_key=ACCESS_KEY, region_name=region
        )
        self._lab_endpoint = endpoint

    def client(self, service_name: str, *args: Any, **kwargs: Any) -> Any:
        """As of `boto3.Session.client`."""
        # The sixth parameter: `resource` gives it by name, and so does everybody else.
        if len(args) < 5 and kwargs.get("endpoint_url") is None:
            if service_name not in _SERVICES:
                raise LabError(
                    f"the lab has no {service_name}, only {', '.join(_SERVICES)}: give the endpoint_url "
                    "of whatever stands in for it"
                )
            kwargs["endpoint_url"] = self._lab_endpoint
            # The lab is on this machine: no proxy leads to it.
            kwargs["config"] = Config(proxies={}).merge(kwargs.get("config") or Config())
        return super().client(service_name, *args, **kwargs)
