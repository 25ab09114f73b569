"""`lolpop-graph explain`: where the value of a config key comes from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lolpop_graph.cli.arguments import workflow_options
from lolpop_graph.cli.common import planned, reports_faults
from lolpop_graph.cli.reports import Span, print_json, write_lines
from lolpop_graph.scalars import read_plain
from lolpop_graph.text import shortened

if TYPE_CHECKING:
    from lolpop_graph.questions.explain_answer import Candidate, Explanation, Vacancy

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

Row = Sequence[tuple[str, str]]
"""Cells of a table, each a text and its style."""


@click.command("explain")
@click.argument("conf", type=click.Path(path_type=Path))
@click.argument("path")
@click.argument("key", required=False)
@workflow_options
@click.option(
    "--classes/--no-classes", "classes", default=True,
    help="Find the classes for their defaults, which imports their modules; or do without.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Write the answer as JSON.")
@reports_faults
def command(
    conf: Path, path: str, key: str | None, classes: bool, as_json: bool, **options: Any
) -> None:
    """Show every value that KEY could have for the integration at PATH, and the one that counts.

    They stand in look-up order; what is above hides what is below. Without a KEY, every key
    that the integration reaches is listed with its value. Secrets are shown as ***.
    """
    plan = planned((conf,), options)
    if key is None:
        found = plan.explain_keys(path, classes=classes)
        if as_json:
            print_json({"path": path, "keys": [each.as_dict() for each in found]})
        else:
            write_lines(_list(found, plan.explain(path, "", classes=classes)), err=False)
        return
    answer = plan.explain(path, key, classes=classes)
    if as_json:
        print_json(answer.as_dict())
    else:
        write_lines(_lines(answer), err=False)


def _lines(answer: Explanation) -> Iterator[Sequence[Span]]:
    """An answer about one key, as lines."""
    yield _title(answer)
    rows = [row for each in answer.candidates for row in _rows(each)]
    if rows:
        yield []
        yield from _table(rows)
    yield []
    yield [("not set in" if rows else "looked in", "bold")]
    yield from _table([[("", ""), *_vacant(each)] for each in answer.empty])
    yield from _remarks(answer)


def _title(answer: Explanation) -> list[Span]:
    name = _name(answer)
    key = shortened(answer.key, _LONGEST_CELL)
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


def _rows(candidate: Candidate) -> Iterator[Row]:
    """A candidate, the steps to its value, and the layers that it is made of or replaces."""
    sign = _WINS if candidate.wins else _HIDDEN
    style = "" if candidate.wins else "dim"
    place = str(candidate.place or candidate.setting)
    row = (sign, _text(candidate.value), _where(candidate), place)
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


def _list(found: Sequence[Explanation], any_key: Explanation) -> Iterator[Sequence[Span]]:
    """A line for each key that an integration reaches, with the value that counts."""
    keys = f"{len(found)} key{'s' * (len(found) != 1)}" if found else "no key"
    yield [(_name(any_key), "bold"), (f" reaches {keys}", "")]
    if found:
        yield []
        yield from _table([_key_row(each) for each in found])
    yield from _remarks(any_key)


def _key_row(answer: Explanation) -> Row:
    won = answer.winner
    if won is None:
        return [(answer.key, "bold"), ("missing", "bold red"), ("its class requires it", "red")]
    place = str(won.place or won.setting)
    return [(won.key, "bold"), (_text(won.value), ""), (_where(won), "dim"), (place, "")]


def _table(rows: Sequence[Row]) -> Iterator[list[Span]]:
    """Rows in columns, as wide as what is widest in each."""
    rows = [[(shortened(text, _LONGEST_CELL), style) for text, style in row] for row in rows]
    columns = max(map(len, rows), default=0)
    width = [
        max((len(row[n][0]) for row in rows if len(row) > n + 1), default=0) for n in range(columns)
    ]
    for row in (_without_end(row) for row in rows):
        cells = [(f"{text:<{width[n]}}  ", style) for n, (text, style) in enumerate(row[:-1])]
        yield [*cells, row[-1]]


def _without_end(row: Row) -> Row:
    """A row without empty cells at its end, since no line ends in blanks."""
    return row if len(row) == 1 or row[-1][0] else _without_end(row[:-1])


def _text(value: Any) -> str:
    """A value as YAML may have it, on one line; of a long one the beginning."""
    if isinstance(value, str) and value.isprintable() and value == read_plain(value):
        return shortened(value, _LONGEST_VALUE) if value.strip() == value else json.dumps(value)
    return shortened(json.dumps(value, ensure_ascii=False, default=str), _LONGEST_VALUE)
