"""What every data transformer can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lolpop_graph.integration import BaseComponent

if TYPE_CHECKING:
    import pandas as pd


class BaseDataTransformer(BaseComponent):
    """Makes one table of another: joins, filters, new columns.

    It learns nothing from the data: what has to be learnt from training rows alone is a
    feature transformer's.
    """

    def transform(self, table: pd.DataFrame) -> pd.DataFrame:
        """The new table, of any number of rows and columns; the one given stays as it is."""
        raise NotImplementedError
