"""What every model checker can do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lolpop_graph.component.report import Report
from lolpop_graph.integration import BaseComponent

if TYPE_CHECKING:
    from pandas import DataFrame, Series


class BaseModelChecker(BaseComponent):
    """Says whether a model is good enough to be used."""

    def check(
        self,
        labels: Series,
        predictions: Series,
        probabilities: DataFrame | None = None,
        classes: list[Any] | None = None,
    ) -> Report:
        """Hold metrics of true and predicted labels (both (n_rows,)) against thresholds.

        `probabilities` has shape (n_rows, n_classes), its columns being `classes`, or is None
        where the model gives none; `classes` is empty or None for a regression. A model that is
        not good enough raises nothing: the report has not passed.
        """
        raise NotImplementedError
