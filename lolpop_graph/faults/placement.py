"""Faults of what a document says of runs on workers, and of many runs."""

from __future__ import annotations

from typing import ClassVar

from lolpop_graph.errors import Fault, Severity
from lolpop_graph.faults.lint import HEURISTIC
from lolpop_graph.text import did_you_mean, suggestion


class PlacementMalformed(Fault):
    """A value of `resources` or `retries` that is not what it has to be."""

    code: ClassVar[str] = "LG321"
    path: str
    what: str
    problem: str
    remedy: str = ""

    @property
    def sentence(self) -> str:
        return f"{self.what} of `{self.path}` {self.problem}"

    @property
    def cure(self) -> str:
        return self.remedy


class PlacementIdle(Fault):
    """`resources` or `retries` in the block of what never runs on workers by itself."""

    code: ClassVar[str] = "LG322"
    severity: Severity = Severity.WARNING
    key: str
    path: str
    reason: str
    instead: tuple[str, ...] = ()
    """Paths of integrations in whose blocks it would have an effect."""

    @property
    def sentence(self) -> str:
        return f"`{self.key}` does nothing in the block of `{self.path}`: {self.reason}"

    @property
    def cure(self) -> str:
        if not self.instead:
            return "take it away"
        return f"write it in the block of `{self.instead[0]}`, or take it away"


class SweepMalformed(Fault):
    """A part of a section `sweep` that does not have the form of one."""

    code: ClassVar[str] = "LG323"
    what: str
    problem: str
    allowed: tuple[str, ...] = ()
    written: str = ""
    """The key that is none of those that are allowed."""
    remedy: str = ""

    @property
    def sentence(self) -> str:
        return f"{self.what} {self.problem}"

    @property
    def cure(self) -> str:
        return self.remedy or (did_you_mean(self.written, self.allowed) if self.allowed else "")


class SweepNowhere(Fault):
    """A dotted path in a section `sweep` that sets what nothing would read."""

    code: ClassVar[str] = "LG324"
    path: str
    step: str
    owner: str
    allowed: tuple[str, ...] = ()
    meant: str = ""
    """The path that is likely meant, where the root's name stands before it."""

    @property
    def sentence(self) -> str:
        return f"`{self.path}` leads nowhere: `{self.owner}` has no block `{self.step}`"

    @property
    def cure(self) -> str:
        if self.meant:
            return f"paths begin below the root: write `{self.meant}`"
        close = suggestion(self.step, self.allowed)
        return f"did you mean `{close}`?" if close else "declare it in a section, or take it away"


class StaysBehind(Fault):
    """What a method leaves in its object, and code reads that runs elsewhere."""

    code: ClassVar[str] = "LG325"
    severity: Severity = Severity.WARNING
    path: str
    method: str
    name: str
    owner: str
    """The path of the integration in whose object it is."""
    written: str
    """Where the code is that sets or changes it: `train.py:41`."""
    reader: str
    """The path and the method that read it; the path alone of the root, which runs elsewhere."""
    is_root: bool = False

    @property
    def sentence(self) -> str:
        of = "" if self.owner == self.path else f" of `{self.owner}`"
        left = f"what `{self.path}.{self.method}` leaves as `{self.name}`{of} ({self.written})"
        reads = "reads it elsewhere" if self.is_root else "may run on another"
        return f"{left} stays on the worker that ran it, and `{self.reader}` {reads}"

    @property
    def cure(self) -> str:
        return f"return it and pass it on, or keep it where all workers reach it; {HEURISTIC}"
