"""Texts as wide as a terminal shows them: measured, filled up and cut in cells, not in letters."""

from __future__ import annotations

from typing import Final

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


def _beginning(text: str, width: int) -> str:
    """As much of the beginning of a text as has this width."""
    taken = 0
    for number, letter in enumerate(text):
        taken += cells(letter)
        if taken > width:
            return text[:number]
    return text
