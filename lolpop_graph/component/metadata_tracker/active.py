"""The one run that a tracker has active: begun here, or in the process that called this one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lolpop_graph.component.metadata_tracker.base import BaseMetadataTracker


class BaseActiveRunTracker(BaseMetadataTracker):
    """Knows the active run by its id, which is all that another process needs to log to it."""

    _run_id: str | None = None

    @property
    def run_id(self) -> str:
        """The active run's id; raises RuntimeError if no run is active."""
        if self._run_id is None:
            message = "no run is active: call start_run, or use `with tracker.run():`"
            raise RuntimeError(message)
        return self._run_id

    @contextmanager
    def in_remote_context(self, context: str | None) -> Iterator[None]:
        """Log to the run `context` of the process that called this one; the run goes on there."""
        before = self._run_id, self.begun_elsewhere
        self._run_id, self.begun_elsewhere = context, context is not None
        try:
            yield
        finally:
            self._run_id, self.begun_elsewhere = before

    def close(self) -> None:
        """End a run that was left active, as failed: whatever began it did not get through."""
        if self._run_id is not None and not self.begun_elsewhere:
            self.end_run(failed=True)

    def _check_may_begin(self) -> None:
        """Raise RuntimeError where a run is active."""
        if self._run_id is not None:
            message = f"run {self._run_id} is still active: end it first"
            raise RuntimeError(message)

    def _check_may_end(self) -> None:
        """Raise RuntimeError where no run is active, or one that another process has begun."""
        if self.run_id and self.begun_elsewhere:
            message = f"run {self.run_id} was begun by another process: end it there"
            raise RuntimeError(message)
