"""The entries of `transformers`: which columns go through which transformers of scikit-learn."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.utils import get_tags

from lolpop_graph.component.estimators import make_estimator
from lolpop_graph.component.settings import names_in
from lolpop_graph.component.table import columns_of

KINDS = ("numeric", "text")
"""What a column can be: numbers and truth values, or anything else but times."""

_KEYS = {"name", "columns", "kind", "steps"}
_TAKEN = ", ".join(ColumnTransformer([]).get_params(deep=False))


@dataclass(frozen=True)
class Treatment:
    """What is done to some columns: those named, or those of a kind that no entry names."""

    name: str
    columns: tuple[str, ...]
    kind: str | None
    transformer: Any

    @property
    def takes_texts(self) -> bool:
        """Whether its first step takes one column of texts by itself, as vectorizers do."""
        if self.transformer == "passthrough":
            return False
        first = self.transformer[0] if isinstance(self.transformer, Pipeline) else self.transformer
        taken = get_tags(first).input_tags
        return bool(taken.string and not taken.two_d_array)

    def of(self, features: pd.DataFrame, named: Collection[str]) -> list[str]:
        """The columns that it is for; KeyError for one that is not there."""
        if self.kind is None:
            try:
                found = list(columns_of(features, self.columns).columns)
            except KeyError as error:
                message = f"`transformers`, entry {self.name!r}: {error.args[0]}"
                raise KeyError(message) from None
        else:
            rest = [name for name in features.columns if name not in named]
            found = [name for name in rest if _kind(features[name]) == self.kind]
        if self.takes_texts and len(found) > 1:
            message = f"`transformers`, entry {self.name!r} takes one column, not {len(found)}"
            raise ValueError(message)
        return found


def treatment_of_kind(kind: str, estimator: Any, params: Any) -> Treatment:
    """One transformer for all columns of a kind; ValueError, with its key, if it is none."""
    try:
        return Treatment(kind, (), kind, _step({"estimator": estimator, "params": params}))
    except (TypeError, ValueError) as error:
        message = f"`{kind}_transformer` or `{kind}_params`: {error}"
        raise ValueError(message) from error


def read_treatments(entries: Any, left_out: Collection[str]) -> list[Treatment]:
    """What the entries say; `left_out` are columns that can be no features.

    Raises ValueError, with the number of the entry, for what cannot be understood.
    """
    if not isinstance(entries, list) or not entries:
        raise ValueError("`transformers` is a list of entries, each with `steps` and its columns")
    treatments = []
    for number, entry in enumerate(entries, 1):
        try:
            treatments.append(_treatment(number, entry, left_out))
        except (TypeError, ValueError) as error:
            message = f"`transformers`, entry {number}: {error}"
            raise ValueError(message) from error
    names = [each.name for each in treatments]
    kinds = [each.kind for each in treatments if each.kind]
    for what, values in (("name", names), ("kind", kinds)):
        twice = {value for value in values if values.count(value) > 1}
        if twice:
            message = f"`transformers`: two entries have the {what} {twice.pop()!r}"
            raise ValueError(message)
    return treatments


def _treatment(number: int, entry: Any, left_out: Collection[str]) -> Treatment:
    if not isinstance(entry, Mapping) or not entry.keys() <= _KEYS:
        raise ValueError("it has `steps`, `columns` or `kind`, and perhaps a `name`")
    columns, kind = entry.get("columns"), entry.get("kind")
    if (columns is None) == (kind is None):
        raise ValueError("either `columns`, a list of names, or `kind` says what it is for")
    if kind is not None and kind not in KINDS:
        message = f"`kind` is {' or '.join(KINDS)}"
        raise ValueError(message)
    if columns is not None:
        _check_columns(columns, left_out)
    name = entry.get("name", kind or f"entry{number}")
    if not isinstance(name, str) or not name or "__" in name or name in _TAKEN.split(", "):
        message = f"`name` is a text without two underscores in a row, and none of {_TAKEN}"
        raise ValueError(message)
    return Treatment(name, tuple(columns or ()), kind, _transformer(entry.get("steps")))


def _check_columns(columns: Any, left_out: Collection[str]) -> None:
    if not names_in(columns, "columns"):
        raise ValueError("`columns` is empty")
    if len(set(columns)) < len(columns):
        raise ValueError("a column stands twice in `columns`")
    for name in columns:
        if name in left_out:
            message = f"{name!r} is the target or an ignored column, and so no feature"
            raise ValueError(message)


def _transformer(steps: Any) -> Any:
    """One transformer that does all steps; `passthrough` does nothing."""
    if steps == "passthrough":
        return steps
    if isinstance(steps, str | Mapping):
        steps = [steps]
    if not isinstance(steps, list) or not steps:
        raise ValueError("`steps` is a list of transformers, or `passthrough`")
    made = [_step(step) for step in steps]
    return made[0] if len(made) == 1 else make_pipeline(*made)


def _step(step: Any) -> Any:
    if isinstance(step, str):
        step = {"estimator": step}
    if not isinstance(step, Mapping) or not {"estimator"} <= step.keys() <= {"estimator", "params"}:
        raise ValueError("a step is a name, or has `estimator`, a name, and `params`")
    params = step.get("params")
    if not isinstance(params, Mapping | None):
        raise TypeError("`params` are values by name")
    made = make_estimator(step["estimator"], params or {})
    if not hasattr(made, "transform"):
        message = f"{type(made).__name__} transforms nothing"
        raise ValueError(message)
    return made


def _kind(column: pd.Series) -> str:
    if column.dtype.kind in "mM":
        message = (
            f"column {column.name!r} holds times, which are no features: name it in "
            "`ignored_columns`, or in the `columns` of a transformer"
        )
        raise ValueError(message)
    return "numeric" if pd.api.types.is_numeric_dtype(column) else "text"
