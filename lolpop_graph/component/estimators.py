"""Objects of scikit-learn by the names that its documentation gives them."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from operator import attrgetter
from typing import Any

import sklearn
from sklearn.base import BaseEstimator
from sklearn.utils.discovery import all_estimators

from lolpop_graph.text import did_you_mean, suggestion


def make_estimator(name: str, params: Mapping[str, Any]) -> Any:
    """A new estimator or transformer: `ensemble.RandomForestClassifier` with `params`.

    `name` is the class's dotted name below `sklearn.`, with or without that word. A list that
    stands for a tuple, which YAML cannot write, becomes one. Raises ValueError if it names no
    estimator of scikit-learn, and for values that the estimator refuses; TypeError for unknown
    params.
    """
    cls = _estimator_class(name)
    known = inspect.signature(cls).parameters
    for key in params:
        if key not in known:
            message = f"{cls.__name__} has no parameter {key!r}: {did_you_mean(key, known)}"
            raise TypeError(message)
    made = cls(**{key: _like(value, known[key].default) for key, value in params.items()})
    # What `fit` does first, which needs no data; there is no public way to ask for it.
    try:
        made._validate_params()
    except ValueError as error:
        raise ValueError(str(error)) from None  # without the way through scikit-learn
    return made


def seeded(estimator: Any, random_state: int | None) -> Any:
    """The estimator with its seed set, where it takes one and was given none."""
    if estimator.get_params().get("random_state", ...) is None:
        estimator.set_params(random_state=random_state)
    return estimator


def _estimator_class(name: Any) -> type[Any]:
    if not isinstance(name, str):
        message = f"an estimator has a name such as `linear_model.LogisticRegression`, not {name!r}"
        raise TypeError(message)
    try:
        found: Any = attrgetter(name.removeprefix("sklearn."))(sklearn)
    except AttributeError:
        message = f"scikit-learn has no {name!r}: {_meant(name)}"
        raise ValueError(message) from None
    is_estimator = isinstance(found, type) and issubclass(found, BaseEstimator)
    if not is_estimator or found.__module__.partition(".")[0] != "sklearn":
        message = f"{name!r} is no estimator of scikit-learn"
        raise ValueError(message)
    of_sklearn: type[Any] = found
    return of_sklearn


def _meant(name: str) -> str:
    """What an unknown name may have meant: another module's class, or one spelt almost so."""
    known = [
        ".".join([*(part for part in cls.__module__.split(".")[1:] if part[0] != "_"), each])
        for each, cls in all_estimators()
    ]
    same = [each for each in known if each.rpartition(".")[2] == name.rpartition(".")[2]]
    if same:
        return f"did you mean `{same[0]}`?"
    close = suggestion(name.removeprefix("sklearn."), known)
    return f"did you mean `{close}`?" if close else "its documentation lists what there is"


def _like(value: Any, default: Any) -> Any:
    return tuple(value) if isinstance(default, tuple) and isinstance(value, list) else value
