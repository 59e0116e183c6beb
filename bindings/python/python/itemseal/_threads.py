"""Threads for calls that wait."""

from __future__ import annotations

import _thread
from typing import Any, Callable

_Explain = Callable[[BaseException], Any]
_Done = Callable[[Any, Any, Any], None]


def start(function: Callable[..., Any], arguments: tuple[Any, ...], explain: _Explain, done: _Done) -> None:
    """Calls a function in a new thread, and ``done`` with what it gave. The program's end does not wait for it."""
    _thread.start_new_thread(_run, (function, arguments, explain, done))


def _run(function: Callable[..., Any], arguments: tuple[Any, ...], explain: _Explain, done: _Done) -> None:
    try:
        result = function(*arguments)
    except BaseException as error:
        done(None, error, explain(error))
    else:
        done(result, None, None)
