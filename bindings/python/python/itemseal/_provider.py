"""Calls of key providers, for the native module."""

from __future__ import annotations

import asyncio
import inspect

from itemseal import exceptions

# What shows a mistake in the provider: trying again would not help.
_MISTAKES = (TypeError, AttributeError, NameError, NotImplementedError, AssertionError)


class _Call:
    """A call that has begun: on a loop, if it is a coroutine."""

    def __init__(self, awaitable, loop):
        self._waited = asyncio.run_coroutine_threadsafe(_of(awaitable), loop)

    def result(self):
        return self._waited.result()

    def cancel(self):
        self._waited.cancel()


class _Done:
    """A call that is over."""

    def __init__(self, result):
        self._result = result

    def result(self):
        return self._result

    def cancel(self):
        pass


async def _of(awaitable):
    return await awaitable


def begin(provider, method, arguments, context, loop):
    given = getattr(provider, method)(*arguments, context)
    if not inspect.isawaitable(given):
        return _Done(given)
    if loop is None:
        return _Done(asyncio.run(_of(given)))
    return _Call(given, loop)


def explain(error):
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
