"""Figures of what a model looks at."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lolpop_graph.component.figures import (
    FAINT,
    PREDICTED,
    TRUE,
    colours,
    literal,
    new_figure,
    tidy,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MOST_BARS = 20
_COLUMNS = 3


@dataclass(frozen=True)
class Dependence:
    """The mean predictions (n_outputs, n_values) at some values (n_values,) of a feature.

    `known` are its values in the rows (n_rows,).
    """

    name: str
    values: Sequence[float]
    predictions: Any
    known: pd.Series


def draw_importances(importances: pd.DataFrame, scoring: str) -> Figure:
    """Bars of the most important features, with one standard deviation over the repeats."""
    shown = importances.head(_MOST_BARS)[::-1]
    figure = new_figure(6.8, 1.3 + 0.28 * len(shown))
    axes = figure.add_subplot()
    names = [literal(name) for name in shown.index]
    axes.barh(
        range(len(shown)),
        shown["importance"],
        xerr=shown["std"],
        color=PREDICTED,
        ecolor=TRUE,
        error_kw={"linewidth": 1},
    )
    axes.axvline(0, color=TRUE, linewidth=0.8)
    measure = scoring.removeprefix("neg_").replace("_", " ")
    change = "rise" if scoring.startswith("neg_") else "fall"
    axes.set(
        yticks=range(len(shown)),
        yticklabels=names,
        xlabel=f"{change} of the {measure} when the feature is shuffled",
    )
    if len(importances) > len(shown):
        axes.set_title(f"{len(shown)} of {len(importances):,} features", fontsize="medium")
    tidy(axes)
    return figure


def draw_dependence(dependences: Sequence[Dependence], classes: Sequence[Any]) -> Figure:
    """A small figure for each feature, the mean prediction over its values."""
    columns = min(_COLUMNS, len(dependences))
    rows = math.ceil(len(dependences) / columns)
    lines = _lines(classes)
    figure = new_figure(3.2 * columns + (1.8 if len(lines) > 1 else 0.6), 2.7 * rows + 0.4)
    axes = figure.subplots(rows, columns, squeeze=False, sharey=True)
    for place, one in zip(axes.flat, dependences, strict=False):
        _draw_one(place, one, lines)
    for place in axes.flat[len(dependences) :]:
        place.set_visible(False)
    figure.supylabel(_measure(classes), fontsize="medium")
    if len(lines) > 1:
        handles, names = axes.flat[0].get_legend_handles_labels()
        figure.legend(handles, names, loc="outside right center", frameon=False, fontsize="small")
    return figure


def _measure(classes: Sequence[Any]) -> str:
    """What the figures have upwards."""
    if not classes:
        return "mean prediction"
    of_one = f" of {literal(classes[1])}" if len(classes) == 2 else ""  # noqa: PLR2004 - two
    return f"mean probability{of_one}"


def _lines(classes: Sequence[Any]) -> list[tuple[str, Any]]:
    """The name and the colour of each line: one, or one for each of more than two classes."""
    if len(classes) <= 2:  # noqa: PLR2004 - scikit-learn gives the second of two alone
        return [("", PREDICTED)]
    return [
        (literal(label, 20), colour)
        for label, colour in zip(classes, colours(len(classes)), strict=True)
    ]


def _draw_one(axes: Axes, one: Dependence, lines: list[tuple[str, Any]]) -> None:
    marker = "o" if len(one.values) < 3 else ""  # noqa: PLR2004 - one value is no line
    for (name, colour), predictions in zip(lines, one.predictions, strict=False):
        axes.plot(one.values, predictions, color=colour, label=name, linewidth=1.6, marker=marker)
    deciles = np.unique(one.known.quantile(np.linspace(0.1, 0.9, 9)).dropna())
    # Where the rows are: a curve says little where there are none.
    axes.plot(
        deciles,
        np.zeros(len(deciles)),
        "|",
        color=FAINT,
        markersize=8,
        transform=axes.get_xaxis_transform(),
        clip_on=False,
    )
    axes.set_xlabel(literal(one.name))
    tidy(axes)
