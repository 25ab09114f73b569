"""Lines and tables of texts as wide as a terminal shows them: in cells, and not in letters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from lolpop_graph.text import printable

Span = tuple[str, str]
"""A text and its style, as rich knows styles; a line is made of some."""

_LONGEST: Final = 1_000
"""Letters beyond which a text is not measured: no terminal is as wide."""
_CUT: Final = "…"


def cells(text: str) -> int:
    """How many cells a text takes; East Asian letters take two, and accents of their own none."""
    if len(text) > _LONGEST or text.isascii():
        return len(text)
    from rich.cells import cell_len  # noqa: PLC0415 - most texts need none of it

    return cell_len(text)


def filled(text: str, width: int) -> str:
    """The text with blanks up to a width; longer ones stay as they are."""
    return text + " " * (width - cells(text))


def fitted(text: str, width: int | None) -> str:
    """The text, its middle cut out where it is wider than it may be; None is any width."""
    if width is None or cells(text) <= width:
        return text
    room = max(0, width - 1)
    head = _beginning(text[:room], (room + 1) // 2)
    tail = _beginning(text[-room:][::-1] if room else "", room - cells(head))[::-1]
    return f"{head}{_CUT}{tail}"


def cut(text: str, width: int | None) -> str:
    """The text, its end cut off where it is wider than it may be; None is any width."""
    if width is None or cells(text) <= width:
        return text
    return f"{_beginning(text, max(0, width - 1)).rstrip()}{_CUT}"


def aligned(rows: Iterable[Sequence[Span]]) -> Iterator[list[Span]]:
    """The rows of a table as lines: columns as wide as what is widest in each, two blanks apart."""
    shown = [_without_end([(printable(text), style) for text, style in row]) for row in rows]
    columns = range(max(map(len, shown), default=0))
    wide = [max(cells(row[at][0]) for row in shown if len(row) > at) for at in columns]
    for row in shown:
        filled_up = [(f"{filled(text, wide[at])}  ", style) for at, (text, style) in enumerate(row)]
        yield [*filled_up[:-1], *row[-1:]]


def _without_end(row: list[Span]) -> list[Span]:
    """A row without empty cells at its end, since no line ends in blanks."""
    while len(row) > 1 and not row[-1][0]:
        row.pop()
    return row


def _beginning(text: str, width: int) -> str:
    """As much of the beginning of a text as has this width."""
    taken = 0
    for number, letter in enumerate(text):
        taken += cells(letter)
        if taken > width:
            return text[:number]
    return text
