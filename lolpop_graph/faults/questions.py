"""Faults of questions about a workflow: selections, and names in them."""

from __future__ import annotations

from typing import ClassVar

from lolpop_graph.errors import Fault
from lolpop_graph.text import did_you_mean

_SIGNS = {"|": "or", ",": "or", "&": "and", "+": "or"}


class SelectionMalformed(Fault):
    """A selection that cannot be read; its place is in its own text."""

    code: ClassVar[str] = "LG802"
    blames_call: ClassVar[bool] = True
    problem: str
    remedy: str = ""

    @property
    def sentence(self) -> str:
        return self.problem

    @property
    def cure(self) -> str:
        return self.remedy


class SelectsNothing(Fault):
    """A name in a selection that the workflow does not have, which is no glob."""

    code: ClassVar[str] = "LG803"
    blames_call: ClassVar[bool] = True
    what: str
    name: str
    known: tuple[str, ...]

    @property
    def sentence(self) -> str:
        return f"this workflow has no {self.what} `{self.name}`"

    @property
    def cure(self) -> str:
        ends = (f".{self.name}", f"/{self.name}")
        whole = next((known for known in self.known if known.endswith(ends)), None)
        if whole:
            return f"did you mean `{whole}`?"
        sign = next((sign for sign in _SIGNS if sign in self.name), None)
        if sign and not any(sign in known for known in self.known):
            return f"between two names stands `{_SIGNS[sign]}`"
        return did_you_mean(self.name, self.known)


class NoSuchName(Fault):
    """A name that the call asks about and no integration has."""

    code: ClassVar[str] = "LG804"
    blames_call: ClassVar[bool] = True
    name: str
    known: tuple[str, ...]

    @property
    def sentence(self) -> str:
        return f"this workflow has no integration called `{self.name}`"

    @property
    def cure(self) -> str:
        return did_you_mean(self.name, self.known)
