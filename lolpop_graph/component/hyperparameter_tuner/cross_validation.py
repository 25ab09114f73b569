"""Parameters judged by cross-validation, whoever proposes them."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from sklearn.model_selection import KFold, StratifiedKFold, TimeSeriesSplit

from lolpop_graph.component.problems import is_regression, is_time_series
from lolpop_graph.component.table import Column, Matrix, digest

if TYPE_CHECKING:
    from lolpop_graph.component.model_evaluator.base import BaseModelEvaluator
    from lolpop_graph.component.model_trainer.base import BaseModelTrainer


@dataclass(frozen=True)
class Trial:
    """One combination of parameters, and how well the model did with it on each fold.

    `fold_scores` is empty, and `error` says why, where it failed.
    """

    params: Mapping[str, Any]
    fold_scores: tuple[float, ...]
    seconds: float
    error: str = ""

    @property
    def score(self) -> float:
        """The mean over the folds; nan where it failed."""
        return float(np.mean(self.fold_scores)) if self.fold_scores else math.nan

    def row(self, number: int) -> dict[str, Any]:
        """What a table of trials says of it."""
        return {
            "trial": number,
            "score": self.score,
            **{f"params_{name}": value for name, value in self.params.items()},
            **{f"fold_{fold}": score for fold, score in enumerate(self.fold_scores)},
            "seconds": round(self.seconds, 3),
            "error": self.error,
        }


@dataclass(frozen=True)
class Folds:
    """How rows are parted: by which method, into how many folds, with which seed."""

    method: str
    count: int
    seed: int

    def indices(self, labels: Column) -> Iterator[tuple[Any, Any]]:
        """For each fold the positions of the rows to learn from, and of those to judge by.

        By scikit-learn's StratifiedKFold, KFold or TimeSeriesSplit; the last takes the rows in
        the order given, and judges by later ones than it learns from. Raises ValueError where
        there are too few.
        """
        if self.method == "stratified":
            self._check_classes(labels)
            splitter = StratifiedKFold(self.count, shuffle=True, random_state=self.seed)
        elif self.method == "random":
            splitter = KFold(self.count, shuffle=True, random_state=self.seed)
        else:
            splitter = TimeSeriesSplit(self.count)
        return iter(list(splitter.split(np.zeros(len(labels)), labels.to_numpy())))

    def _check_classes(self, labels: Column) -> None:
        counts = labels.value_counts()
        if not counts.empty and counts.iloc[-1] < self.count:
            message = (
                f"class {counts.index[-1]!r} has fewer rows ({counts.iloc[-1]}) than there are "
                f"folds ({self.count}): lower `n_folds`, or say `fold_method: random`"
            )
            raise ValueError(message)


def fold_method(given: str | None, problem_type: str | None) -> str:
    """The method given, else the usual one of a problem: classes are kept as frequent as they are.

    ValueError for a `problem_type` that is unknown.
    """
    if given is not None:
        return given
    if is_time_series(problem_type):
        return "time"
    return "random" if is_regression(problem_type) else "stratified"


@dataclass(frozen=True)
class CrossValidation:
    """A model trainer and an evaluator at work on the folds of some rows."""

    trainer: BaseModelTrainer
    evaluator: BaseModelEvaluator
    metric: str
    folds: Folds
    features: Matrix
    labels: Column

    def digest(self) -> str:
        """What scores depend on beside the parameters tried: the rows, the folds, the model."""
        rows = digest(self.features.assign(**{"": self.labels.to_numpy()}))
        return f"{rows} {self.folds} {self.metric} {sorted(self.trainer.params.items(), key=str)}"

    def run(self, params: Mapping[str, Any]) -> Trial:
        """Judge one combination of parameters; what it raises is a trial that failed."""
        begin = time.perf_counter()
        try:
            self.trainer.set_params(params)
            scores = tuple(self._scores())
        except Exception as error:  # noqa: BLE001 - libraries refuse values by errors of their own
            said = f"{type(error).__name__}: {error}"
            return Trial(params, (), time.perf_counter() - begin, said)
        return Trial(params, scores, time.perf_counter() - begin)

    def _scores(self) -> Iterator[float]:
        for learn, judge in self.folds.indices(self.labels):
            self.trainer.fit(self.features.iloc[learn], self.labels.iloc[learn])
            yield self._score(self.features.iloc[judge], self.labels.iloc[judge])

    def _score(self, features: Matrix, labels: Column) -> float:
        found = self.evaluator.evaluate(
            labels,
            self.trainer.predict(features),
            self.trainer.predict_proba(features),
            self.trainer.classes,
            [self.metric],
        )
        if not math.isfinite(found[self.metric]):
            message = f"{self.metric} is no number"
            raise ValueError(message)
        return found[self.metric]


def table_of(trials: list[Trial]) -> pd.DataFrame:
    """A row for each trial, in the order tried; see `TuningResult`."""
    table = pd.DataFrame([trial.row(number) for number, trial in enumerate(trials)])
    # Trials that failed have no folds; where the first one did, their columns come last.
    last = ["seconds", "error"]
    return table[[*(name for name in table.columns if name not in last), *last]]
