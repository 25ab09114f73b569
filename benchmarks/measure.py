"""Time two ways of doing a thing by turns, so that a busy moment of the machine meets both."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

HOME = Path(__file__).resolve().parent.parent


class Pair(NamedTuple):
    """Seconds of the two, and the median of the ratios of neighbouring runs."""

    ours: float
    theirs: float
    ratio: float


def by_turns(ours: Callable[[], object], theirs: Callable[[], object], rounds: int) -> Pair:
    """Run both once to warm up, then each `rounds` times by turns; the medians count.

    What a run made is let go and collected before the next one begins, outside of the time.
    """
    seconds(ours)
    seconds(theirs)
    pairs = [_turn(ours, theirs, is_first=bool(turn % 2)) for turn in range(rounds)]
    return Pair(
        median(own for own, _ in pairs),
        median(other for _, other in pairs),
        median(own / other for own, other in pairs),
    )


def _turn(
    ours: Callable[[], object], theirs: Callable[[], object], *, is_first: bool
) -> tuple[float, float]:
    """Both times; who goes first changes, since whoever does finds another heap."""
    if is_first:
        return seconds(ours), seconds(theirs)
    other = seconds(theirs)
    return seconds(ours), other


def seconds(work: Callable[[], object]) -> float:
    """How long one run takes, with garbage collection as Python has it."""
    gc.collect()
    begin = perf_counter()
    made = work()
    end = perf_counter()
    del made
    return end - begin


def python(arguments: Sequence[str]) -> str:
    """What a new interpreter prints; CalledProcessError if it fails."""
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=HOME, check=True, capture_output=True, text=True).stdout
