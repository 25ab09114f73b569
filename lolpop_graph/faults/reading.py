"""Faults of a document's text and layers."""

from __future__ import annotations

from typing import ClassVar

from lolpop_graph.errors import Fault
from lolpop_graph.model import Place


class Unreadable(Fault):
    """A workflow file that cannot be read."""

    code: ClassVar[str] = "LG101"
    blames_call: ClassVar[bool] = True
    reason: str

    @property
    def sentence(self) -> str:
        return f"this workflow file cannot be read: {self.reason}"


class NotUtf8(Fault):
    """A workflow file in another encoding; its column counts bytes."""

    code: ClassVar[str] = "LG102"

    @property
    def sentence(self) -> str:
        return "the file is not UTF-8 text from here on"

    @property
    def cure(self) -> str:
        return "save the file in the encoding UTF-8"


class Malformed(Fault):
    """Text that is no YAML."""

    code: ClassVar[str] = "LG103"
    quotes: ClassVar[frozenset[str]] = frozenset({"problem", "remedy"})
    problem: str
    remedy: str = ""

    @property
    def sentence(self) -> str:
        return f"this is not YAML: {self.problem}"

    @property
    def cure(self) -> str:
        return self.remedy


class DuplicateKey(Fault):
    """A key that one mapping has twice."""

    code: ClassVar[str] = "LG104"
    key: str
    first: Place
    is_merged: bool = False
    """Whether the first one is brought in by `<<`."""

    @property
    def sentence(self) -> str:
        how = ", which `<<` brings in here" if self.is_merged else ""
        return f"the key `{self.key}` stands here a second time; the first is at {self.first}{how}"

    @property
    def cure(self) -> str:
        return "keep one of the two"


class TagRefused(Fault):
    """A YAML tag that would construct an object, or that does not fit its value."""

    code: ClassVar[str] = "LG105"
    quotes: ClassVar[frozenset[str]] = frozenset({"tag"})
    tag: str
    does_not_fit: bool = False
    """Whether the tag itself is one that is read."""

    @property
    def sentence(self) -> str:
        if self.does_not_fit:
            return f"the value here is not what the tag `{self._short}` says"
        return f"the tag `{self._short}` is not allowed here"

    @property
    def cure(self) -> str:
        if self.does_not_fit:
            return "mend the value, or take the tag away"
        return (
            "only the core tags of YAML, such as `!!str`, and `!secret` are read; take the tag away"
        )

    @property
    def _short(self) -> str:
        return self.tag.replace("tag:yaml.org,2002:", "!!", 1)


class OverLimit(Fault):
    """A document that is larger or deeper than a reader should accept."""

    code: ClassVar[str] = "LG106"
    what: str
    limit: int
    name: str = ""
    """The limit's name in `Limits`, if it is one that the call can change."""

    @property
    def sentence(self) -> str:
        return f"the document has more than {self.limit:,} {self.what}"

    @property
    def cure(self) -> str:
        if not self.name:
            return ""
        call = f"limits=lg.Limits({self.name}=...) or --limit {self.name}=..."
        return f"if that is meant, allow more: {call}"


class NotAMapping(Fault):
    """Something else where a mapping belongs."""

    code: ClassVar[str] = "LG107"
    what: str
    found: str

    @property
    def sentence(self) -> str:
        return f"{self.what} must be a mapping and is {self.found}"

    @property
    def cure(self) -> str:
        return "write `key: value` for each thing in it, or take it away"


class RecursiveAlias(Fault):
    """An alias of a value that contains itself."""

    code: ClassVar[str] = "LG108"
    quotes: ClassVar[frozenset[str]] = frozenset({"anchor"})
    anchor: str

    @property
    def sentence(self) -> str:
        return f"the alias `*{self.anchor}` names a value that contains itself"


class KeyNotText(Fault):
    """A list or mapping as a key."""

    code: ClassVar[str] = "LG109"

    @property
    def sentence(self) -> str:
        return "a key must be a text, a number, true, false or null, and this one is not"

    @property
    def cure(self) -> str:
        return "a text that begins with a bracket or brace needs quotes"


class MergeRefused(Fault):
    """A merge key with something else than mappings."""

    code: ClassVar[str] = "LG111"
    found: str

    @property
    def sentence(self) -> str:
        return f"`<<` must be a mapping or a list of mappings and is {self.found}"

    @property
    def cure(self) -> str:
        return "name the mapping by its anchor: `<<: *shared`"


class OverrideBlocked(Fault):
    """An override whose path runs through something that is no mapping."""

    code: ClassVar[str] = "LG110"
    blames_call: ClassVar[bool] = True
    path: str
    at: str

    @property
    def sentence(self) -> str:
        return f"`{self.path}` cannot be set: `{self.at}` is no mapping"

    @property
    def cure(self) -> str:
        return f"set `{self.at}` itself"
