"""The table that integrations hand to each other, and what is done to one."""

from __future__ import annotations

import hashlib
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Column: TypeAlias = NDArray[Any]
"""One column: an array of shape (n_rows,), float64 for numbers (nan: missing) or str."""

Table: TypeAlias = dict[str, Column]
"""Columns by name, in order, all equally long; it needs no library but NumPy."""

Matrix: TypeAlias = NDArray[np.float64]
"""Numbers to learn from, of shape (n_rows, n_features)."""


def row_count(table: Table) -> int:
    """The number of rows of a table; 0 if it has no columns."""
    return len(next(iter(table.values()), ()))


def take(table: Table, rows: NDArray[np.intp]) -> Table:
    """The rows whose numbers (shape (n,), counted from 0) are given, in that order."""
    return {name: column[rows] for name, column in table.items()}


def column_of(table: Table, name: str) -> Column:
    """One column; raises KeyError with the names that there are."""
    if name not in table:
        message = f"no column {name!r}; the table has {', '.join(table) or 'no columns'}"
        raise KeyError(message)
    return table[name]


def digest(table: Table) -> str:
    """16 hexadecimal digits of SHA-256 that stand for names, types and values of a table."""
    state = hashlib.sha256()
    for name, column in table.items():
        state.update(f"{name}\0{column.dtype.str}\0{len(column)}\0".encode())
        state.update(np.ascontiguousarray(column).tobytes())
    return state.hexdigest()[:16]
