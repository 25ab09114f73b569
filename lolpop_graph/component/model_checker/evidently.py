"""Metrics of models, measured with Evidently."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from lolpop_graph.component.measured import Measured, Page
from lolpop_graph.component.model_checker.checking import ThresholdModelChecker
from lolpop_graph.component.model_checker.metrics import MEASURES, Outcome
from lolpop_graph.component.needs import need

need("evidently")

_TRUE, _PREDICTED = "true label", "predicted label"


class EvidentlyModelChecker(ThresholdModelChecker):
    """Checks models with Evidently, and writes the report as a page of HTML with its figures.

    What Evidently has no metric for, or cannot read, such as rows in which a class does not occur,
    is measured as PlainModelChecker does, and stands on the page.
    """

    def _measure(self, asked: Sequence[str], given: Outcome) -> Measured:
        from lolpop_graph.component.evidently_pages import EvidentlyPage  # noqa: PLC0415 - seconds

        values = {name: MEASURES[name](given) for name in asked}
        # What rows cannot tell, such as the area under the curve of one class, Evidently refuses.
        metrics = _metrics(given, [name for name in asked if math.isfinite(values[name])])
        table, tasks = (_numbers if given.is_regression else _classes)(given)
        page = EvidentlyPage(self.path)
        found = page.run(list(metrics.values()), table, **tasks)
        values |= {
            name: _value(name, given, each) for name, each in zip(metrics, found, strict=True)
        }
        return Measured([values[name] for name in asked], [], Page(page.html, "html"))


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
        "accuracy": lambda: metrics.Accuracy(conf_matrix=True),
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


def _classes(given: Outcome) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Labels as texts, since Evidently finds the columns of probabilities by them."""
    names = [str(label) for label in given.classes]
    columns: dict[str, Any] = {}
    if given.probabilities is not None:
        columns |= dict(zip(names, np.transpose(given.probabilities), strict=True))
    true, predicted = (_free(name, names) for name in (_TRUE, _PREDICTED))
    columns[true], columns[predicted] = map(str, given.labels), map(str, given.predictions)
    where = {"target": true, "prediction_labels": predicted}
    task = _task(given, names if given.probabilities is not None else None, where)
    return pd.DataFrame(columns), {"classification": [task]}


def _task(given: Outcome, probabilities: list[str] | None, where: dict[str, str]) -> Any:
    """Two classes are a task of its own, which the one for many refuses."""
    from evidently import BinaryClassification, MulticlassClassification  # noqa: PLC0415 - seconds

    if len(given.classes) != 2:  # noqa: PLR2004 - a class and the other one
        return MulticlassClassification(prediction_probas=probabilities, **where)
    positive = str(given.classes[1] if given.positive is None else given.positive)
    column = positive if probabilities else None
    return BinaryClassification(pos_label=positive, prediction_probas=column, **where)


def _free(name: str, taken: Sequence[str]) -> str:
    while name in taken:
        name += " "
    return name
