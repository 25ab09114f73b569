"""The table that integrations hand to each other, and what is asked of one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TypeAlias

import pandas as pd

from lolpop_graph.text import suggestion

Table: TypeAlias = pd.DataFrame
"""Columns by name, each name once; what its index holds has no meaning but for joining rows."""

Column: TypeAlias = pd.Series
"""One column of a table, of shape (n_rows,), with the table's index."""

Matrix: TypeAlias = pd.DataFrame
"""Numbers to learn from: float64 columns, (n_rows, n_features), with the index of the labels."""


def column_of(table: Table, name: str) -> Column:
    """One column; raises KeyError with the names that there are."""
    return columns_of(table, [name])[name]


def columns_of(table: Table, names: Iterable[str]) -> Table:
    """Some columns in the order asked for; raises KeyError with the names that there are."""
    wanted = list(names)
    absent = [name for name in wanted if name not in table.columns]
    if absent:
        there = ", ".join(map(str, table.columns)) or "no columns"
        close = suggestion(str(absent[0]), map(str, table.columns))
        meant = f"did you mean {close!r}? " if close else ""
        message = f"no column {', '.join(map(repr, absent))}; {meant}the table has {there}"
        raise KeyError(message)
    return table[wanted]


def check_names(table: Table) -> None:
    """Raise ValueError unless each column has a name of its own, which is a text."""
    names = list(table.columns)
    odd = [name for name in names if not isinstance(name, str) or not name]
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if odd or twice or not names:
        shown = ", ".join(map(repr, odd or twice))
        said = f"{shown} {'is none' if odd else 'stands twice'}" if shown else "there is no column"
        message = f"each column of a table has a name of its own, which is a text: {said}"
        raise ValueError(message)


def digest(table: Table) -> str:
    """16 hexadecimal digits of SHA-256 that stand for names, types and values of a table.

    Equal tables have equal digests, whatever their index; rows are hashed by pandas
    (`pandas.util.hash_pandas_object`).
    """
    state = hashlib.sha256()
    for name, column in table.items():
        state.update(f"{name}\0{column.dtype}\0{len(column)}\0".encode())
        state.update(pd.util.hash_pandas_object(column, index=False).to_numpy().tobytes())
    return state.hexdigest()[:16]
