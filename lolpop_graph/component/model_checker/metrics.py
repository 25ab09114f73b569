"""Metrics of predictions with NumPy alone, by the names and definitions that scikit-learn has.

Those of one class against the rest are unweighted means over the classes, or of one class that
is called positive. What cannot be told from the rows given is nan.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Outcome:
    """True and predicted labels (both (n_rows,)), and what a classification has beside them.

    `probabilities` has shape (n_rows, n_classes), columns as in `classes`; `positive` is a class
    or None. For a regression `classes` is empty and labels are numbers.
    """

    labels: NDArray[Any]
    predictions: NDArray[Any]
    probabilities: Numbers | None
    classes: list[Any]
    positive: Any = None

    @property
    def is_regression(self) -> bool:
        """Whether there are no classes."""
        return not self.classes

    @property
    def errors(self) -> Numbers:
        """Labels less predictions of a regression."""
        return np.asarray(self.labels - self.predictions, dtype=np.float64)

    def mean_of(self, measure: Callable[[Any], float]) -> float:
        """The mean of a measure over the classes, or that of the positive one alone."""
        chosen = self.classes if self.positive is None else [self.positive]
        return float(np.mean([measure(label) for label in chosen]))

    def counts(self, label: Any) -> tuple[int, int, int]:
        """How many rows of a class are found, how many are called it, and how many are of it."""
        is_label, is_called = self.labels == label, self.predictions == label
        return int((is_label & is_called).sum()), int(is_called.sum()), int(is_label.sum())

    def scores(self, label: Any) -> tuple[Flags, Numbers]:
        """Which rows are of a class, and how likely the model held that to be."""
        assert self.probabilities is not None  # noqa: S101 - asked for by `problem` before
        return self.labels == label, self.probabilities[:, self.classes.index(label)]


def outcome(
    labels: pd.Series,
    predictions: pd.Series,
    probabilities: pd.DataFrame | None,
    classes: list[Any] | None,
    positive: Any = None,
) -> Outcome:
    """What is to be measured; raises ValueError for shapes that do not belong together."""
    if not len(labels) == len(predictions) > 0:
        message = f"{len(labels)} labels and {len(predictions)} predictions: one each is needed"
        raise ValueError(message)
    known = list(classes) if classes is not None else []
    if not known and not pd.api.types.is_numeric_dtype(labels):
        known = sorted({*labels.dropna(), *predictions.dropna()}, key=str)
    if probabilities is not None and probabilities.shape != (len(labels), len(known)):
        wanted = (len(labels), len(known))
        message = (
            f"probabilities of shape {probabilities.shape} where rows and classes are {wanted}"
        )
        raise ValueError(message)
    if positive is not None and known and positive not in known:
        raise ValueError("`positive_label` is none of the classes of the model")
    kind = object if known else np.float64
    chances = None if probabilities is None else probabilities.to_numpy(dtype=np.float64)
    true, predicted = (pd.Series(each).to_numpy(dtype=kind) for each in (labels, predictions))
    return Outcome(true, predicted, chances, known, positive if known else None)


def problem(name: str, given: Outcome) -> str:
    """Why a metric cannot be had of an outcome; empty where it can."""
    if given.is_regression is not (name in REGRESSION):
        kinds = ("regressions", "classifications")
        measured, found = kinds if name in REGRESSION else kinds[::-1]
        return f"it is a metric of {measured}, and these labels are those of {found}"
    if name in BY_PROBABILITY and given.probabilities is None:
        return "it needs probabilities, and the model gives none"
    return ""


def _ratio(part: float, whole: float) -> float:
    """A share; 0 of nothing, as scikit-learn has it with `zero_division=0`."""
    return part / whole if whole else 0.0


def _precision(given: Outcome, label: Any) -> float:
    found, called, _ = given.counts(label)
    return _ratio(found, called)


def _recall(given: Outcome, label: Any) -> float:
    found, _, there = given.counts(label)
    return _ratio(found, there)


def _f1(given: Outcome, label: Any) -> float:
    found, called, there = given.counts(label)
    return _ratio(2 * found, called + there)


def _accuracy(given: Outcome) -> float:
    return float(np.mean(given.labels == given.predictions))


def _balanced_accuracy(given: Outcome) -> float:
    there = [label for label in given.classes if (given.labels == label).any()]
    return float(np.mean([_recall(given, label) for label in there])) if there else math.nan


def _matthews_corrcoef(given: Outcome) -> float:
    """After J. Gorodkin (2004), for any number of classes."""
    counts = [given.counts(label) for label in given.classes]
    found, called, there = (np.array(each, dtype=float) for each in zip(*counts, strict=True))
    rows = len(given.labels)
    spread = (rows**2 - (called**2).sum()) * (rows**2 - (there**2).sum())
    return _ratio(found.sum() * rows - (called * there).sum(), math.sqrt(spread))


def _roc_auc(given: Outcome, label: Any) -> float:
    """The chance that a row of the class has a higher score than another (Mann-Whitney)."""
    is_label, scores = given.scores(label)
    there, others = int(is_label.sum()), int((~is_label).sum())
    if not there or not others:
        return math.nan
    ranks = pd.Series(scores).rank().to_numpy()
    return float((ranks[is_label].sum() - there * (there + 1) / 2) / (there * others))


def _average_precision(given: Outcome, label: Any) -> float:
    """The sum of precisions, each with the recall that is gained down to its threshold."""
    is_label, scores = given.scores(label)
    order = np.argsort(-scores, kind="stable")
    found = np.cumsum(is_label[order])
    last_of_each = np.append(np.flatnonzero(np.diff(scores[order])), len(order) - 1)
    found, called = found[last_of_each], last_of_each + 1
    return (
        float(np.sum(np.diff(found, prepend=0) * found / called) / found[-1]) if found[-1] else 0.0
    )


def _log_loss(given: Outcome) -> float:
    probabilities = given.probabilities
    assert probabilities is not None  # noqa: S101 - asked for by `problem` before
    places = {label: place for place, label in enumerate(given.classes)}
    columns = [places.get(label, -1) for label in given.labels]
    if -1 in columns:
        return math.nan
    tiny = float(np.finfo(probabilities.dtype).eps)
    shares = np.clip(probabilities / probabilities.sum(axis=1, keepdims=True), tiny, 1 - tiny)
    return float(-np.log(shares[np.arange(len(columns)), columns]).mean())


def _r2(given: Outcome) -> float:
    spread = float(((given.labels - given.labels.mean()) ** 2).sum())
    if len(given.labels) == 1:
        return math.nan
    left = float((given.errors**2).sum())
    return 1 - left / spread if spread else float(left == 0)


def _explained_variance(given: Outcome) -> float:
    spread, left = float(given.labels.var()), float(given.errors.var())
    return 1 - left / spread if spread else float(left == 0)


def _mape(given: Outcome) -> float:
    tiny = float(np.finfo(np.float64).eps)
    return float(np.mean(np.abs(given.errors) / np.maximum(np.abs(given.labels), tiny)))


CLASSIFICATION: dict[str, Callable[[Outcome], float]] = {
    "accuracy": _accuracy,
    "balanced_accuracy": _balanced_accuracy,
    "matthews_corrcoef": _matthews_corrcoef,
    "f1": lambda given: given.mean_of(lambda label: _f1(given, label)),
    "precision": lambda given: given.mean_of(lambda label: _precision(given, label)),
    "recall": lambda given: given.mean_of(lambda label: _recall(given, label)),
    "roc_auc": lambda given: given.mean_of(lambda label: _roc_auc(given, label)),
    "average_precision": lambda given: given.mean_of(lambda each: _average_precision(given, each)),
    "log_loss": _log_loss,
}
REGRESSION: dict[str, Callable[[Outcome], float]] = {
    "mae": lambda given: float(np.abs(given.errors).mean()),
    "rmse": lambda given: math.sqrt((given.errors**2).mean()),
    "mse": lambda given: float((given.errors**2).mean()),
    "r2": _r2,
    "mape": _mape,
    "median_absolute_error": lambda given: float(np.median(np.abs(given.errors))),
    "max_error": lambda given: float(np.abs(given.errors).max()),
    "explained_variance": _explained_variance,
}
BY_PROBABILITY = frozenset(("roc_auc", "average_precision", "log_loss"))
MEASURES = CLASSIFICATION | REGRESSION
