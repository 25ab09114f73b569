"""Metrics of classifications and regressions, by scikit-learn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn import metrics as measures

from lolpop_graph.component.model_evaluator.base import BaseModelEvaluator
from lolpop_graph.component.problems import is_regression, known
from lolpop_graph.component.table import Column, Matrix

_BY_LABEL = {
    "f1": measures.f1_score,
    "precision": measures.precision_score,
    "recall": measures.recall_score,
}
_OF_ALL = {
    "accuracy": measures.accuracy_score,
    "balanced_accuracy": measures.balanced_accuracy_score,
    "matthews_corrcoef": measures.matthews_corrcoef,
}
_AREAS = {
    "roc_auc": measures.roc_auc_score,
    "average_precision": measures.average_precision_score,
}
_BY_PROBABILITY = ("log_loss", *_AREAS)
_OF_CLASSES = (*_OF_ALL, *_BY_LABEL, *_BY_PROBABILITY)
_OF_NUMBERS = {
    "mae": measures.mean_absolute_error,
    "rmse": measures.root_mean_squared_error,
    "r2": measures.r2_score,
    "mape": measures.mean_absolute_percentage_error,
    "median_absolute_error": measures.median_absolute_error,
    "mse": measures.mean_squared_error,
    "max_error": measures.max_error,
    "explained_variance": measures.explained_variance_score,
}
_LOWER_IS_BETTER = {"log_loss", *_OF_NUMBERS} - {"r2", "explained_variance"}
_USUAL_OF_CLASSES = ("accuracy", "f1", "roc_auc")
_USUAL_OF_NUMBERS = ("mae", "rmse", "r2")


class SklearnModelEvaluator(BaseModelEvaluator):
    """Measures a classification or a regression.

    Config: `metrics`. Of a classification any of accuracy, balanced_accuracy, matthews_corrcoef,
    f1, precision, recall, roc_auc, average_precision and log_loss, by default accuracy, f1 and,
    where there are probabilities, roc_auc. Of a regression (`problem_type: regression`, or a model
    without classes) any of mae, rmse, mse, r2, mape, median_absolute_error, max_error and
    explained_variance, by default mae, rmse and r2. They are scikit-learn's functions of these
    names; mape is a share, 0.1 for 10 %.

    `positive_label`: the class that precision, recall, f1, roc_auc and average_precision are
    about. Without it they are the unweighted means over the classes, the areas one class against
    the rest (Hand and Till's alternative is not offered).
    """

    __DEFAULT_CONF__ = {"config": {"metrics": None, "positive_label": None}}

    def setup(self) -> None:
        """Look at the names of the metrics, so that a wrong one is told before any work."""
        names = self._configured()
        for name in names:
            known(name, (*_OF_CLASSES, *_OF_NUMBERS), "metric")
        if self.problem_type is not None:
            _check_kind(names, is_numbers=is_regression(self.problem_type))

    def evaluate(
        self,
        labels: Column,
        predictions: Column,
        probabilities: Matrix | None = None,
        classes: Sequence[Any] = (),
        metrics: Sequence[str] | None = None,
    ) -> dict[str, float]:
        """The metrics named, else the configured ones, else the usual ones, by name.

        Raises ValueError for one that is unknown or cannot be had of these predictions.
        """
        names = metrics or self._configured()
        if not len(labels):
            message = "there are no rows to evaluate"
            raise ValueError(message)
        if not classes:
            _check_kind(names, is_numbers=True)
            return {
                name: _of_numbers(name, labels, predictions) for name in names or _USUAL_OF_NUMBERS
            }
        _check_kind(names, is_numbers=False)
        return {
            name: self._of_classes(name, labels, predictions, probabilities, list(classes))
            for name in names or _usual(probabilities, labels)
        }

    @property
    def metric_names(self) -> list[str]:
        """The configured metrics, else the usual ones of the workflow's `problem_type`."""
        usual = _USUAL_OF_NUMBERS if is_regression(self.problem_type) else _USUAL_OF_CLASSES
        return list(self._configured() or usual)

    def higher_is_better(self, metric: str) -> bool:
        """False for errors and log_loss; ValueError for a metric that is unknown."""
        return known(metric, (*_OF_CLASSES, *_OF_NUMBERS), "metric") not in _LOWER_IS_BETTER

    def _configured(self) -> Sequence[str]:
        names = self._get_config("metrics") or ()
        return [names] if isinstance(names, str) else list(names)

    def _of_classes(
        self,
        name: str,
        labels: Column,
        predictions: Column,
        probabilities: Matrix | None,
        classes: list[Any],
    ) -> float:
        if name in _OF_ALL:
            return float(_OF_ALL[name](labels, predictions))
        if name in _BY_LABEL:
            average = self._average(classes)
            return float(_BY_LABEL[name](labels, predictions, zero_division=0, **average))
        if probabilities is None:
            message = f"{name} needs probabilities, and this model gives none: leave it out"
            raise ValueError(message)
        if name == "log_loss":
            return float(measures.log_loss(labels, probabilities, labels=classes))
        return self._area(name, labels, probabilities, classes)

    def _positive(self, classes: list[Any]) -> Any:
        positive = self._get_config("positive_label")
        if positive is not None and positive not in classes:
            message = f"positive_label {positive!r} is none of the classes {classes}"
            raise ValueError(message)
        return positive

    def _average(self, classes: list[Any]) -> dict[str, Any]:
        positive = self._positive(classes)
        if positive is None:
            return {"average": "macro"}
        # One label alone is what `average="binary"` means, and works with three classes too.
        return {"average": "macro", "labels": [positive]}

    def _area(self, name: str, labels: Column, probabilities: Matrix, classes: list[Any]) -> float:
        positive = self._positive(classes)
        wanted = classes if positive is None else [positive]
        columns = np.asarray(probabilities)
        for label in wanted:
            if (labels == label).nunique() == 1:
                message = f"{name} needs rows of class {label!r} and of others: use more rows"
                raise ValueError(message)
        areas = [
            _AREAS[name](labels == label, columns[:, classes.index(label)]) for label in wanted
        ]
        return float(np.mean(areas))


def _usual(probabilities: Matrix | None, labels: Column) -> Sequence[str]:
    """The metrics that nobody asked for: those that can be had."""
    has_areas = probabilities is not None and set(probabilities.columns) <= set(labels)
    return _USUAL_OF_CLASSES if has_areas and labels.nunique() > 1 else _USUAL_OF_CLASSES[:-1]


def _of_numbers(name: str, labels: Column, predictions: Column) -> float:
    if name == "mape" and (labels == 0).any():
        message = "mape divides by the labels, and some are 0: use mae"
        raise ValueError(message)
    return float(_OF_NUMBERS[name](labels, predictions))


def _check_kind(names: Sequence[str], *, is_numbers: bool) -> None:
    """Raise ValueError for a metric that is unknown, or of the other kind of problem."""
    wanted, others = (_OF_NUMBERS, _OF_CLASSES) if is_numbers else (_OF_CLASSES, _OF_NUMBERS)
    kinds = ("regression", "classification") if is_numbers else ("classification", "regression")
    for name in names:
        if name in others:
            message = (
                f"{name!r} measures a {kinds[1]}, and this is a {kinds[0]}: "
                f"there are {', '.join(wanted)}"
            )
            raise ValueError(message)
        known(name, wanted, "metric")
