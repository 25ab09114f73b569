"""Queries that only read, in DuckDB, and tables on their way in and out of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from lolpop_graph.component.table import check_names

MEMORY = ":memory:"
"""The database that is gone when it is closed, as DuckDB calls it."""

_READING = frozenset({"SELECT", "EXPLAIN", "MULTI"})
# DuckDB's name for PIVOT, which it splits in two by itself, is MULTI.
_MASKED = (pd.Int32Dtype, pd.Int64Dtype, pd.BooleanDtype)


def connect(
    database: str, folder: Path, *, is_read_only: bool = False
) -> duckdb.DuckDBPyConnection:
    """A connection to a database file or to `:memory:`; queries find files below `folder`.

    Raises BlockingIOError where another process has the file open, OSError where it cannot be
    opened or is no database.
    """
    try:
        connection = duckdb.connect(database, read_only=is_read_only)
    except duckdb.Error as error:
        message = f"{database}: {error}"
        is_busy = isinstance(error, duckdb.IOException) and "set lock" in message
        raise (BlockingIOError if is_busy else OSError)(message) from error
    # Else the names of variables of this module would be tables.
    connection.execute("SET python_enable_replacements = false")
    connection.execute("SET TimeZone = 'UTC'")
    if "," not in str(folder):  # DuckDB takes a list, and has no way to write a comma in it
        connection.execute("SET file_search_path = ?", [str(folder)])
    return connection


def quoted(name: str) -> str:
    """A name as SQL has it, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'


def check_query(text: str) -> None:
    """Raise ValueError unless a text is one SQL statement that only reads."""
    try:
        with duckdb.connect(MEMORY) as connection:
            statements = connection.extract_statements(text)
    except duckdb.Error as error:
        message = f"this is no SQL query: {error}"
        raise ValueError(message) from None
    kinds = [statement.type.name for statement in statements]
    if len(kinds) != 1 or kinds[0] not in _READING:
        found = ", ".join(kinds) or "nothing"
        message = f"a query is one SELECT and changes nothing; this is {found}"
        raise ValueError(message)


def run_query(
    connection: duckdb.DuckDBPyConnection,
    text: str,
    tables: Mapping[str, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """The table that a query makes, in a transaction that cannot write.

    `tables` are there for the query under their names. Raises ValueError for what is no query
    or cannot be answered.
    """
    check_query(text)
    for name, table in (tables or {}).items():
        connection.register(name, as_arrow(table))
    try:
        connection.execute("BEGIN TRANSACTION READ ONLY")
        try:
            found = connection.execute(text).df()
        finally:
            connection.execute("ROLLBACK")
    except duckdb.Error as error:
        message = f"the query cannot be answered: {error}"
        raise ValueError(message) from error
    finally:
        for name in tables or {}:
            connection.unregister(name)
    check_names(found)
    return plain_types(found)


def as_arrow(table: pd.DataFrame) -> pa.Table:
    """A table for DuckDB, without its index.

    It goes by way of Arrow, which looks at all values of a column, where DuckDB guesses the type
    of objects from some. Raises ValueError for names that DuckDB, to which case says nothing,
    cannot tell apart, and for columns of mixed types.
    """
    check_names(table)
    names = pd.Series(table.columns).str.lower()
    if not names.is_unique:
        alike = ", ".join(map(repr, table.columns[names.duplicated(keep=False)]))
        message = f"DuckDB does not tell names of columns apart by case: {alike}"
        raise ValueError(message)
    zoned = table.select_dtypes("datetimetz")
    # Nanoseconds lose their time zone in DuckDB.
    table = table.assign(**{name: zoned[name].dt.as_unit("us") for name in zoned})
    try:
        return pa.Table.from_pandas(table, preserve_index=False)
    except pa.ArrowException as error:
        message = "; ".join(map(str, error.args))
        raise ValueError(message) from error


def plain_types(table: pd.DataFrame) -> pd.DataFrame:
    """The table in NumPy's types, which every library knows.

    Integers with gaps become float64 with nan, truth values with gaps objects with None.
    """
    return table.assign(**{name: _plain(column) for name, column in table.items()})


def _plain(column: pd.Series) -> pd.Series:
    if not isinstance(column.dtype, _MASKED):
        return column
    if not column.hasnans:
        return column.astype(column.dtype.numpy_dtype)
    if isinstance(column.dtype, pd.BooleanDtype):
        return column.astype(object).where(column.notna(), None)
    return column.astype(float)
