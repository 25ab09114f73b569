"""What every data connector can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lolpop_graph.integration import BaseComponent

if TYPE_CHECKING:
    import pandas as pd


class BaseDataConnector(BaseComponent):
    """Loads tables from somewhere, and saves them there.

    A table that is loaded has columns with names of their own and an index that counts from 0.
    The connectors that come with the package all take the config keys `data_folder`, which
    relative names of files start from, and `text_columns`, the columns of CSV files that stay
    text although they look like numbers.
    """

    def load(self, source: str) -> pd.DataFrame:
        """The table that `source` names: a file, a query, whatever the connector reads.

        Raises FileNotFoundError, or KeyError where it is no file, for what is not there, and
        ValueError for what is there and is no table.
        """
        raise NotImplementedError

    def save(self, table: pd.DataFrame, target: str) -> str:
        """Write a table whole or not at all, in place of an older one; return where it is.

        What is returned is for people, the path of a file or the name of a table; `load` finds
        the table under `target`. The index is not kept. Raises ValueError for a table or a
        target that cannot be saved, OSError where there is no room or no access.
        """
        raise NotImplementedError
