"""Tables in files of this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lolpop_graph.component.data_connector.files import (
    BaseFileConnector,
    read_file,
    write_file,
)

if TYPE_CHECKING:
    import pandas as pd


class LocalDataConnector(BaseFileConnector):
    """Reads and writes CSV files (`.csv`) and Parquet files (`.parquet`).

    Config: `data_folder`, which relative names start from (default: the current directory);
    `text_columns`, names of columns of CSV files that stay text although they look like
    numbers (an id such as `007`). What types columns have is said in the module
    `data_connector.files`.
    """

    def load(self, source: str) -> pd.DataFrame:
        """The table in the file `source`.

        Raises FileNotFoundError; and ValueError with file and line for what is no table, and
        for a name with another ending.
        """
        return read_file(self.folder / source, self.config.text_columns)

    def save(self, table: pd.DataFrame, target: str) -> str:
        """Write a table to the file `target`, folders included, and return the file's path.

        Raises ValueError for names of columns that are no texts or stand twice, OSError where
        the disk has no room or the folder no access.
        """
        return write_file(table, self.folder / target)
