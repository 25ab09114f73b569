"""Tables in a DuckDB database, and in the files that DuckDB queries."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Annotated

import duckdb
from pydantic import Field

from lolpop_graph.component.data_connector.files import (
    BaseFileConnector,
    is_file_name,
    read_file,
    write_file,
)
from lolpop_graph.component.databases import MEMORY, as_arrow, connect, quoted, run_query

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_INCOMING = "lolpop_graph_incoming"
_BUSY_SECONDS = 30
_POLL_SECONDS = 0.02


class DuckDBDataConnector(BaseFileConnector):
    """Reads and writes tables of a DuckDB database; no server is needed.

    What it is asked to load is the name of a `.csv` or `.parquet` file, which is read as
    LocalDataConnector reads it; or the name of a table or view; or an SQL query, which may
    name files itself (`SELECT * FROM 'sales/*.parquet'`) and cannot change anything. What it
    saves goes to such a file, or to a table. DuckDB does not tell names of tables and of
    columns apart by case.

    Config: `data_folder`, which relative names of files start from, also in queries (default:
    the current directory); `database`, the database's file, made on first use, or `:memory:`
    (the default), which is gone when the workflow is closed; `read_only: true`, with which
    several processes can use a database file at once; `text_columns`, names of columns of CSV
    files that stay text.

    DuckDB lets one process at a time write to a file. So a file is open for the length of a
    call alone, and a call waits half a minute for another process that has it open.
    """

    @dataclass
    class Config(BaseFileConnector.Config):
        """The keys of files, and those of the database."""

        database: Annotated[str, Field(pattern=r"\S")] | None = None
        read_only: bool = False

        def __post_init__(self) -> None:
            """Raise ValueError for a database that would never hold anything."""
            if self.read_only and self.database in {None, MEMORY}:
                raise ValueError("`read_only` needs a `database`: one in memory is empty")

    config: Config

    @cached_property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """DuckDB's own connection; made on first use, and open until `close`.

        Meanwhile no other process can use the database's file. Raises OSError.
        """
        return self._connect()

    def _connect(self) -> duckdb.DuckDBPyConnection:
        database, folder = self.config.database or MEMORY, self.folder
        if database != MEMORY:
            path = folder / database
            path.parent.mkdir(parents=True, exist_ok=True)
            database = str(path)
        is_over_at = time.monotonic() + _BUSY_SECONDS
        while True:
            try:
                return connect(database, folder, is_read_only=self.config.read_only)
            except BlockingIOError:
                if time.monotonic() > is_over_at:
                    raise
                time.sleep(_POLL_SECONDS)

    @contextmanager
    def _connected(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection for one call; the one that is open, where one is to stay."""
        if (self.config.database or MEMORY) == MEMORY or "connection" in vars(self):
            yield self.connection
            return
        with self._connect() as connection:
            yield connection

    def load(self, source: str) -> pd.DataFrame:
        """The table in a file, under a name, or that a query makes.

        Types of files are those of LocalDataConnector, types of tables those that were saved,
        types of a query's columns DuckDB's. Raises FileNotFoundError, KeyError with the tables
        that there are, ValueError for what is no query, OSError for what is no database.
        """
        if is_file_name(source):
            return read_file(self.folder / source, self.config.text_columns)
        with self._connected() as connection:
            there = _tables(connection)
            if source.lower() in map(str.lower, there):
                return run_query(connection, f"FROM {quoted(source)}")
            if len(source.split()) < 2:  # noqa: PLR2004 - no query has but one word
                message = f"no table {source!r}; the database has {', '.join(there) or 'none'}"
                raise KeyError(message)
            return run_query(connection, source)

    def save(self, table: pd.DataFrame, target: str) -> str:
        """Write a table to a file or to a table of the database, and return its path or name.

        Raises ValueError for a target that is a view, for columns of mixed types, and for names
        of columns that are no texts, stand twice, or differ in case alone; OSError.
        """
        if is_file_name(target):
            return write_file(table, self.folder / target)
        rows = as_arrow(table)
        with self._connected() as connection:
            _save(connection, rows, target)
        if self.config.database is None:
            self.log(f"table {target!r} is kept in memory alone: no `database` is set", "WARNING")
        return target

    def tables(self) -> list[str]:
        """The names of the database's tables and views, sorted."""
        with self._connected() as connection:
            return _tables(connection)

    def close(self) -> None:
        """Close the connection, if there is one."""
        if "connection" in vars(self):
            self.connection.close()
            del self.connection


def _tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute(
        "SELECT table_name FROM information_schema.tables"
        " WHERE table_schema = current_schema() AND table_catalog = current_database()"
        " ORDER BY table_name"
    ).fetchall()
    return [name for (name,) in rows]


def _save(connection: duckdb.DuckDBPyConnection, rows: pa.Table, target: str) -> None:
    connection.register(_INCOMING, rows)
    try:
        connection.execute(f"CREATE OR REPLACE TABLE {quoted(target)} AS FROM {_INCOMING}")
    except duckdb.Error as error:
        message = f"table {target!r} cannot be saved: {error}"
        raise ValueError(message) from error
    finally:
        connection.unregister(_INCOMING)
