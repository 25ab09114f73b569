"""Says what helps where code written in C has not taken a reference for what it stands for."""

from __future__ import annotations

from collections.abc import Iterator
from types import FrameType
from typing import Any

from lolpop_graph.remote.driver.reference import is_reference


def add_hint(error: BaseException) -> None:
    """Note on an error about types which names stood for references where it was raised."""
    cause = error.__cause__ if error.__cause__ is not None else error
    if not isinstance(cause, TypeError) or getattr(cause, "__notes__", None):
        return
    names = sorted({name for frame in _frames(cause) for name in _references(frame)})
    if names:
        cause.add_note(
            f"references to results on workers: {', '.join(names)}; code written in C may want "
            f"the value itself: `{names[0]}.value()`"
        )


def _frames(error: BaseException) -> Iterator[FrameType]:
    trace = error.__traceback__
    while trace is not None:
        yield trace.tb_frame
        trace = trace.tb_next


def _references(frame: FrameType) -> Iterator[str]:
    """The names in a frame of what is a reference, or has one in it."""
    for name, value in frame.f_locals.items():
        if is_reference(value) or any(map(is_reference, _items(value))):
            yield name


def _items(value: Any) -> Any:
    if type(value) is dict:
        return value.values()
    return value if type(value) in {list, tuple} else ()
