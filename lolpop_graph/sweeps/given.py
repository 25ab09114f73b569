"""Rows that Python gives: mappings, or a pandas DataFrame."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from lolpop_graph.errors import Fault, WorkflowError
from lolpop_graph.faults import RowsUnreadable
from lolpop_graph.sweeps.plain import UnfitError, plain_value
from lolpop_graph.sweeps.rows import Row, refuse

_BATCH: Final = 10_000


class TableRows:
    """The rows of a pandas DataFrame, some at a time."""

    def __init__(self, table: Any) -> None:
        """Look at nothing yet."""
        self._table = table

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self._table)

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        """The rows as pandas has them."""
        for start in range(0, len(self._table), _BATCH):
            yield from self._table.iloc[start : start + _BATCH].to_dict("records")


class GivenRows:
    """Rows that Python gives."""

    def __init__(self, name: str, rows: Any) -> None:
        """Look at all of them; raises WorkflowError with all that is wrong."""
        self.name = name
        self._rows = rows
        found: dict[str, Fault] = {}
        columns: dict[str, None] = {}
        for number, row in enumerate(rows, start=1):
            reason = _unfit(row)
            if reason:
                found.setdefault(
                    reason, RowsUnreadable(source=name, reason=f"row {number} {reason}")
                )
            else:
                columns.update(dict.fromkeys(row))
        if found:
            raise WorkflowError(found.values())
        self.columns = tuple(columns)
        if not len(rows):
            raise refuse(name, "there is no row")

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        """The rows, their values plain."""
        for row in self._rows:
            yield {name: plain_value(value) for name, value in row.items()}


def _unfit(row: object) -> str:
    """Why a row is none; empty for one."""
    if not isinstance(row, Mapping):
        return f"is a {type(row).__name__} and no mapping of columns to values"
    for name, value in row.items():
        if not isinstance(name, str) or not name:
            return f"has a column called {name!r}, which is no text"
        try:
            plain_value(value)
        except UnfitError as error:
            return f"has {error} in the column `{name}`"
    return ""
