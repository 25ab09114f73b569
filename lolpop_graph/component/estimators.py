"""Objects of scikit-learn by the names that its documentation gives them."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import Any

import sklearn
from sklearn.base import BaseEstimator


def make_estimator(name: str, params: Mapping[str, Any]) -> Any:
    """A new estimator or transformer: `ensemble.RandomForestClassifier` with `params`.

    `name` is the class's dotted name below `sklearn.`, with or without that word. Raises
    ValueError if it names no estimator of scikit-learn, TypeError for unknown params.
    """
    try:
        found = attrgetter(name.removeprefix("sklearn."))(sklearn)
    except AttributeError as error:
        message = f"scikit-learn has no {name!r}: {error}"
        raise ValueError(message) from None
    is_estimator = isinstance(found, type) and issubclass(found, BaseEstimator)
    if not is_estimator or found.__module__.partition(".")[0] != "sklearn":
        message = f"{name!r} is no estimator of scikit-learn"
        raise ValueError(message)
    return found(**params)


def seeded(estimator: Any, random_state: int | None) -> Any:
    """The estimator with its seed set, where it takes one and was given none."""
    if estimator.get_params().get("random_state", ...) is None:
        estimator.set_params(random_state=random_state)
    return estimator
