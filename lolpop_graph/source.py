"""Where a document's values come from, and the marks that say it in one whole number each."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from lolpop_graph.model import Place

# A mark is source << 52 | offset: the number of a source, and in it the number of a character,
# or of a label where the source was no text.
_SOURCE_BIT: Final = 52
_WITHIN: Final = (1 << _SOURCE_BIT) - 1
_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


@dataclass
class Source:
    """One file, Python dictionary or list of overrides: its name, and its text or labels.

    `folder` is where a file lies, as an absolute path; the empty text for what is no file.
    `secrets` are the values that it marks as such; `items` has, by the identity of a list, the
    list and the marks of its items.
    """

    name: str
    text: str | None = field(default=None, repr=False)
    folder: str = ""
    labels: list[str] = field(default_factory=list, repr=False)
    secrets: list[object] = field(default_factory=list, repr=False)
    items: dict[int, tuple[list[Any], array[int]]] = field(default_factory=dict, repr=False)

    def label(self, trail: str) -> int:
        """The mark, within this source, of a value that keys lead to."""
        self.labels.append(trail)
        return len(self.labels) - 1

    def line_ends(self, line: int) -> tuple[int, int]:
        """The offsets of a line's first character and of the end of its last one."""
        return self.line_starts[line - 1], self._line_stops[line - 1]

    @cached_property
    def line_starts(self) -> list[int]:
        """The offset of each line's first character, lines as YAML counts them."""
        return [0, *(end.end() for end in _LINE_END.finditer(self.text or ""))]

    @cached_property
    def _line_stops(self) -> list[int]:
        text = self.text or ""
        return [*(end.start() for end in _LINE_END.finditer(text)), len(text)]


def base_mark(source_number: int) -> int:
    """The mark of the beginning of a source."""
    return source_number << _SOURCE_BIT


def source_number(mark: int) -> int:
    """The number of the source that a mark is in."""
    return mark >> _SOURCE_BIT


def place_in(source: Source, mark: int, overrides: Place | None = None) -> Place:
    """The place that a mark of this source stands for, which overrides another one or none."""
    offset = mark & _WITHIN
    if source.text is None:
        return Place(source.name, trail=source.labels[offset], overrides=overrides)
    line = bisect_right(source.line_starts, offset)
    column = offset - source.line_starts[line - 1] + 1
    return Place(source.name, line, column, overrides=overrides)
