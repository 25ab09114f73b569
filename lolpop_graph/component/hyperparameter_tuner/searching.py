"""What tuners have in common that judge by cross-validation: config, records, the best trial."""

from __future__ import annotations

import math
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from lolpop_graph.component.config_types import Count, Seed
from lolpop_graph.component.hyperparameter_tuner.base import BaseHyperparameterTuner, TuningResult
from lolpop_graph.component.hyperparameter_tuner.cross_validation import (
    CrossValidation,
    Folds,
    Trial,
    fold_method,
    table_of,
)
from lolpop_graph.component.hyperparameter_tuner.search_space import read_search_space
from lolpop_graph.component.table import Column, Matrix

if TYPE_CHECKING:
    import pandas as pd

    from lolpop_graph.component.metrics_tracker.base import BaseMetricsTracker
    from lolpop_graph.component.model_evaluator.base import BaseModelEvaluator
    from lolpop_graph.component.model_trainer.base import BaseModelTrainer

_FEWEST_FOLDS = 2
_ARTIFACTS = "tuning"


class SearchingTuner(BaseHyperparameterTuner):
    """The base of tuners that try one combination after another, each by cross-validation.

    Config, the same for all of them: `search_space`, for each parameter of the model trainer
    `choices` (a list) or `low` and `high` (with `log: true`, a `step`, and the `type` int or
    float, which is int where the numbers are written without a point); `metric`, one of the
    model evaluator's (default: its first), and its `direction`, which the evaluator knows of its
    own metrics; `n_folds` (default 5) and `fold_method` (stratified, random, or time for rows in
    the order of time; the default goes by `problem_type`); `n_trials`, how many combinations are
    tried at most; `timeout`, after how many seconds none is begun any more; `random_state`, the
    seed (default 0; null: another one for each search, the same for all its trials).

    In an active run of a tracker beside it every score is a step of the metric
    `tuning_<metric>`, the best one so far of `tuning_best_<metric>`, and all trials are the
    artifact `tuning/trials.csv`.
    """

    __REQUIRED_CONF__ = {"component": ["model_trainer", "model_evaluator"]}

    @dataclass(kw_only=True)
    class Config:
        """The keys that the class describes."""

        search_space: dict[str, Any]
        metric: str | None = None
        direction: Literal["maximize", "minimize"] | None = None
        n_folds: Annotated[int, Field(ge=2)] = 5
        fold_method: Literal["stratified", "random", "time"] | None = None
        n_trials: Count | None = None
        timeout: Annotated[float, Field(gt=0)] | None = None
        random_state: Seed = 0

    config: Config

    model_trainer: BaseModelTrainer
    model_evaluator: BaseModelEvaluator

    def setup(self) -> None:
        """Hold the config against trainer and evaluator before any work; raises ValueError."""
        self._space = read_search_space(self.config.search_space)
        self.model_trainer.check_params(
            {name: each.points(_FEWEST_FOLDS)[0] for name, each in self._space.items()}
        )
        seed = self.config.random_state
        # Trials can be compared if they are judged by the same folds, whatever seed made them.
        self._seed = SystemRandom().randrange(2**32) if seed is None else seed
        method = fold_method(self.config.fold_method, self.problem_type)
        self._folds = Folds(method, self.config.n_folds, self._seed)
        self._metric = self.config.metric or self.model_evaluator.metric_names[0]
        self._maximizes = self._read_direction()

    def tune(self, features: Matrix, labels: Column) -> TuningResult:
        """Search, keep what was tried with the run, and set the best parameters.

        See `BaseHyperparameterTuner.tune`.
        """
        self._is_over_at = time.monotonic() + (self.config.timeout or math.inf)
        # Rows that cannot be parted are no matter of a single trial.
        self._folds.indices(labels)
        validation = CrossValidation(
            self.model_trainer, self.model_evaluator, self._metric, self._folds, features, labels
        )
        trials = self._search(validation)
        best = self._best(trials)
        self.model_trainer.set_params(best.params)
        result = TuningResult(dict(best.params), best.score, table_of(trials))
        self._keep(result.trials)
        said = ", ".join(f"{name} {_short(value)}" for name, value in best.params.items())
        self.log(f"best of {len(trials)} trials: {self._metric} {best.score:.4g} with {said}")
        return result

    def _search(self, validation: CrossValidation) -> list[Trial]:
        """Try combinations until it is over; all that were tried, in that order."""
        raise NotImplementedError

    def _is_over(self, trials: int) -> bool:
        """Whether no further trial is begun after so many; one is always made."""
        most = self.config.n_trials
        is_enough = most is not None and trials >= most
        return trials > 0 and (is_enough or time.monotonic() >= self._is_over_at)

    def _read_direction(self) -> bool:
        if self.config.direction is None:
            return self.model_evaluator.higher_is_better(self._metric)
        return self.config.direction == "maximize"

    def _best(self, trials: list[Trial]) -> Trial:
        """The first of the best ones; ValueError where all failed."""
        good = [trial for trial in trials if trial.fold_scores]
        if not good:
            message = f"none of the {len(trials)} trials came through; the first: {trials[0].error}"
            raise ValueError(message)
        choose = max if self._maximizes else min
        return choose(good, key=lambda trial: trial.score)

    def _keep(self, trials: pd.DataFrame) -> None:
        """Record trials with the active run, where there is a tracker and it has one."""
        tracker = getattr(self, "metadata_tracker", None)
        if tracker is None or not _has_run(tracker):
            return
        metrics_tracker = getattr(self, "metrics_tracker", None)
        if metrics_tracker is not None:
            self._keep_scores(trials.set_index("trial")["score"].dropna(), metrics_tracker)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "trials.csv"
            trials.to_csv(path, index=False)
            tracker.log_artifact(path, _ARTIFACTS)

    def _keep_scores(self, scores: Column, tracker: BaseMetricsTracker) -> None:
        best = scores.cummax() if self._maximizes else scores.cummin()
        for number in scores.index:
            found = {
                f"tuning_{self._metric}": float(scores[number]),
                f"tuning_best_{self._metric}": float(best[number]),
            }
            tracker.log_metrics(found, step=int(number))


def _has_run(tracker: Any) -> bool:
    try:
        return bool(tracker.run_id)
    except RuntimeError:
        return False


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
