"""Faults of references between values."""

from __future__ import annotations

from typing import ClassVar

from lolpop_graph.errors import Fault
from lolpop_graph.model import Place
from lolpop_graph.text import arrows, did_you_mean, shortened


class ReferenceNowhere(Fault):
    """A `$reference` to nothing."""

    code: ClassVar[str] = "LG401"
    reference: str
    missing: str
    allowed: tuple[str, ...]

    @property
    def sentence(self) -> str:
        return (
            f"the reference `{shortened(self.reference)}` leads nowhere: "
            f"there is no `{shortened(self.missing)}`"
        )

    @property
    def cure(self) -> str:
        dollar = "a dollar sign itself is written `$$`"
        cure = did_you_mean(self.missing.rpartition(".")[2], self.allowed, dollar)
        return f"{cure}; {dollar}" if cure.startswith("must be") else cure


class ReferenceCycle(Fault):
    """References that lead round in a circle."""

    code: ClassVar[str] = "LG402"
    steps: tuple[str, ...]
    places: tuple[Place, ...]

    @property
    def sentence(self) -> str:
        steps = [f"{step} ({place})" for step, place in zip(self.steps, self.places, strict=True)]
        return f"these references lead round in a circle: {arrows(steps)}"


class EnvironmentMissing(Fault):
    """A reference to an environment variable that is not set."""

    code: ClassVar[str] = "LG403"
    name: str

    @property
    def sentence(self) -> str:
        return f"the environment variable `{self.name}` is not set"

    @property
    def cure(self) -> str:
        return f"set it, or give a default: `${{env:{self.name},default}}`"


class ReferenceMalformed(Fault):
    """A `${` that is no reference."""

    code: ClassVar[str] = "LG404"
    text: str

    @property
    def sentence(self) -> str:
        return f"`{shortened(self.text)}` is no reference"

    @property
    def cure(self) -> str:
        return "write `${a.b}` or `${env:NAME}`; a dollar sign itself is written `$$`"


class ReferenceNotText(Fault):
    """A mapping or list within a text."""

    code: ClassVar[str] = "LG405"
    reference: str
    found: str

    @property
    def sentence(self) -> str:
        return f"`{self.reference}` is {self.found}, which cannot stand within a text"
