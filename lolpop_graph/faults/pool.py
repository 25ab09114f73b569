"""Faults of the processes that perform the runs of a sweep."""

from __future__ import annotations

from typing import ClassVar

from lolpop_graph.errors import Fault


class WorkerNotStarted(Fault):
    """A worker process of this machine that does not get as far as its first run."""

    code: ClassVar[str] = "LG840"
    how: str

    @property
    def sentence(self) -> str:
        return f"a worker process {self.how} before it began with any run"

    @property
    def cure(self) -> str:
        return "what it wrote stands above; `--on none` does without other processes"
