"""What every model visualizer can do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from lolpop_graph.integration import BaseComponent

if TYPE_CHECKING:
    from pandas import DataFrame, Series


class BaseModelVisualizer(BaseComponent):
    """Draws how good predictions are."""

    def draw(
        self,
        labels: Series,
        predictions: Series,
        probabilities: DataFrame | None = None,
        classes: list[Any] | None = None,
    ) -> list[Path]:
        """Draw true and predicted labels (both (n_rows,)), and return the files written.

        `probabilities` has shape (n_rows, n_classes), its columns being `classes`, or is None
        where the model gives none; `classes` is empty or None for a regression. Raises
        ValueError where there are no rows, or labels and predictions differ in length.
        """
        raise NotImplementedError
