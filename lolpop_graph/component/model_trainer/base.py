"""What every model trainer can do."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lolpop_graph.integration import BaseComponent

if TYPE_CHECKING:
    import pandas as pd


class BaseModelTrainer(BaseComponent):
    """Makes a model of features and labels, keeps it, and predicts with it.

    Features are a DataFrame of float64 columns, one row a case; labels a Series with the same
    index. Labels are texts, integers, truth values or, for a regression, numbers; what comes
    out of `predict` and `classes` is of the type that went into `fit`.
    """

    def set_params(self, params: Mapping[str, Any]) -> None:
        """Change parameters by name, for the next `fit`; those not named stay as they are.

        Raises ValueError for a name that the model does not have, and then changes nothing.
        """
        raise NotImplementedError

    def check_params(self, params: Mapping[str, Any]) -> None:
        """Raise ValueError for parameters that `set_params` would refuse, and change nothing.

        It needs nothing but the config, so that others may ask in their `setup`. A trainer that
        cannot tell before it fits need not have it.
        """

    def fit(self, features: pd.DataFrame, labels: pd.Series) -> None:
        """Fit a new model to features (n_rows, n_features) and labels (n_rows,)."""
        raise NotImplementedError

    def predict(self, features: pd.DataFrame) -> pd.Series:
        """The predicted label of each row, (n_rows,), with the features' index.

        Raises RuntimeError before `fit` or `load`, ValueError for columns other than those fitted.
        """
        raise NotImplementedError

    def predict_proba(self, features: pd.DataFrame) -> pd.DataFrame | None:
        """Probabilities (n_rows, n_classes), a column a class in the order of `classes`.

        None for a model without them, and for a regression. Raises what `predict` raises.
        """
        raise NotImplementedError

    @property
    def classes(self) -> list[Any]:
        """The labels that the fitted model tells apart, sorted; empty for a regression."""
        raise NotImplementedError

    @property
    def params(self) -> dict[str, Any]:
        """The parameters that the model is or will be fitted with, by name.

        `estimator` among them names the kind of model.
        """
        raise NotImplementedError

    def save(self, folder: Path) -> Path:
        """Write the fitted model to a file in `folder`, which is there, and return its path."""
        raise NotImplementedError

    def load(self, folder: Path) -> None:
        """Read the model that `save` wrote to `folder`; FileNotFoundError if there is none."""
        raise NotImplementedError
