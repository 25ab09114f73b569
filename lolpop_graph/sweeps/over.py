"""What a sweep goes over: the file, the mappings or the table that is given, as rows."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from lolpop_graph.errors import WorkflowError
from lolpop_graph.sweeps.given import GivenRows, TableRows
from lolpop_graph.sweeps.rows import Rows, refuse
from lolpop_graph.sweeps.tables import READERS
from lolpop_graph.text import quoted, suggestion

Over = str | os.PathLike[str] | Iterable[Mapping[str, Any]]
"""What a sweep can go over: a file, mappings, or a pandas DataFrame."""


def read_rows(over: Over) -> Rows:
    """The rows of a file, by its ending, or of mappings or a table given from Python.

    WorkflowError (LG831) says why they cannot be had, with all that is wrong in the table.
    """
    if isinstance(over, str | os.PathLike):
        return _of_file(Path(over))
    if hasattr(over, "columns") and hasattr(over, "iloc"):
        return GivenRows("the table", TableRows(over))
    return GivenRows("the rows", [*over])


def _of_file(path: Path) -> Rows:
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
    folder = path if path.is_dir() else path.parent
    names = folder.iterdir() if folder.is_dir() else ()
    tables = [name.name for name in names if name.suffix.lower() in READERS]
    if close := suggestion(path.name, tables):
        return f"did you mean `{close}`?"
    return f"that folder has {quoted(sorted(tables), 'and')}" if tables else ""
