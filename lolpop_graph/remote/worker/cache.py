"""What a worker process has built for sessions, each once, and keeps between calls."""

from __future__ import annotations

import ctypes
import threading
from collections import deque
from collections.abc import Callable, Collection
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from typing import Any, Protocol, TypeVar

from distributed.threadpoolexecutor import ThreadPoolExecutor

from lolpop_graph.errors import Fault, WorkflowError
from lolpop_graph.shipment import Shipment
from lolpop_graph.tracebacks import users_traceback

R = TypeVar("R")


class Closable(Protocol):
    """What can be kept: to close it may raise WorkflowError."""

    def close(self) -> None:
        """Close what was built."""


class _Entry:
    """One workflow, the sessions that use it, and the one thread in which its code runs.

    Connections and other objects of that code often work in the thread alone that made them.
    """

    def __init__(self) -> None:
        self.owners: set[str] = set()
        self._cached: Closable | None = None
        # Done when nobody waits any more for what the thread does.
        self.ended: Future[None] = Future()
        self._lock = threading.Lock()
        self._ident: int | None = None
        self.thread: Any = ThreadPoolExecutor(1, thread_name_prefix="lolpop-graph")  # type: ignore[no-untyped-call]  # of a package with few types

    def perform(self, owner: str, make: Callable[[], Closable], work: Callable[[Any], R]) -> R:
        with self._lock:
            # It may have waited for others when its session ended.
            if owner not in self.owners:
                raise CancelledError
            self._ident = threading.get_ident()
        try:
            if self._cached is None:
                self._cached = make()
            return work(self._cached)
        finally:
            # What was raised here from elsewhere comes now at the latest.
            with self._lock:
                self._ident = None

    def _interrupt(self) -> None:
        """Let the call that is under way end with KeyboardInterrupt as soon as it runs Python."""
        with self._lock:
            if self._ident is not None:
                ident, raised = ctypes.c_ulong(self._ident), ctypes.py_object(KeyboardInterrupt)
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, raised)

    def close(self) -> list[Fault]:
        """Interrupt the call that is under way, and close; a fault for what raised at that."""
        self.ended.set_result(None)
        self._interrupt()
        faults: list[Fault] = self.thread.submit(self._close).result()
        return faults

    def _close(self) -> list[Fault]:
        self.thread.shutdown(wait=False)
        try:
            if self._cached is not None:
                self._cached.close()
        except WorkflowError as error:
            return list(error.faults)
        return []


def _built(shipment: Shipment) -> Closable:
    plan = shipment.plan()
    try:
        workflow: Closable = plan.build()
    except WorkflowError as error:
        # The traceback does not travel by itself.
        if told := users_traceback(error.__cause__):
            error.add_note(plan.without_secrets(told))
        raise
    return workflow


_entries: dict[str, _Entry] = {}
_ended: deque[str] = deque(maxlen=1_000)
_lock = threading.Lock()


def with_workflow(shipment: Shipment, owner: str, work: Callable[[Any], R]) -> R:
    """What `work` returns for the workflow of a shipment, which is built when first asked for.

    One call at a time works in it, always in the same thread. It is kept until each `owner`, a
    session, has told to `release` it. Raises WorkflowError where it cannot be built here; the next
    call tries again, and CancelledError where the session has ended, before or meanwhile.
    """
    return with_cached(shipment.digest, owner, lambda: _built(shipment), work)


def with_cached(name: str, owner: str, make: Callable[[], Closable], work: Callable[[Any], R]) -> R:
    """Do the same with what `make` makes, which is kept under a name."""
    with _lock:
        # A call may come here later than the word that its session has ended.
        if owner in _ended:
            raise CancelledError
        entry = _entries.setdefault(name, _Entry())
        entry.owners.add(owner)
        future: Future[R] = entry.thread.submit(entry.perform, owner, make, work)
    either: list[Future[Any]] = [future, entry.ended]
    wait(either, return_when=FIRST_COMPLETED)
    if not future.done():
        raise CancelledError
    return future.result()


def owners() -> set[str]:
    """The sessions for which something is kept here."""
    with _lock:
        return {owner for entry in _entries.values() for owner in entry.owners}


def release(sessions: Collection[str]) -> list[Fault]:
    """Close the workflows that nobody uses when `sessions` have ended; what went wrong at that."""
    with _lock:
        _ended.extend(sessions)
        for entry in _entries.values():
            entry.owners.difference_update(sessions)
        unused = [name for name, entry in _entries.items() if not entry.owners]
        entries = [_entries.pop(name) for name in unused]
    return [fault for entry in entries for fault in entry.close()]
