"""Figures of a regression: how predictions lie to what was true, and over time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

from lolpop_graph.component.figures import ACCENT, FAINT, PREDICTED, TRUE, new_figure, tidy
from lolpop_graph.component.model_checker.metrics import Outcome
from lolpop_graph.text import counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MANY_POINTS = 5000
_FEW_POINTS = 60


def regression_figures(given: Outcome, index: pd.Index) -> Iterator[tuple[str, Figure]]:
    """The figures of a regression, each with its name; `index` is that of the labels."""
    labels, predictions = _finite(given.labels, given.predictions)
    if not len(labels):
        return
    yield "predicted_true", _predicted_true(labels, predictions)
    yield "residuals", _residuals(labels, predictions)
    if isinstance(index, pd.PeriodIndex):
        index = index.to_timestamp()
    if isinstance(index, pd.DatetimeIndex):
        yield "forecast", _forecast(given, index)


def _finite(labels: Any, predictions: Any) -> tuple[Any, Any]:
    known = np.isfinite(labels) & np.isfinite(predictions)
    return labels[known], predictions[known]


def _predicted_true(labels: Any, predictions: Any) -> Figure:
    """Predictions over labels, in the same unit; right ones lie on the line."""
    figure = new_figure(5.2, 4.8)
    axes = figure.add_subplot()
    _points(axes, labels, predictions)
    ends = [min(labels.min(), predictions.min()), max(labels.max(), predictions.max())]
    axes.plot(ends, ends, color=ACCENT, linewidth=1.2, label="predicted = true")
    axes.set(
        xlabel="true",
        ylabel="predicted",
        title=f"Predicted and true values, {counted(len(labels), 'row')}",
    )
    axes.set_aspect("equal", adjustable="datalim")
    axes.legend(frameon=False, fontsize="small")
    tidy(axes)
    return figure


def _residuals(labels: Any, predictions: Any) -> Figure:
    """What is true less what was predicted, over the prediction, and how often."""
    residuals = labels - predictions
    figure = new_figure(7.2, 4.4)
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=[3, 1])
    _points(left, predictions, residuals)
    left.set(xlabel="predicted", ylabel="true - predicted")
    right.hist(
        residuals,
        bins=min(40, max(5, int(len(residuals) ** 0.5))),
        orientation="horizontal",
        color=PREDICTED,
    )
    right.set(xlabel="rows")
    for axes in (left, right):
        axes.axhline(0, color=ACCENT, linewidth=1.2)
        tidy(axes)
    figure.suptitle(
        f"Residuals: mean {residuals.mean():.3g}, standard deviation {residuals.std():.3g}",
        fontsize="medium",
    )
    return figure


def _points(axes: Axes, across: Any, up: Any) -> None:
    """Points, or where they would be a blot, how many there are."""
    if len(across) > _MANY_POINTS:
        image = axes.hexbin(across, up, gridsize=50, mincnt=1, bins="log", cmap="Blues")
        axes.figure.colorbar(image, ax=axes, label="rows")
    else:
        alpha = 0.8 if len(across) < 200 else 0.35  # noqa: PLR2004 - from here on they overlap
        axes.scatter(across, up, s=14, alpha=alpha, color=PREDICTED, linewidths=0)


def _forecast(given: Outcome, index: pd.DatetimeIndex) -> Figure:
    """True and predicted values over time; gaps are rows without a value."""
    order = np.argsort(index.to_numpy(), kind="stable")
    times = index.to_numpy()[order]
    figure = new_figure(9.0, 3.8)
    axes = figure.add_subplot()
    marker = "o" if len(times) <= _FEW_POINTS else ""
    axes.plot(times, given.labels[order], color=TRUE, label="true", marker=marker)
    axes.plot(times, given.predictions[order], color=ACCENT, label="predicted", marker=marker)
    locator = AutoDateLocator()  # type: ignore[no-untyped-call]  # half of it has types
    axes.xaxis.set_major_locator(locator)
    dates = ConciseDateFormatter(locator)  # type: ignore[no-untyped-call]  # half of it has types
    axes.xaxis.set_major_formatter(dates)
    axes.grid(axis="y", color=FAINT, linewidth=0.4)
    axes.set_title("Forecast", loc="left")
    axes.legend(frameon=False, fontsize="small", ncols=2, loc="lower right", bbox_to_anchor=(1, 1))
    tidy(axes)
    return figure
