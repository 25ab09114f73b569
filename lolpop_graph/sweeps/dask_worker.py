"""What a Dask worker does for a sweep: performs a chunk of runs, and tells of each at once."""

from __future__ import annotations

import pickle
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from lolpop_graph.sweeps.task import Performer, Run, Task

if TYPE_CHECKING:
    from distributed import Worker

_SURE_EVERY: Final = 0.02
"""How many seconds lie at least between two times that a worker waits for the answer."""
BEGUN: Final = "begun"
ENDED: Final = "ended"


@dataclass(frozen=True)
class Chunk:
    """Runs for one worker; a cluster that logs or shows it shows nothing of their content.

    `sweep` names the sweep, and the topic under which workers tell of it.
    """

    sweep: str
    number: int
    task: Task = field(repr=False)
    runs: tuple[Run, ...] = field(repr=False)


_performers: dict[tuple[str, int], Performer] = {}


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

    Nothing is returned, which would be lost with the worker, and computed again for that.
    """
    from distributed import get_worker  # noqa: PLC0415 - there is one where this runs

    worker = get_worker()
    key = (chunk.sweep, threading.get_ident())
    if key not in _performers:
        _performers[key] = chunk.task.start(worker.address)
    performer = _performers[key]
    teller = _Teller(worker, chunk)
    for run in chunk.runs:
        teller.tell(BEGUN, run.number)
        teller.tell(ENDED, pickle.dumps(performer.perform(run)))


def end_sweep(sweep: str) -> list[str]:
    """Close what this worker still has of a sweep, and return what went wrong at that."""
    ending = [key for key in _performers if key[0] == sweep]
    said = [_performers.pop(key).close() for key in ending]
    return [text for text in said if text]
