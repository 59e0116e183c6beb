"""The lab's own API, without the HTTP: what every part of `Lab` asks the native server by."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

from ._itemseal_lab import Server
from .exceptions import LabError


class Api:
    """A running server, and the Regions it has tables in."""

    _server: Server
    # In the order in which they were given; empty if the lab has every Region.
    _regions: tuple[str, ...] = ()

    def _request(
        self, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> tuple[int, dict[str, Any]]:
        text = "" if body is None else json.dumps(body)
        status, answer = self._server.call(method, f"/_lab/{path}", text)
        return status, json.loads(answer)

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        status, answer = self._request(method, path, body)
        if status >= 400:
            raise LabError(answer["message"])
        return answer

    def _region(self, name: str) -> str:
        """The name, if the lab has a Region of it: a fault elsewhere would never be felt."""
        if not isinstance(name, str):
            raise LabError(f"a Region is given by its name, such as 'eu-west-1', not by {name!r}")
        if self._regions and name not in self._regions:
            raise LabError(
                f"this lab has no Region {name!r}, only {', '.join(self._regions)}: "
                "name it in Lab(regions=[...]), or use Lab(every_region=True)"
            )
        return name

    def _choose(self, regions: Iterable[str] | None, what: str) -> list[str]:
        """The Regions that are meant, the lab's own unless given; at least one."""
        if regions is None and not self._regions:
            raise LabError(
                f"{what} needs Regions, as the lab has every one: regions=['eu-west-1', ...]"
            )
        chosen = [
            self._region(name) for name in names(self._regions if regions is None else regions)
        ]
        if not chosen:
            raise LabError(f"{what} needs at least one Region: regions=['eu-west-1', ...]")
        return chosen


def names(regions: Iterable[str]) -> list[str]:
    """Each name once. A text is also a series of texts, and never meant as one."""
    if isinstance(regions, str):
        raise LabError(f"regions is a list of names: regions=[{regions!r}], not {regions!r}")
    return list(dict.fromkeys(regions))


def millis(what: str, seconds: float) -> float:
    """Seconds in milliseconds."""
    if not (math.isfinite(seconds) and seconds >= 0):
        raise LabError(f"{what} is {seconds!r}: it is a number of seconds, 0 or more")
    return seconds * 1000
