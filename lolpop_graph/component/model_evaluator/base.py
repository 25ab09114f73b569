"""What every model evaluator can do."""

from __future__ import annotations

from typing import Any

from lolpop_graph.component.table import Column, Matrix
from lolpop_graph.integration import BaseComponent


class BaseModelEvaluator(BaseComponent):
    """Compares predictions with what was true."""

    def evaluate(
        self, labels: Column, predictions: Column, probabilities: Matrix | None, classes: list[Any]
    ) -> dict[str, float]:
        """Metrics by name, of true and predicted labels (n_rows,).

        `probabilities` has shape (n_rows, n_classes), each column named by its class, or is
        None where the model gives none.
        """
        raise NotImplementedError
