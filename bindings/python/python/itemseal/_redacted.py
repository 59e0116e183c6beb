"""Keeps items out of the logs of what stands above a client.

At DEBUG, boto3's resources write every parameter and answer as it is, and PynamoDB every parameter.
"""

from __future__ import annotations

import contextvars
import logging
from collections.abc import Mapping
from typing import Any

_LOGGERS = (
    "boto3.resources.action",
    "boto3.resources.collection",
    "aioboto3.resources.action",
    "aioboto3.resources.collection",
    "pynamodb.connection.base",
)
_HIDDEN = "<hidden by itemseal>"
# The answer is logged next, by the same thread or task, and does not say whose it is.
_is_ours: contextvars.ContextVar[bool] = contextvars.ContextVar("itemseal_redacts", default=True)


class _Redaction(logging.Filter):
    """Leaves of DynamoDB's calls the operation, the parameters' names and the table's."""

    def filter(self, record: logging.LogRecord) -> bool:
        args = record.args
        if isinstance(args, tuple) and len(args) == 3 and "%s:%s" in str(record.msg):
            service, operation, params = args
            _is_ours.set(service == "dynamodb")
            if service == "dynamodb":
                record.args = (service, operation, _names(params))
        elif isinstance(args, tuple) and str(record.msg).startswith("Calling %s with arguments %s"):
            record.args = (args[0], _names(args[1]))
        elif args and str(record.msg).startswith("Response: %r") and _is_ours.get():
            record.args = _HIDDEN if isinstance(args, Mapping) else tuple(_HIDDEN for _ in args)  # type: ignore[assignment]
        return True


def _names(params: Any) -> Any:
    if not isinstance(params, Mapping):
        return _HIDDEN
    return {name: value if name == "TableName" else _HIDDEN for name, value in params.items()}


_redaction = _Redaction()


def redact_actions() -> None:
    """Adds the filter; a logger keeps one only once."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_redaction)
