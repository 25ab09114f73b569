"""Faults of decorators: what they are to wrap, and what they can."""

from __future__ import annotations

from typing import ClassVar

from lolpop_graph.errors import Fault, Severity
from lolpop_graph.text import did_you_mean, quoted, suggestion


class DecoratorSetting(Fault):
    """A setting of a decorator that is of another kind than it has to be."""

    code: ClassVar[str] = "LG610"
    key: str
    found: str
    is_text: bool

    @property
    def sentence(self) -> str:
        needed = "a text" if self.is_text else "a text or a list of texts"
        return f"`{self.key}` of a decorator must be {needed}, and is {self.found}"

    @property
    def cure(self) -> str:
        example = f"{self.key}: layer:component" if self.is_text else f"{self.key}: [one, another]"
        return f"write `{example}`, or leave it out"


class DecoratorNamesNothing(Fault):
    """A layer or class that a decorator is to wrap, and that is not below its parent."""

    code: ClassVar[str] = "LG611"
    what: str
    name: str
    owner: str
    known: tuple[str, ...]

    @property
    def sentence(self) -> str:
        if self.what == "layer":
            return f"`{self.owner}` has no layer `{self.name}`, so a decorator cannot wrap it"
        return f"no integration of `{self.owner}` has the class `{self.name}`, so none is wrapped"

    @property
    def cure(self) -> str:
        return did_you_mean(self.name, self.known)


class DecoratorSelection(Fault):
    """A decorator's selection that cannot be read, or that names what the workflow has not."""

    code: ClassVar[str] = "LG612"
    path: str
    problem: str
    remedy: str = ""

    @property
    def sentence(self) -> str:
        return f"the selection of `{self.path}` cannot be used: {self.problem}"

    @property
    def cure(self) -> str:
        return self.remedy


class DecoratorIdle(Fault):
    """A decorator that wraps nothing."""

    code: ClassVar[str] = "LG613"
    severity: Severity = Severity.WARNING
    path: str
    owner: str

    @property
    def sentence(self) -> str:
        return f"`{self.path}` wraps nothing: no integration of `{self.owner}` is what it asks for"

    @property
    def cure(self) -> str:
        return "change its `layers`, `classes` or `select`, or take it away"


class NoSuchMethodToWrap(Fault):
    """A method that a decorator is to wrap, and that none of the classes it wraps has."""

    code: ClassVar[str] = "LG614"
    path: str
    method: str
    classes: tuple[str, ...]
    known: tuple[str, ...]

    @property
    def sentence(self) -> str:
        several = "none of the classes" if len(self.classes) > 1 else "the class"
        verb = "has" if len(self.classes) > 1 else "has no"
        return (
            f"`{self.path}` is to wrap `{self.method}`, and {several} "
            f"{quoted(self.classes, 'and')} {verb} such method that can be wrapped"
        )

    @property
    def cure(self) -> str:
        if suggestion(self.method, self.known) or not self.known:
            return did_you_mean(self.method, self.known, "there is no method to wrap")
        return f"it can wrap {quoted(self.known, 'and')}"


class NotADecorator(Fault):
    """A class in a section of decorators that has no method `wrap`."""

    code: ClassVar[str] = "LG615"
    path: str
    class_name: str

    @property
    def sentence(self) -> str:
        return f"`{self.class_name}` cannot decorate anything: it has no method `wrap`"

    @property
    def cure(self) -> str:
        return "derive it from `lolpop_graph.BaseDecorator`, or declare it in another section"


class DecoratorMisplaced(Fault):
    """A decorator in a layer of which nothing wraps."""

    code: ClassVar[str] = "LG616"
    path: str
    class_name: str
    layer: str
    has_own_layer: bool

    @property
    def sentence(self) -> str:
        return (
            f"`{self.class_name}` is a decorator, and wraps nothing as a member of the layer "
            f"`{self.layer}`"
        )

    @property
    def cure(self) -> str:
        if self.has_own_layer:
            return (
                "take the layer `decorator` out of the framework: without it, "
                "a section `decorator` is there in every block that has layers"
            )
        return "declare it in a section `decorator`"


class NotWrappable(Fault):
    """A class whose objects cannot hold what wraps their methods."""

    code: ClassVar[str] = "LG617"
    severity: Severity = Severity.WARNING
    path: str
    class_name: str
    decorators: tuple[str, ...]

    @property
    def sentence(self) -> str:
        return (
            f"{quoted(self.decorators, 'and')} cannot wrap `{self.path}`: objects of "
            f"`{self.class_name}` have no `__dict__`"
        )

    @property
    def cure(self) -> str:
        return "give the class a `__dict__` beside its `__slots__`, or let nothing wrap it"
