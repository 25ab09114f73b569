"""One-letter typos at every kind of token of a workflow file: where they can be, and which."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
DEFAULT: dict[str, Any] = {"runner": {"component": None, "pipeline": {"component": None}}}
FLAGS = ("pass_integration_to_siblings", "update_peer_integrations")
STEPS = re.compile(r"\$\{([^{}]+)\}|^\$([^\s${}]+)$")
ROWS = ("`1234567890-=", " qwertyuiop[]", " asdfghjkl;'", " zxcvbnm,./")
WRITTEN = re.compile(r"[A-Za-z0-9_-]")


@dataclass(frozen=True)
class Case:
    """A workflow: its folder, and its files, the lowest layer first."""

    folder: str
    files: tuple[str, ...]


@dataclass(frozen=True)
class Site:
    """A token of a file: where it begins, what kind it is, and the `whole` that it is part of."""

    case: Case
    file: str
    start: int
    text: str
    kind: str
    whole: str

    @property
    def case_counts(self) -> bool:
        """Whether another case is another token."""
        return self.kind not in {"a config key", "a flag", "a setting"}

    def with_typo(self, typo: str) -> str:
        """The text of the file with another text in the place of the token."""
        content = (ROOT / self.case.folder / self.file).read_text(encoding="utf-8")
        return content[: self.start] + typo + content[self.start + len(self.text) :]


def sites(case: Case) -> list[Site]:
    """Every token of a case that a typo can be found in, in the order of the files."""
    found: list[Site] = []
    merged: dict[str, Any] = {}
    for file in case.files:
        content = (ROOT / case.folder / file).read_text(encoding="utf-8")
        merged = _merged(merged, yaml.load(content, yaml.BaseLoader))
        framework = merged.get("integration_framework", DEFAULT)
        found += _Walk(case, file, content, framework).root(merged)
    return [site for site in found if len(site.text) > 1]


def _merged(lower: dict[str, Any], upper: dict[str, Any]) -> dict[str, Any]:
    both = {
        key: _merged(lower[key], value)
        for key, value in upper.items()
        if isinstance(value, dict) and isinstance(lower.get(key), dict)
    }
    return {**lower, **upper, **both}


class _Walk:
    """One walk over a file, which knows what its keys stand for."""

    def __init__(self, case: Case, file: str, content: str, framework: Any) -> None:
        self.case, self.file, self.content, self.framework = case, file, content, framework

    def root(self, merged: Mapping[str, Any]) -> Iterator[Site]:
        """The tokens of the document, of which `merged` is all that is known so far."""
        (layer,) = self.framework
        node = yaml.compose(self.content, yaml.SafeLoader)
        for key, value in node.value:
            if key.value == "integration_framework":
                yield self.site(key, "the word integration_framework")
                yield from self.layers(value)
            elif key.value == layer:
                yield self.site(key, "the root's layer")
                yield from self.class_name(value, "the root's class")
        yield from self.block(node, merged, self.framework[layer] or {}, layer)

    def layers(self, node: yaml.Node) -> Iterator[Site]:
        """The layers of a framework."""
        for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
            yield self.site(key, "a layer of the framework")
            yield from self.layers(value)

    def block(self, node: Any, plain: Any, layers: Any, root: str = "") -> Iterator[Site]:
        """What stands in an integration's block."""
        for key, value in node.value:
            if key.value in layers:
                yield self.site(key, "a section")
                yield from self.section(value, plain)
            elif key.value == "config":
                yield self.site(key, "the word config of a block")
                yield from self.config(value)
            elif key.value not in {root, "integration_framework"} or not root:
                yield self.site(key, "a block")
                below = next(
                    (layers[name] for name in layers if key.value in plain.get(name, ())), None
                )
                yield from self.block(value, plain[key.value], below or {})

    def section(self, node: Any, plain: Any) -> Iterator[Site]:
        """The names, classes and settings of a section."""
        for key, value in node.value:
            if key.value == "config":
                yield self.site(key, "the word config of a layer")
                yield from self.config(value)
            else:
                has_block = key.value in plain
                yield self.site(key, "a name with a block" if has_block else "a name required")
                yield from self.class_name(value, "a bare class")

    def class_name(self, node: yaml.Node, kind: str) -> Iterator[Site]:
        """The parts of a class's name."""
        start, text = node.start_mark.index, node.value
        if text.startswith("$"):
            yield from self.references(node)
            return
        cut = max(text.rfind(":"), text.rfind(".")) + 1
        if cut:
            for part in re.finditer(r"\w+", text[: cut - 1]):
                yield self.part(start + part.start(), part[0], "a module of a class", text)
            kind = "a class in full"
        yield self.part(start + cut, text[cut:], kind, text)

    def config(self, node: Any) -> Iterator[Site]:
        """The keys of a config, and what its values name."""
        for key, value in node.value:
            name = key.value
            if name in FLAGS:
                yield self.site(key, "a flag")
                yield self.site(value, "the value of a flag")
            elif name in {"plugin_paths", "search_paths", "problem_type"}:
                yield self.site(key, "a setting")
            else:
                yield self.site(key, "a config key")
            if name in {"plugin_paths", "search_paths"}:
                for item in value.value:
                    for part in re.finditer(r"\w+", item.value):
                        where = item.start_mark.index + part.start()
                        yield self.part(where, part[0], f"a part of {name}", item.value)
            elif isinstance(value, yaml.ScalarNode):
                yield from self.references(value)

    def references(self, node: yaml.Node) -> Iterator[Site]:
        """The steps of the references in a text."""
        for match in STEPS.finditer(node.value):
            number = 1 if match[1] else 2
            start = node.start_mark.index + match.start(number)
            if match[number].startswith("env:"):
                yield self.part(start, "env", "the word env", "env")
                name, comma, _ = match[number][4:].partition(",")
                if not comma:
                    yield self.part(start + 4, name, "an environment variable", name)
                continue
            for step in re.finditer(r"[^.]+", match[number]):
                yield self.part(start + step.start(), step[0], "a step of a reference", step[0])

    def site(self, node: yaml.Node, kind: str) -> Site:
        """A key or value as it is written."""
        return self.part(node.start_mark.index, node.value, kind, node.value)

    def part(self, start: int, text: str, kind: str, whole: str) -> Site:
        """A part of a text."""
        assert self.content[start : start + len(text)] == text
        return Site(self.case, self.file, start, text, kind, whole)


def typo_in(text: str, dice: Random, *, case_counts: bool = True) -> str:
    """A text with one letter wrong, missing, doubled, in the wrong case or place, or added."""
    ways = [_substituted, _deleted, _inserted, _transposed]
    if case_counts:
        ways.append(_in_other_case)
    while True:
        typo = dice.choice(ways)(text, dice.randrange(len(text)), dice)
        if typo not in {text, ""} and typo[0].isalnum():
            return typo


def _substituted(text: str, at: int, dice: Random) -> str:
    return text[:at] + _neighbour(text[at], dice) + text[at + 1 :]


def _deleted(text: str, at: int, dice: Random) -> str:
    return text[:at] + text[at + 1 :]


def _inserted(text: str, at: int, dice: Random) -> str:
    letter = dice.choice([text[at], _neighbour(text[at], dice)])
    return text[: at + 1] + letter + text[at + 1 :]


def _transposed(text: str, at: int, dice: Random) -> str:
    return text[:at] + text[at : at + 2][::-1] + text[at + 2 :]


def _in_other_case(text: str, at: int, dice: Random) -> str:
    return text[:at] + text[at].swapcase() + text[at + 1 :]


def _neighbour(letter: str, dice: Random) -> str:
    """A letter, digit, dash or underscore that lies beside this one on a US keyboard."""
    plain = {"_": "-"}.get(letter, letter.lower())
    near = [
        key
        for row, keys in enumerate(ROWS)
        for column, key in enumerate(keys)
        if WRITTEN.fullmatch(key) and _distance(plain, row, column) == 1
    ]
    near = near or list("etaoinsr")
    chosen = dice.choice(near)
    return {"-": "_"}.get(chosen, chosen).upper() if letter.isupper() else chosen


def _distance(letter: str, row: int, column: int) -> int:
    for its_row, keys in enumerate(ROWS):
        if letter in keys:
            return max(abs(its_row - row), abs(keys.index(letter) - column))
    return 9
