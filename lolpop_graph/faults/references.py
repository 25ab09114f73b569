"""Faults of references between values."""

from __future__ import annotations

from typing import ClassVar, Final

from lolpop_graph.errors import Fault
from lolpop_graph.model import Place
from lolpop_graph.text import arrows, did_you_mean, shortened, suggestion

_KINDS: Final = {"env": "${env:NAME}", "file": "${file:folder}"}
"""What may stand before a colon in a reference, each with an example."""


class ReferenceNowhere(Fault):
    """A `$reference` to nothing."""

    code: ClassVar[str] = "LG401"
    quotes: ClassVar[frozenset[str]] = frozenset({"reference", "missing"})
    reference: str
    missing: str
    allowed: tuple[str, ...]

    @property
    def shows_value(self) -> bool:  # type: ignore[override]  # here it depends on the value
        """Whether this is like a reference at all, and not a text with a dollar sign in it."""
        steps = self.reference.removeprefix("$").split(".")
        is_path = len(steps) > 1 and all(map(str.isidentifier, steps))
        is_path = is_path or steps[0].startswith("file:")
        return is_path or suggestion(self.missing, self.allowed) is not None

    @property
    def sentence(self) -> str:
        if not self.shows_value:
            return "this reference leads nowhere: the document has no such key"
        return (
            f"the reference `{shortened(self.reference)}` leads nowhere: "
            f"there is no `{shortened(self.missing)}`"
        )

    @property
    def cure(self) -> str:
        kind, colon, _ = self.missing.partition(":")
        meant = suggestion(kind, _KINDS) if colon and kind not in _KINDS else None
        if meant:
            return f"did you mean `{meant}`, as in `{_KINDS[meant]}`?"
        dollar = "a dollar sign itself is written `$$`"
        cure = did_you_mean(self.missing.rpartition(".")[2], self.allowed, dollar)
        return f"{cure}; {dollar}" if cure.startswith("must be") else cure


class ReferenceCycle(Fault):
    """References that lead round in a circle."""

    code: ClassVar[str] = "LG402"
    shows_value: ClassVar[bool] = True
    steps: tuple[str, ...]
    places: tuple[Place, ...]

    @property
    def sentence(self) -> str:
        return f"these references lead round in a circle: {arrows(self.steps, self.places)}"

    @property
    def cure(self) -> str:
        return "write a value in the place of one of them"


class EnvironmentMissing(Fault):
    """A reference to an environment variable that is not set."""

    code: ClassVar[str] = "LG403"
    shows_value: ClassVar[bool] = True
    name: str
    close: str | None = None
    """One that is set, and that this one may be meant to be."""

    @property
    def sentence(self) -> str:
        return f"the environment variable `{self.name}` is not set"

    @property
    def cure(self) -> str:
        if self.close:
            return f"did you mean `{self.close}`?"
        return f"set it, or give a default: `${{env:{self.name},default}}`"


class ReferenceMalformed(Fault):
    """A `${` that is no reference."""

    code: ClassVar[str] = "LG404"
    quotes: ClassVar[frozenset[str]] = frozenset({"text"})
    shows_value: ClassVar[bool] = True
    text: str

    @property
    def sentence(self) -> str:
        what = "is no reference" if self.text.endswith("}") else "has no closing brace"
        return f"`{shortened(self.text)}` {what}"

    @property
    def cure(self) -> str:
        kinds = "`${a.b}`, `${env:NAME}` or `${file:folder}`"
        return f"write {kinds}; a dollar sign itself is written `$$`"


class ReferenceNotText(Fault):
    """A mapping or list within a text."""

    code: ClassVar[str] = "LG405"
    quotes: ClassVar[frozenset[str]] = frozenset({"reference"})
    shows_value: ClassVar[bool] = True
    reference: str
    found: str

    @property
    def sentence(self) -> str:
        return f"`{self.reference}` is {self.found}, which cannot stand within a text"

    @property
    def cure(self) -> str:
        return "refer to one value in it, or let the reference stand alone"


class NoFile(Fault):
    """A reference to the folder of its file, in what is no file."""

    code: ClassVar[str] = "LG406"
    shows_value: ClassVar[bool] = True

    @property
    def sentence(self) -> str:
        return "`${file:folder}` is the folder of the file it is written in, and this is no file"

    @property
    def cure(self) -> str:
        return "write the folder itself; in Python, `str(Path(__file__).parent)` may be it"
