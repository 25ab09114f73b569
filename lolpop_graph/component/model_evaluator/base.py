"""What every model evaluator can do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lolpop_graph.integration import BaseComponent

if TYPE_CHECKING:
    import pandas as pd


class BaseModelEvaluator(BaseComponent):
    """Compares predictions with what was true."""

    def evaluate(
        self,
        labels: pd.Series,
        predictions: pd.Series,
        probabilities: pd.DataFrame | None = None,
        classes: Sequence[Any] = (),
        metrics: Sequence[str] | None = None,
    ) -> dict[str, float]:
        """Metrics by name, of true and predicted labels (n_rows,).

        `probabilities` has shape (n_rows, n_classes), a column for each of `classes`, or is None
        where the model gives none; `classes` is empty for a regression. `metrics` names what to
        measure, by default what the config says. Raises ValueError for a metric that is unknown
        or cannot be had of these predictions.
        """
        raise NotImplementedError

    @property
    def metric_names(self) -> list[str]:
        """The metrics that `evaluate` measures when it is not told which, the main one first.

        It needs nothing but the config, so that others may ask in their `setup`.
        """
        raise NotImplementedError

    def higher_is_better(self, metric: str) -> bool:
        """Whether more of a metric is better, as of accuracy, or less, as of errors.

        It needs nothing but the name, so that others may ask in their `setup`. Raises ValueError
        for a metric that is unknown.
        """
        raise NotImplementedError
