"""Faults in exporting a workflow to other systems."""

from __future__ import annotations

from typing import ClassVar

from lolpop_graph.errors import Fault
from lolpop_graph.text import counted, did_you_mean, quoted, suggestion


class NoSuchEngine(Fault):
    """A system for which nothing can be exported."""

    code: ClassVar[str] = "LG841"
    blames_call: ClassVar[bool] = True
    name: str
    known: tuple[str, ...]

    @property
    def sentence(self) -> str:
        return f"workflows cannot be exported to `{self.name}`"

    @property
    def cure(self) -> str:
        if suggestion(self.name, self.known):
            return did_you_mean(self.name, self.known)
        return f"there is {quoted(self.known, 'and')}"


class ExportExists(Fault):
    """A file that was not exported, or was changed since, and would be replaced."""

    code: ClassVar[str] = "LG842"
    blames_call: ClassVar[bool] = True
    target: str

    @property
    def sentence(self) -> str:
        return f"`{self.target}` is not as an export has written it, and stays as it is"

    @property
    def cure(self) -> str:
        return "name another file with `-o`, or replace this one with `--force`"


class NotInScript(Fault):
    """Something that the call gives and a script cannot have, or must not."""

    code: ClassVar[str] = "LG843"
    blames_call: ClassVar[bool] = True
    what: str
    reason: str
    remedy: str

    @property
    def sentence(self) -> str:
        return f"{self.what} cannot stand in an exported file: {self.reason}"

    @property
    def cure(self) -> str:
        return self.remedy


class ArgumentsUnfit(Fault):
    """Arguments that a method does not take, or that it lacks."""

    code: ClassVar[str] = "LG844"
    blames_call: ClassVar[bool] = True
    method: str
    parameters: tuple[str, ...]
    lacking: tuple[str, ...]
    given: int

    @property
    def sentence(self) -> str:
        if self.lacking:
            return f"the method `{self.method}` needs a value for {quoted(self.lacking, 'and')}"
        number = counted(self.given, "argument")
        return f"the method `{self.method}` does not take {number} by their order"

    @property
    def cure(self) -> str:
        if self.lacking:
            return "give the values after the name of the method, in the order of its parameters"
        taken = quoted(self.parameters, "and")
        return f"its parameters are {taken}" if taken else "it takes none"


class NotDivided(Fault):
    """A method whose calls cannot be tasks of their own, or may not do as such what they do."""

    code: ClassVar[str] = "LG845"
    blames_call: ClassVar[bool] = True
    method: str
    reason: str
    is_divided: bool = False
    """Whether they are tasks of their own all the same."""

    @property
    def sentence(self) -> str:
        cannot = "may go wrong as tasks" if self.is_divided else "are no tasks"
        return f"the calls in `{self.method}` {cannot} of their own: {self.reason}"

    @property
    def cure(self) -> str:
        if self.is_divided:
            return "hand on what is needed as results and arguments, or leave out `--steps calls`"
        return "the method is one task with `--steps one`"
