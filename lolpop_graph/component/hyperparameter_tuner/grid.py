"""Every combination of a grid."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Annotated, Any

from pydantic import Field

from lolpop_graph.component.hyperparameter_tuner.cross_validation import CrossValidation, Trial
from lolpop_graph.component.hyperparameter_tuner.searching import SearchingTuner

_MOST = 100_000


class GridTuner(SearchingTuner):
    """Tries every combination, in the order written: the last parameter changes first.

    Config: that of `SearchingTuner`, and `grid_points` (default 5), how many numbers a range
    without a `step` gives. `n_trials` below the size of the grid draws so many of its
    combinations at random, without one twice, by `random_state`.
    """

    @dataclass(kw_only=True)
    class Config(SearchingTuner.Config):
        """Those of all searches, and how fine a grid is."""

        grid_points: Annotated[int, Field(ge=2)] = 5

    config: Config

    def setup(self) -> None:
        """Read the config, and refuse a grid that nobody would wait for."""
        super().setup()
        most = self.config.grid_points
        self._points = {name: each.points(most) for name, each in self._space.items()}
        self._size = math.prod(map(len, self._points.values()))
        if self._size > _MOST:
            message = (
                f"search_space has {self._size:,} combinations, and a grid takes {_MOST:,} at most:"
                " name fewer choices, or use OptunaTuner"
            )
            raise ValueError(message)

    def _search(self, validation: CrossValidation) -> list[Trial]:
        trials: list[Trial] = []
        for params in self._combinations():
            if self._is_over(len(trials)):
                break
            trials.append(validation.run(params))
        return trials

    def _combinations(self) -> Iterator[dict[str, Any]]:
        every = itertools.product(*self._points.values())
        most = self.config.n_trials
        if most is not None and most < self._size:
            wanted = sorted(Random(self._seed).sample(range(self._size), most))  # noqa: S311 - nothing secret is drawn
            listed = list(every)
            every = iter([listed[number] for number in wanted])  # type: ignore[assignment]  # an iterator too
        return (dict(zip(self._points, values, strict=True)) for values in every)
