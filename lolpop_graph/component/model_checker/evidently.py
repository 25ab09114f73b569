"""Metrics of models, measured with Evidently."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from lolpop_graph.component.measured import Measured, Page
from lolpop_graph.component.model_checker.checking import ThresholdModelChecker
from lolpop_graph.component.model_checker.metrics import BY_PROBABILITY, MEASURES, Outcome
from lolpop_graph.component.needs import need

if TYPE_CHECKING:
    from lolpop_graph.component.evidently_pages import EvidentlyPage

need("evidently")

_TRUE, _PREDICTED = "true label", "predicted label"
_ALWAYS = {True: "mae", False: "accuracy"}
"""What the page shows of a regression or not, with figures, whatever is asked for."""


class EvidentlyModelChecker(ThresholdModelChecker):
    """Checks models with Evidently, and writes the report as a page of HTML with its figures.

    What Evidently has no metric for, or cannot read, such as rows in which a class does not occur,
    is measured as PlainModelChecker does, and stands on the page.
    """

    def _measure(self, asked: Sequence[str], given: Outcome) -> Measured:
        from lolpop_graph.component.evidently_pages import EvidentlyPage  # noqa: PLC0415 - seconds

        values = {name: MEASURES[name](given) for name in asked}
        page = EvidentlyPage(self.path)
        # What rows cannot tell, such as the area under the curve of one class, Evidently refuses.
        known = [name for name, value in values.items() if math.isfinite(value)]
        shown = dict.fromkeys([_ALWAYS[given.is_regression], *known])
        for by_probability in (False, True):
            names = [name for name in shown if (name in BY_PROBABILITY) is by_probability]
            values |= _measured(page, names, given)
        return Measured([values[name] for name in asked], [], Page(page.html, "html"))


def _measured(page: EvidentlyPage, names: Iterable[str], given: Outcome) -> dict[str, float]:
    """The metrics that Evidently has, as it measures them, and their figures on the page."""
    metrics = _metrics(given, names)
    if not metrics:
        return {}
    table, tasks = _numbers(given) if given.is_regression else _classes(given, {*metrics})
    found = page.run(list(metrics.values()), table, **tasks)
    return {name: _value(name, given, each) for name, each in zip(metrics, found, strict=True)}


def _metrics(given: Outcome, names: Iterable[str]) -> dict[str, Any]:
    """The metrics of Evidently for those of ours that it has."""
    if not _is_readable(given):
        return {}
    makers = _of_numbers(given) if given.is_regression else _of_classes()
    return {name: makers[name]() for name in names if name in makers}


def _is_readable(given: Outcome) -> bool:
    """Whether Evidently gets through before it measures anything.

    It divides by the sum of the inverse labels of a regression, and knows the classes that it
    sees alone.
    """
    if given.is_regression:
        total = sum(1 / given.labels[given.labels != 0])
        return total != 0 and math.isfinite(total)
    return {*given.labels} == {*given.classes} >= {*given.predictions}


def _of_numbers(given: Outcome) -> dict[str, Callable[[], Any]]:
    from evidently import metrics  # noqa: PLC0415 - takes seconds

    makers: dict[str, Callable[[], Any]] = {
        "mae": lambda: metrics.MAE(error_plot=True),
        "rmse": metrics.RMSE,
        "r2": metrics.R2Score,
        "max_error": metrics.AbsMaxError,
    }
    # Evidently divides by labels that are 0.
    return makers | ({"mape": metrics.MAPE} if given.labels.all() else {})


def _of_classes() -> dict[str, Callable[[], Any]]:
    from evidently import metrics  # noqa: PLC0415 - takes seconds

    return {
        "accuracy": metrics.Accuracy,
        "log_loss": metrics.LogLoss,
        "f1": metrics.F1ByLabel,
        "precision": metrics.PrecisionByLabel,
        "recall": metrics.RecallByLabel,
        "roc_auc": metrics.RocAucByLabel,
    }


def _value(name: str, given: Outcome, result: Any) -> float:
    """The figure in what Evidently answers; it has mape in percent."""
    if hasattr(result, "mean"):
        return float(result.mean.value) / (100 if name == "mape" else 1)
    if hasattr(result, "values"):
        by_label = {str(label): float(each.value) for label, each in result.values.items()}  # noqa: PD011 - no table
        return given.mean_of(lambda label: by_label[str(label)])
    return float(result.value)


def _numbers(given: Outcome) -> tuple[pd.DataFrame, dict[str, Any]]:
    from evidently import Regression  # noqa: PLC0415 - takes seconds

    table = pd.DataFrame({_TRUE: given.labels, _PREDICTED: given.predictions})
    return table, {"regression": [Regression(target=_TRUE, prediction=_PREDICTED)]}


def _classes(given: Outcome, names: set[str]) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Labels as texts, by which Evidently finds the columns of probabilities.

    Metrics of labels are given no probabilities, since Evidently would derive labels from them.
    """
    classes = [str(label) for label in given.classes]
    true, predicted = (_free(name, classes) for name in (_TRUE, _PREDICTED))
    table = pd.DataFrame({true: given.labels, predicted: given.predictions}).map(str)
    if not names & BY_PROBABILITY:
        task = _task(given, {"target": true, "prediction_labels": predicted})
        return table, {"classification": [task]}
    chances = pd.DataFrame(given.probabilities, columns=classes)
    positive = _positive(given)
    chosen = classes if positive is None else positive
    task = _task(given, {"target": true, "prediction_probas": chosen})
    return chances.assign(**{true: table[true]}), {"classification": [task]}


def _positive(given: Outcome) -> str | None:
    """The class that Evidently is told to be positive, where there are two; it needs one."""
    if len(given.classes) != 2:  # noqa: PLR2004 - a class and the other one
        return None
    return str(given.classes[1] if given.positive is None else given.positive)


def _task(given: Outcome, columns: dict[str, Any]) -> Any:
    """Two classes are a task of its own, which the one for many refuses."""
    from evidently import BinaryClassification, MulticlassClassification  # noqa: PLC0415 - seconds

    positive = _positive(given)
    if positive is None:
        # It would take labels for named otherwise.
        return MulticlassClassification(**{"prediction_labels": None, **columns})
    return BinaryClassification(pos_label=positive, **columns)


def _free(name: str, taken: Sequence[str]) -> str:
    while name in taken:
        name += " "
    return name
