"""What every model explainer can do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lolpop_graph.integration import BaseComponent

if TYPE_CHECKING:
    from pandas import DataFrame, Series

    from lolpop_graph.component.model_trainer.base import BaseModelTrainer


@dataclass(frozen=True)
class Explanation:
    """What a model looks at.

    `importances` has a row for each feature, by its name, the most important one first; its
    columns are `importance` and `std`, in units of the score that was measured. `figures` are
    the files that were drawn.
    """

    importances: DataFrame
    figures: list[Path]


class BaseModelExplainer(BaseComponent):
    """Says what a fitted model looks at."""

    def explain(
        self, model_trainer: BaseModelTrainer, features: DataFrame, labels: Series
    ) -> Explanation:
        """Explain a fitted trainer on features (n_rows, n_features) and true labels (n_rows,).

        Rows that the model has not learnt from tell what it looks at for new ones. Raises
        ValueError where there are no rows, or features and labels differ in length.
        """
        raise NotImplementedError
