"""What came of workflow tests, as plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from os import PathLike
from typing import TYPE_CHECKING, Any, Final, Literal

from lolpop_graph.errors import Fault
from lolpop_graph.hooks.declared import Moment
from lolpop_graph.hooks.planned import Planned
from lolpop_graph.model import Place

if TYPE_CHECKING:
    import networkx as nx

Verdict = Literal["failed", "unreached", "warned", "passed"]

VERDICTS: Final[tuple[Verdict, ...]] = ("failed", "unreached", "warned", "passed")
"""What can be said of a hook, the worst first."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One time that a hook did not say yes: in words, and where it crashed with the traceback."""

    message: str
    traceback: str = field(default="", repr=False)
    is_crash: bool = False


@dataclass(frozen=True, slots=True)
class HookResult:
    """What came of one hook at one method of one integration.

    `calls` counts how often it was called, `failed` how often it did not say yes; `failures` has
    the first of these. A hook with the severity `warn` has `warns`. `seconds` is the time of all
    calls together.
    """

    path: str
    class_name: str
    method: str
    moment: Moment
    name: str
    verdict: Verdict
    warns: bool
    calls: int
    failed: int
    failures: tuple[Failure, ...]
    seconds: float
    place: Place

    @property
    def where(self) -> tuple[str, str]:
        """The integration's path and the method."""
        return self.path, self.method

    def as_dict(self) -> dict[str, Any]:
        """The same for machines."""
        return {
            "integration": self.path,
            "class_name": self.class_name,
            "method": self.method,
            "moment": self.moment,
            "name": self.name,
            "verdict": self.verdict,
            "severity": "warn" if self.warns else "fail",
            "calls": self.calls,
            "failed": self.failed,
            "failures": [
                {"message": each.message, "crash": each.is_crash, "traceback": each.traceback}
                for each in self.failures
            ],
            "seconds": round(self.seconds, 6),
            "place": self.place.as_dict(),
        }


@dataclass(frozen=True)
class HookReport:
    """What came of one run of a workflow under its hooks; true where it passed.

    `workflow` names the files, `root` and `method` say what was called. `stopped_by` is the result
    that ended the run before its end, `faults` what the workflow itself raised, and `error` the
    exception behind that. `result` is what the method returned.
    """

    workflow: str
    root: str
    method: str
    hooks: tuple[HookResult, ...]
    seconds: float
    stopped_by: HookResult | None = None
    faults: tuple[Fault, ...] = ()
    allows_unreached: bool = False
    error: BaseException | None = field(default=None, repr=False, compare=False)
    result: Any = field(default=None, repr=False, compare=False)
    _plan: Planned | None = field(default=None, repr=False, compare=False)

    @property
    def passed(self) -> bool:
        """Whether the method came to its end, and no hook failed or was missed.

        A hook that was not reached is missed, unless it only warns or that is allowed.
        """
        return not self.faults and not self.stopped_by and not any(map(self.is_bad, self.hooks))

    def is_bad(self, result: HookResult) -> bool:
        """Whether one result is enough for the tests not to pass."""
        is_missed = result.verdict == "unreached" and not (result.warns or self.allows_unreached)
        return result.verdict == "failed" or is_missed

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many hooks there are of each verdict, the worst first."""
        counter = Counter(each.verdict for each in self.hooks)
        return {verdict: counter[verdict] for verdict in VERDICTS}

    @property
    def by_path(self) -> Mapping[str, tuple[HookResult, ...]]:
        """The results of each integration that has hooks, by its path."""
        found: dict[str, list[HookResult]] = {}
        for each in self.hooks:
            found.setdefault(each.path, []).append(each)
        return {path: tuple(results) for path, results in found.items()}

    @property
    def hooks_in_order(self) -> tuple[HookResult, ...]:
        """The results method by method of each integration, hooks before the method first."""
        first: dict[object, int] = {}
        for each in self.hooks:
            for key in (each.path, each.where):
                first.setdefault(key, len(first))
        return tuple(
            sorted(
                self.hooks,
                key=lambda each: (first[each.path], first[each.where], each.moment == "post"),
            )
        )

    def as_dict(self) -> dict[str, Any]:
        """The same for machines, without what the method returned."""
        return {
            "version": 1,
            "workflow": self.workflow,
            "root": self.root,
            "method": self.method,
            "ok": self.passed,
            "counts": dict(self.counts),
            "seconds": round(self.seconds, 6),
            "stopped_by": self.stopped_by.as_dict() if self.stopped_by else None,
            "faults": [fault.as_dict() for fault in self.faults],
            "hooks": [each.as_dict() for each in self.hooks],
        }

    def junit(self) -> bytes:
        """The report as JUnit XML, as continuous integration reads it."""
        from lolpop_graph.hooks.junit import junit  # noqa: PLC0415 - few ask

        return junit(self)

    def graph(self) -> nx.DiGraph[str]:
        """The workflow's graph, in which `verdict` says what came of each integration's hooks."""
        from lolpop_graph.hooks.graph import tested_graph  # noqa: PLC0415 - few draw

        if self._plan is None:
            raise ValueError("a report that was not made by a plan has no graph")
        return tested_graph(self, self._plan)

    def draw(self, path: str | PathLike[str]) -> None:
        """Draw what is covered and what failed into a file whose ending says the format."""
        from lolpop_graph.display import write_picture  # noqa: PLC0415 - few draw
        from visualize import View  # noqa: PLC0415

        write_picture(self.graph(), path, View())

    def __bool__(self) -> bool:
        """Whether it passed."""
        return self.passed

    def __str__(self) -> str:
        """The report in lines, as the command writes it."""
        from lolpop_graph.hooks.text import lines  # noqa: PLC0415 - few ask

        return "\n".join("".join(text for text, _ in line) for line in lines(self))
