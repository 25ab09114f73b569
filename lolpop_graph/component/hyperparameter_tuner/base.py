"""What every hyperparameter tuner can do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lolpop_graph.integration import BaseComponent

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class TuningResult:
    """What a search has found.

    `params`: the best ones, by name; `score`: what they reach, the mean over the folds;
    `trials`: a row for each combination tried, in the order tried, with the columns `trial`
    (from 0), `score` (nan for one that failed), `params_<name>` for each parameter,
    `fold_<number>` for each fold (from 0), `seconds`, and `error`, which says why one failed.
    """

    params: Mapping[str, Any]
    score: float
    trials: pd.DataFrame


class BaseHyperparameterTuner(BaseComponent):
    """Looks for the parameters with which the peer `model_trainer` does best."""

    def tune(self, features: pd.DataFrame, labels: pd.Series) -> TuningResult:
        """Search with training rows alone: features (n_rows, n_features), labels (n_rows,).

        It leaves the peer `model_trainer` with the best parameters set and not fitted to all
        rows: call its `fit` next. Combinations that the model refuses are trials that failed.
        Raises ValueError for rows that cannot be parted into folds, and where all trials failed.
        """
        raise NotImplementedError
