"""Figures of a classification: what is taken for what, and what probabilities are worth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn import metrics
from sklearn.calibration import calibration_curve

from lolpop_graph.component.figures import (
    FAINT,
    colours,
    legend,
    literal,
    new_figure,
    tidy,
    turn_long,
)
from lolpop_graph.component.model_checker.metrics import Outcome
from lolpop_graph.text import counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MOST_NUMBERS = 25
_DARK = 0.5
_BINS = 10

Curve = tuple[Any, Any, str]
"""Values along the axes x and y, and what is said of them in the legend."""


def classification_figures(given: Outcome) -> Iterator[tuple[str, Figure]]:
    """The figures of a classification, each with its name; those that rows cannot give left out."""
    yield "confusion_matrix", _confusion_matrix(given)
    if given.probabilities is None:
        return
    chosen = _chosen(given)
    whole = [label for label in chosen if 0 < given.counts(label)[2] < len(given.labels)]
    if whole:
        yield "roc", _roc(given, whole)
        yield "precision_recall", _precision_recall(given, whole)
    yield "calibration", _calibration(given, chosen)


def _chosen(given: Outcome) -> list[Any]:
    """The classes with a curve: the positive one, or all; of two the second says as much."""
    if given.positive is not None:
        return [given.positive]
    return given.classes[1:] if len(given.classes) == 2 else given.classes  # noqa: PLR2004 - two


def _confusion_matrix(given: Outcome) -> Figure:
    """Counts of true (down) by predicted classes (across), coloured by their share of a row."""
    extra = sorted({*given.labels, *given.predictions} - {*given.classes}, key=str)
    classes = [*given.classes, *extra]
    counts = np.array(
        [
            [((given.labels == true) & (given.predictions == said)).sum() for said in classes]
            for true in classes
        ]
    )
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    size = max(4.2, min(16.0, 2.4 + 0.55 * len(classes)))
    figure = new_figure(size + 0.8, size)
    axes = figure.add_subplot()
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    names = [literal(label, 24) for label in classes]
    places = range(len(classes))
    axes.set(
        xticks=places,
        yticks=places,
        xticklabels=names,
        yticklabels=names,
        xlabel="predicted",
        ylabel="true",
        title=f"Confusion matrix, {counted(len(given.labels), 'row')}",
    )
    turn_long(axes, names)
    figure.colorbar(image, label="share of the true class", shrink=0.8)
    if len(classes) <= _MOST_NUMBERS:
        _write_counts(axes, counts, shares)
    return figure


def _write_counts(axes: Axes, counts: Any, shares: Any) -> None:
    for (row, column), count in np.ndenumerate(counts):
        if count:
            colour = "white" if shares[row, column] > _DARK else "black"
            axes.text(column, row, f"{count:,}", ha="center", va="center", color=colour)


def _roc(given: Outcome, chosen: list[Any]) -> Figure:
    def curve(label: Any) -> Curve:
        is_label, scores = given.scores(label)
        across, up, _ = metrics.roc_curve(is_label, scores)
        return across, up, f"area {metrics.auc(across, up):.3f}"

    figure, axes = _curves(chosen, curve)
    axes.plot([0, 1], [0, 1], color=FAINT, linestyle="--", linewidth=1)
    axes.set(xlabel="false positive rate", ylabel="true positive rate", title=_title("ROC", chosen))
    return figure


def _precision_recall(given: Outcome, chosen: list[Any]) -> Figure:
    def curve(label: Any) -> Curve:
        is_label, scores = given.scores(label)
        precision, recall, _ = metrics.precision_recall_curve(is_label, scores)
        area = metrics.average_precision_score(is_label, scores)
        return recall, precision, f"average precision {area:.3f}"

    figure, axes = _curves(chosen, curve, drawstyle="steps-post")
    axes.set(xlabel="recall", ylabel="precision", title=_title("Precision and recall", chosen))
    return figure


def _calibration(given: Outcome, chosen: list[Any]) -> Figure:
    def curve(label: Any) -> Curve:
        is_label, scores = given.scores(label)
        shares, means = calibration_curve(is_label, np.clip(scores, 0, 1), n_bins=_BINS)
        return means, shares, ""

    figure, axes = _curves(chosen, curve, marker="o", markersize=4)
    axes.plot([0, 1], [0, 1], color=FAINT, linestyle="--", linewidth=1)
    axes.set(
        xlabel="predicted probability",
        ylabel="share of rows that are of the class",
        title=_title("Calibration", chosen),
    )
    return figure


def _curves(chosen: list[Any], curve: Callable[[Any], Curve], **style: Any) -> tuple[Figure, Axes]:
    """A square of curves from 0 to 1, one for each class."""
    figure = new_figure(5.4 if len(chosen) == 1 else 7.0, 4.8)
    axes = figure.add_subplot()
    for label, colour in zip(chosen, colours(len(chosen)), strict=True):
        across, up, said = curve(label)
        name = ": ".join(filter(None, [literal(label, 24), said]))
        axes.plot(across, up, color=colour, label=name, linewidth=1.6, **style)
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), aspect="equal")
    tidy(axes)
    legend(figure, axes, len(chosen))
    return figure, axes


def _title(text: str, chosen: list[Any]) -> str:
    return (
        f"{text}: {literal(chosen[0])}"
        if len(chosen) == 1
        else f"{text}, each class against the rest"
    )
