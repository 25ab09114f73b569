"""What every feature transformer can do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lolpop_graph.integration import BaseComponent

if TYPE_CHECKING:
    import pandas as pd


class BaseFeatureTransformer(BaseComponent):
    """Learns from a table how its rows become numbers, and makes them so."""

    def fit(self, table: pd.DataFrame) -> None:
        """Learn from training rows alone, so that nothing of the test rows leaks in.

        Raises KeyError for a column that is configured and not in the table.
        """
        raise NotImplementedError

    def transform(self, table: pd.DataFrame) -> pd.DataFrame:
        """The features of all rows: float64 columns, (n_rows, n_features), the table's index.

        The table needs the columns that were learnt from, in any order, and may have more, the
        target or not. Raises RuntimeError before `fit` or `load`, KeyError for a column that
        was learnt from and is missing.
        """
        raise NotImplementedError

    @property
    def feature_names(self) -> list[str]:
        """The names of the features, in order; RuntimeError before `fit` or `load`."""
        raise NotImplementedError

    def save(self, folder: Path) -> Path:
        """Write what was learnt to a file in `folder`, which exists, and return its path."""
        raise NotImplementedError

    def load(self, folder: Path) -> None:
        """Read what `save` wrote to `folder`; FileNotFoundError if it is not there."""
        raise NotImplementedError
