"""Features by the transformers of scikit-learn."""

from __future__ import annotations

from pathlib import Path

import joblib
import pandas as pd
from sklearn.compose import ColumnTransformer

from lolpop_graph.component.estimators import make_estimator
from lolpop_graph.component.feature_transformer.base import BaseFeatureTransformer
from lolpop_graph.component.table import Matrix, Table, columns_of

_FILE = "feature_transformer.joblib"


class SklearnFeatureTransformer(BaseFeatureTransformer):
    """One transformer for the columns of numbers, another for the columns of text.

    Config: `target` and `ignored_columns`, which are no features; `numeric_transformer` and
    `text_transformer`, dotted names below `sklearn.`, and `numeric_params`, `text_params`.
    """

    __REQUIRED_CONF__ = {"config": ["target"]}
    __DEFAULT_CONF__ = {
        "config": {
            "ignored_columns": [],
            "numeric_transformer": "preprocessing.StandardScaler",
            "numeric_params": {},
            "text_transformer": "preprocessing.OneHotEncoder",
            "text_params": {"handle_unknown": "ignore"},
        }
    }

    def fit(self, table: Table) -> None:
        """Learn from every column but the target and the ignored ones."""
        left_out = {self._get_config("target"), *self._get_config("ignored_columns")}
        self._columns = [name for name in table.columns if name not in left_out]
        is_text = {name: table[name].dtype.kind not in "biuf" for name in self._columns}
        parts = [
            (kind, self._transformer(kind), [name for name in is_text if is_text[name] == wanted])
            for kind, wanted in (("numeric", False), ("text", True))
        ]
        self._fitted = ColumnTransformer(
            [part for part in parts if part[2]],
            sparse_threshold=0,
            verbose_feature_names_out=False,
        )
        self._fitted.fit(columns_of(table, self._columns))

    def transform(self, table: Table) -> Matrix:
        """Shape (n_rows, n_features); KeyError if a column that was learnt from is missing."""
        features = self._fitted.transform(columns_of(table, self._columns))
        return pd.DataFrame(features, table.index, self.feature_names, dtype=float)

    @property
    def feature_names(self) -> list[str]:
        """The names of the features; those made of a text column hold its name and a value."""
        return [str(name) for name in self._fitted.get_feature_names_out()]

    def save(self, folder: Path) -> Path:
        """Write `feature_transformer.joblib`: the columns and the fitted transformer."""
        path = folder / _FILE
        joblib.dump({"columns": self._columns, "transformer": self._fitted}, path)
        return path

    def load(self, folder: Path) -> None:
        """Read what `save` wrote; like every pickle, only from a place that you trust."""
        saved = joblib.load(folder / _FILE)
        self._columns, self._fitted = saved["columns"], saved["transformer"]

    def _transformer(self, kind: str) -> object:
        params = self._get_config(f"{kind}_params")
        return make_estimator(self._get_config(f"{kind}_transformer"), params)
