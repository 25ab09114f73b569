"""What every model trainer can do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lolpop_graph.component.table import Column, Matrix
from lolpop_graph.integration import BaseComponent


class BaseModelTrainer(BaseComponent):
    """Makes a model of features and labels, keeps it, and predicts with it."""

    def fit(self, features: Matrix, labels: Column) -> None:
        """Fit a new model to features (n_rows, n_features) and labels (n_rows,)."""
        raise NotImplementedError

    def predict(self, features: Matrix) -> Column:
        """The predicted label of each row, of shape (n_rows,)."""
        raise NotImplementedError

    def predict_proba(self, features: Matrix) -> Matrix | None:
        """Probabilities (n_rows, n_classes), columns named by `classes`; None if it has none."""
        raise NotImplementedError

    @property
    def classes(self) -> list[Any]:
        """The labels that the model tells apart, sorted; empty for a regression."""
        raise NotImplementedError

    @property
    def params(self) -> dict[str, Any]:
        """The parameters that the model is or will be fitted with, by name."""
        raise NotImplementedError

    def save(self, folder: Path) -> Path:
        """Write the fitted model to a file in `folder`, and return its path."""
        raise NotImplementedError

    def load(self, folder: Path) -> None:
        """Read the model that `save` wrote to `folder`."""
        raise NotImplementedError
