"""A difference in words: lines for a terminal, and Markdown for a pull request."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from lolpop_graph.cells import Span
from lolpop_graph.model import Place
from lolpop_graph.questions.diff.answer import UNSET, Difference, Edited, Gone, Key, Pair, Section
from lolpop_graph.text import counted, printable, shortened

_SIGNS: Final = {"added": "+", "removed": "-", "changed": "~"}
_COLOURS: Final = {"+": "green", "-": "red", "~": "yellow"}
_LONGEST: Final = 200
_TICKS: Final = re.compile("`+")


@dataclass(frozen=True, slots=True)
class Told:
    """A difference, and how much of it is told."""

    difference: Difference
    with_values: bool = False
    with_links: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The same for programs."""
        told = self.difference.as_dict(values=self.with_values)
        if self.with_links:
            names = ("change", "source", "target", "kind")
            links = self.difference.single_links()
            told["single_links"] = [dict(zip(names, link, strict=True)) for link in links]
        return told


@dataclass(frozen=True, slots=True)
class Line:
    """One change: its sign, what has changed, what of it, and where; below it, its parts.

    In `what` and `where` stand names, which may be any text; `words` are ours.
    """

    sign: str
    what: str
    words: tuple[tuple[str, bool], ...] = ()
    where: str = ""
    below: tuple[Line, ...] = ()


def sections(told: Told) -> Iterator[tuple[str, list[Line]]]:
    """The changes in order, below headings."""
    found = told.difference
    yield "Framework", [*_layers(found)]
    yield "Integrations", [*_integrations(told)]
    yield "Configs of layers", [_section(each, told) for each in found.sections]
    yield "Order", [*_order(found)]
    yield "Links", [*_links(told)]


# What is told ---------------------------------------------------------------------------------


def _layers(found: Difference) -> Iterator[Line]:
    yield from (Line("+", path, (("layer", False),)) for path in found.layers.added)
    yield from (Line("-", path, (("layer", False),)) for path in found.layers.removed)
    words = (("the layers below it stand in another order", False),)
    yield from (Line("~", path, words) for path in found.layers.reordered)


def _integrations(told: Told) -> Iterator[Line]:
    found = told.difference
    yield from (_gone("+", each) for each in _outermost(found.added))
    yield from (_gone("-", each) for each in _outermost(found.removed))
    for each in found.moved:
        words = (("moved from", False), (each.old, True))
        yield Line("~", each.new, words, _places(each.old_place, each.new_place))
    yield from (_edited(each, told) for each in found.changed)


def _outermost(gone: Iterable[Gone]) -> Iterator[Gone]:
    """Those that are not below another one, which tells how many are."""
    last = ""
    for each in gone:
        if not (last and each.path.startswith(f"{last}.")):
            last = each.path
            yield each


def _gone(sign: str, each: Gone) -> Line:
    more = f"and {each.below:,} below it" if each.below else ""
    words = ((each.layer, True), (each.class_name or "the base class", True), (more, False))
    return Line(sign, each.path, words, str(each.place))


def _edited(each: Edited, told: Told) -> Line:
    pairs = {"name": each.name, "layer": each.layer, "class": each.class_name}
    below = [_pair(what, pair) for what, pair in pairs.items() if pair]
    keys = [_key(key, told) for key in each.keys]
    runs = [_key(key, told, " of the block") for key in each.runs]
    return Line("~", each.path, (), "", (*below, *keys, *runs))


def _pair(what: str, pair: Pair) -> Line:
    old, new = pair.old or "the base class", pair.new or "the base class"
    words = ((old, True), ("→", False), (new, True))
    return Line("~", what, words, _places(pair.old_place, pair.new_place))


def _section(each: Section, told: Told) -> Line:
    flags = [
        Line(
            "~",
            flag.flag,
            ((str(flag.holds).lower() + " now", False),),
            _places(flag.old_place, flag.new_place),
        )
        for flag in each.flags
    ]
    return Line("~", each.group, (), "", (*flags, *(_key(key, told) for key in each.keys)))


def _key(key: Key, told: Told, of: str = "") -> Line:
    words: tuple[tuple[str, bool], ...] = ()
    if told.with_values:
        sides = [_value(value) for value in (key.old, key.new) if value is not UNSET]
        words = ((sides[0], True), *((("→", False), (sides[1], True)) if len(sides) > 1 else ()))
    return Line(_SIGNS[key.change], f"{key.key}{of}", words, _places(key.old_place, key.new_place))


def _value(value: Any) -> str:
    return shortened(json.dumps(value, ensure_ascii=False, default=str), _LONGEST)


def _order(found: Difference) -> Iterator[Line]:
    for each in found.order:
        words = [("after", False), (each.after, True)] if each.after else [("first", False)]
        yield Line("~", each.path, tuple(words), _places(each.old_place, each.new_place))


def _links(told: Told) -> Iterator[Line]:
    if told.with_links:
        for change, source, to, kind in told.difference.single_links():
            yield Line(_SIGNS[change], source, (("→", False), (to, True), (f"({kind})", False)))
        return
    for link in told.difference.links:
        target = (("→", False), (link.target, True))
        for sign, count in (("+", link.gained), ("-", link.lost)):
            if count:
                many = f"({counted(count, f'{link.kind} link')})"
                yield Line(sign, link.source, (*target, (many, False)))


def _places(old: Place | None, new: Place | None) -> str:
    if old is None or new is None or str(old) == str(new):
        return str(new or old)
    return f"{new}, was {old}"


# For a terminal -------------------------------------------------------------------------------


def lines(told: Told) -> Iterator[list[Span]]:
    """The difference for people, in spans."""
    found = told.difference
    yield [(f"{found.old} → {found.new}: ", ""), (found.summary, "bold")]
    for heading, changes in sections(told):
        if changes:
            yield []
            yield [(heading, "bold")]
            for each in changes:
                yield from _spans(each, "  ")


def _spans(line: Line, indent: str) -> Iterator[list[Span]]:
    words = " ".join(text for text, _ in line.words if text)
    where = f"  ({line.where})" if line.where else ""
    gap = " " if words.startswith("→") else "  "
    yield [
        (f"{indent}{line.sign} {shortened(line.what, _LONGEST)}", _COLOURS[line.sign]),
        (f"{gap}{words}" if words else "", ""),
        (where, "dim"),
    ]
    for each in line.below:
        yield from _spans(each, f"{indent}    ")


# For a pull request ---------------------------------------------------------------------------


def markdown(told: Told) -> Iterator[str]:
    """The difference as Markdown, in which every name is code."""
    found = told.difference
    yield f"### {code(found.old)} → {code(found.new)}"
    yield ""
    yield f"**{found.summary}**"
    for heading, changes in sections(told):
        if not changes:
            continue
        rows = [row for each in changes for row in _rows(each, "")]
        yield ""
        if len(rows) > _LONGEST:
            yield f"<details><summary>{heading} ({len(rows):,} lines)</summary>"
        else:
            yield f"**{heading}**"
        yield ""
        yield from rows
        if len(rows) > _LONGEST:
            yield ""
            yield "</details>"


def _rows(line: Line, indent: str) -> Iterator[str]:
    words = [code(text) if is_name else text for text, is_name in line.words if text]
    where = [f"({code(line.where)})"] if line.where else []
    yield f"{indent}- {' '.join([code(f'{line.sign} {line.what}'), *words, *where])}"
    for each in line.below:
        yield from _rows(each, f"{indent}  ")


def code(text: str) -> str:
    """A text as code of Markdown, whatever is in it: one line, between enough backticks."""
    shown = printable(shortened(text, _LONGEST)) or " "
    most = max((len(found) for found in _TICKS.findall(shown)), default=0)
    ticks = "`" * (most + 1)
    blank = " " if most else ""
    return f"{ticks}{blank}{shown}{blank}{ticks}"
