"""The errors that boto3's users catch as ClientError; imported only where botocore is."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError  # type: ignore[import-untyped, unused-ignore]

from itemseal import exceptions


class _ServiceError(exceptions.ServiceError, ClientError):  # type: ignore[misc, unused-ignore]
    def __init__(self, message: str) -> None:
        Exception.__init__(self, message)
        self.response: Any = {}
        self.operation_name = ""


class _ConflictError(exceptions.ConflictError, _ServiceError):
    pass


for _class, _of in ((_ServiceError, exceptions.ServiceError), (_ConflictError, exceptions.ConflictError)):
    # What a traceback shows is the name that is caught.
    _class.__name__, _class.__qualname__, _class.__module__ = _of.__name__, _of.__qualname__, _of.__module__
    _class.__doc__ = _of.__doc__

del _class, _of

BY_NAME: dict[str, type[exceptions.Error]] = {"ServiceError": _ServiceError, "ConflictError": _ConflictError}
