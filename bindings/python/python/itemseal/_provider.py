"""Calls of key providers, for the native module."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any, Awaitable, Callable, Optional

from itemseal import exceptions

# What shows a mistake in the provider: trying again would not help.
_MISTAKES = (TypeError, AttributeError, NameError, NotImplementedError, AssertionError)


async def _of(awaitable: Awaitable[Any]) -> Any:
    return await awaitable


def call(
    provider: object,
    method: str,
    arguments: tuple[Any, ...],
    context: dict[str, str],
    loop: Optional[asyncio.AbstractEventLoop],
    begun: Callable[[Any], object],
) -> Any:
    """Calls a method; a coroutine on the loop that waits, and ``begun`` with what cancels it."""
    given = getattr(provider, method)(*arguments, context)
    if not inspect.isawaitable(given):
        return given
    if loop is None:
        return asyncio.run(_of(given))
    waited = asyncio.run_coroutine_threadsafe(_of(given), loop)
    begun(waited)
    return waited.result()


def explain(error: BaseException) -> tuple[str, str]:
    """The name of the class to raise, and what to say: nothing of a foreign exception's text, which may say too much."""
    for known in type(error).__mro__:
        if issubclass(known, exceptions.Error) and known.__module__ == exceptions.__name__:
            if known is exceptions.Error:
                break
            return known.__name__, str(error)
    name = type(error).__name__
    if isinstance(error, PermissionError):
        return "KeyDeniedError", f"it raised {name}"
    if isinstance(error, _MISTAKES):
        return "MisuseError", f"it raised {name}; wrap_key returns two bytes objects, unwrap_key one of 32 bytes"
    return "KeyUnavailableError", f"it raised {name}; try again"
