"""How many runs a worker gets at a time, by how long runs take."""

from __future__ import annotations

import math
from typing import Final

from lolpop_graph.sweeps.waiting import Waiting

_AIM: Final = 0.25
"""How many seconds of work a worker gets at a time: a message costs a ten-thousandth of that."""
_MOST: Final = 1_000
_WEIGHT: Final = 0.1
"""How much the latest run counts in the mean."""


class Chunks:
    """Sizes that begin with one run and follow what is measured."""

    def __init__(self, workers: int) -> None:
        """Begin without any measurement, for so many workers."""
        self._workers = workers
        self._measured = 0
        self._mean = 0.0

    def measure(self, seconds: float) -> None:
        """Take in how long a run took."""
        self._measured += 1
        weight = max(_WEIGHT, 1 / self._measured)
        self._mean += weight * (seconds - self._mean)

    def size_of(self, waiting: Waiting) -> int:
        """How many of the runs that wait are a chunk; the last ones are small."""
        if not waiting.is_all:
            return self.size
        return max(1, min(self.size, math.ceil(len(waiting) / (2 * self._workers))))

    @property
    def size(self) -> int:
        """How many runs are a chunk, as long as there are many left.

        At most as many as were measured, so that the first ones grow step by step.
        """
        fitting = _AIM / self._mean if self._mean > _AIM / _MOST else _MOST
        return max(1, min(int(fitting), self._measured))

    @property
    def ahead(self) -> int:
        """How many runs are read ahead, so that the last ones are known to be the last."""
        return 4 * self._workers * self.size
