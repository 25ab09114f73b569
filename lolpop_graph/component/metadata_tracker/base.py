"""What every metadata tracker can do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lolpop_graph.integration import BaseComponent

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Run:
    """What is kept of a run: `status` is RUNNING, FINISHED, FAILED, or KILLED.

    A run is KILLED that a process left without ending it, where the tracker can tell. Values of
    parameters and tags are texts; `started` and `ended` are in UTC, `ended` None before the end.
    """

    run_id: str
    name: str
    status: str
    params: Mapping[str, str]
    tags: Mapping[str, str]
    started: datetime
    ended: datetime | None


class BaseMetadataTracker(BaseComponent):
    """Records runs: what went in, how it was done, and the files that came out.

    One run at a time is active; everything logged goes to it, and raises RuntimeError
    where there is none.

    Where pipelines live in other processes, each of those has a tracker of its own. It follows
    the run of the process that called it by `remote_context` and `in_remote_context`.
    """

    begun_elsewhere: bool = False
    """Whether the active run was begun in another process, which called this one."""

    @property
    def run_id(self) -> str:
        """The active run's id; raises RuntimeError if no run is active."""
        raise NotImplementedError

    def start_run(self, name: str | None = None, tags: Mapping[str, str] | None = None) -> str:
        """Begin a run and return its id; raises RuntimeError if one is active already."""
        raise NotImplementedError

    def end_run(self, *, failed: bool = False) -> None:
        """End the active run, as finished or as failed."""
        raise NotImplementedError

    @contextmanager
    def run(self, name: str | None = None, tags: Mapping[str, str] | None = None) -> Iterator[str]:
        """A run for the length of a `with` block; it has failed if the block raises."""
        run_id = self.start_run(name, tags)
        failed = True
        try:
            yield run_id
            failed = False
        finally:
            self.end_run(failed=failed)

    def log_params(self, params: Mapping[str, Any]) -> None:
        """Record parameters by name; values are kept as text.

        Raises ValueError for a name that has another value already: what a run was done with
        does not change.
        """
        raise NotImplementedError

    def log_tag(self, name: str, value: str) -> None:
        """Label the run."""
        raise NotImplementedError

    def log_dataset(self, table: pd.DataFrame, source: str, context: str) -> None:
        """Record where a table came from and a digest of it; `context`: what it was used for."""
        raise NotImplementedError

    def log_artifact(self, path: Path, folder: str | None = None) -> None:
        """Keep a copy of a file or a folder with the run, in `folder` among its artifacts."""
        raise NotImplementedError

    def fetch_artifacts(self, run_id: str, folder: str, target: Path) -> Path:
        """Copy a run's artifact folder below the folder `target`, and return where it is.

        Raises LookupError if there is no such run, or no such folder in it.
        """
        raise NotImplementedError

    def read_run(self, run_id: str) -> Run:
        """What is kept of a run, active or ended; LookupError if there is no such run."""
        raise NotImplementedError

    def runs(self) -> list[Run]:
        """All runs that this tracker keeps in the place configured, the newest first."""
        raise NotImplementedError

    def remote_context(self) -> str | None:
        """What calls in other processes are told: the active run's id, None if there is none."""
        try:
            return self.run_id
        except RuntimeError:
            return None

    def in_remote_context(self, context: str | None) -> AbstractContextManager[None]:
        """Have the run `context` active for the length of a `with` block, for a call from afar.

        Other processes log to the same run meanwhile, and nothing of it may be lost. The block
        neither begins the run nor ends it, and `end_run` raises RuntimeError in it; while it
        lasts, `begun_elsewhere` is true. None stands for no run. What was before is so again after
        the block.
        """
        raise NotImplementedError
