"""The workflows that a worker process has built, each once, and keeps between calls."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lolpop_graph.shipment import Shipment


class _Kept:
    """One workflow, and the lock that lets one call at a time work in it."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.workflow: Any = None


_kept: dict[str, _Kept] = {}
_lock = threading.Lock()


@contextmanager
def kept(shipment: Shipment) -> Iterator[Any]:
    """The workflow of a shipment, built when it is first asked for, for one call at a time.

    Raises WorkflowError where it cannot be built here; the next call tries again.
    """
    with _lock:
        entry = _kept.setdefault(shipment.digest, _Kept())
    with entry.lock:
        if entry.workflow is None:
            entry.workflow = shipment.plan().build()
        yield entry.workflow


def forget(digest: str) -> list[str]:
    """Close the workflow of a digest, if there is one, and return what went wrong at that."""
    with _lock:
        entry = _kept.pop(digest, None)
    if entry is None:
        return []
    with entry.lock:
        try:
            if entry.workflow is not None:
                entry.workflow.close()
        except Exception as error:  # noqa: BLE001 - whatever it is, the driver is told
            return [str(error)]
    return []
