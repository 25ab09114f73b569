"""Keeps Dask from telling a second time, on standard error, that a call has failed."""

from __future__ import annotations

import logging
from collections import deque

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
