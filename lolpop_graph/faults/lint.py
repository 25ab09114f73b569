"""What lint finds: nothing that keeps a workflow from running, and that its author may not mean."""

from __future__ import annotations

from typing import ClassVar

from lolpop_graph.errors import Fault, Severity
from lolpop_graph.model import Place
from lolpop_graph.text import misspelling, quoted

HEURISTIC = "this is a heuristic: code was read, not run"


class IntegrationUnused(Fault):
    """An integration that no code is seen to use."""

    code: ClassVar[str] = "LG901"
    severity: Severity = Severity.WARNING
    path: str

    @property
    def sentence(self) -> str:
        _, _, name = self.path.rpartition(".")
        return f"nothing uses `{self.path}`: no class that sees it reads `{name}`"

    @property
    def cure(self) -> str:
        return f"take it away if nothing outside the workflow uses it; {HEURISTIC}"


class KeyUnread(Fault):
    """A config key that no code is seen to read."""

    code: ClassVar[str] = "LG902"
    severity: Severity = Severity.WARNING
    key: str
    readable: tuple[str, ...]
    """The keys that code here does read."""

    @property
    def sentence(self) -> str:
        return f"no code that sees this config reads `{self.key}`"

    @property
    def cure(self) -> str:
        meant = misspelling(self.key, self.readable)
        if meant is not None:
            return f"did you mean `{meant}`? {HEURISTIC}"
        return f"take it away if nothing outside the workflow reads it; {HEURISTIC}"


class OutOfSight(Fault):
    """A name that code reads of its integration, and that is declared where it is not given."""

    code: ClassVar[str] = "LG903"
    severity: Severity = Severity.WARNING
    path: str
    class_name: str
    found: str
    """The path of the integration that is meant."""
    layer: str
    own_layer: str
    """The layer that stands beside that one, and in which, or below which, the reader is."""
    reason: str
    swap: str = ""

    @property
    def sentence(self) -> str:
        _, _, name = self.found.rpartition(".")
        why = {
            "order": f"declared in the layer `{self.layer}`, after `{self.own_layer}`",
            "peers": f"beside it in the layer `{self.layer}`, whose members do not see each other",
            "passes": f"declared in the layer `{self.layer}`, which is not passed on",
        }[self.reason]
        return f"`{self.path}` ({self.class_name}) reads `self.{name}`, and `{self.found}` is {why}"

    @property
    def cure(self) -> str:
        if self.reason == "peers":
            return f"set `update_peer_integrations: true` in the config of the layer `{self.layer}`"
        if self.reason == "passes":
            return f"take `pass_integration_to_siblings: false` away from `{self.layer}`"
        first = f"let `{self.layer}` stand before `{self.own_layer}` in the framework"
        return f"{first}; {self.swap}" if self.swap else first


class FlagByDefault(Fault):
    """A flag of a layer that is set to what it is anyway."""

    code: ClassVar[str] = "LG904"
    severity: Severity = Severity.NOTE
    flag: str
    layer: str
    value: bool

    @property
    def sentence(self) -> str:
        return f"`{self.flag}` is {str(self.value).lower()} for the layer `{self.layer}` anyway"

    @property
    def cure(self) -> str:
        return "take it away"


class NothingInside(Fault):
    """A section, block or config in which nothing stands."""

    code: ClassVar[str] = "LG905"
    severity: Severity = Severity.NOTE
    what: str
    owner: str

    @property
    def sentence(self) -> str:
        return f"the {self.what} of `{self.owner}` is empty"

    @property
    def cure(self) -> str:
        return "take it away"


class SectionWithoutNames(NothingInside):
    """A section that has a config and declares nothing that could inherit it."""

    code: ClassVar[str] = "LG906"
    severity: Severity = Severity.WARNING

    @property
    def sentence(self) -> str:
        return f"the {self.what} of `{self.owner}` declares nothing, so nothing reads its config"

    @property
    def cure(self) -> str:
        return "declare something in it, or take it away"


class LayerUnused(Fault):
    """A layer that the document's framework has, and of which nothing is declared."""

    code: ClassVar[str] = "LG907"
    severity: Severity = Severity.NOTE
    layer: str
    below: tuple[str, ...]

    @property
    def sentence(self) -> str:
        rest = f" or, below it, {quoted(self.below, 'and')}" if self.below else ""
        return f"nothing is declared in the layer `{self.layer}`{rest}"

    @property
    def cure(self) -> str:
        return "take it out of the framework"


class ValueRepeated(Fault):
    """A config key with the value that it would inherit."""

    code: ClassVar[str] = "LG908"
    severity: Severity = Severity.NOTE
    key: str
    inherited: Place

    @property
    def sentence(self) -> str:
        return f"`{self.key}` has here the value that it would inherit from {self.inherited}"

    @property
    def cure(self) -> str:
        return "take one of the two away"
