"""Faults of the integrations that a document declares."""

from __future__ import annotations

from typing import ClassVar

from lolpop_graph.errors import Fault, Severity
from lolpop_graph.model import Place
from lolpop_graph.text import did_you_mean, misspelling, suggestion


class UnknownSection(Fault):
    """A section of a layer that the framework does not have there."""

    code: ClassVar[str] = "LG301"
    section: str
    owner: str
    allowed: tuple[str, ...]
    path: str = ""
    """The integration in whose block it stands."""

    @property
    def sentence(self) -> str:
        return f"`{self.section}` is no layer below `{self.owner}`, so nothing reads this section"

    @property
    def meant(self) -> str | None:
        """What the section was most likely meant to be."""
        return suggestion(self.section, ["config"]) or suggestion(self.section, self.allowed)

    @property
    def cure(self) -> str:
        if self.meant:
            return f"did you mean `{self.meant}`?"
        return did_you_mean(self.section, self.allowed, f"`{self.owner}` has no layer below it")


class UnknownBlock(Fault):
    """A block that belongs to no integration."""

    code: ClassVar[str] = "LG302"
    name: str
    owner: str
    allowed: tuple[str, ...]

    @property
    def sentence(self) -> str:
        return f"`{self.owner}` declares no integration `{self.name}`, so nothing reads this block"

    @property
    def meant(self) -> str | None:
        """What the block was most likely meant to be."""
        return suggestion(self.name, self.allowed)

    @property
    def cure(self) -> str:
        meant = self.meant
        return f"did you mean `{meant}`?" if meant else "declare it in a section, or take it away"


class NameNotIdentifier(Fault):
    """An integration's name that cannot be an attribute."""

    code: ClassVar[str] = "LG303"
    name: str

    @property
    def sentence(self) -> str:
        return f"`{self.name}` cannot be an integration's name, since it becomes an attribute"

    @property
    def cure(self) -> str:
        return (
            "use letters, digits and underscores, no leading digit or underscore, "
            "and no keyword of Python"
        )


class NameTaken(Fault):
    """An integration's name that means something else."""

    code: ClassVar[str] = "LG304"
    name: str
    taken_by: str

    @property
    def sentence(self) -> str:
        return f"an integration cannot be called `{self.name}`: that is {self.taken_by}"

    @property
    def cure(self) -> str:
        return "give the integration another name"


class NameTwice(Fault):
    """One name in two sections of a block."""

    code: ClassVar[str] = "LG305"
    name: str
    first: Place
    layers: tuple[str, str]

    @property
    def sentence(self) -> str:
        first, second = self.layers
        return (
            f"`{self.name}` is declared as a {second} and, at {self.first}, as a {first}; "
            "one block cannot have both"
        )

    @property
    def cure(self) -> str:
        return "give one of them another name"


class NoClass(Fault):
    """An integration whose class is no text."""

    code: ClassVar[str] = "LG306"
    name: str
    found: str
    is_mapping: bool = False

    @property
    def meant(self) -> str | None:
        """What stands there otherwise than a name and a class."""
        return misspelling(self.name, ["config"]) if self.is_mapping else None

    @property
    def sentence(self) -> str:
        return f"`{self.name}` needs the name of a class and has {self.found}"

    @property
    def cure(self) -> str:
        if self.meant:
            return f"did you mean `{self.meant}`?"
        block = f"; its config stands in a block `{self.name}:` beside the section"
        return f"write a class's name: `{self.name}: MyClass`{block if self.is_mapping else ''}"


class FlagNotBoolean(Fault):
    """A flag of a layer that is neither true nor false."""

    code: ClassVar[str] = "LG307"
    shows_value: ClassVar[bool] = True
    flag: str
    found: str

    @property
    def sentence(self) -> str:
        return f"`{self.flag}` must be true or false and is {self.found}"

    @property
    def cure(self) -> str:
        return "write `true` or `false` without quotes; `yes`, `no`, `on` and `off` are texts"


class SameKey(Fault):
    """Two keys of one config that differ in case alone."""

    code: ClassVar[str] = "LG308"
    key: str
    other: str

    @property
    def sentence(self) -> str:
        return f"`{self.key}` and `{self.other}` are the same key: case does not count in a config"

    @property
    def cure(self) -> str:
        return "keep one of the two"


class FlagIdle(Fault):
    """A flag of a layer in the config of an integration."""

    code: ClassVar[str] = "LG310"
    severity: Severity = Severity.WARNING
    flag: str
    path: str

    @property
    def sentence(self) -> str:
        return f"`{self.flag}` does nothing in the config of `{self.path}`"

    @property
    def cure(self) -> str:
        return f"set it for a layer: `component: {{config: {{{self.flag}: ...}}}}`"


class SettingMisspelt(Fault):
    """A config key that looks like one which lolpop_graph itself reads."""

    code: ClassVar[str] = "LG311"
    severity: Severity = Severity.WARNING
    key: str
    meant: str

    @property
    def sentence(self) -> str:
        return f"`{self.key}` is a config key like any other, and reads like `{self.meant}`"

    @property
    def cure(self) -> str:
        return f"did you mean `{self.meant}`?"


class BlankMissing(Fault):
    """A config key without a value that holds a colon, as `{a:1}` in braces does."""

    code: ClassVar[str] = "LG314"
    severity: Severity = Severity.WARNING
    key: str
    """The part before the colon; the rest may be a private value."""

    @property
    def sentence(self) -> str:
        return f"`{self.key}:...` is a key without a value, since no blank follows the colon"

    @property
    def cure(self) -> str:
        return f"write `{self.key}: ...`"


class NameMisspelt(Fault):
    """An integration's name that looks like one which every integration knows."""

    code: ClassVar[str] = "LG312"
    severity: Severity = Severity.WARNING
    name: str
    meant: str
    method: str
    """What goes to the integration that is meant."""

    @property
    def sentence(self) -> str:
        return f"`{self.name}` is not the name that `{self.method}` goes to, and reads like it"

    @property
    def cure(self) -> str:
        return f"did you mean `{self.meant}`?"


class NameAdded(Fault):
    """A name that an overlay or override adds, beside one that it looks like."""

    code: ClassVar[str] = "LG313"
    severity: Severity = Severity.WARNING
    name: str
    meant: str

    @property
    def sentence(self) -> str:
        return f"`{self.name}` is one more integration here, and reads like `{self.meant}`"

    @property
    def cure(self) -> str:
        return f"did you mean `{self.meant}`?"


class HiddenName(Fault):
    """A name that hides a farther one."""

    code: ClassVar[str] = "LG309"
    severity: Severity = Severity.NOTE
    path: str
    hidden: str

    @property
    def sentence(self) -> str:
        owner, _, name = self.path.rpartition(".")
        return (
            f"`{self.path}` hides `{self.hidden}` inside `{owner}`, "
            f"and has the hidden one as `self.{name}`"
        )
