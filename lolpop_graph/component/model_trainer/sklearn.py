"""Models of scikit-learn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
from sklearn.base import clone

from lolpop_graph.component.estimators import make_estimator, seeded
from lolpop_graph.component.model_trainer.base import BaseModelTrainer
from lolpop_graph.component.problems import checked_labels, is_regression, known, mapping, refusal
from lolpop_graph.component.table import Column, Matrix

_FILE = "model.joblib"
_CLASSIFIER = "linear_model.LogisticRegression"
_REGRESSOR = "linear_model.Ridge"


class SklearnModelTrainer(BaseModelTrainer):
    """Trains any estimator of scikit-learn.

    Config: `estimator`, its dotted name below `sklearn.` (default: linear_model.Ridge where the
    workflow's `problem_type` is a regression or a time series, else
    linear_model.LogisticRegression); `estimator_params`; `random_state`, the seed for an
    estimator that takes one and whose params set none.
    """

    __DEFAULT_CONF__ = {"config": {"estimator": None, "estimator_params": {}, "random_state": 0}}

    _model: Any = None

    def setup(self) -> None:
        """Make the estimator, so that a wrong name, parameter or value is told before any work."""
        _check_values(self._recipe)

    @cached_property
    def _recipe(self) -> Any:
        """The estimator to fit, itself never fitted."""
        usual = _REGRESSOR if is_regression(self.problem_type) else _CLASSIFIER
        name = self._get_config("estimator") or usual
        params = mapping(self._get_config("estimator_params"), "estimator_params")
        # First without the parameters, whose names are then compared with those that there are.
        estimator = seeded(make_estimator(name, {}), self._get_config("random_state"))
        return _with_params(estimator, params)

    def check_params(self, params: Mapping[str, Any]) -> None:
        """Raise ValueError for a name that the estimator does not have, or a value it refuses."""
        _check_values(_with_params(self._recipe, params))

    def set_params(self, params: Mapping[str, Any]) -> None:
        """Change parameters for the next `fit`; those of parts are named `part__parameter`."""
        self._recipe = _with_params(self._recipe, params)

    def fit(self, features: Matrix, labels: Column) -> None:
        """Fit the estimator anew to features (n_rows, n_features) and labels (n_rows,).

        Raises ValueError for labels that are missing, for features with gaps that the estimator
        does not take, and what scikit-learn raises.
        """
        values = checked_labels(labels)
        with _naming_gaps(features, self._recipe):
            self._model = clone(self._recipe).fit(features, values)

    def predict(self, features: Matrix) -> Column:
        """Labels of shape (n_rows,); RuntimeError before `fit`, ValueError as in `fit`."""
        with _naming_gaps(features, self._fitted):
            return pd.Series(self._fitted.predict(features), features.index, name="prediction")

    def predict_proba(self, features: Matrix) -> Matrix | None:
        """Probabilities of shape (n_rows, n_classes); None for an estimator without them."""
        if not hasattr(self._fitted, "predict_proba"):
            return None
        probabilities = self._fitted.predict_proba(features)
        return pd.DataFrame(probabilities, features.index, self.classes, dtype=float)

    @property
    def classes(self) -> list[Any]:
        """The labels that the fitted model tells apart, sorted; empty for a regression."""
        found: list[Any] = np.asarray(getattr(self._model, "classes_", [])).tolist()
        return found

    @property
    def params(self) -> dict[str, Any]:
        """The estimator's class and all its parameters, those left at their default too."""
        return {"estimator": type(self._recipe).__name__, **self._recipe.get_params()}

    def save(self, folder: Path) -> Path:
        """Write `model.joblib`, which `joblib.load` reads with scikit-learn alone."""
        path = folder / _FILE
        joblib.dump(self._fitted, path)
        return path

    def load(self, folder: Path) -> None:
        """Read what `save` wrote; like every pickle, only from a place that you trust."""
        self._model = joblib.load(folder / _FILE)
        self._recipe = clone(self._model)

    @property
    def _fitted(self) -> Any:
        if self._model is None:
            message = "the model is not fitted: call fit or load first"
            raise RuntimeError(message)
        return self._model


@contextmanager
def _naming_gaps(features: Matrix, estimator: Any) -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise refusal(error, features, type(estimator).__name__) from None


def _with_params(estimator: Any, params: Mapping[str, Any]) -> Any:
    """A new estimator like the given one but for `params`; ValueError for an unknown name.

    A list becomes a tuple, which YAML cannot write, where the parameter is one.
    """
    now, wanted = estimator.get_params(), {}
    for name, value in params.items():
        known(name, now, f"parameter of {type(estimator).__name__}")
        is_tuple = isinstance(now[name], tuple) and isinstance(value, list)
        wanted[name] = tuple(value) if is_tuple else value
    return clone(estimator).set_params(**wanted)


def _check_values(estimator: Any) -> None:
    """Raise ValueError for a parameter whose value scikit-learn would refuse in `fit`."""
    # There is no public way to ask before there are data, and not all estimators have this one.
    check = getattr(estimator, "_validate_params", None)
    if check is not None:
        try:
            check()
        except ValueError as error:
            raise ValueError(str(error)) from None  # without the way through scikit-learn
