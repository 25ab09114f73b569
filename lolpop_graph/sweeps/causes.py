"""The failures of a sweep, grouped by what caused them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Final

from lolpop_graph.sweeps.recorded import Recorded

_VARIES: Final = re.compile(
    r"'[^'\n]*'|\"[^\"\n]*\"|`[^`\n]*`|0x[0-9a-fA-F]+|[^\s:]*/[^\s:]*"
    r"|\b[0-9a-f]{8,}\b|[-+]?\d[\d.,_]*(e[-+]?\d+)?",
)
_FRAME: Final = re.compile(
    r'^ *File "(?P<file>.*)", line (?P<line>\d+), in (?P<name>.*)$', re.MULTILINE
)
_LIBRARY: Final = re.compile(r"[/\\](site|dist)-packages[/\\]|[/\\]lib[/\\]python3|^<frozen ")
_MOST_NUMBERS: Final = 1_000


@dataclass
class Cause:
    """One reason for which runs failed: the kind of the error, what it says, and where it came up.

    `sentence` is that of the first run; those of the others differ in quotes, numbers and paths at
    most. `place` is the innermost line of the user's code, `train.py:12 in fit`, or empty;
    `numbers` are those of the runs, no more than the first thousand of `count`.
    """

    kind: str
    sentence: str
    place: str
    traceback: str = field(repr=False)
    count: int = 0
    numbers: list[int] = field(default_factory=list, repr=False)

    def as_dict(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "kind": self.kind,
            "sentence": self.sentence,
            "place": self.place,
            "count": self.count,
            "runs": self.numbers,
        }


def causes_of(failed: Iterable[Recorded]) -> list[Cause]:
    """What caused the failures, the commonest first."""
    found: dict[tuple[str, str, str], Cause] = {}
    for run in failed:
        kind, sentence, told = run.error_kind or "", run.error or "", run.traceback or ""
        place = innermost(told)
        key = kind, _VARIES.sub("…", sentence), place
        cause = found.setdefault(key, Cause(kind, sentence, place, told))
        cause.count += 1
        if len(cause.numbers) < _MOST_NUMBERS:
            cause.numbers.append(run.number)
    return sorted(found.values(), key=lambda cause: -cause.count)


def innermost(told: str) -> str:
    """The last frame of a traceback that is of no library, in short; nothing where it has none."""
    frames = [*_FRAME.finditer(told)]
    if not frames:
        return ""
    own = [frame for frame in frames if not _LIBRARY.search(frame["file"])]
    last = (own or frames)[-1]
    return f"{PurePath(last['file']).name}:{last['line']} in {last['name']}"
