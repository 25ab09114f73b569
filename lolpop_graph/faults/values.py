"""Faults of the values of typed configuration."""

from __future__ import annotations

from typing import ClassVar

from lolpop_graph.errors import Fault, Severity
from lolpop_graph.text import quoted, suggestion


class ValueWrong(Fault):
    """A config value that does not fit the field which it fills."""

    code: ClassVar[str] = "LG621"
    quotes: ClassVar[frozenset[str]] = frozenset({"message"})
    path: str
    class_name: str
    key: str
    must: tuple[str, ...] = ()
    """What the value must be, in words that follow `must`; several of a union."""
    found: str = ""
    """What it is, in words that show nothing of it."""
    origin: str = ""
    """Where it is from, where that is not the place."""
    message: str = ""
    """What the class's own code says of it."""
    close: str = ""
    """The allowed value that may be meant."""
    remedy: str = ""
    has_default: bool = False
    others: int = 0
    """How many other integrations the same value is wrong for."""

    @property
    def sentence(self) -> str:
        more = f" and {self.others} more" if self.others else ""
        of = f"`{self.key}` of `{self.path}`{more} ({self.class_name})"
        if self.message:
            return f"{of} is refused: {self.message}"
        found = f", and {self.found} is {self.origin or 'written here'}" if self.found else ""
        origin = f"; it is {self.origin}" if self.origin and not self.found else ""
        first, *rest = self.must
        must = " or ".join([first, *(each.removeprefix("be ") for each in rest)])
        return f"{of} must {must}{found}{origin}"

    @property
    def cure(self) -> str:
        if self.close:
            return f"did you mean `{self.close}`?"
        default = f"leave it out for the default of `{self.class_name}`" if self.has_default else ""
        return ", or ".join(filter(None, [self.remedy, default]))


class KeyUnknown(Fault):
    """A key in the config of an integration whose class says which ones there are."""

    code: ClassVar[str] = "LG622"
    severity: Severity = Severity.WARNING
    path: str
    class_name: str
    key: str
    known: tuple[str, ...]

    @property
    def sentence(self) -> str:
        return f"the `Config` of `{self.path}` ({self.class_name}) has no field `{self.key}`"

    @property
    def cure(self) -> str:
        close = suggestion(self.key, self.known)
        if close:
            return f"did you mean `{close}`?"
        names = f"its fields are {quoted(self.known, 'and')}" if self.known else "it has no field"
        return f"{names}; what else the class reads, it can list in `__OPTIONAL_CONF__`"


class ConfigRefused(Fault):
    """A config whose values fit one by one, and not together."""

    code: ClassVar[str] = "LG623"
    path: str
    class_name: str
    message: str

    @property
    def sentence(self) -> str:
        return f"the config of `{self.path}` ({self.class_name}) is refused: {self.message}"
