"""Models of scikit-learn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd

from lolpop_graph.component.estimators import make_estimator, seeded
from lolpop_graph.component.model_trainer.base import BaseModelTrainer
from lolpop_graph.component.table import Column, Matrix

_FILE = "model.joblib"


class SklearnModelTrainer(BaseModelTrainer):
    """Trains any estimator of scikit-learn.

    Config: `estimator`, its dotted name below `sklearn.`; `estimator_params`;
    `random_state`, the seed for an estimator that takes one and whose params set none.
    """

    __DEFAULT_CONF__ = {
        "config": {
            "estimator": "linear_model.LogisticRegression",
            "estimator_params": {},
            "random_state": 0,
        }
    }

    def setup(self) -> None:
        """Make the estimator, so that a wrong name or parameter is told before any work."""
        estimator = make_estimator(
            self._get_config("estimator"), self._get_config("estimator_params")
        )
        self._model = seeded(estimator, self._get_config("random_state"))

    def fit(self, features: Matrix, labels: Column) -> None:
        """Fit the estimator anew to features (n_rows, n_features) and labels (n_rows,)."""
        self._model.fit(features, labels)

    def predict(self, features: Matrix) -> Column:
        """Labels of shape (n_rows,); raises scikit-learn's NotFittedError before `fit`."""
        return pd.Series(self._model.predict(features), features.index)

    def predict_proba(self, features: Matrix) -> Matrix | None:
        """Probabilities of shape (n_rows, n_classes); None for an estimator without them."""
        if not hasattr(self._model, "predict_proba"):
            return None
        probabilities = self._model.predict_proba(features)
        return pd.DataFrame(probabilities, features.index, self.classes, dtype=float)

    @property
    def classes(self) -> list[Any]:
        """The labels that the fitted model tells apart, sorted; empty for a regression."""
        found: list[Any] = np.asarray(getattr(self._model, "classes_", [])).tolist()
        return found

    @property
    def params(self) -> dict[str, Any]:
        """The estimator's class and all its parameters, those left at their default too."""
        return {"estimator": type(self._model).__name__, **self._model.get_params()}

    def save(self, folder: Path) -> Path:
        """Write `model.joblib`, which `joblib.load` reads with scikit-learn alone."""
        path = folder / _FILE
        joblib.dump(self._model, path)
        return path

    def load(self, folder: Path) -> None:
        """Read what `save` wrote; like every pickle, only from a place that you trust."""
        self._model = joblib.load(folder / _FILE)
