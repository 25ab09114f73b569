"""What every data splitter can do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lolpop_graph.integration import BaseComponent

if TYPE_CHECKING:
    import pandas as pd


class BaseDataSplitter(BaseComponent):
    """Parts the rows of a table; each row keeps its index."""

    def split(self, table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The rows to learn from, and the rows to judge by; each row is in one of them.

        The same table is split the same way each time. Raises ValueError for a table with too
        few rows to be split, KeyError for a column that is configured and not there.
        """
        raise NotImplementedError

    def folds(
        self, table: pd.DataFrame, n_folds: int
    ) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
        """Rows to learn from and rows to judge by, `n_folds` times, for a cross-validation.

        No row is judged by twice, and none is in both parts of a fold. Raises what `split`
        raises, and ValueError for fewer than 2 folds.
        """
        raise NotImplementedError
