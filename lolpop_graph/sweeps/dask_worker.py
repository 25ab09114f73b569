"""What a Dask worker does for a sweep: performs a chunk of runs, and tells of each at once."""

from __future__ import annotations

import pickle
import threading
import time
import uuid
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from lolpop_graph.remote.worker.cache import owners, with_cached
from lolpop_graph.remote.worker.control import see_to_closing_here
from lolpop_graph.sweeps.task import Outcome, Performer, Run, Task, unended

if TYPE_CHECKING:
    from distributed import Worker

_SURE_EVERY: Final = 0.02
"""How many seconds lie at least between two times that a worker waits for the answer."""
BEGUN: Final = "begun"
ENDED: Final = "ended"


@dataclass(frozen=True)
class Chunk:
    """Runs for one worker; a cluster that logs or shows it shows nothing of their content.

    `sweep` names the sweep, and the topic under which workers tell of it; `owner` is the session
    in which it is kept, and `task` a pickled `Task`.
    """

    sweep: str
    number: int
    owner: str = field(repr=False)
    task: bytes = field(repr=False)
    runs: tuple[Run, ...] = field(repr=False)


class _Teller:
    """Tells under the topic of a sweep what this worker does.

    A worker that dies takes what it said in the last moments with it, unless it waited for the
    answer. Now and then it does, which costs tiny runs little and lets each long one be known.
    """

    def __init__(self, worker: Worker, chunk: Chunk) -> None:
        self._worker = worker
        self._chunk = chunk
        self._sure = -_SURE_EVERY
        self._try = uuid.uuid4().hex

    def tell(self, kind: str, said: Any) -> None:
        from distributed.utils import sync  # noqa: PLC0415 - it is there where this runs

        message = (kind, self._chunk.number, self._try, self._worker.address, said)
        now = time.monotonic()
        if kind == BEGUN and now - self._sure > _SURE_EVERY:
            log = self._worker.scheduler.log_event
            sync(self._worker.loop, log, topic=self._chunk.sweep, msg=message)
            self._sure = time.monotonic()
        else:
            self._worker.log_event(self._chunk.sweep, message)


def perform_chunk(chunk: Chunk) -> None:
    """Perform runs one after the other, and tell of each when it begins and what came of it.

    Nothing is returned, which would be lost with the worker, and computed again for that. As many
    chunks are performed at the same time as the worker has threads. A session that has ended
    interrupts what runs, and there is no more to tell.
    """
    from distributed import get_worker  # noqa: PLC0415 - there is one where this runs

    worker = get_worker()
    see_to_closing_here()
    teller = _Teller(worker, chunk)

    def start() -> Performer:
        task: Task = pickle.loads(chunk.task)  # noqa: S301 - of the driver
        return task.start(worker.address)

    try:
        with_cached(
            f"{chunk.sweep}/{threading.get_ident()}",
            chunk.owner,
            start,
            lambda performer: _perform(performer, chunk, teller, worker.address),
        )
    except (CancelledError, KeyboardInterrupt):
        return


def _perform(performer: Performer, chunk: Chunk, teller: _Teller, name: str) -> None:
    for run in chunk.runs:
        if chunk.owner not in owners():
            return
        teller.tell(BEGUN, run.number)
        teller.tell(ENDED, pickle.dumps(_outcome(performer, run, name)))


def _outcome(performer: Performer, run: Run, name: str) -> Outcome:
    """What came of a run, also where it raised KeyboardInterrupt."""
    try:
        return performer.perform(run)
    except BaseException as error:  # noqa: BLE001 - a run may raise what it likes
        return unended(run.number, error, name)
