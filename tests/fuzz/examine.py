"""What has to hold of every input: only our own faults come out, well placed, soon."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import lolpop_graph as lg
from visualize import to_dot

MOST_SECONDS = 2.0
LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


def examine(file: Path, content: bytes, seconds: float = MOST_SECONDS) -> str:
    """Write an input, validate and plan it; returns the code of its first error, or `fine`.

    Raises AssertionError where something does not hold, and whatever else comes out.
    """
    file.write_bytes(content)
    start = time.process_time()
    faults = lg.validate(file)
    shown = [check_words(fault, 2 * len(content) + 20_000) for fault in faults]
    took = time.process_time() - start
    assert took < seconds, f"{took:.1f} seconds to validate"
    lines = lines_of(content)
    for fault in faults:
        check_place(fault, file, lines)
    errors = [text for text, fault in zip(shown, faults, strict=True) if fault.severity == "error"]
    assert planned(file, seconds) == errors
    return next((fault.code for fault in faults if fault.severity == "error"), "fine")


def planned(file: Path, seconds: float) -> list[str]:
    """The errors that planning and drawing raise, as they are shown."""
    start = time.process_time()
    try:
        plan = lg.plan(file)
        assert to_dot(plan.graph).startswith("digraph")
    except lg.WorkflowError as error:
        return [str(fault) for fault in error.faults]
    finally:
        took = time.process_time() - start
        assert took < seconds, f"{took:.1f} seconds to plan"
    return []


def check_words(fault: lg.Fault, most: int) -> str:
    """The text of a fault, which is printable and no longer than `most`, as all its forms are."""
    text = str(fault)
    first, *more = text.split("\n")
    assert f"{fault.severity} {fault.code}: " in first
    assert all(line.isprintable() for line in (first, *more)), text
    assert all(line.startswith("    ") for line in more), text
    assert len(text) < most, "an endless message"
    assert repr(fault)
    assert json.dumps(fault.as_dict())
    return text


def lines_of(content: bytes) -> list[str]:
    """The lines of a text as YAML counts them; what is no UTF-8 counts byte by byte."""
    try:
        return LINE_END.split(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return content.decode("latin-1").split("\n")


def check_place(fault: lg.Fault, file: Path, lines: list[str]) -> None:
    """A fault's place lies in the file, and its caret below what is shown of the line."""
    place = fault.place
    assert place is not None, fault
    assert place.file == str(file)
    assert place.line <= len(lines), fault
    if place.line:
        assert 1 <= place.column <= len(lines[place.line - 1]) + 1, fault
    if not place.snippet:
        return
    snippet, caret = str(fault).split("\n")[1:3]
    assert caret.strip() == "^", fault
    shown_from = snippet.index("| ") + 2
    assert shown_from <= caret.index("^") <= len(snippet), fault
