"""What goes wrong, because somebody said so."""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType
from typing import Any, Literal, TypeAlias

from ._server import Api, millis
from .exceptions import LabError

Service: TypeAlias = Literal["dynamodb"] | Literal["kms"]
"""A service that a fault concerns; all of the Region's where it may be None."""

Mode: TypeAlias = Literal["refuse", "hang"] | int
"""How a service fails: connections are closed, calls are never answered, or answered with this HTTP
status, 500 to 599."""

_SERVICES = ("dynamodb", "kms")


class Fault:
    """A fault that is set. It lasts until it is ended: by `end`, by the end of a `with` block, by
    `Lab.restore`, or with the lab."""

    __slots__ = ("_api", "id", "kind")

    def __init__(self, api: Api, kind: str, id: int) -> None:
        self._api = api
        self.kind = kind
        """What it is, as in the lab's own API: ``"outage"``, ``"lag"`` ..."""
        self.id = id
        """Its number; no two of a lab have the same."""

    def end(self) -> None:
        """Ends it. It may have ended already."""
        status, answer = self._api._request("DELETE", f"faults/{self.id}")
        if status not in (200, 404):
            raise LabError(answer["message"])

    def __enter__(self) -> Fault:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.end()

    def __repr__(self) -> str:
        return f"<Fault {self.id}: {self.kind}>"


class Faults(Api):
    """The faults of a `Lab`. Times are by the lab's clock."""

    def fault(self, kind: str, **fields: Any) -> Fault:
        """Sets a fault in the words of the lab's own API, such as ``fault("lag", delay={
        "exponential_ms": 200})``. The methods below are for those that are set often."""
        for field in ("region", "from", "to"):
            if field in fields:
                self._region(fields[field])
        answer = self._ask("POST", "faults", {"fault": kind, **fields})
        return Fault(self, kind, answer["id"])

    def outage(self, region: str, service: Service | None = None, mode: Mode = "refuse") -> Fault:
        """A Region, or one service in it, does not answer its callers. Replication goes on, as it
        does not use the Region's endpoint: with `cut` the Region is gone altogether."""
        if mode not in ("refuse", "hang") and (isinstance(mode, bool) or not isinstance(mode, int)):
            raise LabError(
                f"an outage of {region} cannot have the mode {mode!r}: it is 'refuse', 'hang', or "
                "an HTTP status from 500 to 599"
            )
        how = {"error": mode} if isinstance(mode, int) else mode
        return self._in("outage", region, service, mode=how)

    def throttle(
        self,
        region: str,
        per_second: int = 0,
        service: Service | None = None,
        operations: Iterable[str] = (),
    ) -> Fault:
        """Calls above a rate are refused as AWS does. One second's calls can be made at once; with
        0 all are refused. `operations`, such as ``["PutItem"]``, are those that count; all unless
        given."""
        if isinstance(operations, str):
            raise LabError(f"operations is a list: operations=[{operations!r}]")
        if not (isinstance(per_second, int) and 0 <= per_second < 2**32):
            raise LabError(
                f"per_second of {region} is {per_second!r}: it is a whole number of calls from 0"
            )
        fields = {"per_second": per_second, "operations": list(operations)}
        return self._in("throttle", region, service, **fields)

    def stale_reads(self, region: str, seconds: float, share: float = 1.0) -> Fault:
        """Reads without `ConsistentRead` show what the table had some time ago: a share of them,
        from 0 to 1. What was written before the fault was set is seen by all."""
        by = millis(f"the age of stale reads in {region}", seconds)
        return self.fault("stale-reads", region=region, by_ms=by, share=share)

    def unprocessed(self, region: str, share: float) -> Fault:
        """Batches leave a share of what they were asked for undone, from 0 to 1, and say so in
        `UnprocessedItems` and `UnprocessedKeys`."""
        return self.fault("unprocessed", region=region, share=share)

    def skew(self, region: str, seconds: float) -> Fault:
        """A Region's clock runs ahead, or behind if the seconds are negative."""
        sign = -1 if seconds < 0 else 1
        by = sign * millis(f"the skew of {region}, without its sign,", abs(seconds))
        return self.fault("skew", region=region, by_ms=by)

    def lag(
        self,
        delay: float | tuple[float, float],
        source: str | None = None,
        target: str | None = None,
    ) -> Fault:
        """Changes take this many seconds from Region to Region, or anything between two numbers of
        seconds. Between all Regions unless they are given; of several that fit, the last counts."""
        what = f"the lag from {source or 'all Regions'} to {target or 'all Regions'}"
        length: dict[str, Any]
        if isinstance(delay, tuple):
            least, most = (millis(what, seconds) for seconds in delay)
            length = {"uniform": {"min_ms": least, "max_ms": most}}
        else:
            length = {"fixed_ms": millis(what, delay)}
        ends = {"from": source, "to": target}
        given = {end: name for end, name in ends.items() if name is not None}
        return self.fault("lag", delay=length, **given)

    def cut(self, region: str, other: str | None = None) -> Fault:
        """No replication between two Regions, or a Region and all others, either way. Each goes on
        serving its callers."""
        given = {} if other is None else {"from": other}
        return self.fault("partition", region=region, **given)

    def heal(self, region: str | None = None) -> None:
        """Ends the cuts that concern a Region; all unless given. What waited goes on its way."""
        self._end(region, ("partition",))

    def restore(self, region: str | None = None) -> None:
        """Ends every fault that names the Region, cuts and lag included; all faults unless it is
        given."""
        self._end(region, None)

    def faults(self) -> list[dict[str, Any]]:
        """The faults that are set, in the words of the lab's own API, each with its ``id``."""
        listed: list[dict[str, Any]] = self._ask("GET", "faults")["faults"]
        return listed

    def _in(self, kind: str, region: str, service: Service | None, **fields: Any) -> Fault:
        if service is not None and service not in _SERVICES:
            raise LabError(
                f"{region} has no service {service!r} in a lab: it is 'dynamodb' or 'kms', or None "
                "for both"
            )
        return self.fault(kind, region=region, service=service or "all", **fields)

    def _end(self, region: str | None, kinds: tuple[str, ...] | None) -> None:
        if region is not None:
            self._region(region)
        for fault in self.faults():
            named = [fault.get("region"), fault.get("from"), fault.get("to")]
            if (region is None or region in named) and (kinds is None or fault["fault"] in kinds):
                Fault(self, fault["fault"], fault["id"]).end()
