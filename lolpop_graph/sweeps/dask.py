"""The engine for Dask: runs are performed by the workers of a cluster, of which any may die."""

from __future__ import annotations

import logging
import pickle
import queue
import time
import uuid
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from lolpop_graph.placement import resources_of
from lolpop_graph.remote.cluster.connection import LOCAL, connected
from lolpop_graph.remote.cluster.readiness import Need, fail_unless_ready
from lolpop_graph.remote.cluster.waiting import NO_WORKER, lost, no_worker, still_alone
from lolpop_graph.remote.worker.control import close_sessions
from lolpop_graph.sweeps.chunks import Chunks
from lolpop_graph.sweeps.dask_worker import ENDED, Chunk, perform_chunk
from lolpop_graph.sweeps.task import Event, Outcome, Run, Task
from lolpop_graph.sweeps.waiting import Waiting

if TYPE_CHECKING:
    from distributed import Client

_log = logging.getLogger("lolpop_graph.sweeps")

_TICK: Final = 0.2
"""How many seconds the driver waits at most before it looks around: for signals, new workers."""
_GLANCE: Final = 1.0
"""How many seconds lie at least between two looks whether there are workers."""
_PATIENCE: Final = 5.0
"""How many seconds later than the end of a chunk the outcomes of its runs are heard at most."""
_DONE: Final = "done"
"""What the driver tells itself of a chunk that is no longer under way."""
_SUSPECTS: Final = 50
"""How many runs may have begun in the last moments of a worker, of which nobody heard."""
_AHEAD: Final = 2
"""How many chunks a worker has: one to do, and one that lies ready."""


class OnDask:
    """Performs runs on the workers that `on` names, as `lg.build` understands it."""

    def __init__(self, on: Any, workers: int | None = None, *, insecure: bool = False) -> None:
        """Prepare; nothing is started or connected yet."""
        self._where = {"on": on, "workers": workers, "insecure": insecure}

    def perform(
        self, task: Task, runs: Iterator[Run], tell: Callable[[Event], None]
    ) -> Generator[Outcome]:
        """Yield what comes of each run, in any order; see `Engine.perform`.

        Raises WorkflowError where the workers cannot be reached, or are not like this process,
        and where the task cannot be sent to them (LG822).
        """
        needs, need = _needs_of(task)
        with connected(**self._where, resources=need) as client:
            fail_unless_ready(client, task.shipment, needs)
            yield from _Cluster(client, task, need, runs, tell).outcomes(
                # On a cluster of ours, each death is told, and runs are sent again one by one.
                gives_up_at_once=self._where["on"] == LOCAL
            )


@dataclass
class _Sent:
    """A chunk that is on the cluster, with what is known of it."""

    chunk: Chunk
    future: Any
    attempt: str = ""
    worker: str = ""
    begun: int | None = None
    over_since: float | None = None
    decided: set[int] = field(default_factory=set)

    @property
    def undecided(self) -> list[Run]:
        """The runs of which nothing is known yet."""
        return [run for run in self.chunk.runs if run.number not in self.decided]


class _Cluster:
    """Hands runs out to a cluster, and knows what came of each."""

    def __init__(
        self,
        client: Client,
        task: Task,
        need: Need,
        runs: Iterator[Run],
        tell: Callable[[Event], None],
    ) -> None:
        # Dask has types for few of its functions.
        self._client: Any = client
        self._task = task.packed()
        self._method = task.method
        self._need = dict(need) or None
        self._tell = tell
        self._name = f"sweep-{uuid.uuid4().hex}"
        self._owner = f"{self._client.id}/{self._name}"
        self._waiting = Waiting(runs)
        self._alone: set[int] = set()
        self._sent: dict[int, _Sent] = {}
        self._count = 0
        self._heard: queue.SimpleQueue[tuple[Any, ...]] = queue.SimpleQueue()
        self._workers = _workers_of(self._client)
        self._looked = time.monotonic()
        self._alone_since: float | None = None
        self._chunks = Chunks(self._workers)

    def outcomes(self, *, gives_up_at_once: bool) -> Iterator[Outcome]:
        """Yield outcomes until there are no more runs.

        A scheduler that `gives_up_at_once` tells of the first death of a worker at a chunk.
        """
        if gives_up_at_once:
            self._client.run_on_scheduler(_give_up_at_once)
        self._client.subscribe_topic(self._name, lambda event: self._heard.put(event[1]))
        try:
            while self._hand_out():
                yield from self._heard_of()
        except BaseException:
            self._cancel(each.future for each in self._sent.values())
            self._end(wait=False)
            raise
        else:
            self._end(wait=True)
        finally:
            self._client.unsubscribe_topic(self._name)

    def _cancel(self, futures: Iterable[Any]) -> None:
        # Dask's scheduler does not bear that for what is done.
        self._client.cancel([each for each in futures if not each.done()], force=True)

    def _end(self, *, wait: bool) -> None:
        """Let workers close what they have of the sweep; what is under way is interrupted."""
        if self._client.status != "running":
            return
        said = self._client.run(close_sessions, [self._owner], wait=wait, on_error="return") or {}
        for faults in said.values():
            for fault in faults if type(faults) is list else ():
                _log.warning("%s", fault.sentence)

    def _hand_out(self) -> bool:
        """Send chunks where there is room for some; whether anything is under way."""
        room = _AHEAD * self._workers - len(self._sent)
        if room > 0:
            self._waiting.read(self._chunks.ahead)
        while room > 0 and len(self._waiting):
            runs = self._waiting.take(self._chunks.size_of(self._waiting))
            alone = [run for run in runs if run.number in self._alone]
            together = [run for run in runs if run.number not in self._alone]
            for chunk in [*([run] for run in alone), *([together] if together else [])]:
                self._send(chunk)
                room -= 1
        return bool(self._sent)

    def _send(self, runs: Sequence[Run]) -> None:
        number, self._count = self._count, self._count + 1
        chunk = Chunk(self._name, number, self._owner, self._task, tuple(runs))
        key = f"{self._name}-{number}"
        future = self._client.submit(
            perform_chunk, chunk, key=key, pure=False, resources=self._need
        )
        self._sent[number] = _Sent(chunk, future)
        future.add_done_callback(lambda _: self._heard.put((_DONE, number)))

    def _heard_of(self) -> Iterator[Outcome]:
        """What came of runs, as far as it is known by now."""
        try:
            kind, number, *rest = self._heard.get(timeout=_TICK)
        except queue.Empty:
            self._look_around()
            self._put_back_unheard()
            return
        sent = self._sent.get(number)
        if sent is None:
            return
        if kind == _DONE:
            yield from self._done(number, sent)
        elif kind == ENDED:
            yield from self._decided(sent, pickle.loads(rest[-1]))  # noqa: S301 - by our own worker
        elif sent.attempt not in {"", rest[0]}:
            # Dask has begun the chunk anew, since the worker died that had it.
            yield from self._lost(number, sent)
        else:
            sent.attempt, sent.worker, sent.begun = rest
            self._tell(Event(sent.worker, sent.begun))

    def _look_around(self) -> None:
        """Count the workers; raise ElsewhereError where none comes any more (LG827 to LG829)."""
        now = time.monotonic()
        if now - self._looked < _GLANCE:
            return
        try:
            self._workers = _workers_of(self._client)
        except (OSError, RuntimeError):
            raise lost() from None
        need = self._need or {}
        self._alone_since = still_alone(self._client, self._method, need, self._alone_since)
        self._looked = time.monotonic()

    def _put_back_unheard(self) -> None:
        """Let runs be tried again of which nothing was heard, though their chunk is over."""
        now = time.monotonic()
        for number, sent in [*self._sent.items()]:
            if sent.over_since is not None and now - sent.over_since > _PATIENCE:
                del self._sent[number]
                self._waiting.put_back(sent.undecided)

    def _decided(self, sent: _Sent, outcome: Outcome) -> Iterator[Outcome]:
        if outcome.number not in sent.decided:
            sent.decided.add(outcome.number)
            self._alone.discard(outcome.number)
            self._chunks.measure(outcome.seconds)
            self._let_go(sent)
            yield outcome

    def _done(self, number: int, sent: _Sent) -> Iterator[Outcome]:
        """Have done with a chunk, or see to its runs where it was lost."""
        from distributed import CancelledError, KilledWorker  # noqa: PLC0415 - an extra, and slow to import

        error = sent.future.exception()
        if error is None:
            # What its worker has said may take a moment longer.
            sent.over_since = time.monotonic()
            self._let_go(sent)
            self._tell(Event(sent.worker, None))
        elif isinstance(error, KilledWorker):
            yield from self._lost(number, sent)
        elif isinstance(error, CancelledError):
            raise lost()
        elif isinstance(error, NO_WORKER):
            raise no_worker(self._client, self._method, self._need or {})
        else:
            raise error

    def _let_go(self, sent: _Sent) -> None:
        """Forget a chunk that is over and of which all is known."""
        if sent.over_since is not None and not sent.undecided:
            del self._sent[sent.chunk.number]

    def _lost(self, number: int, sent: _Sent) -> Iterator[Outcome]:
        """Let the runs of a chunk be tried again whose worker died, each of them by itself."""
        del self._sent[number]
        # It may be under way on another worker by now.
        self._cancel([sent.future])
        self._tell(Event(sent.worker, None))
        runs = sent.undecided
        if sent.begun is None:
            # It lay ready on a worker that died at something else.
            self._waiting.put_back(runs)
            return
        self._alone |= {run.number for run in runs[:_SUSPECTS]}
        self._waiting.put_back(run for run in runs if run.number != sent.begun)
        for run in runs:
            if run.number == sent.begun:
                outcome = self._waiting.died(run, sent.worker, "died")
                if outcome is not None:
                    yield outcome


def _needs_of(task: Task) -> tuple[dict[str, Need], Need]:
    """What a worker must have by path, that of the root being for all; and all of it."""
    integrations = task.shipment.plan().integrations
    needs = {each.path: need for each in integrations if (need := resources_of(each))}
    all_of_them: dict[str, float] = {}
    for need in needs.values():
        all_of_them |= {name: max(all_of_them.get(name, 0), need[name]) for name in need}
    if all_of_them and all_of_them not in needs.values():
        needs[integrations[0].path] = all_of_them
    return needs, all_of_them


def _workers_of(client: Any) -> int:
    """How many runs workers do at a time: one a thread; one, if there is none at the moment."""
    threads: dict[str, int] = client.nthreads()
    return max(1, sum(threads.values()))


def _give_up_at_once(dask_scheduler: Any) -> None:
    """Let a scheduler tell of the first death of a worker; Dask gives the parameter its name."""
    dask_scheduler.allowed_failures = 0
