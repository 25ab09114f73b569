"""Faults of workflow tests: what they are attached to, and the functions that are to be called."""

from __future__ import annotations

from typing import ClassVar

from lolpop_graph.errors import Fault
from lolpop_graph.text import did_you_mean, quoted, suggestion, whole_path


class TestsMalformed(Fault):
    """A part of a `tests:` section that does not have the form of one."""

    __test__ = False  # pytest would take the name for that of a class with tests
    code: ClassVar[str] = "LG911"
    what: str
    problem: str
    allowed: tuple[str, ...] = ()
    written: str = ""
    """The key that is none of those that are allowed."""

    @property
    def sentence(self) -> str:
        return f"{self.what} {self.problem}"

    @property
    def cure(self) -> str:
        return did_you_mean(self.written, self.allowed) if self.allowed else ""


class HookNowhere(Fault):
    """An integration that tests name and the workflow does not have, or an expression for none."""

    code: ClassVar[str] = "LG912"
    target: str
    known: tuple[str, ...] = ()
    problem: str = ""
    """What is wrong with an expression."""
    remedy: str = ""

    @property
    def sentence(self) -> str:
        if self.problem:
            return f"`{self.target}` selects no integration to test: {self.problem}"
        return f"there is no integration `{self.target}` to test"

    @property
    def cure(self) -> str:
        return whole_path(self.target, self.known) if self.known else self.remedy


class HookMethodMissing(Fault):
    """A method that tests name and the class does not have, or that cannot be watched."""

    code: ClassVar[str] = "LG913"
    method: str
    owner: str
    class_name: str
    known: tuple[str, ...]
    reason: str = ""

    @property
    def sentence(self) -> str:
        if self.reason:
            return f"no hook can be attached to `{self.method}` of `{self.owner}`: {self.reason}"
        return f"`{self.owner}` ({self.class_name}) has no public method `{self.method}` to test"

    @property
    def cure(self) -> str:
        if self.reason:
            return ""
        if suggestion(self.method, self.known):
            return did_you_mean(self.method, self.known)
        return f"it has {quoted(self.known, 'and')}" if self.known else "it has none"


class HookUnfit(Fault):
    """A function that cannot be called as a hook: it wants, or is given, what there is not."""

    code: ClassVar[str] = "LG914"
    function: str
    problem: str
    wrong: str = ""
    known: tuple[str, ...] = ()
    """What there is in the place of what is wrong."""

    @property
    def sentence(self) -> str:
        return f"`{self.function}` cannot be called as a hook here: {self.problem}"

    @property
    def cure(self) -> str:
        if self.wrong and suggestion(self.wrong, self.known):
            return did_you_mean(self.wrong, self.known)
        return f"there is {quoted(self.known, 'and')}" if self.known else ""
