"""What a sweep and the engines that carry it out say to each other."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, Self

from lolpop_graph.errors import WorkflowError
from lolpop_graph.methods import arguments_for
from lolpop_graph.shipment import Shipment, shipped
from lolpop_graph.sweeps.metrics import metrics_of
from lolpop_graph.tracebacks import users_traceback

if TYPE_CHECKING:
    from lolpop_graph.workflow import Plan, Workflow

Status = Literal["done", "failed"]

WORKER_DIED: Final = "WorkerDied"
"""The kind of failure of a run whose worker died each time that it was tried."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a sweep: `number` counts from 0 in the order of the rows.

    `key` identifies it in the manifest. `overrides` are laid over the workflow, by dotted path;
    `parameters` are what the row and the grid say, by column, as they may be shown.
    """

    number: int
    key: str
    overrides: Mapping[str, Any] = field(repr=False)
    parameters: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a run failed, without secrets: the class or code of the error, what it says, and where.

    `traceback` has the frames of the user's code alone, and may be empty.
    """

    kind: str
    sentence: str
    traceback: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run: `metrics` are what its method returned, as `metrics_of` keeps it.

    `seconds` is how long it took, `started` when it began (in seconds since 1970), and `worker`
    the name of the process that did it.
    """

    number: int
    status: Status
    metrics: dict[str, Any]
    seconds: float
    failure: Failure | None
    worker: str
    started: float = 0.0

    @classmethod
    def of_none(cls, number: int, failure: Failure, worker: str) -> Self:
        """What came of a run that no performer has brought to its end."""
        return cls(number, "failed", {}, 0.0, failure, worker)


@dataclass(frozen=True, slots=True)
class Event:
    """What is running where: the number of the run that a worker begins, None where it rests."""

    worker: str
    number: int | None


@dataclass(frozen=True, slots=True)
class Task:
    """What all runs of a sweep have in common; it pickles.

    `method` of the workflow's root is called with `arguments`, of which each may be a `Secret`;
    where a worker is to `share`, it takes over from one run to the next what does not differ
    between them.
    """

    shipment: Shipment
    method: str = "main"
    arguments: Sequence[Any] = field(default=(), repr=False)
    share: bool = True

    def packed(self) -> bytes:
        """The task as other processes unpickle it; WorkflowError (LG822) where that cannot be."""
        return shipped(self)

    def start(self, worker: str | None = None) -> Performer:
        """Make what performs runs in this process, of which `worker` is the name."""
        return Performer(self, worker or f"process {os.getpid()}")


class Engine(Protocol):
    """Carries out the runs of a sweep, somewhere."""

    def perform(
        self, task: Task, runs: Iterator[Run], tell: Callable[[Event], None]
    ) -> Generator[Outcome]:
        """Yield what comes of each of the runs, in any order.

        `runs` is read in the thread that asks for outcomes, and not far ahead. A run whose worker
        dies is tried again; at its third death it has failed with the kind `WORKER_DIED`. Closing
        what is returned ends all workers; what was not yielded then counts as not run.
        """


class Watch(Protocol):
    """Somebody who looks on while a sweep runs, such as a progress display."""

    def begin(self, total: int, before: int) -> None:
        """There are `total` runs to do now, beside those that were done `before`."""

    def begun(self, worker: str, run: Run | None) -> None:
        """A worker begins a run, or rests, or is gone."""

    def ended(self, run: Run, outcome: Outcome) -> None:
        """A run has ended."""

    def end(self) -> None:
        """There is nothing more to come; it is called whatever happens, once."""


class Performer:
    """Performs runs of one task in this process, one after the other."""

    def __init__(self, task: Task, worker: str) -> None:
        """Prepare; nothing is planned or built yet."""
        self._task = task
        self._worker = worker
        self._kept: Workflow | None = None
        self._plain: set[int] = set()

    def perform(self, run: Run) -> Outcome:
        """Build the workflow of a run, call its method, and say what came of it.

        It raises nothing for what the workflow raises, be it no Exception, as panics of compiled
        code are. KeyboardInterrupt passes, after what was built is closed.
        """
        began, start = time.time(), time.perf_counter()
        metrics: dict[str, Any] = {}
        failure = None
        plan: Plan | None = None
        try:
            plan = self._task.shipment.plan(run.overrides)
            metrics = self._called(plan, run.number)
        except KeyboardInterrupt:
            self.end()
            raise
        except BaseException as error:  # noqa: BLE001 - a run may raise what it likes
            failure = failure_of(error, plan.without_secrets if plan else str)
        return Outcome(
            number=run.number,
            status="failed" if failure else "done",
            metrics=metrics,
            seconds=time.perf_counter() - start,
            failure=failure,
            worker=self._worker,
            started=began,
        )

    def close(self) -> None:
        """Close what is still open at the end; what that raises is a WorkflowError."""
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.close()

    def end(self) -> None:
        """Close what is still open; what is wrong with that is on standard error.

        It is the failure of no run: all outcomes are told.
        """
        try:
            self.close()
        except WorkflowError as error:
            if sys.stderr is not None:
                print(error, file=sys.stderr, flush=True)  # noqa: T201 - a driver hands it on

    def _called(self, plan: Plan, number: int) -> dict[str, Any]:
        """Build, call the method, and close what is not shared; what the method returned."""
        cast = _cast(plan) if self._task.share else 0
        if not self._task.share or (self._kept is None and cast in self._plain):
            with plan.build() as workflow:
                return self._result(workflow)
        previous, self._kept = self._kept, None
        workflow = plan.build_after(previous)
        try:
            metrics = self._result(workflow)
            is_open = workflow.retire(f"run {number}")
        except BaseException as error:
            # What an error has left behind is not for the next run.
            workflow.__exit__(type(error), error, None)
            raise
        if is_open:
            self._kept = workflow
        else:
            # It will hardly be otherwise for other values, and to look each time costs more.
            self._plain.add(cast)
        return metrics

    def _result(self, workflow: Workflow) -> dict[str, Any]:
        given = arguments_for(workflow.plan, self._task.arguments)
        result = getattr(workflow.root, self._task.method)(*given)
        return metrics_of(result, workflow.plan.without_secrets)


def _cast(plan: Plan) -> int:
    """A number for the classes of a workflow, as they are named, and their places.

    Two plans with the same number by chance are only built without anything taken over.
    """
    return hash(tuple((each.path, each.class_name) for each in plan.integrations))


def failure_of(error: BaseException, scrub: Callable[[str], str]) -> Failure:
    """A failure as it is recorded and shown, of which `scrub` takes the secrets out."""
    cause = error.__cause__ if isinstance(error, WorkflowError) else error
    if isinstance(error, WorkflowError):
        first = error.faults[0]
        kind = type(cause).__name__ if cause is not None else first.code
        sentence = "\n".join(dict.fromkeys(fault.sentence for fault in error.faults))
    else:
        kind, sentence = type(error).__name__, _words(error)
    told = [users_traceback(cause)]
    if error is not cause:
        # What went wrong beside it, such as a `close`; those of other errors are in there.
        told += getattr(error, "__notes__", ())
    return Failure(kind, scrub(sentence), scrub("\n".join(filter(None, told))))


def unended(number: int, error: BaseException, worker: str) -> Outcome:
    """What came of a run that raised what a performer lets pass, or could not be begun."""
    failure = Failure(type(error).__name__, "the run could not be begun, or did not end")
    return Outcome.of_none(number, failure, worker)


def _words(error: BaseException) -> str:
    """What an error says of itself."""
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - that is the user's code as well
        return ""
