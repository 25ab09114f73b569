"""Which kind of problem a workflow solves, and labels that can be learnt from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from lolpop_graph.component.table import Column, Matrix
from lolpop_graph.text import did_you_mean

if TYPE_CHECKING:
    from numpy.typing import NDArray

CLASSIFICATION = "classification"
REGRESSION = "regression"
TIME_SERIES = "time_series"

_SHOWN = 5
_KINDS = (CLASSIFICATION, REGRESSION, TIME_SERIES)


def is_regression(problem_type: str | None) -> bool:
    """Whether numbers are predicted, not classes; without a `problem_type` they are classes.

    A time series is a regression whose rows have an order. ValueError for another text.
    """
    if problem_type is None:
        return False
    word = str(problem_type).casefold().replace("-", "_").replace(" ", "_")
    if word not in _KINDS:
        message = f"unknown problem_type {problem_type!r}: {did_you_mean(word, _KINDS)}"
        raise ValueError(message)
    return word != CLASSIFICATION


def is_time_series(problem_type: str | None) -> bool:
    """Whether the rows have an order in time, by the workflow's `problem_type`."""
    return is_regression(problem_type) and not str(problem_type).casefold().startswith("regr")


def checked_labels(labels: Column) -> NDArray[Any]:
    """Labels as an array (n_rows,) of plain texts, integers, truth values or floats.

    Raises ValueError where some are missing, as an empty field of a CSV file is, or texts stand
    beside numbers.
    """
    missing = int((labels.isna() | (labels == "")).sum())
    if missing:
        name = labels.name if labels.name is not None else "the target"
        message = f"{missing} of {len(labels)} labels in {name!r} are missing: leave these rows out"
        raise ValueError(message)
    values = labels.tolist()
    kinds = sorted({type(value).__name__ for value in values})
    if len(kinds) > 1 and set(kinds) != {"float", "int"}:
        message = f"the labels are of several types ({', '.join(kinds)}): make them one"
        raise ValueError(message)
    return np.asarray(values)


def refusal(error: ValueError, features: Matrix, model: str) -> ValueError:
    """What to raise where a model has refused features: the columns with gaps, if there are any.

    `error` is the library's own, which comes back where no column has any.
    """
    gaps = (~np.isfinite(features)).sum()
    gaps = gaps[gaps > 0]
    if gaps.empty:
        return error
    worst = [f"{name!r} ({gaps[name]} of {len(features)} rows)" for name in gaps.index[:_SHOWN]]
    more = f" and {len(gaps) - _SHOWN} more" if len(gaps) > _SHOWN else ""
    return ValueError(
        f"{model} takes no missing or infinite values: {', '.join(worst)}{more}; fill them in a "
        "data transformer or by `impute.SimpleImputer` in the feature transformer, or train a "
        "model that takes them, such as LightGBMModelTrainer"
    )


def check_classes(labels: Column) -> None:
    """Raise ValueError where there are not two classes at least, and so nothing to tell apart."""
    found = labels.unique()
    if len(found) < 2:  # noqa: PLR2004 - to tell apart
        has = f"one class alone, {found[0]!r}" if len(found) else "no rows"
        message = f"{labels.name!r} has {has}: a classification needs rows of two classes at least"
        raise ValueError(message)


def known(name: str, among: Iterable[str], what: str) -> str:
    """The name, if it is among those that there are; else a ValueError that says which was meant.

    `what` says what it is the name of: `metric`.
    """
    names = list(among)
    if name not in names:
        message = f"unknown {what} {name!r}: {did_you_mean(str(name), names)}"
        raise ValueError(message)
    return name


def mapping(value: Any, key: str) -> Mapping[str, Any]:
    """What a config key holds, if it is a mapping, or nothing; else a ValueError."""
    if value is not None and not isinstance(value, Mapping):
        message = f"`{key}` is a mapping of names to values, and no {type(value).__name__}"
        raise ValueError(message)
    return value or {}
