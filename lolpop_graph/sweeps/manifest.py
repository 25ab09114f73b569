"""The manifest of a sweep: a table in SQLite that has each run once, and survives a torn end."""

from __future__ import annotations

import json
import math
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self

from lolpop_graph.errors import WorkflowError
from lolpop_graph.faults import SweepBusy
from lolpop_graph.sweeps.recorded import FILE, PATIENCE, Recorded, counts_in, telling
from lolpop_graph.sweeps.results import make_view
from lolpop_graph.sweeps.task import Outcome, Run

_LOCK: Final = ".lock.sqlite"
_VERSION: Final = 1
_COMMIT_EVERY: Final = 0.2
"""Seconds between two commits at least; what was not committed is run again after a torn end."""

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS sweep (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS runs (
    key TEXT PRIMARY KEY, number INTEGER NOT NULL, status TEXT NOT NULL,
    parameters TEXT NOT NULL, metrics TEXT NOT NULL, seconds REAL NOT NULL, started TEXT NOT NULL,
    worker TEXT NOT NULL, workflow TEXT NOT NULL, listed INTEGER NOT NULL,
    error_kind TEXT, error TEXT, traceback TEXT
) WITHOUT ROWID;
"""
_RECORD: Final = f"REPLACE INTO runs VALUES ({', '.join('?' * len(Recorded._fields))})"  # noqa: S608 - ours


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
        with telling(folder):
            if folder.exists() and not folder.is_dir():
                raise NotADirectoryError(20, "it is no folder")
            folder.mkdir(parents=True, exist_ok=True)
        self._busy = _only_one(folder)
        try:
            with telling(self.path):
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
        with self._lock, telling(self.path), self._base:
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
        with self._lock, telling(self.path), self._base:
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
                with telling(self.path):
                    make_view(self._base)
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
            with telling(self.path), self._base:
                self._base.executemany(_RECORD, self._waiting)
            self._waiting.clear()
        self._committed = time.monotonic()


def _only_one(folder: Path) -> sqlite3.Connection:
    """Hold a lock that the system takes away whenever the process ends, however it does.

    It is SQLite's own, on a file beside the manifest: it works on every system, and lets others
    read the manifest.
    """
    with telling(folder):
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
    base = sqlite3.connect(path, timeout=PATIENCE, check_same_thread=False)
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
