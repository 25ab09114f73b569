"""What the code that calls a remote method does with the result, read from its source.

A reference is right wherever Python lets it be; this finds the places where it would not be, or
where a failure has to come at once: there the call is waited for, or its result is fetched.
"""

from __future__ import annotations

import ast
import linecache
import os
import site
import sys
import sysconfig
import threading
from pathlib import Path
from types import FrameType

from lolpop_graph.model import Place
from lolpop_graph.remote.dataflow.following import SourceText
from lolpop_graph.remote.dataflow.uses import Use

_PACKAGE = str(Path(__file__).parents[2])
_PARTS = tuple(str(Path(_PACKAGE, name)) for name in ("component", "pipeline", "runner"))
_PYTHON = (sysconfig.get_path("stdlib") + os.sep, sysconfig.get_path("platstdlib") + os.sep)
_INSTALLED = tuple(
    {sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), *site.getsitepackages()}
)
_GUARD = "lolpop_graph.wrapping"
"""The module whose functions call the methods of integrations of the driver."""


def use_of_result(method: str, integrations: frozenset[str]) -> Use:
    """What the code that called a remote method does with what that returns.

    It is waited for where nobody takes the result, and within `try` and `with`: what surrounds a
    call has to be there until it has ended, and to see it fail. Code without a source gets all of
    that too. Python's own library, as its pools of threads, gives the result to whom nobody sees.
    `integrations` are the names of those of the workflow.
    """
    first, *above = _users_frames()
    if _is_of_python(first.f_code.co_filename):
        return Use.FETCHED
    text, node = _read(first)
    if text is None or node is None:
        return Use.COMPARED
    use = text.use(node, method, integrations)
    if use is Use.KEPT and (text.is_guarded(node) or any(map(_is_guarded, above))):
        return Use.WAITED
    return use


def _users_frames() -> list[FrameType]:
    """The frames of the user's code from the one that calls up to the method of an integration.

    Outside such a method it is the one that calls alone.
    """
    frame: FrameType | None = sys._getframe()  # noqa: SLF001 - where a call comes from is what is asked
    found: list[FrameType] = []
    count = 1
    while frame is not None:
        if frame.f_globals.get("__name__") == _GUARD:
            count = max(count, len(found))
        if not _is_ours(frame.f_code.co_filename):
            found.append(frame)
        frame = frame.f_back
    return found[:count]


def place_of_caller() -> Place:
    """Where the user's code stands that came here, with its line."""
    frame = _users_frames()[0]
    line, _, column, _ = _position(frame)
    file, text = frame.f_code.co_filename, linecache.getline(frame.f_code.co_filename, line or 0)
    column = (column or 0) + 1
    return Place(file, line or 0, column, snippet=text.rstrip(), caret=column)


def _is_ours(file: str) -> bool:
    return file.startswith(_PACKAGE) and not file.startswith(_PARTS)


def is_tried() -> bool:
    """Whether the user's code, where it stands, may catch what is raised now."""
    for frame in _users_frames():
        text, node = _read(frame)
        if text is not None and node is not None and text.is_tried(node):
            return True
    return False


def _is_guarded(frame: FrameType) -> bool:
    text, node = _read(frame)
    return node is None or text is None or text.is_guarded(node)


def _is_of_python(file: str) -> bool:
    is_installed = file.startswith(_INSTALLED)
    return file.startswith("<frozen ") or (file.startswith(_PYTHON) and not is_installed)


def _read(frame: FrameType) -> tuple[SourceText | None, ast.expr | None]:
    """The source that a frame is in, and the expression that it is at; None for what is not found.

    A source that has changed since it was imported has other code there.
    """
    text = _text(frame)
    node = text.node(_position(frame)) if text else None
    code = frame.f_code
    if text is None or node is None:
        return None, None
    if not code.co_name.startswith("<") and not text.is_in(node, code.co_name, code.co_firstlineno):
        return None, None
    return text, node


Position = tuple[int | None, int | None, int | None, int | None]


def _position(frame: FrameType) -> Position:
    """Where the expression stands that a frame is at."""
    for number, position in enumerate(frame.f_code.co_positions()):
        if number * 2 == frame.f_lasti:
            return position
    return (None, None, None, None)


_lock = threading.Lock()
_texts: dict[tuple[str, int], SourceText | None] = {}


def _text(frame: FrameType) -> SourceText | None:
    """The source that a frame is in; None where there is none, or what is no Python."""
    file = frame.f_code.co_filename
    lines = linecache.getlines(file, frame.f_globals)
    key = (file, len(lines))
    # Python 3.11 cannot parse in two threads at once.
    with _lock:
        if key not in _texts:
            try:
                _texts[key] = SourceText(ast.parse("".join(lines))) if lines else None
            except SyntaxError:
                _texts[key] = None
        return _texts[key]
