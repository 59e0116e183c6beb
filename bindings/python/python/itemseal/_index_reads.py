"""Reads of an index that has parts of the items only, completed from the table.

The items are asked for through the client that is attached, which opens them as it opens any. Whether it has boto3's
own serialiser nobody can tell; so the keys are put in after that, and the items taken out before its deserialiser.
"""

from __future__ import annotations

import asyncio
import contextvars
import random
import time
from collections.abc import Iterator, Mapping
from typing import Any, Optional

from itemseal import exceptions

# The most that BatchGetItem takes.
_MOST_KEYS = 100
# What is left undone is asked for again, as the native client does.
_ATTEMPTS, _FIRST, _LONGEST = 8, 0.025, 2.0
_CONTEXT = "itemseal-index-read"


class _Batch:
    """One call of BatchGetItem."""

    def __init__(self, table: str, keys: list[Any], options: dict[str, Any]) -> None:
        self._keys, self.items, self.left = keys, list[Any](), list[Any]()
        self.capacity: list[Mapping[str, Any]] = []
        self._table = table
        self.parameters: dict[str, Any] = {"RequestItems": {table: {"Keys": []}}, **options}

    def fill(self, params: Any, context: Any) -> None:
        params["RequestItems"] = {self._table: {"Keys": self._keys}}
        context[_CONTEXT] = self

    def take(self, parsed: Any) -> None:
        for items in parsed.pop("Responses", {}).values():
            self.items += items
        for left in parsed.pop("UnprocessedKeys", {}).values():
            self.left += left["Keys"]
        self.capacity += parsed.get("ConsumedCapacity", [])


_asked: contextvars.ContextVar[Optional[_Batch]] = contextvars.ContextVar("itemseal_asked", default=None)


def before(params: Any, model: Any, context: Any) -> None:
    """In a client's request: the keys, if it is one of ours."""
    if model.name == "BatchGetItem" and (batch := _asked.get()) is not None:
        _asked.set(None)
        batch.fill(params, context)


def after(parsed: Any, context: Any) -> None:
    """In the answer to it, when its items are open."""
    if (batch := context.pop(_CONTEXT, None)) is not None:
        batch.take(parsed)


def complete(client: Any, parts: Any, parsed: Any) -> None:
    """Reads the items of a page through the client, and puts them in the place of their parts."""
    items: list[Any] = []
    for pause, batch in _batches(parts, items, parsed):
        if pause:
            time.sleep(pause)
        before = _asked.set(batch)
        try:
            client.batch_get_item(**batch.parameters)
        finally:
            _asked.reset(before)
    parts.complete(parsed, items)


async def complete_async(client: Any, parts: Any, parsed: Any) -> None:
    """The same for asyncio."""
    items: list[Any] = []
    for pause, batch in _batches(parts, items, parsed):
        if pause:
            await asyncio.sleep(pause)
        before = _asked.set(batch)
        try:
            await client.batch_get_item(**batch.parameters)
        finally:
            _asked.reset(before)
    parts.complete(parsed, items)


def _batches(parts: Any, items: list[Any], parsed: Any) -> Iterator[tuple[float, _Batch]]:
    """The calls to make, each after a pause in seconds, until all items are there."""
    report = parts.report_capacity
    options = {} if report is None else {"ReturnConsumedCapacity": report}
    left, pause = parts.keys, 0.0
    for attempt in range(_ATTEMPTS):
        keys, left = left, []
        for start in range(0, len(keys), _MOST_KEYS):
            batch = _Batch(parts.table, keys[start : start + _MOST_KEYS], options)
            yield pause, batch
            pause = 0.0
            items += batch.items
            left += batch.left
            for more in batch.capacity:
                _add(parsed.setdefault("ConsumedCapacity", {}), more)
        if not left:
            return
        whole = min(_FIRST * 2**attempt, _LONGEST)
        pause = whole - random.uniform(0, whole / 2)
    message = "the table did not give all items of the index's page; read it again, later"
    raise exceptions._of_native("ServiceError", message, None, None, True, None, None)


def _add(total: dict[str, Any], more: Mapping[str, Any]) -> None:
    for name, value in more.items():
        if isinstance(value, Mapping):
            _add(total.setdefault(name, {}), value)
        elif isinstance(value, (int, float)):
            total[name] = total.get(name, 0) + value
        else:
            total.setdefault(name, value)
