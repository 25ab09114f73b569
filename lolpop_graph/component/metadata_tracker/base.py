"""What every metadata tracker can do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lolpop_graph.component.table import Table
from lolpop_graph.integration import BaseComponent


class BaseMetadataTracker(BaseComponent):
    """Records runs: what went in, how it was done, and the files that came out.

    One run at a time is active; everything logged goes to it, and raises RuntimeError
    where there is none.
    """

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
        """Record parameters by name; values are kept as text."""
        raise NotImplementedError

    def log_tag(self, name: str, value: str) -> None:
        """Label the run."""
        raise NotImplementedError

    def log_dataset(self, table: Table, source: str, context: str) -> None:
        """Record where a table came from and a digest of it; `context`: what it was used for."""
        raise NotImplementedError

    def log_artifact(self, path: Path, folder: str | None = None) -> None:
        """Keep a copy of a file with the run, in a folder of the run's artifacts."""
        raise NotImplementedError

    def fetch_artifacts(self, run_id: str, folder: str, target: Path) -> Path:
        """Copy a run's artifact folder below the folder `target`, and return where it is."""
        raise NotImplementedError
