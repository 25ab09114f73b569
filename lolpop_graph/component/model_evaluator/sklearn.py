"""Metrics of classifications, by scikit-learn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn import metrics

from lolpop_graph.component.model_evaluator.base import BaseModelEvaluator
from lolpop_graph.component.table import Column, Matrix

_BY_LABEL = {
    "f1": metrics.f1_score,
    "precision": metrics.precision_score,
    "recall": metrics.recall_score,
}
_OF_ALL = {
    "accuracy": metrics.accuracy_score,
    "balanced_accuracy": metrics.balanced_accuracy_score,
}
_BY_PROBABILITY = ("log_loss", "roc_auc")


class SklearnModelEvaluator(BaseModelEvaluator):
    """Measures a classification.

    Config: `metrics`, any of accuracy, balanced_accuracy, f1, precision, recall, roc_auc and
    log_loss; `positive_label`, the class that precision, recall, f1 and roc_auc are about.
    Without it they are the unweighted means over the classes, roc_auc one class against the
    rest (Hand and Till's alternative is not offered).
    """

    __DEFAULT_CONF__ = {
        "config": {"metrics": ["accuracy", "f1", "roc_auc"], "positive_label": None}
    }

    def evaluate(
        self,
        labels: Column,
        predictions: Column,
        probabilities: Matrix | None = None,
        classes: Sequence[Any] = (),
        metrics: Sequence[str] | None = None,
    ) -> dict[str, float]:
        """The configured metrics; ValueError for one that is unknown or cannot be had."""
        return {
            name: self._measure(name, labels, predictions, probabilities, list(classes))
            for name in metrics or self._get_config("metrics")
        }

    def higher_is_better(self, metric: str) -> bool:
        """False for `log_loss` alone."""
        return metric != "log_loss"

    def _measure(
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
        if name not in _BY_PROBABILITY:
            known = ", ".join([*_OF_ALL, *_BY_LABEL, *_BY_PROBABILITY])
            message = f"unknown metric {name!r}; there are {known}"
            raise ValueError(message)
        if probabilities is None:
            message = f"{name} needs probabilities, and this model gives none: leave it out"
            raise ValueError(message)
        if name == "log_loss":
            return float(metrics.log_loss(labels, probabilities[classes], labels=classes))
        return self._roc_auc(labels, probabilities, classes)

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

    def _roc_auc(self, labels: Column, probabilities: Matrix, classes: list[Any]) -> float:
        positive = self._positive(classes)
        wanted = classes if positive is None else [positive]
        areas = [metrics.roc_auc_score(labels == label, probabilities[label]) for label in wanted]
        return float(np.mean(areas))
