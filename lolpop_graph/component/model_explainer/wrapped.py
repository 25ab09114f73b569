"""A model trainer of a workflow as an estimator of scikit-learn, which its inspection takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin

if TYPE_CHECKING:
    from lolpop_graph.component.model_trainer.base import BaseModelTrainer


class _Fitted(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """A trainer that has been fitted already."""

    def __init__(self, trainer: Any, columns: Any) -> None:
        """Wrap a trainer, whose features have these columns."""
        self.trainer = trainer
        self.columns = columns

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def fit(self, *_: Any) -> Any:
        """Nothing: it is fitted."""
        return self

    def predict(self, features: Any) -> Any:
        """Labels (n_rows,)."""
        return np.asarray(self.trainer.predict(self._table(features)))

    def _table(self, features: Any) -> pd.DataFrame:
        return pd.DataFrame(features, columns=self.columns)


class WrappedClassifier(ClassifierMixin, _Fitted):  # type: ignore[misc]  # see above
    """A trainer with classes; one without probabilities counts as certain of what it predicts."""

    @property
    def classes_(self) -> Any:
        """The classes, (n_classes,)."""
        return np.asarray(self.trainer.classes)

    def predict_proba(self, features: Any) -> Any:
        """Probabilities (n_rows, n_classes)."""
        found = self.trainer.predict_proba(self._table(features))
        if found is None:
            return (self.predict(features)[:, None] == self.classes_[None, :]).astype(np.float64)
        return np.asarray(found, dtype=np.float64)


class WrappedRegressor(RegressorMixin, _Fitted):  # type: ignore[misc]  # see above
    """A trainer without classes."""


def wrapped(trainer: BaseModelTrainer, columns: pd.Index) -> Any:
    """An estimator that predicts as the fitted trainer does."""
    kind = WrappedClassifier if trainer.classes else WrappedRegressor
    return kind(trainer, columns)
