"""The engine `none`: runs are performed in the process that asks for them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator

from lolpop_graph.sweeps.task import Event, Outcome, Run, Task

DRIVER = "driver"


class InDriver:
    """Performs one run after the other, for debuggers, and for runs that use the whole machine."""

    def perform(
        self, task: Task, runs: Iterator[Run], tell: Callable[[Event], None]
    ) -> Generator[Outcome]:
        """Yield what comes of each run, in order."""
        performer = task.start(DRIVER)
        try:
            for run in runs:
                tell(Event(DRIVER, run.number))
                outcome = performer.perform(run)
                tell(Event(DRIVER, None))
                yield outcome
        finally:
            performer.end()
