"""Figures of matplotlib as files, made without its process-wide state (`pyplot`, the backend)."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from matplotlib import colormaps
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FORMATS = ("png", "svg")
DEFAULTS = {"figure_format": "png"}

_DOTS_PER_INCH = 150
_LONGEST_LABEL = 32
_SHORT_LABEL = 6
_MANY_LINES = 10
TRUE, PREDICTED, ACCENT, FAINT = "#4d4d4d", "#1f6fb4", "#c8501e", "#b8b8b8"


def new_figure(width: float = 6.4, height: float = 4.8) -> Figure:
    """An empty figure of a size in inches, which nobody else holds."""
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def content(figure: Figure, kind: str) -> bytes:
    """The bytes of a figure as a file of a `kind`, one of `FORMATS`."""
    buffer = io.BytesIO()
    # Without a date, the same figure is the same file.
    metadata = {"Date": None} if kind == "svg" else None
    figure.savefig(buffer, format=kind, dpi=_DOTS_PER_INCH, metadata=metadata)
    return buffer.getvalue()


def literal(text: object, longest: int = _LONGEST_LABEL) -> str:
    """A text as it is, a long one without its middle; matplotlib reads `$x_1$` as mathematics."""
    plain = "".join(mark if mark.isprintable() else " " for mark in str(text))
    if len(plain) > longest:
        half = (longest - 1) // 2
        plain = f"{plain[:half]}…{plain[-half:]}"
    return plain.replace("$", r"\$")


def tidy(axes: Axes) -> None:
    """Take away the lines of a frame that say nothing."""
    axes.spines[["top", "right"]].set_visible(False)


def turn_long(axes: Axes, labels: Iterable[str]) -> None:
    """Turn the labels below a figure where they are too long to stand side by side."""
    if any(len(label) > _SHORT_LABEL for label in labels):
        for text in axes.get_xticklabels():
            text.set(rotation=45, ha="right", rotation_mode="anchor")


def legend(figure: Figure, axes: Axes, count: int) -> None:
    """A legend of `count` lines, beside the figure where they are many."""
    if count <= _MANY_LINES // 2:
        axes.legend(frameon=False, fontsize="small")
        return
    handles, names = axes.get_legend_handles_labels()
    columns = math.ceil(count / (2 * _MANY_LINES))
    figure.legend(
        handles,
        names,
        loc="outside right center",
        frameon=False,
        fontsize="small",
        ncols=columns,
    )


def colours(count: int) -> list[tuple[float, ...]]:
    """Colours that can be told apart, as many as asked for."""
    if count <= 2 * _MANY_LINES:
        named = colormaps["tab10" if count <= _MANY_LINES else "tab20"]
        return [tuple(named(place)) for place in range(count)]
    return [tuple(colormaps["nipy_spectral"](0.05 + 0.9 * k / count)) for k in range(count)]
