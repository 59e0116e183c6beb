"""What goes wrong, by what a caller can do about it. All are itemseal.Error."""

from __future__ import annotations

import sys
from typing import Any, Optional

__all__ = [
    "AuthenticationError",
    "ConflictError",
    "Error",
    "InternalError",
    "KeyDeniedError",
    "KeyUnavailableError",
    "MalformedError",
    "MisuseError",
    "NotEncryptedError",
    "RefusedError",
    "ServiceError",
    "TooLargeError",
    "UnsupportedTypeError",
]


class Error(Exception):
    """Any error of itemseal. Its text names what it is about and what to do, and never a value of an item."""

    attribute: Optional[str] = None
    """The attribute that it is about."""
    region: Optional[str] = None
    """The AWS Region that answered, or did not."""
    retryable: bool = False
    """Whether the same call can succeed later, or in another Region."""
    code: Optional[str] = None
    """The AWS service's error code, for example ``DisabledException``."""
    request_id: Optional[str] = None
    """The AWS service's request id."""


class AuthenticationError(Error):
    """The item was altered, or encrypted under another key or in another context. Nothing more is said."""


class MalformedError(Error, ValueError):
    """What was given cannot be parsed."""


class NotEncryptedError(Error, ValueError):
    """The item has neither header nor footer."""


class MisuseError(Error, ValueError):
    """A call or a configuration that cannot be right."""


class UnsupportedTypeError(MisuseError, TypeError):
    """A value of a type that DynamoDB, or this call, has nothing for."""


class RefusedError(Error):
    """An operation that would leak plaintext, or whose result could not be verified."""


class TooLargeError(Error, ValueError):
    """A limit of DynamoDB, KMS or the format is passed."""


class KeyDeniedError(Error):
    """The key exists, but may not be used: denied, disabled, or pending deletion."""


class KeyUnavailableError(Error):
    """The key could not be reached. Worth trying again, here or in another Region."""


class ServiceError(Error):
    """An AWS service refused the request; ``code`` and ``request_id`` say how.

    Where botocore is in use, what is raised is also a ``botocore.exceptions.ClientError``.
    """


class ConflictError(ServiceError):
    """A condition or an optimistic lock did not hold."""

    item: Optional[dict[str, Any]] = None
    """The item as it was found, opened, if ``ReturnValuesOnConditionCheckFailure`` asked for it."""
    reasons: Optional[list[dict[str, Any]]] = None
    """Why a transaction was cancelled: for each of its parts a dict with ``Code``, ``"None"`` for a part that was not
    the reason, and ``Item`` if it was asked for."""


class InternalError(Error):
    """A defect in itemseal, or a failure of the machine."""


def _class_of(name: str, code: Optional[str]) -> type[Error]:
    known: type[Error] = globals()[name]
    if code is not None and "botocore.exceptions" in sys.modules:
        from itemseal import _client_errors

        return _client_errors.BY_NAME.get(name, known)
    return known


def _of_native(
    name: str,
    message: str,
    attribute: Optional[str],
    region: Optional[str],
    retryable: bool,
    code: Optional[str],
    request_id: Optional[str],
) -> Error:
    error = _class_of(name, code)(message)
    error.attribute, error.region, error.retryable = attribute, region, retryable
    error.code, error.request_id = code, request_id
    if code is not None and hasattr(error, "response"):
        error.response = {
            "Error": {"Code": code, "Message": message},
            "ResponseMetadata": {"RequestId": request_id or ""},
        }
    return error


def _found(error: Error, item: Optional[dict[str, Any]], reasons: Optional[list[dict[str, Any]]]) -> None:
    """Adds what DynamoDB found, also where botocore has it."""
    response = getattr(error, "response", {})
    if item is not None:
        error.item = response["Item"] = item  # type: ignore[attr-defined]
    if reasons is not None:
        error.reasons = response["CancellationReasons"] = reasons  # type: ignore[attr-defined]
