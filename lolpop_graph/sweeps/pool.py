"""The engine `processes`: a pool of processes of this machine, of which any may die."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Any, Final

from lolpop_graph.errors import WorkflowError
from lolpop_graph.faults import WorkerNotStarted
from lolpop_graph.interrupts import Held
from lolpop_graph.pickles import packed
from lolpop_graph.sweeps.chunks import Chunks
from lolpop_graph.sweeps.cores import cores
from lolpop_graph.sweeps.crew import Crew
from lolpop_graph.sweeps.messages import (
    Closed,
    Do,
    GiveBack,
    Parcel,
    Ran,
    Ready,
    Refused,
    Returned,
)
from lolpop_graph.sweeps.process import WorkerProcess, how_ended
from lolpop_graph.sweeps.task import Event, Failure, Outcome, Run, Task
from lolpop_graph.sweeps.waiting import DEATHS, Waiting

_MODULES: Final = tuple(
    f"lolpop_graph.sweeps.{name}"
    for name in ("chunks", "crew", "messages", "pool", "process", "waiting")
)


class Processes:
    """Performs runs in new Python processes of this machine, which share nothing with this one.

    They import from where this process does, so that neither a script nor a notebook has to be
    written for it. A run whose worker dies is tried again, three times in all.
    """

    def __init__(self, workers: int | None = None) -> None:
        """Prepare so many `workers`, or one for each core; ValueError for less than one."""
        if workers is not None and workers < 1:
            raise ValueError("a pool needs at least one worker")
        self.workers = workers or cores()

    def perform(
        self, task: Task, runs: Iterator[Run], tell: Callable[[Event], None]
    ) -> Generator[Outcome]:
        """Yield what comes of each run, in any order; see `Engine.perform`.

        The first Ctrl-C, or SIGTERM where that raises, interrupts what runs; what was finished by
        then is still yielded, before KeyboardInterrupt is raised. Raises WorkflowError where the
        task cannot be sent to workers (LG822), and where they cannot start (LG839).
        """
        crew = Crew(task.packed(), self.workers)
        with Held(*_MODULES) as held:
            try:
                yield from _Pool(crew, runs, tell).outcomes(held)
            finally:
                crew.end()


class _Pool:
    """Hands runs out to a crew, and knows where each of them is."""

    def __init__(self, crew: Crew, runs: Iterator[Run], tell: Callable[[Event], None]) -> None:
        self._crew = crew
        self._waiting = Waiting(runs)
        self._chunks = Chunks(crew.size)
        self._tell = tell
        self._found: deque[Outcome] = deque()
        self._failed_starts = 0
        self._fault: WorkflowError | None = None
        self._is_ending = False

    def outcomes(self, held: Held) -> Iterator[Outcome]:
        """Yield outcomes until there are no more runs, or a signal waits; then end the workers."""
        while not held.waiting and self._hand_out():
            if not self._found:
                self._hear()
            yield from self._told()
            if self._fault is not None:
                raise self._fault
        self._is_ending = True
        if not held.waiting:
            self._crew.dismiss()
            while self._crew.members and not held.waiting:
                self._hear()
        self._crew.interrupt()
        while self._crew.members:
            self._hear()
        yield from self._told()

    def _told(self) -> Iterator[Outcome]:
        """Yield what was found, and let go of it."""
        while self._found:
            yield self._found.popleft()

    def _hand_out(self) -> bool:
        """Give workers runs, hire some where that is of use; whether there is more to hear of."""
        self._waiting.read(self._chunks.ahead)
        ready = [each for each in self._crew.members if each.is_ready]
        for worker in sorted(ready, key=lambda each: len(each.runs)):
            size = self._chunks.size_of(self._waiting)
            if len(worker.runs) <= size // 2 and self._waiting:
                self._give(worker, self._waiting.take(size))
        starting = len(self._crew.members) - len(ready)
        for _ in range(min(len(self._waiting) - starting, self._crew.size - starting - len(ready))):
            self._hire()
        if not self._waiting and any(not each.runs for each in ready):
            self._ask_back()
        return bool(self._found or self._waiting or any(each.runs for each in ready))

    def _give(self, worker: WorkerProcess, runs: Iterable[Run]) -> None:
        parcels = []
        for run in runs:
            try:
                parcels.append(Parcel(run.number, packed(run)))
            except Exception as error:  # noqa: BLE001 - what refuses to pickle raises what it likes
                failure = Failure(type(error).__name__, f"the run cannot be sent: {error}")
                self._found.append(Outcome.of_none(run.number, failure, worker.name))
            else:
                worker.runs[run.number] = run
        worker.send(Do(parcels))

    def _hire(self) -> None:
        try:
            self._crew.hire()
        except OSError as error:
            raise _not_started("could not be made") from error

    def _ask_back(self) -> None:
        """Let the worker who has most to do give up what it has not begun."""
        most = max(self._crew.members, key=lambda each: each.unbegun)
        if most.unbegun and not most.is_asked:
            most.is_asked = True
            most.send(GiveBack())

    def _hear(self) -> None:
        for worker, message in self._crew.heard():
            self._take(worker, message)

    def _take(self, worker: WorkerProcess, message: Any) -> None:
        """Note what a worker has said."""
        match message:
            case Ran(outcome, begun):
                self._note(worker, outcome)
                worker.current = begun
                self._tell(Event(worker.name, begun))
            case Ready():
                worker.is_ready = True
                self._failed_starts = 0
            case Returned(numbers):
                worker.is_asked = False
                self._waiting.put_back([worker.runs.pop(number) for number in numbers])
            case Refused(error):
                is_told = isinstance(error, WorkflowError)
                self._fault = error if is_told else _not_started(f"raised {error}")
            case Closed():
                worker.expect_exit()
            case None:
                self._lose(worker)

    def _note(self, worker: WorkerProcess, outcome: Outcome | None) -> None:
        if outcome is not None and outcome.number in worker.runs:
            del worker.runs[outcome.number]
            self._chunks.measure(outcome.seconds)
            self._found.append(outcome)

    def _lose(self, worker: WorkerProcess) -> None:
        """Have done with a worker that is gone; what it had not begun is for the others."""
        code = self._crew.bury(worker)
        self._tell(Event(worker.name, None))
        if self._is_ending:
            return
        if not worker.is_ready:
            self._failed_starts += 1
            if code >= 0 or self._failed_starts == DEATHS:
                self._fault = self._fault or _not_started(how_ended(code))
        # One that dies before it begins any may have died of what the first one brings.
        at = worker.current if worker.current in worker.runs else next(iter(worker.runs), None)
        lost = worker.runs.pop(at) if at is not None else None
        self._waiting.put_back(worker.runs.values())
        if lost is not None and (outcome := self._waiting.died(lost, worker.name, how_ended(code))):
            self._found.append(outcome)


def _not_started(how: str) -> WorkflowError:
    return WorkflowError([WorkerNotStarted(how=how)])
