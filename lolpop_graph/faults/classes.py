"""Faults in finding the class of an integration."""

from __future__ import annotations

from typing import ClassVar

from lolpop_graph.errors import Fault, Severity
from lolpop_graph.text import quoted, suggestion


class ClassMissing(Fault):
    """A class that is not to be found."""

    code: ClassVar[str] = "LG501"
    class_name: str
    layer: str
    searched: tuple[str, ...]
    known: tuple[str, ...]
    absent: str = ""
    """The module of a full name that does not exist."""
    paths: tuple[tuple[str, str], ...] = ()
    """Search paths that do not exist, each with the one that is most like it."""

    @property
    def sentence(self) -> str:
        if self.absent:
            return f"there is no module `{self.absent}`, as `{self.class_name}` would need"
        where = f"; searched {quoted(self.searched, 'and')}" if self.searched else ""
        return f"there is no class `{self.class_name}` for the layer `{self.layer}`{where}"

    @property
    def cure(self) -> str:
        if self.paths:
            wrong, close = self.paths[0]
            return f"did you mean `{close}` where `{wrong}` is to be searched?"
        meant = suggestion(self.class_name, self.known)
        if ":" in self.class_name or "." in self.class_name:
            # What is known for a full name is what was found to be like it.
            meant = next(iter(self.known), None)
        if meant:
            return f"did you mean `{meant}`?"
        if self.absent:
            return "install what brings it, or see whether the name is right"
        return (
            "put its file or folder into `plugin_paths` of the root's config, "
            "or name it in full: `package.module:Class`"
        )


class ImportFailed(Fault):
    """A module with the class in it that does not import."""

    code: ClassVar[str] = "LG502"
    class_name: str
    module: str
    cause: str
    raised_at: str = ""
    remedy: str = ""

    @property
    def sentence(self) -> str:
        at = f" ({self.raised_at})" if self.raised_at else ""
        return (
            f"the module `{self.module}` of `{self.class_name}` does not import: {self.cause}{at}"
        )

    @property
    def cure(self) -> str:
        return self.remedy


class ClassAmbiguous(Fault):
    """A bare name that one search place has twice."""

    code: ClassVar[str] = "LG503"
    class_name: str
    found: tuple[str, ...]
    in_files: bool = False
    """Whether these are plug-in files, whose classes have no full name."""

    @property
    def sentence(self) -> str:
        return f"`{self.class_name}` could be {quoted(self.found)}"

    @property
    def cure(self) -> str:
        if self.in_files:
            return "rename one of the classes, or let `plugin_paths` name only the file meant"
        return f"name it in full: `{self.found[0]}`"


class NotTrusted(Fault):
    """A class from a package that nobody allowed."""

    code: ClassVar[str] = "LG504"
    class_name: str
    module: str
    unproven: bool = False
    """Whether the class only says that it comes from `module`, which does not hold it."""
    unread: str = ""
    """Why the project's `pyproject.toml` could not be asked."""
    close: str | None = None
    """A name that differs in the package alone, which is trusted."""

    @property
    def sentence(self) -> str:
        if self.unproven:
            return (
                f"`{self.class_name}` says that it comes from `{self.module}`, "
                "which has no such class"
            )
        return f"`{self.class_name}` comes from `{self.module}`, a module that is not trusted"

    @property
    def cure(self) -> str:
        if self.unproven:
            return "to allow it, give the class itself from Python: classes=[...]"
        if self.close:
            return f"did you mean `{self.close}`?"
        package = self.module.partition(".")[0]
        unread = f" ({self.unread})" if self.unread else ""
        return (
            f'to allow it: --trust {package}, trust=["{package}"], or '
            f'trust = ["{package}"] under [tool.lolpop_graph] in pyproject.toml{unread}'
        )


class NotAClass(Fault):
    """A name that leads to something that is no class."""

    code: ClassVar[str] = "LG505"
    class_name: str
    found: str

    @property
    def sentence(self) -> str:
        return f"`{self.class_name}` is no class but {self.found}"


class PluginPathRefused(Fault):
    """A plug-in path that does not exist or lies outside the workflow's folder."""

    code: ClassVar[str] = "LG506"
    quotes: ClassVar[frozenset[str]] = frozenset({"path"})
    shows_value: ClassVar[bool] = True
    path: str
    reason: str
    close: str | None = None
    """One that exists, and that this one may be meant to be."""

    @property
    def sentence(self) -> str:
        return f"the plug-in path `{self.path}` {self.reason}"

    @property
    def cure(self) -> str:
        return f"did you mean `{self.close}`?" if self.close else ""


class SearchNotText(Fault):
    """Something else than texts where places to search for classes are named."""

    code: ClassVar[str] = "LG509"
    key: str
    found: str

    @property
    def sentence(self) -> str:
        return f"`{self.key}` must be a text or a list of texts, and has {self.found}"


class ClassAbstract(Fault):
    """A class of which no object can be made."""

    code: ClassVar[str] = "LG511"
    class_name: str
    methods: tuple[str, ...]

    @property
    def sentence(self) -> str:
        return f"`{self.class_name}` is abstract: it does not define {quoted(self.methods, 'and')}"

    @property
    def cure(self) -> str:
        return "name a class that inherits it and defines them"


class DeclaresInVain(Fault):
    """A class that declares requirements or defaults, and inherits none of our base classes."""

    code: ClassVar[str] = "LG510"
    severity: Severity = Severity.WARNING
    class_name: str
    attribute: str

    @property
    def sentence(self) -> str:
        return (
            f"`{self.class_name}` declares `{self.attribute}`, "
            "which nothing reads: it inherits no base class of an integration"
        )

    @property
    def cure(self) -> str:
        return "let it inherit `lolpop_graph.BaseIntegration`"


class AttributeTaken(Fault):
    """An integration that would replace a method of the class that is to receive it."""

    code: ClassVar[str] = "LG507"
    name: str
    receiver: str
    class_name: str

    @property
    def sentence(self) -> str:
        return (
            f"`{self.name}` is to be an attribute of `{self.receiver}`, "
            f"but its class `{self.class_name}` defines `{self.name}` itself"
        )

    @property
    def cure(self) -> str:
        return "give the integration another name"


class ParameterMissing(Fault):
    """A constructor's parameter that nothing fills."""

    code: ClassVar[str] = "LG508"
    path: str
    class_name: str
    parameter: str
    written: tuple[str, ...]
    """The keys and names that it has, one of which may be meant to be this one."""
    later: str = ""
    """The path of the integration of that name that it has, but not before its constructor ran."""

    @property
    def sentence(self) -> str:
        if self.later:
            return (
                f"the constructor of `{self.class_name}` needs `{self.parameter}`, and "
                f"`{self.path}` has `{self.later}` only after it was called"
            )
        return (
            f"the constructor of `{self.class_name}` needs `{self.parameter}`, "
            f"which `{self.path}` has not"
        )

    @property
    def cure(self) -> str:
        if self.later:
            return (
                f"leave the parameter out and read the attribute `{self.parameter}` in methods, or "
                f"declare `{self.parameter}` in a layer that comes before this one"
            )
        close = suggestion(self.parameter, self.written)
        if close is not None:
            return f"is that what `{close}` is meant to be?"
        return f"set `{self.parameter}` in its config, or declare an integration of that name"
