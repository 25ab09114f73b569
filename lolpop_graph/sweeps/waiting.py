"""The runs that no worker has: read not far ahead, and those that come back from dead workers."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from typing import Final

from lolpop_graph.sweeps.task import WORKER_DIED, Failure, Outcome, Run

DEATHS: Final = 3
"""How often a run is tried that kills its worker."""


class Waiting:
    """Runs in their order, of which those that came back are the next ones."""

    def __init__(self, runs: Iterator[Run]) -> None:
        """Begin with runs of which none is read yet."""
        self._unread = runs
        self._runs: deque[Run] = deque()
        self._deaths: Counter[int] = Counter()
        self.is_all = False

    def __len__(self) -> int:
        """How many runs are read and wait."""
        return len(self._runs)

    def read(self, count: int) -> None:
        """Read until so many runs wait, or there are no more, which makes this `is_all`."""
        while not self.is_all and len(self._runs) < count:
            run = next(self._unread, None)
            if run is None:
                self.is_all = True
            else:
                self._runs.append(run)

    def take(self, count: int) -> list[Run]:
        """The next runs, so many if there are."""
        return [self._runs.popleft() for _ in range(min(count, len(self._runs)))]

    def put_back(self, runs: Iterable[Run]) -> None:
        """Let runs be the next ones that were taken and not begun."""
        self._runs.extendleft(reversed([*runs]))

    def died(self, run: Run, worker: str, how: str) -> Outcome | None:
        """Let a run be tried again whose worker died; at the third time, what came of it."""
        self._deaths[run.number] += 1
        if self._deaths[run.number] < DEATHS:
            self.put_back([run])
            return None
        del self._deaths[run.number]
        sentence = (
            f"the process of {worker} {how} during this run, as others did before: "
            f"it was tried {DEATHS} times{_CAUSES.get(how, '')}"
        )
        return Outcome.of_none(run.number, Failure(WORKER_DIED, sentence), worker)


_CAUSES: Final = {
    "was killed by SIGKILL": "; as a rule, the system ends processes so when memory runs out",
    "was killed by SIGSEGV": "; as a rule, that is a fault of compiled code that the run uses",
}
