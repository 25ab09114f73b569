"""Features by the transformers of scikit-learn."""

from __future__ import annotations

from pathlib import Path

import joblib
import numpy as np
from sklearn.compose import ColumnTransformer

from lolpop_graph.component.estimators import make_estimator
from lolpop_graph.component.feature_transformer.base import BaseFeatureTransformer
from lolpop_graph.component.table import Matrix, Table, column_of

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
        self._columns = [name for name in table if name not in left_out]
        is_text = [table[name].dtype.kind not in "biuf" for name in self._columns]
        parts = [
            (kind, self._transformer(kind), [i for i, text in enumerate(is_text) if text == wanted])
            for kind, wanted in (("numeric", False), ("text", True))
        ]
        self._fitted = ColumnTransformer(
            [part for part in parts if part[2]],
            sparse_threshold=0,
            verbose_feature_names_out=False,
        )
        self._fitted.fit(self._raw(table))

    def transform(self, table: Table) -> Matrix:
        """Shape (n_rows, n_features); KeyError if a column that was learnt from is missing."""
        return np.asarray(self._fitted.transform(self._raw(table)), dtype=np.float64)

    @property
    def feature_names(self) -> list[str]:
        """The names of the features; those made of a text column hold its name and a value."""
        return [str(name) for name in self._fitted.get_feature_names_out(self._columns)]

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

    def _raw(self, table: Table) -> np.ndarray[tuple[int, int], np.dtype[np.object_]]:
        # Texts and numbers side by side: the transformers of numbers read objects as numbers.
        columns = [column_of(table, name).astype(object) for name in self._columns]
        return np.column_stack(columns)
