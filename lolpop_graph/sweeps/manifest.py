"""The manifest of a sweep: a table in SQLite that has each run once, and survives a torn end."""

from __future__ import annotations

import json
import math
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

from lolpop_graph.errors import WorkflowError
from lolpop_graph.faults import ManifestUnusable, SweepBusy
from lolpop_graph.sweeps.task import Outcome, Run

FILE: Final = "manifest.sqlite"
_LOCK: Final = ".lock.sqlite"
_VERSION: Final = 1
_COMMIT_EVERY: Final = 0.2
"""Seconds between two commits at least; what was not committed is run again after a torn end."""
_PATIENCE: Final = 30.0
"""Seconds to wait for a reader of the manifest that stands in the way."""

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS sweep (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS runs (
    key TEXT PRIMARY KEY, number INTEGER NOT NULL, status TEXT NOT NULL,
    parameters TEXT NOT NULL, metrics TEXT NOT NULL, seconds REAL NOT NULL, started TEXT NOT NULL,
    worker TEXT NOT NULL, workflow TEXT NOT NULL, listed INTEGER NOT NULL,
    error_kind TEXT, error TEXT, traceback TEXT
) WITHOUT ROWID;
"""
_COLUMNS: Final = (
    *("key", "number", "status", "parameters", "metrics", "seconds", "started", "worker"),
    *("workflow", "listed", "error_kind", "error", "traceback"),
)
_RECORD: Final = "REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


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


class Manifest:
    """The record of one sweep, written by one process alone; close it, or use `with`."""

    def __init__(self, folder: Path) -> None:
        """Make or open the manifest in a folder, which is made too.

        WorkflowError says that another sweep is recording there (LG836), or why nothing can be
        recorded (LG839).
        """
        self.path = folder / FILE
        self._lock = threading.Lock()
        self._waiting: list[tuple[Any, ...]] = []
        self._committed = 0.0
        self._timer: threading.Timer | None = None
        self._broken: Exception | None = None
        self._is_closed = False
        with _telling(folder):
            if folder.exists() and not folder.is_dir():
                raise NotADirectoryError(20, "it is no folder")
            folder.mkdir(parents=True, exist_ok=True)
        self._busy = _only_one(folder)
        try:
            with _telling(self.path):
                self._base = _opened(self.path)
        except BaseException:
            self._busy.close()
            raise

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def about(self) -> dict[str, str]:
        """What is recorded of the sweep as a whole; empty for a new one."""
        return dict(self._base.execute("SELECT name, value FROM sweep"))

    def describe(self, facts: Mapping[str, str]) -> None:
        """Record facts of the sweep as a whole."""
        with self._lock, _telling(self.path), self._base:
            self._base.executemany("REPLACE INTO sweep VALUES (?, ?)", facts.items())

    def salt(self) -> bytes:
        """What keys are made with here, so that they tell nothing of secret values."""
        known = self.about().get("salt") or secrets.token_hex(16)
        self.describe({"salt": known})
        return bytes.fromhex(known)

    def status(self, key: str) -> str | None:
        """What came of a run when it was last recorded; None for one that is not there."""
        with self._lock:
            found = self._base.execute("SELECT status FROM runs WHERE key = ?", (key,)).fetchone()
        return found and str(found[0])

    def counts(self) -> dict[str, int]:
        """How many runs are recorded, by status."""
        return counts_in(self._base)

    def list_again(self, runs: Iterable[Run]) -> None:
        """Note which of the recorded runs these are, and their numbers; all others are gone."""
        with self._lock, _telling(self.path), self._base:
            self._base.execute("UPDATE runs SET listed = 0")
            self._base.executemany(
                "UPDATE runs SET listed = 1, number = ? WHERE key = ?",
                ((run.number, run.key) for run in runs),
            )

    def record(self, run: Run, outcome: Outcome, workflow: str) -> None:
        """Record what came of a run, now or within a fraction of a second.

        `workflow` is the digest of the workflow that made it.
        """
        with self._lock:
            self._waiting.append(_row(run, outcome, workflow))
            left = self._committed + _COMMIT_EVERY - time.monotonic()
            if left <= 0:
                self._commit()
            elif self._timer is None:
                self._timer = threading.Timer(left, self._commit_late)
                self._timer.daemon = True
                self._timer.start()
        if self._broken is not None:
            raise self._broken

    def close(self) -> None:
        """Write what is still to be written, and let others in; a second call does nothing."""
        if self._is_closed:
            return
        if self._timer is not None:
            self._timer.cancel()
        try:
            with self._lock:
                self._is_closed = True
                self._commit()
                with _telling(self.path):
                    _make_view(self._base)
        finally:
            self._base.close()
            self._busy.close()

    def _commit_late(self) -> None:
        with self._lock:
            self._timer = None
            try:
                if not self._is_closed:
                    self._commit()
            except WorkflowError as error:
                # The thread that records is told when it comes again.
                self._broken = error

    def _commit(self) -> None:
        """Write all that waits; the lock is held."""
        if self._waiting:
            with _telling(self.path), self._base:
                self._base.executemany(_RECORD, self._waiting)
            self._waiting.clear()
        self._committed = time.monotonic()


def counts_in(base: sqlite3.Connection) -> dict[str, int]:
    """How many runs a manifest has, by status; `gone` are those that are listed no more."""
    query = "SELECT iif(listed, status, 'gone'), count(*) FROM runs GROUP BY 1"
    return {"done": 0, "failed": 0, "gone": 0, **dict(base.execute(query))}


def read_runs(path: Path, where: str = "", values: tuple[Any, ...] = ()) -> Iterator[Recorded]:
    """The runs of a manifest in the order of their numbers, one by one."""
    with closing(reading(path)) as base:
        query = f"SELECT {', '.join(_COLUMNS)} FROM runs {where} ORDER BY number, key"  # noqa: S608 - ours
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
    with _telling(path):
        if not path.is_file():
            raise OSError(2, "there is no such file")
        base = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_PATIENCE)
        base.execute("SELECT count(*) FROM runs WHERE key = ''")
    return base


@contextmanager
def _telling(target: Path) -> Iterator[None]:
    """Turn errors of the system and of SQLite into the fault that says what cannot be written."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        reason, remedy = getattr(error, "strerror", None) or str(error), ""
        if "not a database" in reason:
            reason, remedy = "it is no manifest", "move it away, or name another folder"
        fault = ManifestUnusable(target=str(target), reason=reason, remedy=remedy)
        raise WorkflowError([fault]) from None


def _only_one(folder: Path) -> sqlite3.Connection:
    """Hold a lock that the system takes away whenever the process ends, however it does.

    It is SQLite's own, on a file beside the manifest: it works on every system, and lets others
    read the manifest.
    """
    with _telling(folder):
        lock = sqlite3.connect(folder / _LOCK, timeout=0, check_same_thread=False)
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            lock.close()
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise WorkflowError([SweepBusy(folder=str(folder))]) from None
            raise
    return lock


def _opened(path: Path) -> sqlite3.Connection:
    base = sqlite3.connect(path, timeout=_PATIENCE, check_same_thread=False)
    try:
        # With a log, readers and the writer do not wait for each other, and no end tears it.
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("PRAGMA synchronous = NORMAL")
        _fail_for_version(base)
        with base:
            base.executescript(f"{_TABLES}PRAGMA user_version = {_VERSION};")
    except BaseException:
        base.close()
        raise
    return base


def _fail_for_version(base: sqlite3.Connection) -> None:
    version = base.execute("PRAGMA user_version").fetchone()[0]
    if version not in {0, _VERSION}:
        raise OSError(0, f"it is of version {version}, and this package reads {_VERSION}")


def _row(run: Run, outcome: Outcome, workflow: str) -> tuple[Any, ...]:
    began = datetime.fromtimestamp(outcome.started, UTC)
    return (
        run.key,
        run.number,
        outcome.status,
        _text(run.parameters),
        _text(outcome.metrics),
        outcome.seconds,
        began.isoformat(timespec="milliseconds"),
        outcome.worker,
        workflow,
        1,
        *_failed(outcome),
    )


def _text(values: Mapping[str, Any]) -> str:
    return json.dumps(_storable(values), ensure_ascii=False)


def _storable(value: Any) -> Any:
    """A value without what JSON or SQLite has not: numbers that are not finite, half characters."""
    if isinstance(value, Mapping):
        return {_whole(key): _storable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, str):
        return _whole(value)
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _failed(outcome: Outcome) -> tuple[str | None, str | None, str | None]:
    failure = outcome.failure
    if failure is None:
        return None, None, None
    return _whole(failure.kind), _whole(failure.sentence), _whole(failure.traceback)


def _whole(text: str) -> str:
    """A text without half characters, which names of files may hold and SQLite takes for bad."""
    return text.encode(errors="backslashreplace").decode()


def _make_view(base: sqlite3.Connection) -> None:
    """Make the view `results`, which has a column for each parameter and each metric."""
    taken = {"number", "status", "seconds", "error_kind"}
    columns = ["number", "status"]
    for kind in ("parameters", "metrics"):
        found = f"SELECT DISTINCT each.key FROM runs, json_each(runs.{kind}) AS each LIMIT 500"  # noqa: S608
        for (name,) in base.execute(found).fetchall():
            shown = f"{kind}.{name}" if name.casefold() in taken else name
            # SQLite has no way to write these signs in a path.
            if shown.casefold() not in taken and not {*name} & {*'"\\'}:
                taken.add(shown.casefold())
                path = _quoted(f"$.{json.dumps(name, ensure_ascii=False)}", "'")
                columns.append(f"json_extract({kind}, {path}) AS {_quoted(shown, chr(34))}")
    with base:
        base.execute("DROP VIEW IF EXISTS results")
        base.execute(
            f"CREATE VIEW results AS SELECT {', '.join([*columns, 'seconds', 'error_kind'])} FROM runs WHERE listed"  # noqa: S608, E501
        )


def _quoted(text: str, sign: str) -> str:
    return sign + text.replace(sign, sign * 2) + sign
