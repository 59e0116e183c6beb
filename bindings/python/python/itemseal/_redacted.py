"""Keeps items out of boto3's log: at DEBUG, its resources write every parameter and answer as it is."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from typing import Any

_LOGGERS = ("boto3.resources.action", "boto3.resources.collection")
_HIDDEN = "<hidden by itemseal>"


class _Redaction(logging.Filter):
    """Leaves of DynamoDB's calls the operation, the parameters' names and the table's."""

    def __init__(self) -> None:
        super().__init__()
        self._call = threading.local()

    def filter(self, record: logging.LogRecord) -> bool:
        args = record.args
        if isinstance(args, tuple) and len(args) == 3 and "%s:%s" in str(record.msg):
            service, operation, params = args
            # The answer is logged next, by the same thread, and does not say whose it is.
            self._call.is_ours = service in ("dynamodb", "dynamodbstreams")
            if self._call.is_ours:
                record.args = (service, operation, _names(params))
        elif args and getattr(self._call, "is_ours", True):
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
