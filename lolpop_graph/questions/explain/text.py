"""An explanation as lines of text: a table of candidates, and below it where nothing is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from lolpop_graph.cells import Span, aligned
from lolpop_graph.questions.explain.answer import Candidate, Explanation, Vacancy
from lolpop_graph.scalars import read_plain
from lolpop_graph.text import counted, shortened

_NOT_PLAIN = ("[", "{", '"', "'")
"""What YAML would read as the beginning of something else than a plain text."""
_LONGEST_VALUE, _LONGEST_CELL = 48, 160
_MOST_STEPS = 8
_WORDS = {
    "own": "own config",
    "layer": "config of layer {}",
    "inherited": "config of {}",
    "class": "default of {}",
    "environment": "environment",
}
_WINS, _HIDDEN, _LOWER, _MERGED = "=>", "hidden", "replaced", "merged"
_STYLES = {_WINS: "bold green", _HIDDEN: "dim", _LOWER: "dim", _MERGED: ""}

Row = Sequence[Span]
"""Cells of a table."""


def lines(answer: Explanation) -> Iterator[Sequence[Span]]:
    """An answer about one key, as lines."""
    yield _title(answer)
    rows = [row for each in answer.candidates for row in _rows(each, answer)]
    if rows:
        yield []
        yield from _table(rows)
    yield []
    yield [("not set in" if rows else "looked in", "bold")]
    yield from _table([[("", ""), *_vacant(each)] for each in answer.empty])
    yield from _remarks(answer)


def _title(answer: Explanation) -> list[Span]:
    name = _name(answer)
    key = shortened(answer.winner.key if answer.winner else answer.key, _LONGEST_CELL)
    if answer.winner:
        return [(key, "bold"), (f" of {name} is ", ""), (_text(answer.value), "bold")]
    required = ", and its class requires it" if answer.required else ""
    close = f": did you mean `{answer.close}`?" if answer.close else ""
    style = "bold red" if answer.required else "bold yellow"
    return [
        (key, "bold"),
        (f" of {name}: ", ""),
        (f"nothing sets it{required}{close}", style),
    ]


def _name(answer: Explanation) -> str:
    """The integration, and its class where one is named."""
    named = f" ({answer.class_name})" if answer.class_name else ""
    return shortened(f"{answer.path}{named}", _LONGEST_CELL)


def _rows(candidate: Candidate, answer: Explanation) -> Iterator[Row]:
    """A candidate, the steps to its value, and the layers that it is made of or replaces."""
    sign = _WINS if candidate.wins else _HIDDEN
    style = "" if candidate.wins else "dim"
    place = str(candidate.place or candidate.setting)
    won = answer.winner or candidate
    is_alike = candidate.kind == "environment" or candidate.key == won.key
    spelt = "" if is_alike else f" as {candidate.key}"
    row = (sign, _text(candidate.value), f"{_where(candidate)}{spelt}", place)
    yield [(text, style if number else _STYLES[sign]) for number, text in enumerate(row)]
    above = ""
    for step in candidate.references[:_MOST_STEPS]:
        written = "" if step.at == above else f"  written {step.written}"
        above, to = step.at, f"from {step.to}: {_text(step.value)}"
        yield [(text, "cyan") for text in ("", written, to, str(step.place or ""))]
    if len(candidate.references) > _MOST_STEPS:
        yield [
            ("", ""),
            (f"  and {len(candidate.references) - _MOST_STEPS} more references", "cyan"),
        ]
    is_merged = any(layer.counts for layer in candidate.layers[1:])
    for layer in candidate.layers[not is_merged :]:
        sign = _MERGED if layer.counts else _LOWER
        row = (sign, _text(layer.value), "", str(layer.place))
        yield [(text, _STYLES[sign]) for text in row]


def _where(place: Candidate | Vacancy) -> str:
    return _WORDS[place.kind].format(place.where)


def _vacant(place: Vacancy) -> Row:
    return [(_where(place), "dim"), (place.setting, "")]


def _remarks(answer: Explanation) -> Iterator[Sequence[Span]]:
    for remark in (*answer.notes, *filter(None, [answer.unknown])):
        yield []
        yield [("note: ", "bold cyan"), (remark, "")]


def key_lines(found: Sequence[Explanation], any_key: Explanation) -> Iterator[Sequence[Span]]:
    """A line for each key that an integration reaches, with the value that counts."""
    keys = counted(len(found), "key") if found else "no key"
    yield [(_name(any_key), "bold"), (f" reaches {keys}", "")]
    if found:
        yield []
        has_types = any(each.type for each in found)
        yield from _table([_key_row(each, has_type=has_types) for each in found])
    yield from _remarks(any_key)


def _key_row(answer: Explanation, *, has_type: bool) -> Row:
    """A key with its type, if any key has one, its value, and where that is from."""
    won = answer.winner
    kind = [(answer.type, "cyan")] if has_type else []
    if won is None:
        missing = (("missing", "bold red"), ("its class requires it", "red"))
        return [(answer.key, "bold"), *kind, *missing]
    place = str(won.place or won.setting)
    return [(won.key, "bold"), *kind, (_text(won.value), ""), (_where(won), "dim"), (place, "")]


def _table(rows: Sequence[Row]) -> Iterator[list[Span]]:
    yield from aligned(
        [(shortened(text, _LONGEST_CELL), style) for text, style in row] for row in rows
    )


def _text(value: Any) -> str:
    """A value as YAML may have it, on one line; of a long one the beginning."""
    is_plain = isinstance(value, str) and value.isprintable() and value == read_plain(value)
    if is_plain and not value.startswith(_NOT_PLAIN):
        return shortened(value, _LONGEST_VALUE) if value.strip() == value else json.dumps(value)
    return shortened(json.dumps(value, ensure_ascii=False, default=str), _LONGEST_VALUE)
