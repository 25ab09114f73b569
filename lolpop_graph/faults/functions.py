"""Faults in finding a function that a workflow names."""

from __future__ import annotations

from typing import ClassVar

from lolpop_graph.errors import Fault
from lolpop_graph.text import did_you_mean, quoted, suggestion


class FunctionMissing(Fault):
    """A function that its file or module does not have, or a module that there is none of."""

    code: ClassVar[str] = "LG531"
    quotes: ClassVar[frozenset[str]] = frozenset({"text", "name", "module"})
    shows_value: ClassVar[bool] = True
    text: str
    name: str
    module: str
    """The file or module that was looked into, or that does not exist."""
    known: tuple[str, ...] = ()
    is_absent: bool = False
    """Whether there is no such module at all."""

    @property
    def sentence(self) -> str:
        if self.is_absent:
            return f"there is no module `{self.module}`, as `{self.text}` would need"
        return f"`{self.module}` has no function `{self.name}`"

    @property
    def cure(self) -> str:
        if self.is_absent:
            return "install what brings it, or see whether the name is right"
        if suggestion(self.name, self.known):
            return did_you_mean(self.name, self.known)
        return f"it has {quoted(self.known, 'and')}" if self.known else "it has no function"


class FunctionFileRefused(Fault):
    """A file of functions that does not exist or lies outside the workflow's folder."""

    code: ClassVar[str] = "LG532"
    quotes: ClassVar[frozenset[str]] = frozenset({"file", "reason"})
    shows_value: ClassVar[bool] = True
    file: str
    reason: str
    close: str | None = None
    """One that exists, and that this one may be meant to be."""

    @property
    def sentence(self) -> str:
        return f"the file of functions `{self.file}` {self.reason}"

    @property
    def cure(self) -> str:
        return f"did you mean `{self.close}`?" if self.close else ""


class NotAFunction(Fault):
    """A name that leads to something that is no function."""

    code: ClassVar[str] = "LG533"
    quotes: ClassVar[frozenset[str]] = frozenset({"text"})
    shows_value: ClassVar[bool] = True
    text: str
    found: str
    known: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        return f"`{self.text}` is no function but {self.found}"

    @property
    def cure(self) -> str:
        return f"the functions beside it are {quoted(self.known, 'and')}" if self.known else ""


class FunctionMalformed(Fault):
    """Something that names no function."""

    code: ClassVar[str] = "LG534"
    quotes: ClassVar[frozenset[str]] = frozenset({"found", "meant"})
    shows_value: ClassVar[bool] = True
    what: str
    found: str
    meant: str = ""
    """What it could be meant to be."""

    @property
    def sentence(self) -> str:
        return f"{self.what} must name a function and is {self.found}"

    @property
    def cure(self) -> str:
        if self.meant:
            return f"write `{self.meant}`"
        return "write `file.py:name`, or `package.module:name` for a trusted package"


class FunctionNotTrusted(Fault):
    """A function from a package that nobody allowed."""

    code: ClassVar[str] = "LG535"
    quotes: ClassVar[frozenset[str]] = frozenset({"text", "module"})
    shows_value: ClassVar[bool] = True
    text: str
    module: str
    unproven: bool = False
    """Whether the function only says that it comes from `module`, which does not hold it."""
    unread: str = ""
    """Why the project's `pyproject.toml` could not be asked."""

    @property
    def sentence(self) -> str:
        if self.unproven:
            return f"`{self.text}` says that it comes from `{self.module}`, which has no such thing"
        return f"`{self.text}` comes from `{self.module}`, a module that is not trusted"

    @property
    def cure(self) -> str:
        if self.unproven:
            return "write a function of your own that calls it"
        package = self.module.partition(".")[0]
        unread = f" ({self.unread})" if self.unread else ""
        return (
            f'to allow it: --trust {package}, trust=["{package}"], or '
            f'trust = ["{package}"] under [tool.lolpop_graph] in pyproject.toml{unread}'
        )
