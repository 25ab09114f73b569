"""Faults while objects are built, used, closed and drawn."""

from __future__ import annotations

from typing import ClassVar

from lolpop_graph.errors import Fault
from lolpop_graph.text import did_you_mean, quoted, suggestion, whole_path


class StepRaised(Fault):
    """A user's constructor, `setup` or method that raised; the cause is chained."""

    code: ClassVar[str] = "LG701"
    path: str
    class_name: str
    step: str
    cause: str
    closed: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        return f"`{self.path}` ({self.class_name}) raised in {self.step}: {self.cause}"

    @property
    def cure(self) -> str:
        if not self.closed:
            return ""
        count = len(self.closed)
        built = (
            f"the {count} integrations that were" if count > 1 else "the one integration that was"
        )
        return f"{built} built {'are' if count > 1 else 'is'} closed: {quoted(self.closed, 'and')}"


class CloseRaised(Fault):
    """A `close` that raised."""

    code: ClassVar[str] = "LG702"
    path: str
    class_name: str
    cause: str
    kept_from: str = ""

    @property
    def sentence(self) -> str:
        kept = f", which {self.kept_from} left open to be shared," if self.kept_from else ""
        return f"`{self.path}` ({self.class_name}){kept} raised while it was closed: {self.cause}"


class NoSuchIntegration(Fault):
    """A path that the call names and the workflow does not have."""

    code: ClassVar[str] = "LG703"
    blames_call: ClassVar[bool] = True
    path: str
    known: tuple[str, ...]

    @property
    def sentence(self) -> str:
        return f"this workflow has no integration `{self.path}`"

    @property
    def cure(self) -> str:
        return whole_path(self.path, self.known)


class NoSuchMethod(Fault):
    """A method that the root does not have."""

    code: ClassVar[str] = "LG704"
    blames_call: ClassVar[bool] = True
    method: str
    class_name: str
    layer: str
    known: tuple[str, ...]

    @property
    def sentence(self) -> str:
        return f"the root's class `{self.class_name}` has no public method `{self.method}`"

    @property
    def cure(self) -> str:
        if suggestion(self.method, self.known):
            return did_you_mean(self.method, self.known)
        if self.known:
            return f"it has {quoted(self.known, 'and')}"
        return f"name the root's class: `{self.layer}: MyClass`"


class NotWritten(Fault):
    """A file that could not be written, or a picture that could not be made."""

    code: ClassVar[str] = "LG801"
    target: str
    reason: str
    remedy: str = ""

    @property
    def sentence(self) -> str:
        return f"`{self.target}` was not written: {self.reason}"

    @property
    def cure(self) -> str:
        return self.remedy
