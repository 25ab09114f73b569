"""Runs in a folder of JSON files, with no service and no library."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from lolpop_graph.component.folders import (
    below,
    copy_whole,
    current_user,
    is_file_name,
    output_folder,
    read_json,
    write_json,
)
from lolpop_graph.component.metadata_tracker.active import BaseActiveRunTracker
from lolpop_graph.component.metadata_tracker.base import Run
from lolpop_graph.component.table import Table, digest

_RECORD = "run.json"
_LOCK = ".lock"
_CHANGES_LOCK = ".changes.lock"
_POLL = 0.005
"""After how many seconds is looked again whether another process has let go of a lock."""
_ARTIFACTS = "artifacts"
_RUNNING = "RUNNING"


class LocalMetadataTracker(BaseActiveRunTracker):
    """Records each run in a folder of its own: `<output_folder>/runs/<run id>/`.

    `run.json` holds its name, status, parameters, tags, data sets and times, `artifacts/` its
    files, and `metrics.jsonl` what a LocalMetricsTracker records. Every file is whole at all
    times. Several processes may record runs side by side, and log to the same run, each change
    of whose record is made to what the others have left. The process of an active run holds a
    lock on the file `.lock`, which the operating system lets go of when the process ends,
    however it does; so a run that was left is told from one that is active.

    Config: `output_folder` (default `lolpop_output`).
    """

    __DEFAULT_CONF__ = {"config": {"output_folder": "lolpop_output"}}

    _lock: FileLock | None = None

    def run_folder(self, run_id: str) -> Path:
        """Where a run is kept, or would be; LookupError for what can be no run's id."""
        if not is_file_name(run_id):
            message = f"there is no run {run_id!r}"
            raise LookupError(message)
        return self._folder / run_id

    def start_run(self, name: str | None = None, tags: Mapping[str, str] | None = None) -> str:
        """Begin a run and return its id, which begins with the time; RuntimeError if one is active.

        A run without a name is called as its id. Raises OSError where nothing can be written.
        """
        self._check_may_begin()
        now = datetime.now(UTC)
        run_id = f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"
        folder = self.run_folder(run_id)
        folder.mkdir(parents=True)
        lock = FileLock(folder / _LOCK)
        lock.acquire()
        record: dict[str, Any] = {
            "run_id": run_id,
            "name": name or run_id,
            "status": _RUNNING,
            "started": now.isoformat(),
            "ended": None,
            "by": {"user": current_user(), "host": socket.gethostname(), "process": os.getpid()},
            "params": {},
            "tags": {str(key): str(value) for key, value in (tags or {}).items()},
            "datasets": [],
        }
        write_json(folder / _RECORD, record)
        self._run_id, self._lock = run_id, lock
        return run_id

    def end_run(self, *, failed: bool = False) -> None:
        """End the active run, as FINISHED or as FAILED."""
        self._check_may_end()
        with self._changed() as record:
            record["status"] = "FAILED" if failed else "FINISHED"
            record["ended"] = datetime.now(UTC).isoformat()
        self._run_id = None
        if self._lock is not None:
            self._lock.release()

    def log_params(self, params: Mapping[str, Any]) -> None:
        """Record parameters by name; ValueError, and none recorded, where one has another value."""
        new = {str(name): str(value) for name, value in params.items()}
        with self._changed() as record:
            kept = record["params"]
            for name, value in new.items():
                if kept.get(name, value) != value:
                    message = f"the run has another value of the parameter {name!r} already"
                    raise ValueError(message)
            kept.update(new)

    def log_tag(self, name: str, value: str) -> None:
        """Label the run; the last value of a tag counts."""
        with self._changed() as record:
            record["tags"][name] = str(value)

    def log_dataset(self, table: Table, source: str, context: str) -> None:
        """Record source, digest, number of rows, and columns with their types."""
        found = {
            "source": source,
            "context": context,
            "digest": digest(table),
            "rows": len(table),
            "columns": {str(name): str(kind) for name, kind in table.dtypes.items()},
        }
        with self._changed() as record:
            record["datasets"].append(found)

    def log_artifact(self, path: Path, folder: str | None = None) -> None:
        """Copy a file or a folder to the run's `artifacts/`, in `folder` if one is named."""
        place = below(self._active_folder() / _ARTIFACTS, folder or ".")
        copy_whole(path, place / path.name)

    def fetch_artifacts(self, run_id: str, folder: str, target: Path) -> Path:
        """Copy a run's artifact folder below `target`; LookupError if there is none."""
        self.read_run(run_id)
        found = below(self.run_folder(run_id) / _ARTIFACTS, folder)
        if not found.is_dir():
            message = f"run {run_id!r} has no artifacts in {folder!r}"
            raise LookupError(message)
        copy_whole(found, below(target, folder))
        return below(target, folder)

    def read_run(self, run_id: str) -> Run:
        """What is kept of a run; it is KILLED where its process has left it without an end."""
        folder = self.run_folder(run_id)
        try:
            record = read_json(folder / _RECORD)
            if record["status"] == _RUNNING and not self._is_held(folder):
                # It may have ended since it was read.
                record = read_json(folder / _RECORD)
                if record["status"] == _RUNNING:
                    record["status"] = "KILLED"
        except FileNotFoundError:
            message = f"there is no run {run_id!r} in {self._folder}"
            raise LookupError(message) from None
        return _run(record)

    def runs(self) -> list[Run]:
        """All runs in the folder, the newest first."""
        found = [
            self.read_run(path.parent.name)
            for path in self._folder.glob(f"*/{_RECORD}")
            if is_file_name(path.parent.name)
        ]
        return sorted(found, key=lambda run: (run.started, run.run_id), reverse=True)

    @property
    def _folder(self) -> Path:
        return output_folder(self._get_config("output_folder")) / "runs"

    def _active_folder(self) -> Path:
        """The folder of the active run; LookupError where another process keeps it elsewhere."""
        folder = self.run_folder(self.run_id)
        if not (folder / _RECORD).exists():
            message = (
                f"the active run {self.run_id!r} is not in {self._folder}: all processes of a "
                "workflow need the same `output_folder`, on a disk that they share"
            )
            raise LookupError(message)
        return folder

    @contextmanager
    def _changed(self) -> Iterator[dict[str, Any]]:
        """The record of the active run, to be changed in a `with` block, and written after it.

        Others that log to the run wait meanwhile. Where the block raises, nothing is written.
        """
        folder = self._active_folder()
        with FileLock(folder / _CHANGES_LOCK).acquire(poll_interval=_POLL):
            record = read_json(folder / _RECORD)
            yield record
            write_json(folder / _RECORD, record)

    def _is_held(self, folder: Path) -> bool:
        """Whether a process is still at work on a run, this one perhaps."""
        if folder.name == self._run_id:
            return True
        with suppress(OSError):
            try:
                with FileLock(folder / _LOCK, timeout=0):
                    return False
            except Timeout:
                return True
        # A folder that is only to be read: nobody can say.
        return True


def _run(record: Mapping[str, Any]) -> Run:
    ended = record["ended"]
    return Run(
        run_id=record["run_id"],
        name=record["name"],
        status=record["status"],
        params=record["params"],
        tags=record["tags"],
        started=datetime.fromisoformat(record["started"]),
        ended=None if ended is None else datetime.fromisoformat(ended),
    )
