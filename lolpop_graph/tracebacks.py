"""Tracebacks of the user's own code, without our frames."""

from __future__ import annotations

import traceback
from pathlib import Path

_OURS = Path(__file__).parent
_PARTS = tuple(_OURS / layer for layer in ("component", "pipeline", "runner", "extension"))


def users_traceback(cause: BaseException | None) -> str:
    """The traceback of an error without our frames, with its notes.

    Empty where no other code was on the way, and nothing is noted of any in another process.
    """
    if cause is None:
        return ""
    told = traceback.TracebackException.from_exception(cause)
    _leave_out_ours(told)
    is_users = bool(told.stack) or hasattr(cause, "__notes__")
    return "".join(told.format()).rstrip() if is_users else ""


def _leave_out_ours(told: traceback.TracebackException | None) -> None:
    """Take our frames out of a traceback and of those that led to it."""
    seen = set()
    waiting = [told]
    while waiting:
        here = waiting.pop()
        if here is not None and id(here) not in seen:
            seen.add(id(here))
            users = [frame for frame in here.stack if not _is_ours(frame.filename)]
            here.stack = traceback.StackSummary.from_list(users)
            waiting += [here.__cause__, here.__context__, *(here.exceptions or ())]


def _is_ours(file: str) -> bool:
    path = Path(file)
    return path.is_relative_to(_OURS) and not any(path.is_relative_to(part) for part in _PARTS)
