"""Dask's scheduler and worker without the web servers that these always start, and quiet."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dask
from distributed import Scheduler, Worker

_LEVELS = {
    "distributed": logging.CRITICAL + 1,
    "distributed.client": logging.CRITICAL + 1,
    "distributed.gc": logging.CRITICAL + 1,
    "distributed.worker.memory": logging.WARNING,
}


class PrivateScheduler(Scheduler):
    """A scheduler that listens for its workers and its client alone."""

    def start_http_server(self, *_: Any, **__: Any) -> None:
        """Do without one."""


class PrivateWorker(Worker):
    """A worker that listens for its scheduler and other workers alone."""

    def start_http_server(self, *_: Any, **__: Any) -> None:
        """Do without one."""


@contextmanager
def quieted() -> Iterator[None]:
    """Let Dask log nothing meanwhile: what matters of it is told as a fault.

    Nor does it warn of large arguments, which go to the one worker that needs them.
    """
    before = quiet()
    try:
        with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1TB"}):
            yield
    finally:
        set_levels(before)


def quiet() -> dict[str, int]:
    """Let Dask log of memory alone, and return what its loggers let through before.

    Calls that raise are told elsewhere, and so is a scheduler that has gone. Where Dask's own
    configuration says what is logged, that holds.
    """
    if dask.config.get("logging", None) or dask.config.get("distributed.logging", None):
        return {}
    return set_levels(_LEVELS)


def set_levels(levels: dict[str, int]) -> dict[str, int]:
    """Set the levels of loggers, and return what they were."""
    before = {name: logging.getLogger(name).level for name in levels}
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    return before
