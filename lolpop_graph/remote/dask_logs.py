"""What Dask may log: nothing that is told as a fault, and no failure of a call a second time."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

import dask

_LEVELS = {
    "distributed": logging.CRITICAL + 1,
    "distributed.client": logging.CRITICAL + 1,
    "distributed.gc": logging.CRITICAL + 1,
    "distributed.worker.memory": logging.WARNING,
}
_LOGGER = "distributed.worker"
_told: deque[str] = deque(maxlen=1_000)


class _Filter(logging.Filter):
    """Leaves out what Dask says of the calls whose failure the driver tells."""

    def filter(self, record: logging.LogRecord) -> bool:
        is_failure = isinstance(record.msg, str) and record.msg.startswith("Compute Failed")
        named = record.args if isinstance(record.args, tuple) else ()
        return not (is_failure and named and named[0] in _told)


_filter = _Filter()


def told_by_driver(key: str) -> None:
    """Say that the driver tells of the failure of the call with a key in Dask."""
    _told.append(key)
    logging.getLogger(_LOGGER).addFilter(_filter)


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
