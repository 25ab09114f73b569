"""Models of LightGBM: trees that are boosted by gradients."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import pandas as pd

from lolpop_graph.component.model_trainer.base import BaseModelTrainer
from lolpop_graph.component.problems import checked_labels, is_regression, known, mapping
from lolpop_graph.component.table import Column, Matrix
from lolpop_graph.files import write_whole

_FILE = "model.txt"
_OURS = "lolpop_graph:"
_END = "end of parameters\n"
_ROUNDS = "n_estimators"
_USUAL = {_ROUNDS: 100, "learning_rate": 0.1, "num_leaves": 31}
_FIXED = {"deterministic": True, "force_row_wise": True, "verbosity": -1}
"""What makes two fits to the same rows the same, and quiet (LightGBM's page on parameters)."""


class LightGBMModelTrainer(BaseModelTrainer):
    """Trains gradient boosted trees of LightGBM.

    A regression where the workflow's `problem_type` is one or a time series, else a
    classification of two or more classes. Config: `estimator_params`, LightGBM's parameters by
    any of their names (n_estimators, learning_rate, num_leaves, ...); `random_state`, the seed.
    The same rows, parameters, seed and number of threads give the same model.
    """

    __DEFAULT_CONF__ = {"config": {"estimator_params": {}, "random_state": 0}}

    _booster: lightgbm.Booster | None = None

    def setup(self) -> None:
        """Look at the parameters, so that a wrong name or value is told before any work."""
        self._is_regression = is_regression(self.problem_type)
        self._classes: list[Any] = []
        self._columns: list[str] = []
        self.check_params({})

    @cached_property
    def _params(self) -> dict[str, Any]:
        usual = {**_USUAL, "random_state": self._get_config("random_state")}
        params = mapping(self._get_config("estimator_params"), "estimator_params")
        return {**usual, **_by_main_name(params)}

    def check_params(self, params: Mapping[str, Any]) -> None:
        """Raise ValueError for a name that LightGBM does not know, or a value that it refuses."""
        _check_values({**self._params, **_by_main_name(params)})

    def set_params(self, params: Mapping[str, Any]) -> None:
        """Change parameters for the next `fit`; ValueError for a name or value that is wrong."""
        self.check_params(params)
        self._params = {**self._params, **_by_main_name(params)}

    def fit(self, features: Matrix, labels: Column) -> None:
        """Boost new trees on features (n_rows, n_features) and labels (n_rows,).

        Raises ValueError for labels that are missing, of one class alone, or no numbers in a
        regression.
        """
        values = checked_labels(labels)
        self._columns = [str(name) for name in features.columns]
        classes, target, objective = _numbers(values) if self._is_regression else _coded(values)
        params = {**_FIXED, **objective, **self._params}
        rounds = int(params.pop(_ROUNDS))
        data = lightgbm.Dataset(
            features.to_numpy(np.float64), target, feature_name=_plain(self._columns)
        )
        self._booster = lightgbm.train(params, data, rounds)
        self._classes = classes

    def predict(self, features: Matrix) -> Column:
        """Labels of shape (n_rows,); RuntimeError before `fit`, ValueError for other columns."""
        found = self._raw(features)
        if self._classes:
            found = np.asarray(self._classes)[_of_each_class(found).argmax(axis=1)]
        return pd.Series(found, features.index, name="prediction")

    def predict_proba(self, features: Matrix) -> Matrix | None:
        """Probabilities of shape (n_rows, n_classes); None for a regression."""
        raw = self._raw(features)
        if not self._classes:
            return None
        return pd.DataFrame(_of_each_class(raw), features.index, self._classes)

    @property
    def classes(self) -> list[Any]:
        """The labels that the fitted model tells apart, sorted; empty for a regression."""
        return list(self._classes)

    @property
    def params(self) -> dict[str, Any]:
        """`estimator`, the kind of model, and the parameters that differ from LightGBM's own."""
        kind = "LGBMRegressor" if self._is_regression else "LGBMClassifier"
        return {"estimator": kind, **self._params}

    def save(self, folder: Path) -> Path:
        """Write `model.txt` in LightGBM's own text format, which `lightgbm.Booster` reads.

        One line more, which LightGBM passes over, holds the classes and the columns.
        """
        ours = {"classes": self._classes, "columns": self._columns, "params": self._params}
        text = self._fitted.model_to_string()
        line = f"{_OURS}{json.dumps(ours, default=str)}\n"
        path = folder / _FILE
        write_whole(path, text.replace(_END, _END + line, 1).encode())
        return path

    def load(self, folder: Path) -> None:
        """Read what `save` wrote; ValueError for a file of LightGBM without the added line."""
        path = folder / _FILE
        text = path.read_text(encoding="utf-8")
        found = re.search(rf"^{_OURS}(.*)$", text, re.MULTILINE)
        if found is None:
            message = f"{path}: a model that this trainer has not saved; its classes are not known"
            raise ValueError(message)
        ours = json.loads(found[1])
        self._booster = lightgbm.Booster(model_str=text)
        self._classes, self._columns = ours["classes"], ours["columns"]
        self._params, self._is_regression = ours["params"], not ours["classes"]

    @property
    def _fitted(self) -> lightgbm.Booster:
        if self._booster is None:
            message = "the model is not fitted: call fit or load first"
            raise RuntimeError(message)
        return self._booster

    def _raw(self, features: Matrix) -> Any:
        booster = self._fitted
        if list(map(str, features.columns)) != self._columns:
            message = "the features are not those that the model was fitted with"
            raise ValueError(message)
        return np.asarray(booster.predict(features.to_numpy(np.float64)))


@cache
def _aliases() -> dict[str, list[str]]:
    """Each name that LightGBM knows a parameter by, with all names of the same one."""
    # Its list of parameters is to be had nowhere else: the documented functions take any name.
    every = lightgbm.basic._ConfigAliases._get_all_param_aliases()  # noqa: SLF001 - as said above
    return {name: names for names in every.values() for name in names}


def _by_main_name(params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters, each by the one of its names that is used here, else LightGBM's own."""
    aliases, found = _aliases(), {}
    for name, value in params.items():
        names = aliases[known(name, aliases, "parameter of LightGBM")]
        found[next((ours for ours in (_ROUNDS, "random_state") if ours in names), names[0])] = value
    return found


def _check_values(params: Mapping[str, Any]) -> None:
    """Raise ValueError for values that LightGBM refuses, by fitting nothing to two rows."""
    rounds = params[_ROUNDS]
    if not isinstance(rounds, int) or rounds < 1:
        message = f"{_ROUNDS} is a number of trees, at least 1"
        raise ValueError(message)
    rest = {name: value for name, value in params.items() if name != _ROUNDS}
    rows = lightgbm.Dataset(np.zeros((2, 1)), np.array([0, 1]), params=_FIXED)
    try:
        lightgbm.Booster({**_FIXED, **rest}, rows)
    except lightgbm.basic.LightGBMError as error:
        # Behind the reason stands where in LightGBM's own code it was found.
        message = f"LightGBM refuses the parameters: {str(error).partition(' at /')[0]}"
        raise ValueError(message) from None


def _coded(values: Any) -> tuple[list[Any], Any, dict[str, Any]]:
    """The classes, sorted, the number of each row's class, and what to learn about them."""
    classes, target = np.unique(values, return_inverse=True)
    if len(classes) == 1:
        message = f"all labels are {classes[0].item()!r}: there is nothing to tell apart"
        raise ValueError(message)
    many = {"objective": "multiclass", "num_class": len(classes)}
    return classes.tolist(), target, {"objective": "binary"} if len(classes) == 2 else many  # noqa: PLR2004 - what binary means


def _numbers(values: Any) -> tuple[list[Any], Any, dict[str, Any]]:
    """The same of a regression, which has no classes."""
    if values.dtype.kind not in "iufb":
        message = "a regression predicts numbers, and the labels are none"
        raise ValueError(message)
    return [], values.astype(np.float64), {"objective": "regression"}


def _of_each_class(raw: Any) -> Any:
    """Probabilities (n_rows, n_classes) of what LightGBM gives, for two classes the second's."""
    return np.column_stack([1 - raw, raw]) if raw.ndim == 1 else raw


def _plain(columns: list[str]) -> list[str]:
    """Names that LightGBM takes: it refuses what JSON would quote; each one stays its own."""
    names = [re.sub(r"[^\w.=+-]", "_", name) for name in columns]
    return [
        name if names.count(name) == 1 else f"{name}_{number}" for number, name in enumerate(names)
    ]
