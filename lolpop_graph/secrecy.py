"""What is a secret, and texts and values for eyes without any: `***` stands in their place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote

from lolpop_graph.model import DECORATOR, DEFAULT_FRAMEWORK, FRAMEWORK_KEY
from lolpop_graph.scalars import as_text

MASK: Final = "***"
SECRET_TAG: Final = "!secret"  # noqa: S105 - what marks a secret is none
_LONGEST_WORD: Final = 10
_SHORTEST: Final = 4
"""Shorter secrets are masked where they are a whole value, not within texts: `a` is everywhere."""

_LAST_WORDS = frozenset(
    (
        *("auth", "authorization", "bearer", "cookie", "cookies", "creds", "dsn", "jwt", "otp"),
        *("pass", "passcode", "pat", "pin", "pwd", "token", "webhook"),
    )
)
_PARTS = re.compile(
    "accesskey|accesstoken|accountkey|apikey|apitoken|authkey|authtoken|clientkey|connectionstring"
    "|credential|encryptionkey|licensekey|masterkey|passphrase|passwd|password|privatekey"
    "|refreshtoken|secret(?!ar)|sessionkey|sharedkey|signingkey|sshkey|storagekey|webhookur[il]"
)
_TOKENS_OF_TEXT = frozenset(
    ("bos", "cls", "end", "eos", "mask", "pad", "sep", "special", "start", "stop", "unk")
)
"""Before `token`, these are words of a tokenizer."""
_LOGIN = re.compile(r"://[^/\s:@]*:([^/\s@]+)@")
_CLASS_LIKE = re.compile(r"(?:\w+[.:])*[A-Z]\w*")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


@lru_cache(maxsize=4096)
def looks_secret(key: str) -> bool:
    """Whether a key looks like a secret's: `db_password`, `apiKey`; not `max_tokens`."""
    words = [word.casefold() for word in _WORD.findall(key)]
    joined = "".join(words)
    if _PARTS.search(joined):
        return True
    is_of_text = len(words) > 1 and words[-2] in _TOKENS_OF_TEXT
    is_last = bool(words) and (words[-1] in _LAST_WORDS or joined.endswith("token"))
    return is_last and not is_of_text


def layer_names(tree: object = None) -> set[str]:
    """The names of the layers in a tree of them as a document has it, and of the default one."""
    names, waiting, seen = {DECORATOR}, [DEFAULT_FRAMEWORK, tree], set[int]()
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

    def hides(self, key: str, text: str | None, *, is_mapping: bool = False) -> bool:
        """Whether all that stands under a key of this mapping, such as a `text`, is secret.

        In a section that may be a class, and in a block a mapping belongs to an integration.
        """
        if not looks_secret(key):
            return False
        if self is Region.SECTION:
            return not is_mapping and not (text and _CLASS_LIKE.fullmatch(text))
        return self is not Region.BLOCK or not is_mapping


def secret_step(steps: Sequence[str], layers: set[str]) -> int | None:
    """The first of the keys that lead to a value under which all is secret, counted from 0."""
    region = Region.BLOCK
    for number, step in enumerate(steps):
        if region.hides(step, None, is_mapping=number < len(steps) - 1):
            return number
        region = region.below(step, layers)
    return None


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
        self._objects: dict[int, object] = {}
        self._within: dict[bool, tuple[re.Pattern[str], dict[str, str]]] = {}

    def add(self, value: object, shown: str = MASK, *, shortest: int = 1) -> None:
        """Take `value`, or all that is in a mapping or list, for a secret.

        Texts and numbers that are not as long as `shortest` are not looked for elsewhere.
        """
        for item in items_in(value):
            self._objects[id(item)] = item
            for text in _texts(item):
                if text not in self._shown and len(text) >= shortest:
                    self._shown[text] = shown
                    self._within.clear()

    def add_from(self, root: Mapping[str, Any], layers: set[str]) -> None:
        """Take all that stands below keys that look secret, in dicts and lists of a document."""
        waiting: list[tuple[Any, Region]] = [(root, Region.BLOCK)]
        seen: set[int] = set()
        while waiting:
            value, region = waiting.pop()
            if id(value) in seen:
                continue
            seen.add(id(value))
            if isinstance(value, list):
                waiting += [(item, Region.CONFIG) for item in value]
            for name, item in value.items() if isinstance(value, dict) else ():
                key = str(name)
                self._add_key(key)
                text = item if isinstance(item, str) else None
                if region.hides(key, text, is_mapping=isinstance(item, dict)):
                    # Where it stands its key hides it, and `pin: 8` makes no secret of each 8.
                    self.add(item, shortest=_SHORTEST)
                elif isinstance(item, dict | list):
                    waiting.append((item, region.below(key, layers)))
                for login in _LOGIN.findall(item) if text else ():
                    self.add(login)

    def _add_key(self, key: str) -> None:
        """Take what follows a colon for a secret: without a blank, `{password:x}` is a key."""
        name, colon, rest = key.partition(":")
        if colon and looks_secret(name):
            self.add(rest)

    def scrub(self, text: str, *, is_name: bool = False) -> str:
        """The text with each secret in it replaced.

        In what `is_name`, a key of the document, the environment has put nothing.
        """
        if not self._shown:
            return text
        pattern, forms = self._within.get(is_name) or self._prepare(is_name)
        whole = self._shown.get(text)
        if whole is not None and not (is_name and whole != MASK):
            return whole
        return pattern.sub(lambda match: forms[match[0]], text)

    def _prepare(self, is_name: bool) -> tuple[re.Pattern[str], dict[str, str]]:  # noqa: FBT001
        """What finds secrets within texts, the longest first, and what to show for each form."""
        forms = {
            form: shown
            for secret, shown in self._shown.items()
            if shown == MASK or not is_name
            for form in _forms(secret)
        }
        longest = sorted(forms, key=lambda form: (-len(form), form))
        parts = (
            rf"(?<!\w){form}(?!\w)" if self._is_word(form, forms[form]) else re.escape(form)
            for form in longest
        )
        found = self._within[is_name] = re.compile("|".join(parts) or r"(?!)"), forms
        return found

    @staticmethod
    def _is_word(form: str, shown: str) -> bool:
        """Whether this may be a part of other words: the environment holds common ones."""
        return shown != MASK and form.isascii() and form.isalpha() and len(form) <= _LONGEST_WORD

    def masked(self, value: Any, key: str = "") -> Any:
        """A copy of a config value that stands under `key`, with `***` for what is secret."""
        if value is None or isinstance(value, bool):
            return value
        if looks_secret(key):
            return MASK
        if isinstance(value, Mapping):
            return {self._masked_item(name): self.masked(value[name], str(name)) for name in value}
        if isinstance(value, list | tuple):
            return [self.masked(item) for item in value]
        return self._masked_item(value)

    def _masked_item(self, item: Any) -> Any:
        if isinstance(item, str):
            return self.scrub(item)
        if isinstance(item, int | float):
            return self._shown.get(as_text(item), item)
        return MASK if id(item) in self._objects else item


def items_in(value: object) -> Iterator[object]:
    """What is in a value at any depth, and is no mapping or list; keys as well."""
    waiting, seen = [value], set[int]()
    while waiting:
        item = waiting.pop()
        if not isinstance(item, Mapping | list | tuple):
            yield item
        elif id(item) not in seen:
            seen.add(id(item))
            waiting += (*item, *item.values()) if isinstance(item, Mapping) else item


def _texts(item: object) -> Iterator[str]:
    """What a value reads: a text and its lines, or a number as a text."""
    if isinstance(item, bytes):
        item = item.decode(errors="replace")
    if isinstance(item, str):
        yield from dict.fromkeys([item, *map(str.strip, item.splitlines())] if item else [])
    elif isinstance(item, int | float) and not isinstance(item, bool):
        yield as_text(item)


def _forms(secret: str) -> Iterator[str]:
    """How a secret may be written within a text; nothing for one that is too short to tell."""
    if len(secret) >= _SHORTEST:
        escaped = repr(secret)[1:-1]
        yield from (secret, escaped, json.dumps(secret)[1:-1], quote(secret, safe=""))
        # As it stands in the text of a text.
        yield repr(escaped)[1:-1]
        yield from (escaped.replace(mark, f"\\{mark}") for mark in "'\"")
