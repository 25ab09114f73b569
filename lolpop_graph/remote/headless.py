"""Dask's scheduler and worker without the web servers that these always start."""

from __future__ import annotations

from typing import Any

from distributed import Scheduler, Worker


class HeadlessScheduler(Scheduler):
    """A scheduler that listens for its workers and its client alone."""

    def start_http_server(self, *_: Any, **__: Any) -> None:
        """Do without one."""


class HeadlessWorker(Worker):
    """A worker that listens for its scheduler and other workers alone."""

    def start_http_server(self, *_: Any, **__: Any) -> None:
        """Do without one."""
