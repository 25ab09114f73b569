"""The rows of a sweep: tables in files, and what Python gives."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

from lolpop_graph.errors import Fault, WorkflowError
from lolpop_graph.faults import RowsUnreadable
from lolpop_graph.sweeps.plain import UnfitError, plain_value
from lolpop_graph.text import quoted, suggestion

Row = Mapping[str, Any]
"""Plain values by column: None, truths, numbers, texts, and lists and mappings of such."""

Over = str | os.PathLike[str] | Iterable[Mapping[str, Any]]
"""What a sweep can go over: a file, mappings, or a pandas DataFrame."""

_BATCH = 10_000


class Rows(Protocol):
    """A table of runs, which can be gone over several times and is not held in memory."""

    name: str
    columns: tuple[str, ...]

    def __len__(self) -> int:
        """How many rows there are."""

    def __iter__(self) -> Iterator[Row]:
        """The rows, in order."""


def read_rows(over: Over) -> Rows:
    """The rows of a file, by its ending, or of mappings or a table given from Python.

    WorkflowError (LG831) says why they cannot be had, with all that is wrong in the table.
    """
    if isinstance(over, str | os.PathLike):
        return _of_file(Path(over))
    if hasattr(over, "columns") and hasattr(over, "iloc"):
        return _Given("the table", _OfTable(over))
    return _Given("the rows", [*over])


def refuse(source: str, reason: str, remedy: str = "") -> WorkflowError:
    """The error for a table that cannot be read."""
    return WorkflowError([RowsUnreadable(source=source, reason=reason, remedy=remedy)])


def _of_file(path: Path) -> Rows:
    from lolpop_graph.sweeps.tables import READERS  # noqa: PLC0415 - grids need none of them

    if path.is_dir() or not path.exists():
        reason = "it is a folder" if path.is_dir() else "there is no such file"
        raise refuse(str(path), reason, _beside(path))
    ending = path.suffix.lower()
    if ending not in READERS:
        known = f"there are readers of {quoted(READERS, 'and')}"
        raise refuse(str(path), f"no reader knows the ending `{ending}`", known)
    try:
        rows: Rows = READERS[ending](path)
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from None
    if not len(rows):
        raise refuse(str(path), "it has no row")
    return rows


def _unreadable(path: Path, error: OSError | UnicodeDecodeError) -> WorkflowError:
    if isinstance(error, OSError):
        return refuse(str(path), error.strerror or str(error))
    return refuse(str(path), "it is no text in UTF-8", "save it as UTF-8")


def _beside(path: Path) -> str:
    """What is like the name of a file that is not there, if anything is."""
    from lolpop_graph.sweeps.tables import READERS  # noqa: PLC0415 - as above

    folder = path if path.is_dir() else path.parent
    names = folder.iterdir() if folder.is_dir() else ()
    tables = [name.name for name in names if name.suffix.lower() in READERS]
    if close := suggestion(path.name, tables):
        return f"did you mean `{close}`?"
    return f"that folder has {quoted(sorted(tables), 'and')}" if tables else ""


class _OfTable:
    """The rows of a pandas DataFrame, some at a time."""

    def __init__(self, table: Any) -> None:
        self._table = table

    def __len__(self) -> int:
        return len(self._table)

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        for start in range(0, len(self._table), _BATCH):
            yield from self._table.iloc[start : start + _BATCH].to_dict("records")


class _Given:
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
