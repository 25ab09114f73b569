"""Features by the transformers of scikit-learn."""

from __future__ import annotations

from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import joblib
import pandas as pd
from sklearn.compose import ColumnTransformer

from lolpop_graph.component.feature_transformer.base import BaseFeatureTransformer
from lolpop_graph.component.feature_transformer.recipe import (
    KINDS,
    Treatment,
    read_treatments,
    treatment_of_kind,
)
from lolpop_graph.component.settings import names_in
from lolpop_graph.component.table import columns_of
from lolpop_graph.files import write_whole

_FILE = "feature_transformer.joblib"


class SklearnFeatureTransformer(BaseFeatureTransformer):
    """A `ColumnTransformer`: each column goes through the transformers that are named for it.

    Config: `target` and `ignored_columns`, which are no features. Without `transformers`, all
    columns of numbers go through `numeric_transformer` (default StandardScaler) and all others
    through `text_transformer` (default OneHotEncoder, which leaves unknown texts without a
    mark): dotted names below `sklearn.`, with `numeric_params` and `text_params`. With it:

        transformers:
          - columns: [price, area]            # columns by name, or kind: numeric or text,
            steps:                            # which are those that no other entry names
              - preprocessing.PowerTransformer
              - {estimator: preprocessing.StandardScaler, params: {with_mean: false}}
          - {name: rest, kind: numeric, steps: passthrough}
        remainder: drop                       # or passthrough, for columns in no entry

    Features are named as scikit-learn names them; where two would have the same name, the names
    of the entries come before theirs (`scaled__price`). A transformer that learns from the target
    is given it, and one that takes texts as they are (TfidfVectorizer) has one column.
    """

    __REQUIRED_CONF__ = {"config": ["target"]}
    __DEFAULT_CONF__ = {
        "config": {
            "ignored_columns": [],
            "transformers": None,
            "remainder": "drop",
            "numeric_transformer": "preprocessing.StandardScaler",
            "numeric_params": {},
            "text_transformer": "preprocessing.OneHotEncoder",
            "text_params": {"handle_unknown": "ignore"},
        }
    }

    _columns: list[str]
    _names: list[str] | None = None
    _number_columns: frozenset[str] | None = None

    def setup(self) -> None:
        """Read the recipe and make its transformers, so that faults are told before any work."""
        self._left_out()
        self._treatments()
        if self._get_config("remainder") not in ("drop", "passthrough"):
            raise ValueError("`remainder` is drop or passthrough")

    def fit(self, table: pd.DataFrame) -> None:
        """Learn from the columns that are features; the target and the ignored ones are none.

        Raises KeyError for columns that the config names and the table does not have, and
        ValueError for a table without features, or with what no transformer can read.
        """
        # A misspelt target would be a feature, and the best one.
        left_out = columns_of(table, self._left_out()).columns
        features = [name for name in table.columns if name not in left_out]
        chosen = self._chosen(table[features])
        used = {name for _, columns in chosen for name in columns}
        remainder = self._get_config("remainder")
        self._columns = [name for name in features if name in used or remainder == "passthrough"]
        if not self._columns:
            raise ValueError("there is no column to learn from: all are left out")
        entries = [
            (each.name, each.transformer, columns[0] if each.takes_texts else columns)
            for each, columns in chosen
        ]
        self._fitted = ColumnTransformer(entries, remainder=remainder, sparse_threshold=0)
        self._fitted.fit(columns_of(table, self._columns), table[self._get_config("target")])
        learnt = table[self._columns].select_dtypes("number").columns
        self._number_columns = frozenset(learnt)
        self._names = _unique(self._fitted.get_feature_names_out())
        # What is no number after all is told now, and not when the model is fitted.
        self.transform(table.head(1))

    def transform(self, table: pd.DataFrame) -> pd.DataFrame:
        """Float64 columns, (n_rows, n_features), with the table's index.

        Raises RuntimeError before `fit` or `load`, KeyError for a column that was learnt from
        and is missing, ValueError for one that held numbers and holds texts now, or the other way
        around, and for what is no number after all transformers.
        """
        names = self.feature_names
        raw = columns_of(table, self._columns)
        if raw.empty:
            return pd.DataFrame(index=table.index, columns=names, dtype=float)
        self._check_kinds(raw)
        return _numbers(pd.DataFrame(self._fitted.transform(raw), table.index, names))

    @property
    def feature_names(self) -> list[str]:
        """The names of the features; those made of a text column hold its name and a value."""
        if self._names is None:
            raise RuntimeError("nothing has been learnt yet: call `fit` or `load` first")
        return list(self._names)

    def save(self, folder: Path) -> Path:
        """Write `feature_transformer.joblib`: columns, names and the fitted transformer."""
        content, path = BytesIO(), folder / _FILE
        saved = {
            "columns": self._columns,
            "names": self.feature_names,
            "transformer": self._fitted,
            "number_columns": self._number_columns,
        }
        joblib.dump(saved, content)
        write_whole(path, content.getvalue())
        return path

    def load(self, folder: Path) -> None:
        """Read what `save` wrote; like every pickle, only from a place that you trust."""
        saved = joblib.load(folder / _FILE)
        self._columns, self._names = saved["columns"], saved["names"]
        self._fitted = saved["transformer"]
        self._number_columns = saved.get("number_columns")

    def _check_kinds(self, table: pd.DataFrame) -> None:
        if self._number_columns is None:  # saved before kinds were
            return
        now = set(table.select_dtypes("number").columns)
        filled = {name for name in table.columns if table[name].notna().any()}
        texts = sorted((self._number_columns - now) & filled)
        numbers = sorted((now - self._number_columns) & filled)
        for names, then, now_said in ((texts, "numbers", "texts"), (numbers, "texts", "numbers")):
            if names:
                shown = ", ".join(map(repr, names))
                cure = (
                    "; the connector's `text_columns` keep texts" if now_said == "numbers" else ""
                )
                message = (
                    f"{shown} held {then} when it was learnt from, and holds {now_said} now{cure}"
                )
                raise ValueError(message)

    def _treatments(self) -> list[Treatment]:
        entries = self._get_config("transformers")
        if entries is not None:
            return read_treatments(entries, self._left_out())
        return [
            treatment_of_kind(
                kind, self._get_config(f"{kind}_transformer"), self._get_config(f"{kind}_params")
            )
            for kind in KINDS
        ]

    def _left_out(self) -> list[str]:
        ignored = names_in(self._get_config("ignored_columns"), "ignored_columns")
        return [self._get_config("target"), *ignored]

    def _chosen(self, features: pd.DataFrame) -> list[tuple[Treatment, list[str]]]:
        """What is done to which columns."""
        treatments = self._treatments()
        named = {name for each in treatments for name in each.columns}
        chosen = [(each, each.of(features, named)) for each in treatments]
        return [(each, columns) for each, columns in chosen if columns]


def _numbers(features: pd.DataFrame) -> pd.DataFrame:
    """The features as float64; ValueError names the one that is none."""
    made = {}
    for name, column in features.items():
        try:
            made[name] = column.astype(float)
        except (TypeError, ValueError) as error:
            message = f"feature {name!r} is no number after all transformers: {error}"
            raise ValueError(message) from error
    return pd.DataFrame(made, features.index)


def _unique(full: Any) -> list[str]:
    """Names without those of the entries before them if they are unique so, else with a number."""
    names = [str(name).partition("__")[2] for name in full]
    if len(set(names)) < len(names):
        names = list(map(str, full))
    unique: dict[str, None] = {}
    for name in names:
        numbered = (f"{name}_{number}" for number in count(2))
        free = (each for each in numbered if each not in unique and each not in names)
        unique[next(free) if name in unique else name] = None
    return list(unique)
