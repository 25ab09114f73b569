"""`lolpop-graph why`: why an integration has another one, or why it does not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lolpop_graph.cells import Span
from lolpop_graph.cli.arguments import workflow_options
from lolpop_graph.cli.common import planned, reports_faults
from lolpop_graph.cli.reports import print_json, write_lines
from lolpop_graph.text import caret

if TYPE_CHECKING:
    from lolpop_graph.questions.why import Why


@click.command("why")
@click.argument("conf", type=click.Path(path_type=Path))
@click.argument("path")
@click.argument("name")
@workflow_options
@click.option("--json", "as_json", is_flag=True, help="Write the answer as JSON.")
@reports_faults
def command(conf: Path, path: str, name: str, as_json: bool, **options: Any) -> None:
    """Say why the integration at PATH has NAME as an attribute, or why it does not.

    NAME is a name (metadata_tracker) or a path (runner.metadata_tracker). The answer has the rule,
    the lines of the workflow that make it so, and the setting that would change it.
    """
    answer = planned((conf,), options).why(path, name)
    if as_json:
        print_json(answer.as_dict())
    else:
        write_lines(_told(answer), err=False)


def _told(answer: Why) -> Iterator[list[Span]]:
    yield [(answer.headline, "bold")]
    yield [(f"  {_capital(answer.sentence)}.", "")]
    yield []
    for line in answer.lines:
        yield [(f"  {line.place}", "bold"), (f": {line.what}", "")]
        yield from ([(f"      {text}", "dim")] for text in caret(line.place))
    yield from _advice(answer)
    for other in answer.others:
        yield []
        yield [(other.headline, "bold")]
        yield [(f"  {_capital(other.sentence)}.", "")]
        yield from _advice(other)
    if answer.more:
        yield []
        yield [(f"and {answer.more:,} more of this name, which it does not have", "dim")]


def _advice(answer: Why) -> Iterator[list[Span]]:
    if answer.change:
        yield [(f"  {_capital(answer.change)}.", "green")]
    if not answer.is_held and answer.rule != "itself":
        yield [(f"  In its code, `{answer.route}` is what leads there.", "green")]
    if answer.reverse:
        yield [(f"  {_capital(answer.reverse)}.", "")]


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
