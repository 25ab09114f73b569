"""The runs that a manifest has, read from it; a sweep may be writing it meanwhile."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from lolpop_graph.errors import WorkflowError
from lolpop_graph.faults import ManifestUnusable

FILE: Final = "manifest.sqlite"
"""What a manifest is called in its folder."""
PATIENCE: Final = 30.0
"""Seconds to wait for somebody who stands in the way."""


class Recorded(NamedTuple):
    """One run as the manifest has it; `parameters` and `metrics` are by name.

    `listed` is 1 where it was among the runs of the sweep when that was last called.
    """

    key: str
    number: int
    status: str
    parameters: dict[str, Any]
    metrics: dict[str, Any]
    seconds: float
    started: str
    worker: str
    workflow: str
    listed: int
    error_kind: str | None
    error: str | None
    traceback: str | None


def counts_in(base: sqlite3.Connection) -> dict[str, int]:
    """How many runs a manifest has, by status; `gone` are those that are listed no more."""
    query = "SELECT iif(listed, status, 'gone'), count(*) FROM runs GROUP BY 1"
    return {"done": 0, "failed": 0, "gone": 0, **dict(base.execute(query))}


def read_runs(path: Path, where: str = "", values: tuple[Any, ...] = ()) -> Iterator[Recorded]:
    """The runs of a manifest in the order of their numbers, one by one."""
    with closing(reading(path)) as base:
        query = f"SELECT {', '.join(Recorded._fields)} FROM runs {where} ORDER BY number, key"  # noqa: S608 - ours
        for row in base.execute(query, values):
            record = Recorded(*row)
            yield record._replace(
                parameters=json.loads(row[3]),
                metrics=json.loads(row[4]),
            )


def reading(path: Path) -> sqlite3.Connection:
    """A connection that only reads a manifest, also while a sweep is writing it.

    WorkflowError says that there is none.
    """
    with telling(path):
        if not path.is_file():
            raise OSError(2, "there is no such file")
        base = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=PATIENCE)
        base.execute("SELECT count(*) FROM runs WHERE key = ''")
    return base


@contextmanager
def telling(target: Path) -> Iterator[None]:
    """Turn errors of the system and of SQLite into the fault that says what cannot be written."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        reason, remedy = getattr(error, "strerror", None) or str(error), ""
        if "not a database" in reason:
            reason, remedy = "it is no manifest", "move it away, or name another folder"
        fault = ManifestUnusable(target=str(target), reason=reason, remedy=remedy)
        raise WorkflowError([fault]) from None
