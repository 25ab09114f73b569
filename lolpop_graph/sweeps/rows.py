"""What all tables of runs are, wherever they come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from lolpop_graph.errors import WorkflowError
from lolpop_graph.faults import RowsUnreadable

Row = Mapping[str, Any]
"""Plain values by column: None, truths, numbers, texts, and lists and mappings of such."""


class Rows(Protocol):
    """A table of runs, which can be gone over several times and is not held in memory."""

    name: str
    columns: tuple[str, ...]

    def __len__(self) -> int:
        """How many rows there are."""

    def __iter__(self) -> Iterator[Row]:
        """The rows, in order."""


def refuse(source: str, reason: str, remedy: str = "") -> WorkflowError:
    """The error for a table that cannot be read."""
    return WorkflowError([RowsUnreadable(source=source, reason=reason, remedy=remedy)])
