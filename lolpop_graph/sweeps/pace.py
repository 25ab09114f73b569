"""How far a sweep is: runs that have ended, how many in which time, and how long it still takes."""

from __future__ import annotations

import time
from collections import deque
from typing import Final

_WINDOW: Final = 60.0
"""The rate is that of this many seconds: what was long ago says little of what is left."""
_SAMPLE: Final = 0.5
_UNITS: Final = ((1, "/s"), (60, "/min"), (3600, "/h"))


class Pace:
    """Counts what has ended, of `total` runs."""

    def __init__(self, total: int) -> None:
        """Begin to count the time."""
        self.total = total
        self.ended = 0
        self.failed = 0
        self._samples = deque([(time.monotonic(), 0)])

    def count(self, *, is_failed: bool) -> None:
        """One more has ended."""
        self.ended += 1
        self.failed += is_failed
        now = time.monotonic()
        if now - self._samples[-1][0] >= _SAMPLE:
            self._samples.append((now, self.ended))
            while self._samples[0][0] < now - _WINDOW and len(self._samples) > 2:  # noqa: PLR2004 - ends of a span
                self._samples.popleft()

    @property
    def rate(self) -> float:
        """Runs a second, of late; 0 where none has ended yet."""
        begin, before = self._samples[0]
        return (self.ended - before) / max(time.monotonic() - begin, 1e-3)

    @property
    def left(self) -> float | None:
        """How many seconds it still takes, at this rate; None where nobody can tell."""
        return (self.total - self.ended) / self.rate if self.rate else None

    def __str__(self) -> str:
        """`120 of 1,000 runs, 3 failed, 12/s, 1:13 left`."""
        return ", ".join([f"{self.ended:,} of {self.total:,} runs", *self.details()])

    def details(self) -> list[str]:
        """What there is to say beside the numbers of runs."""
        failed = [f"{self.failed:,} failed"] if self.failed else []
        left = self.left
        if left is None or self.ended == self.total:
            return failed
        return [*failed, per_unit(self.rate), f"{clock(left)} left"]


def per_unit(rate: float) -> str:
    """A rate per second in a unit in which it is a number to be read: `85/s`, `3.2/min`."""
    for seconds, unit in _UNITS:
        number = rate * seconds
        if number >= 1 or unit == _UNITS[-1][1]:
            break
    return f"{number:,.0f}{unit}" if number >= 10 else f"{number:.1f}{unit}"  # noqa: PLR2004 - two digits


def clock(seconds: float) -> str:
    """A duration: `0:07`, `1:02:33`, `3 days`."""
    days, rest = divmod(round(seconds), 86_400)
    if days > 1:
        return f"{days:,} days"
    hours, rest = divmod(rest + days * 86_400, 3_600)
    minutes, last = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{last:02}" if hours else f"{minutes}:{last:02}"
