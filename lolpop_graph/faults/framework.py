"""Faults of the tree of layers."""

from __future__ import annotations

from typing import ClassVar

from lolpop_graph.errors import Fault
from lolpop_graph.model import Place
from lolpop_graph.text import arrows, quoted


class FrameworkEmpty(Fault):
    """A framework without a layer."""

    code: ClassVar[str] = "LG201"

    @property
    def sentence(self) -> str:
        return "the integration framework has no layer; it needs exactly one root"

    @property
    def cure(self) -> str:
        return "name a root layer, or leave `integration_framework` out for the default one"


class SeveralRoots(Fault):
    """A framework with two root layers, or a workflow with two roots."""

    code: ClassVar[str] = "LG202"
    what: str
    roots: tuple[str, ...]

    @property
    def sentence(self) -> str:
        return (
            f"{self.what} has {len(self.roots)} roots, {quoted(self.roots, 'and')}; one is allowed"
        )


class FrameworkCycle(Fault):
    """Layers that stand below themselves."""

    code: ClassVar[str] = "LG203"
    steps: tuple[str, ...]
    places: tuple[Place | None, ...] = ()
    """Where each step is written, if it is written anywhere."""

    @property
    def sentence(self) -> str:
        return (
            f"the integration framework goes round in a circle: {arrows(self.steps, self.places)}"
        )

    @property
    def cure(self) -> str:
        return "let no layer stand below itself: take one of these steps away"


class LayerNameTaken(Fault):
    """A layer with a name that means something else in a document."""

    code: ClassVar[str] = "LG204"
    name: str
    taken_by: str

    @property
    def sentence(self) -> str:
        return f"a layer here cannot be called `{self.name}`: that is {self.taken_by}"

    @property
    def cure(self) -> str:
        return "give the layer another name"
