"""Faults of what classes require."""

from __future__ import annotations

from typing import ClassVar

from lolpop_graph.errors import Fault, Severity
from lolpop_graph.text import quoted, suggestion


class KeyMissing(Fault):
    """A config key that a class requires."""

    code: ClassVar[str] = "LG601"
    path: str
    class_name: str
    key: str
    written: tuple[str, ...]
    """The keys that are written where this one could stand."""
    is_near: bool = False
    """Whether it says what a decorator wraps, and is not inherited."""

    @property
    def sentence(self) -> str:
        return f"`{self.path}` ({self.class_name}) requires the config key `{self.key}`"

    @property
    def cure(self) -> str:
        if self.is_near:
            return f"set it in the config of `{self.path}` or of its section, and not above"
        close = suggestion(self.key, self.written)
        if close is not None:
            return f"is that what `{close}` is meant to be?"
        return (
            f"set it in the config of `{self.path}`, of its layer or of a parent, "
            f"or the environment variable {self.key.upper()}"
        )


class KeyFromEnvironment(Fault):
    """A required config key that no config has, and an environment variable of that name does."""

    code: ClassVar[str] = "LG605"
    severity: Severity = Severity.WARNING
    path: str
    class_name: str
    key: str

    @property
    def sentence(self) -> str:
        return (
            f"the `{self.key}` that `{self.path}` ({self.class_name}) requires "
            f"is the environment variable {self.key.upper()}"
        )

    @property
    def cure(self) -> str:
        return f"if that is not meant, set `{self.key}` in a config"


class KeyMisspelt(Fault):
    """A config key that looks like one which a class requires or has a default for."""

    code: ClassVar[str] = "LG606"
    severity: Severity = Severity.WARNING
    key: str
    meant: str
    readers: tuple[str, ...]
    """The classes that know the key which is meant; none where a lower layer alone has it."""

    @property
    def sentence(self) -> str:
        known = f"{quoted(self.readers, 'and')} knows" if self.readers else "a lower layer has"
        return f"no class here declares the config key `{self.key}`, and {known} `{self.meant}`"

    @property
    def cure(self) -> str:
        return f"did you mean `{self.meant}`?"


class IntegrationMissing(Fault):
    """An integration that a class requires."""

    code: ClassVar[str] = "LG602"
    path: str
    class_name: str
    layer: str
    name: str
    allowed: tuple[str, ...]
    reachable: tuple[str, ...]

    @property
    def sentence(self) -> str:
        kind = f" of the class {quoted(self.allowed)}" if self.allowed else ""
        return f"`{self.path}` ({self.class_name}) requires a {self.layer} `{self.name}`{kind}"

    @property
    def cure(self) -> str:
        close = suggestion(self.name, self.reachable)
        if close is not None:
            return f"did you mean `{close}`?"
        return f"declare `{self.name}` in a section `{self.layer}`"


class ClassNotAllowed(Fault):
    """An integration of another class than the one required."""

    code: ClassVar[str] = "LG603"
    path: str
    class_name: str
    name: str
    found: str
    allowed: tuple[str, ...]

    @property
    def sentence(self) -> str:
        return (
            f"`{self.path}` ({self.class_name}) requires `{self.name}` to be a "
            f"{quoted(self.allowed)}, and it is a `{self.found}`"
        )

    @property
    def cure(self) -> str:
        return f"name another class for `{self.name}`, or let `{self.found}` inherit one of these"


class RequirementMalformed(Fault):
    """A class whose declared requirements or defaults cannot be read."""

    code: ClassVar[str] = "LG604"
    class_name: str
    attribute: str
    problem: str

    @property
    def sentence(self) -> str:
        what = f"`{self.attribute}` of the" if self.attribute else "the"
        return f"{what} class `{self.class_name}` cannot be read: {self.problem}"
