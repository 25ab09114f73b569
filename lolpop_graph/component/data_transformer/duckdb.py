"""Tables changed by SQL, in DuckDB."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lolpop_graph.component.data_transformer.base import BaseDataTransformer
from lolpop_graph.component.databases import MEMORY, check_query, connect, run_query

if TYPE_CHECKING:
    import pandas as pd


class DuckDBDataTransformer(BaseDataTransformer):
    """Makes a table of another with one SQL query, in which that one is called `data`.

    Config: `query`, the query itself, or `query_file`, the file that it stands in, seen from the
    current directory (`${file:folder}/query.sql` is beside the workflow file);
    `data_folder`, below which the query finds files that it names (default: the current
    directory).
    """

    __OPTIONAL_CONF__ = ["query", "query_file"]
    __DEFAULT_CONF__ = {"config": {"data_folder": "."}}

    def setup(self) -> None:
        """Read the query, so that what is no query is told before any work."""
        query, file = self._get_config("query"), self._get_config("query_file")
        if (query is None) == (file is None):
            raise ValueError("either `query` or `query_file` says what to make of the table `data`")
        self._query = _text(query) if file is None else Path(file).read_text(encoding="utf-8")
        check_query(self._query)

    def transform(self, table: pd.DataFrame) -> pd.DataFrame:
        """What the query makes of the table; rows are in no order unless it says ORDER BY.

        Raises ValueError for a query that asks for columns or tables that are not there, and
        for a table that DuckDB cannot hold.
        """
        folder = Path(self._get_config("data_folder")).expanduser()
        with connect(MEMORY, folder) as connection:
            return run_query(connection, self._query, {"data": table})


def _text(query: object) -> str:
    if not isinstance(query, str):
        raise TypeError("`query` is a text, an SQL query over the table `data`")
    return query
