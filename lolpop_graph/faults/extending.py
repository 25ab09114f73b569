"""Faults of listing what is installed, of commands of other packages, and of what is scaffolded."""

from __future__ import annotations

from typing import ClassVar

from lolpop_graph.errors import Fault
from lolpop_graph.text import did_you_mean, quoted, suggestion


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


class NameRefused(Fault):
    """A name that what is to be scaffolded cannot have."""

    code: ClassVar[str] = "LG813"
    blames_call: ClassVar[bool] = True
    name: str
    reason: str
    remedy: str = ""

    @property
    def sentence(self) -> str:
        return f"`{self.name}` {self.reason}"

    @property
    def cure(self) -> str:
        return self.remedy


class FilesExist(Fault):
    """Files that would be overwritten."""

    code: ClassVar[str] = "LG814"
    blames_call: ClassVar[bool] = True
    folder: str
    files: tuple[str, ...]

    @property
    def sentence(self) -> str:
        return f"`{self.folder}` already has {quoted(self.files, 'and')}, and nothing was written"

    @property
    def cure(self) -> str:
        return "choose another name, or overwrite with --force"


class TemplateFailed(Fault):
    """A template that cannot be read, or of which nothing could be made."""

    code: ClassVar[str] = "LG815"
    blames_call: ClassVar[bool] = True
    template: str
    reason: str
    remedy: str = ""

    @property
    def sentence(self) -> str:
        return f"nothing could be made of the template `{self.template}`: {self.reason}"

    @property
    def cure(self) -> str:
        return self.remedy


class ProjectUnreadable(Fault):
    """A `pyproject.toml` in which a new part cannot be registered."""

    code: ClassVar[str] = "LG816"
    blames_call: ClassVar[bool] = True
    file: str
    reason: str
    remedy: str = ""

    @property
    def sentence(self) -> str:
        return f"nothing can be registered in `{self.file}`: {self.reason}"

    @property
    def cure(self) -> str:
        return self.remedy


class TypeMissing(Fault):
    """A type of part that looks like a misspelling of one that there is."""

    code: ClassVar[str] = "LG817"
    blames_call: ClassVar[bool] = True
    layer: str
    kind: str
    known: tuple[str, ...]

    @property
    def sentence(self) -> str:
        return f"the layer `{self.layer}` has no type `{self.kind}`"

    @property
    def cure(self) -> str:
        return f"did you mean `{suggestion(self.kind, self.known)}`?"
