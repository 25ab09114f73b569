"""What model checkers with thresholds have in common; they differ in who measures and writes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lolpop_graph.component.folders import OUTPUT_FOLDER
from lolpop_graph.component.measured import Measured, finish
from lolpop_graph.component.model_checker.base import BaseModelChecker
from lolpop_graph.component.model_checker.metrics import (
    CLASSIFICATION,
    MEASURES,
    REGRESSION,
    Outcome,
    outcome,
    problem,
)
from lolpop_graph.component.report import Bound, Check, Report, shown
from lolpop_graph.component.settings import Settings
from lolpop_graph.text import did_you_mean

if TYPE_CHECKING:
    from pandas import DataFrame, Series


class ThresholdModelChecker(BaseModelChecker):
    """Holds the metrics of a model against thresholds.

    Config:
    `thresholds`, a mapping of metrics to `{min: 0.8}`, `{max: 3}` or both. Of a classification
    accuracy, balanced_accuracy, matthews_corrcoef, f1, precision, recall, roc_auc,
    average_precision and log_loss; of a regression mae, rmse, mse, r2, mape (a share: 0.1 is
    10 %), median_absolute_error, max_error and explained_variance;
    `positive_label`, the class that f1, precision, recall, roc_auc and average_precision are
    about; without it they are the unweighted means over the classes;
    `better_than_constant` (default true): whether the model has to be better than one and the
    same answer for all rows, which is an r2 above 0, or a balanced accuracy above that of chance;
    `output_folder` (default `lolpop_output`), below which `reports/` gets the report.
    """

    __DEFAULT_CONF__ = {
        "config": {
            "thresholds": None,
            "positive_label": None,
            "better_than_constant": True,
            "output_folder": OUTPUT_FOLDER,
        }
    }

    def setup(self) -> None:
        """Read the config; raises ValueError with all that is wrong with it."""
        with Settings(self._get_config) as settings:
            self._thresholds = _thresholds(settings, self.problem_type)
            self._compares = settings.flag("better_than_constant")
            self._folder = settings.text("output_folder") or OUTPUT_FOLDER

    def check(
        self,
        labels: Series,
        predictions: Series,
        probabilities: DataFrame | None = None,
        classes: list[Any] | None = None,
    ) -> Report:
        """Hold metrics of true and predicted labels (both (n_rows,)) against the thresholds.

        `probabilities` has shape (n_rows, n_classes), its columns being `classes`, or is None;
        `classes` is empty or None for a regression. A metric that cannot be had of these rows has
        not passed. Raises ValueError where there are no rows or shapes do not belong together,
        OSError where the report cannot be written.
        """
        positive = self._get_config("positive_label")
        given = outcome(labels, predictions, probabilities, classes, positive)
        problems = {name: problem(name, given) for name in self._thresholds}
        asked = [name for name, why_not in problems.items() if not why_not]
        found = self._measure(asked, given)
        values = dict(zip(asked, found.figures, strict=True))
        checks = [
            _check(name, bound, values.get(name, math.nan), problems[name])
            for name, bound in self._thresholds.items()
        ]
        checks += _against_constant(given) if self._compares else []
        return finish(self, Report.of(checks), found.page, self._folder)

    def _measure(self, asked: Sequence[str], given: Outcome) -> Measured:
        """The value of each metric that is asked for, and the page that shows them."""
        raise NotImplementedError


def _thresholds(settings: Settings, problem_type: str | None) -> dict[str, Bound]:
    key, found = "thresholds", {}
    for name, limits in settings.mapping(key, "{accuracy: {min: 0.8}}").items():
        where = f"`{name}` of `{key}`"
        if name not in MEASURES:
            settings.fault(f"{where} is no metric; {did_you_mean(str(name), MEASURES)}")
        elif problem_type is not None and name not in _metrics_of(problem_type):
            settings.fault(f"{where} is no metric for `problem_type` {problem_type}")
        elif (bound := settings.bound(limits, where)) is not None:
            found[name] = bound
    return found


def _metrics_of(problem_type: str) -> Mapping[str, Any]:
    """The metrics that a kind of problem has; all of them for one that is not known."""
    kinds = {
        "classification": CLASSIFICATION,
        "regression": REGRESSION,
        "time_series": REGRESSION,
        "forecasting": REGRESSION,
    }
    return kinds.get(problem_type, MEASURES)


def _check(name: str, bound: Bound, value: float, why_not: str) -> Check:
    if why_not:
        return Check(name, False, None, bound.threshold, why_not)  # noqa: FBT003
    if math.isnan(value):
        said = "it cannot be told from these rows"
    else:
        said = f"{shown(float(value))}, asked for {bound}"
    return Check(name, bound.admits(value), float(value), bound.threshold, said)


def _against_constant(given: Outcome) -> list[Check]:
    """Whether the model is better than the best constant; nothing where rows cannot tell."""
    name = "r2" if given.is_regression else "balanced_accuracy"
    value = MEASURES[name](given)
    n_there = sum(bool((given.labels == label).any()) for label in given.classes)
    limit = 0.0 if given.is_regression else 1 / max(n_there, 1)
    # One row, or one class alone, is predicted perfectly by a constant.
    if n_there == 1 or len(given.labels) == 1:
        return []
    said = f"{name} {shown(value)}, that of a constant is {shown(limit)}"
    return [Check("better than a constant", value > limit, value, limit, said)]
