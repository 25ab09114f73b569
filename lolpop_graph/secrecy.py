"""What is a secret, and texts and values for eyes without any: `***` stands in their place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from enum import Enum
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote

from lolpop_graph.model import DEFAULT_FRAMEWORK, FRAMEWORK_KEY

MASK: Final = "***"
SECRET_TAG: Final = "!secret"  # noqa: S105 - what marks a secret is none
_SHORTEST: Final = 4
"""Shorter secrets are masked where they are a whole value, not within texts: `a` is everywhere."""

_LAST_WORDS = frozenset(
    ("auth", "authorization", "bearer", "cookie", "creds", "dsn", "pat", "pwd", "token", "webhook")
)
_PARTS = re.compile(
    "accesskey|accountkey|apikey|authkey|clientkey|connectionstring|credential|encryptionkey"
    "|passphrase|passwd|password|privatekey|secret|sessionkey|sharedkey|signingkey|sshkey"
    "|storagekey|webhookur[il]"
)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


@lru_cache(maxsize=4096)
def looks_secret(key: str) -> bool:
    """Whether a key looks like a secret's: `db_password`, `apiKey`; not `max_tokens`."""
    words = [word.casefold() for word in _WORD.findall(key)]
    joined = "".join(words)
    return bool(_PARTS.search(joined)) or joined.endswith("token") or words[-1:] in _LAST_LISTS


_LAST_LISTS = [[word] for word in _LAST_WORDS]


def layer_names(tree: object = None) -> set[str]:
    """The names of the layers in a tree of them as a document has it, and of the default one."""
    names, waiting, seen = set[str](), [DEFAULT_FRAMEWORK, tree], set[int]()
    while waiting:
        below = waiting.pop()
        if isinstance(below, Mapping) and id(below) not in seen:
            seen.add(id(below))
            names.update(map(str, below))
            waiting += below.values()
    return names


class Region(Enum):
    """What a mapping of a workflow document is: it decides what the texts in it are."""

    BLOCK = "block"
    SECTION = "section"
    CONFIG = "config"
    FRAMEWORK = "framework"

    def below(self, key: str, layers: set[str]) -> Region:
        """What the mapping under a key of this one is, where layers have these names."""
        if self in {Region.CONFIG, Region.FRAMEWORK}:
            return self
        if self is Region.SECTION or key == "config":
            return Region.CONFIG
        if key == FRAMEWORK_KEY:
            return Region.FRAMEWORK
        return Region.SECTION if key in layers else Region.BLOCK

    def hides(self, key: str, *, is_mapping: bool) -> bool:
        """Whether all that stands under a key of this mapping is secret.

        In a section that is a class, and in a block a mapping belongs to an integration.
        """
        may_hide = self is Region.CONFIG or (self is Region.BLOCK and not is_mapping)
        return may_hide and looks_secret(key)


class Secret:
    """A value given from Python that is shown nowhere, as `!secret` says it in a file."""

    def __init__(self, value: object) -> None:
        """Mark `value`; a workflow's objects are given the value itself."""
        self.value = value

    def __repr__(self) -> str:
        """`***`."""
        return MASK


class Secrets:
    """The secret values of one workflow, and what is shown in the place of each."""

    def __init__(self) -> None:
        """Begin without any."""
        self._shown: dict[str, str] = {}
        self._within: tuple[re.Pattern[str], dict[str, str]] | None = None

    def add(self, value: object, shown: str = MASK) -> None:
        """Take `value`, or every text and number in a mapping or list, for a secret."""
        for text in _texts(value):
            if text not in self._shown:
                self._shown[text] = shown
                self._within = None

    def add_from(self, root: Mapping[str, Any], layers: set[str]) -> None:
        """Take all that stands below keys of a document that look secret."""
        waiting: list[tuple[Any, Region]] = [(root, Region.BLOCK)]
        seen: set[int] = set()
        while waiting:
            value, region = waiting.pop()
            if id(value) in seen:
                continue
            seen.add(id(value))
            if isinstance(value, list):
                waiting += [(item, Region.CONFIG) for item in value]
            for key, item in value.items() if isinstance(value, Mapping) else ():
                if region.hides(key, is_mapping=isinstance(item, Mapping)):
                    self.add(item)
                elif isinstance(item, Mapping | list):
                    waiting.append((item, region.below(key, layers)))

    def scrub(self, text: str) -> str:
        """The text with each secret in it replaced."""
        if not self._shown or text in self._shown:
            return self._shown.get(text, text)
        if self._within is None:
            forms = {
                form: shown for secret, shown in self._shown.items() for form in _forms(secret)
            }
            longest = sorted(forms, key=lambda form: (-len(form), form))
            self._within = re.compile("|".join(map(re.escape, longest)) or r"(?!)"), forms
        pattern, forms = self._within
        return pattern.sub(lambda match: forms[match[0]], text)

    def masked(self, value: Any, key: str = "") -> Any:
        """A copy of a config value that stands under `key`, with `***` for what is secret."""
        if isinstance(value, Mapping):
            return {name: self.masked(item, str(name)) for name, item in value.items()}
        if looks_secret(key) and value is not None:
            return MASK
        if isinstance(value, list | tuple):
            return [self.masked(item) for item in value]
        if isinstance(value, str):
            return self.scrub(value)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return self._shown.get(str(value), value) if is_number else value


def _texts(value: object) -> Iterator[str]:
    """The texts and numbers in a value, as texts; a long text's lines count as well."""
    waiting, seen = [value], set[int]()
    while waiting:
        item = waiting.pop()
        if isinstance(item, Mapping | list | tuple):
            if id(item) not in seen:
                seen.add(id(item))
                waiting += (*item, *item.values()) if isinstance(item, Mapping) else item
        elif isinstance(item, str):
            yield from dict.fromkeys([item, *map(str.strip, item.splitlines())] if item else [])
        elif isinstance(item, int | float) and not isinstance(item, bool):
            yield str(item)


def _forms(secret: str) -> Iterator[str]:
    """How a secret may be written within a text; nothing for one that is too short to tell."""
    if len(secret) >= _SHORTEST:
        escaped = repr(secret)[1:-1]
        yield from (secret, escaped, json.dumps(secret)[1:-1], quote(secret, safe=""))
        # As it stands in the text of a text.
        yield repr(escaped)[1:-1]
        yield from (escaped.replace(mark, f"\\{mark}") for mark in "'\"")
