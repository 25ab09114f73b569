"""What a method raised on a worker, on its way to the driver and there."""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Callable
from typing import Any

import cloudpickle

from lolpop_graph.tracebacks import users_traceback


class RemoteError(RuntimeError):
    """An error of a worker whose own kind does not travel; it says what that said."""


class CallFailed(Exception):  # noqa: N818 - it says what happened
    """A call that raised on a worker, without secrets in what it says.

    `where` is the path of the integration and its method, `key` tells calls apart, `cause` is the
    error itself, pickled; None where it does not pickle.
    """

    def __init__(self, where: str, key: str, said: str, trace: str, cause: bytes | None) -> None:
        """Carry what is known of the error."""
        super().__init__(where, key, said, trace, cause)
        self.where = where
        self.key = key
        self.said = said
        self.trace = trace
        self.cause = cause

    def __repr__(self) -> str:
        """Where it was, and what was said there."""
        return f"{self.where}: {self.said}"

    __str__ = __repr__

    def original(self) -> BaseException:
        """The error that was raised, with a note of where, and of the traceback there."""
        error = _error(self.cause) or RemoteError(self.said)
        trace = f":\n{self.trace}" if self.trace else ""
        error.add_note(f"raised in `{self.where}` on a worker{trace}")
        return error


def failure(error: BaseException, where: str, key: str, scrub: Callable[[str], str]) -> CallFailed:
    """What the driver is told of an error that a method raised."""
    said = scrub("".join(traceback.format_exception_only(error)).strip())
    return CallFailed(where, key, said, scrub(users_traceback(error)), _content(error))


def _content(error: BaseException) -> bytes | None:
    """An error as bytes that make it again; None where that does not work."""
    for packed in (lambda: error, lambda: _parts(error, error.__dict__), lambda: _parts(error, {})):
        try:
            content: bytes = cloudpickle.dumps(packed())
            made = pickle.loads(content)  # noqa: S301 - what was just packed
        except Exception:  # noqa: BLE001, S112 - what refuses to pickle raises what it likes
            continue
        if isinstance(made, type(error) | _Parts):
            return content
    return None


class _Parts(tuple[Any, ...]):
    """A kind of error, its arguments and attributes, where it does not come back from `args`."""

    __slots__ = ()


def _parts(error: BaseException, state: dict[str, Any]) -> _Parts:
    return _Parts((type(error), error.args, state))


def _error(content: bytes | None) -> BaseException | None:
    """The error of `content`, or None: its module may not be here."""
    try:
        made = pickle.loads(content) if content else None  # noqa: S301 - our own worker packed it
        if not isinstance(made, _Parts):
            return made
        kind, args, state = made
        error: BaseException = kind.__new__(kind, *args)
        error.args = args
        error.__dict__.update(state)
    except Exception:  # noqa: BLE001 - what does not unpickle raises what it likes
        return None
    return error
