"""Faults of what classes require."""

from __future__ import annotations

from typing import ClassVar

from lolpop_graph.errors import Fault
from lolpop_graph.text import did_you_mean, quoted


class KeyMissing(Fault):
    """A config key that a class requires."""

    code: ClassVar[str] = "LG601"
    path: str
    class_name: str
    key: str

    @property
    def sentence(self) -> str:
        """The key, the class and the integration."""
        return f"`{self.path}` ({self.class_name}) requires the config key `{self.key}`"

    @property
    def cure(self) -> str:
        """Where it can stand."""
        return (
            f"set it in the config of `{self.path}`, of its layer or of a parent, "
            f"or the environment variable {self.key.upper()}"
        )


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
        """The integration, the class that requires it and where."""
        kind = f" of the class {quoted(self.allowed)}" if self.allowed else ""
        return f"`{self.path}` ({self.class_name}) requires a {self.layer} `{self.name}`{kind}"

    @property
    def cure(self) -> str:
        """The nearest name that is reachable, or where to declare it."""
        return did_you_mean(
            self.name, self.reachable, f"declare `{self.name}` in a section `{self.layer}`"
        )


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
        """What is required and what is there."""
        return (
            f"`{self.path}` ({self.class_name}) requires `{self.name}` to be a "
            f"{quoted(self.allowed)}, and it is a `{self.found}`"
        )


class RequirementMalformed(Fault):
    """A class whose declared requirements or defaults cannot be read."""

    code: ClassVar[str] = "LG604"
    class_name: str
    attribute: str
    problem: str

    @property
    def sentence(self) -> str:
        """The class and the problem."""
        return f"`{self.attribute}` of the class `{self.class_name}` cannot be read: {self.problem}"
