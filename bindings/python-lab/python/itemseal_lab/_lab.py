"""The lab."""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from . import _aws
from ._faults import Faults
from ._itemseal_lab import Server
from ._server import millis, names
from .exceptions import LabError, MissingBoto3Error

if TYPE_CHECKING:
    # boto3 has no types of its own; with its stubs this is their Session.
    from boto3 import Session as _Session  # type: ignore[import-untyped, unused-ignore]

KeyAttribute: TypeAlias = str | tuple[str, Literal["S", "N", "B"]]
"""A key attribute of a table: a string's name, or a name and DynamoDB's letter for its type."""

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


class Lab(Faults):
    """AWS KMS and DynamoDB in several Regions, behind one endpoint on 127.0.0.1.

    It starts empty, runs in this process on threads of its own, and is gone when it is closed: use
    it in a `with` block, or `close` it. Its methods can be called by any thread.

    `regions` have tables (KMS has every Region), the first one being the home of what is created
    without naming Regions; with `every_region` instead, all have. `port` is any free one unless
    given. With `manual` the clock and replication stand still until `advance`, `deliver` and
    `converge`; the clock then starts at 2026-01-01. With `slow_keys` a replica of a key is
    ``Creating``, and a change of the primary ``Updating``, for a minute of the lab's clock.
    """

    _closed = True

    def __init__(
        self,
        regions: Iterable[str] | None = None,
        *,
        every_region: bool = False,
        port: int = 0,
        manual: bool = False,
        slow_keys: bool = False,
    ) -> None:
        given = None if regions is None else names(regions)
        if every_region == bool(given):
            raise LabError(
                "a lab needs Regions: Lab(regions=['us-east-1', 'eu-west-1']), or "
                "Lab(every_region=True), and not both"
            )
        if not 0 <= port <= 65535:
            raise LabError(f"port {port} is none: it is a number to 65535, or 0 for any free one")
        self._server = Server(given or None, port, manual, slow_keys)
        self._regions = tuple(given or ())
        self._manual = manual
        self._closed = False

    @property
    def endpoint(self) -> str:
        """The URL of every service in every Region, such as ``http://127.0.0.1:40123``: what
        ``AWS_ENDPOINT_URL`` is set to. A request's Region is that of its signature."""
        return self._server.endpoint

    @property
    def regions(self) -> tuple[str, ...]:
        """The Regions that have tables, as they were given; with `every_region` those that were
        used, in the order of their names."""
        return self._regions or tuple(self._server.regions())

    # Clients.

    def boto3(self, service: str, region: str | None = None, **kwargs: Any) -> Any:
        """A boto3 client of ``"dynamodb"``, ``"dynamodbstreams"`` or ``"kms"`` in a Region, the
        first unless given. `kwargs` are those of `boto3.Session.client`.

        A client repeats calls for a long time. For a test of outages give it less patience:
        ``config=Config(retries={"total_max_attempts": 1}, read_timeout=1)``."""
        return self._boto3_module().client(self.endpoint, self._one(region), service, kwargs)

    def session(self, region: str | None = None) -> _Session:
        """A boto3 session whose clients and resources are those of a Region, the first unless
        given."""
        session: _Session = self._boto3_module().LabSession(self.endpoint, self._one(region))
        return session

    def environment(self, region: str | None = None) -> dict[str, str]:
        """Environment variables that make boto3, the AWS CLI and AWS's SDKs talk to the lab, in a
        Region, the first unless given: for a subprocess, with those of this process around them."""
        return _aws.environment(self.endpoint, self._one(region))

    @contextmanager
    def as_aws(self, region: str | None = None) -> Iterator[Lab]:
        """Sets the `environment` in this process, and puts it back as it was. For one thread at a
        time: a process has one environment. Clients that were made before stay as they are."""
        with _aws.as_aws(self.environment(region)):
            yield self

    # Keys and tables.

    def create_key(self, regions: Iterable[str] | None = None, description: str = "") -> str:
        """A multi-Region key in the first of the Regions, with a replica in each other one; the
        lab's Regions unless given. Answers with the ARN in the first. All can be used at once,
        except in a lab with `slow_keys`."""
        home, *others = self._choose(regions, "a key")
        return self._server.create_key(home, others, description)

    def create_table(
        self,
        name: str,
        partition_key: KeyAttribute,
        sort_key: KeyAttribute | None = None,
        regions: Iterable[str] | None = None,
    ) -> None:
        """A table in the first of the Regions, with a replica in each other one; the lab's Regions
        unless given. All can be used at once. For indexes, streams and the like use boto3's
        ``create_table`` and ``update_table``."""
        home, *others = self._choose(regions, f"the table {name}")
        sort = None if sort_key is None else _key(sort_key)
        self._server.create_table(name, _key(partition_key), sort, home, others)

    # Replication and time.

    def converge(self, timeout: float = 0) -> int:
        """Delivers until no change waits: then all replicas are equal, if nobody writes meanwhile.
        Answers with the number of changes that it delivered itself. Changes that are still on their
        way are waited for up to `timeout` seconds of the machine's clock.

        Raises `LabError`, which says how many changes wait from where to where, if Regions are cut
        off from each other or changes are not due."""
        end = time.monotonic() + timeout
        delivered = 0
        while True:
            status, answer = self._request("POST", "converge")
            if status < 400:
                return delivered + int(answer["applied"] + answer["superseded"])
            message = answer["message"].rstrip(";")
            if "next_delivery_at_us" not in answer:
                raise LabError(message)
            due = (answer["next_delivery_at_us"] - self._micros()) / 1_000_000
            left = end - time.monotonic()
            if self._manual:
                raise LabError(f"{message}; the first is due after advance({max(due, 0):g})")
            if due > left:
                raise LabError(
                    f"{message}; the first is due in {due:g} seconds: give converge(timeout=...) "
                    "as much, or end the lag with restore()"
                )
            time.sleep(max(due, 0))

    def deliver(self, source: str, target: str, most: int = 1) -> int:
        """Delivers up to `most` changes from one Region to another, oldest first, and none that is
        not due; none if they are cut off from each other. Answers with their number."""
        body = {"from": self._region(source), "to": self._region(target), "most": most}
        answer = self._ask("POST", "deliver", body)
        return int(answer["applied"] + answer["superseded"])

    def expire(self, region: str | None = None) -> int:
        """Deletes the items whose time to live is over, in a Region or in all, and answers with
        their number. In a lab that is not `manual` it happens by itself."""
        body = {} if region is None else {"region": self._region(region)}
        return int(self._ask("POST", "expire", body)["expired"])

    def advance(self, seconds: float) -> datetime:
        """Moves the clock of a `manual` lab, by whole milliseconds, and answers with its time."""
        if not self._manual:
            raise LabError(
                "this lab runs on the machine's clock, which moves by itself: use Lab(manual=True)"
            )
        by = round(millis("the time to advance by", seconds))
        answer = self._ask("POST", "clock/advance", {"by_ms": by})
        return _EPOCH + timedelta(microseconds=answer["now_us"])

    @property
    def now(self) -> datetime:
        """The time of the lab's clock, without any Region's skew."""
        return _EPOCH + timedelta(microseconds=self._micros())

    # The whole.

    def status(self) -> dict[str, Any]:
        """What there is: Regions with their tables, changes that wait, calls of KMS, faults, the
        clock. As the lab's own API has it at ``/_lab/status``."""
        return self._ask("GET", "status")

    def reset(self, keys: bool = False) -> None:
        """Deletes all tables, ends all faults and counts calls from 0; with `keys` it deletes them
        too. The endpoint stays."""
        self._ask("POST", "reset", {"keys": keys})

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._closed

    def close(self) -> None:
        """Ends the lab with all that it has; calls that are being served get two seconds. Twice is
        once. In a process that was forked from the lab's it ends nothing."""
        if not self._closed:
            self._closed = True
            self._server.stop()

    def __enter__(self) -> Lab:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __del__(self) -> None:
        if not self._closed and self._server.process == os.getpid():
            warnings.warn(f"unclosed {self!r}", ResourceWarning, stacklevel=2, source=self)
            self.close()

    def __repr__(self) -> str:
        if self._closed:
            return "<Lab, closed>"
        return f"<Lab {self.endpoint}: {', '.join(self._regions) or 'every Region'}>"

    @staticmethod
    def _boto3_module() -> ModuleType:
        try:
            from . import _boto3
        except ModuleNotFoundError as error:
            if error.name not in ("boto3", "botocore"):
                raise
            raise MissingBoto3Error(
                "boto3 is not installed: pip install itemseal-lab[boto3]", name=error.name
            ) from error
        return _boto3

    def _one(self, region: str | None) -> str:
        return self._choose(None, "a client")[0] if region is None else self._region(region)

    def _micros(self) -> int:
        return int(self.status()["clock"]["now_us"])


def _key(attribute: KeyAttribute) -> tuple[str, str]:
    return (attribute, "S") if isinstance(attribute, str) else attribute
