"""Faults of listing what is installed, and of commands that other packages bring."""

from __future__ import annotations

from typing import ClassVar

from lolpop_graph.errors import Fault
from lolpop_graph.text import did_you_mean, quoted


class NothingInstalled(Fault):
    """A layer or a type that no installed class is of."""

    code: ClassVar[str] = "LG810"
    blames_call: ClassVar[bool] = True
    layer: str
    kind: str
    layers: tuple[str, ...]
    types: tuple[str, ...]

    @property
    def sentence(self) -> str:
        of_type = f" of the type `{self.kind}`" if self.kind else ""
        return f"nothing{of_type} is installed" + (
            f" for the layer `{self.layer}`" if self.layer else ""
        )

    @property
    def cure(self) -> str:
        if self.layer and self.layer not in self.layers:
            return did_you_mean(self.layer, self.layers)
        return did_you_mean(self.kind, self.types)


class CommandFailed(Fault):
    """A command of another distribution that cannot be had, or that raised."""

    code: ClassVar[str] = "LG811"
    name: str
    origin: str
    cause: str
    remedy: str = ""

    @property
    def sentence(self) -> str:
        return f"the command `{self.name}` of {self.origin} {self.cause}"

    @property
    def cure(self) -> str:
        return self.remedy or f"mend or uninstall {self.origin}; all other commands work"


class CommandAmbiguous(Fault):
    """A command that several distributions bring."""

    code: ClassVar[str] = "LG812"
    blames_call: ClassVar[bool] = True
    name: str
    found: tuple[str, ...]

    @property
    def sentence(self) -> str:
        return f"the command `{self.name}` could be that of {quoted(self.found)}"

    @property
    def cure(self) -> str:
        return "uninstall all of them but one"
