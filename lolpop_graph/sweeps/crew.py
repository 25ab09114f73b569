"""The worker processes of a sweep: hired by name, heard all at once, and let go together."""

from __future__ import annotations

import contextlib
import os
import selectors
import time
from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from lolpop_graph.sweeps.cores import fair_shares
from lolpop_graph.sweeps.messages import Begin, End
from lolpop_graph.sweeps.process import WorkerProcess

_TICK: Final = 0.1
"""How many seconds the driver waits at most before it looks around: for signals, for the dead."""
_BEAT: Final = 0.005
"""How many seconds lie at least between two looks at what was said: each costs the driver time,
and several messages cost hardly more than one."""


class Crew:
    """Up to so many worker processes, which all have one task."""

    def __init__(self, task: bytes, size: int) -> None:
        """Begin with none; `task` is a pickled Task."""
        self.size = size
        self.members: list[WorkerProcess] = []
        self._task = task
        self._environment = fair_shares(size, os.environ)
        self._selector = selectors.DefaultSelector()
        self._heard_at = 0.0

    def hire(self) -> None:
        """Start one more process."""
        taken = {each.name for each in self.members}
        names = (f"worker {number}" for number in range(1, self.size + 1))
        name = next(name for name in names if name not in taken)
        worker = WorkerProcess(name, self._environment)
        self.members.append(worker)
        self._selector.register(worker.line, selectors.EVENT_READ, partial(self._hear, worker))
        self._selector.register(worker.output, selectors.EVENT_READ, partial(self._hand_on, worker))
        worker.send(Begin(name, self._task))

    def bury(self, worker: WorkerProcess) -> int:
        """Have done with a process that is gone, or is to be; its return code."""
        self.members.remove(worker)
        for file in (worker.line, worker.output):
            with contextlib.suppress(KeyError):
                self._selector.unregister(file)
        return worker.bury()

    def heard(self) -> list[tuple[WorkerProcess, Any]]:
        """What workers have said, after a wait of at most a tick; None is the last word of one."""
        self._watch()
        time.sleep(max(0.0, self._heard_at + _BEAT - time.monotonic()))
        found = [
            (key.data.args[0], message)
            for key, events in self._selector.select(_TICK)
            for message in key.data(events)
        ]
        self._heard_at = time.monotonic()
        for worker in self.members:
            worker.hurry()
        return found or [(each, None) for each in self.members if each.has_exited()]

    def _watch(self) -> None:
        """Wait for room in the lines of those alone to whom there is something left to say."""
        for worker in self.members:
            events = selectors.EVENT_READ | (selectors.EVENT_WRITE if worker.is_behind else 0)
            key = self._selector.get_key(worker.line)
            if key.events != events:
                self._selector.modify(worker.line, events, key.data)

    @staticmethod
    def _hear(worker: WorkerProcess, events: int) -> Iterator[Any]:
        if events & selectors.EVENT_WRITE:
            worker.flush()
        if events & selectors.EVENT_READ:
            yield from worker.received()

    def _hand_on(self, worker: WorkerProcess, events: int) -> Iterator[Any]:
        del events
        if not worker.hand_on():
            self._selector.unregister(worker.output)
        yield from ()

    def dismiss(self) -> None:
        """Tell all that there are no more runs; those that have not begun need not begin."""
        for worker in self.members:
            if worker.is_ready:
                worker.send(End())
            else:
                worker.kill()

    def interrupt(self) -> None:
        """Let all end what they are at, within seconds."""
        for worker in self.members:
            worker.interrupt()

    def end(self) -> None:
        """End all processes that are still there: in order, where time and signals allow it."""
        try:
            self.interrupt()
            while self.members:
                for worker, message in self.heard():
                    if message is None:
                        self.bury(worker)
        finally:
            for worker in [*self.members]:
                worker.kill()
                self.bury(worker)
            self._selector.close()
