"""`lolpop-graph diff`: what is different between two workflows, in meaning and not in text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lolpop_graph.cli import diff_text
from lolpop_graph.cli.arguments import sources_and_options, workflow_options
from lolpop_graph.cli.common import reports_faults, show_error
from lolpop_graph.cli.picture import PictureFile
from lolpop_graph.cli.reports import chosen_format, json_option, print_json, write_lines
from lolpop_graph.errors import Fault, WorkflowError

if TYPE_CHECKING:
    from lolpop_graph.document import Conf
    from lolpop_graph.questions.diff.answer import Difference
    from lolpop_graph.workflow import Plan

_TROUBLE = 2
_SIDES = 2
_MOST_NODES = 60


@click.command("diff")
@click.argument("sides", nargs=-1, required=True, metavar="OLD [NEW]")
@workflow_options
@click.option("--git", "revision", metavar="REV", help="Compare with the files in this revision.")
@click.option("--values", "with_values", is_flag=True, help="Show values of configs, but secrets.")
@click.option("--links", "with_links", is_flag=True, help="Tell each link that is gained or lost.")
@click.option(
    "--format", "format_name", type=click.Choice(["text", "markdown", "json"]),
    help="text for people (the default), markdown for a pull request, json for programs.",
)  # fmt: skip
@json_option
@click.option("-o", "--output", type=PictureFile(), help="Draw both in one picture as well.")
@reports_faults
def command(
    sides: tuple[str, ...],
    format_name: str | None,
    as_json: bool,
    output: Path | None,
    **options: Any,
) -> None:
    """Tell what is different between two workflows, in meaning; build and import nothing.

    OLD and NEW are files each, or some layered one over the other: base.yaml+prod.yaml. The
    options of a workflow hold for both. One side alone is compared with itself without its
    --overlay and --set, or with --git as it was in a revision.

    Exit code 0: no difference; 1: there is one; 2: a workflow or the call is at fault.
    """
    form = chosen_format(format_name, as_json=as_json)
    how_much = {name: options.pop(name) for name in ("with_values", "with_links")}
    revision = options.pop("revision")
    try:
        old, new = _plans([_files(side) for side in sides], revision, options)
        difference = old.diff(new)
        if output:
            _draw(difference, output)
    except WorkflowError as error:
        show_error(error, as_json=form == "json")
        raise click.exceptions.Exit(_TROUBLE) from None
    told = diff_text.Told(difference, **how_much)
    if form == "json":
        print_json(told.as_dict())
    elif form == "markdown":
        click.echo("\n".join(diff_text.markdown(told)))
    else:
        write_lines(diff_text.lines(told), err=False)
    raise click.exceptions.Exit(int(bool(difference)))


def _files(side: str) -> list[Path]:
    """The files of a side; a plus stands between two, unless a file is called so."""
    if side and ("+" not in side or Path(side).exists()):
        return [Path(side)]
    names = side.split("+")
    if not all(names):
        message = f"the name of a file is missing in {side!r}"
        raise click.UsageError(message)
    return [Path(name) for name in names]


def _plans(
    sides: Sequence[Sequence[Path]], revision: str | None, options: dict[str, Any]
) -> tuple[Plan, Plan]:
    """The plans of both sides; WorkflowError with the faults of both."""
    if len(sides) > _SIDES:
        raise click.UsageError(
            "two workflows are compared: layers of one stand together, a.yaml+b.yaml"
        )
    if revision is not None and len(sides) == _SIDES:
        raise click.UsageError("--git compares one workflow with what it was")
    files, keywords = sources_and_options(sides[-1], options)
    if revision is not None:
        from lolpop_graph.cli.revision import in_revision  # noqa: PLC0415 - starts processes

        return _both((in_revision(revision, files), keywords), (files, keywords))
    if len(sides) == _SIDES:
        try:
            return _both(sources_and_options(sides[0], options), (files, keywords))
        except WorkflowError as error:
            if note := _about_an_overlay(sides[0], sides[1], options):
                error.add_note(note)
            raise
    if not options["overlays"] and not options["overrides"]:
        raise click.UsageError(
            "one workflow is compared with nothing: name another, or give --overlay, --set or --git"
        )
    return _both((list(sides[0]), {**keywords, "overrides": {}}), (files, keywords))


def _about_an_overlay(old: Sequence[Path], new: Sequence[Path], options: dict[str, Any]) -> str:
    """What to say where the new side is at fault alone, and laid over the old one is not."""
    try:
        _both(sources_and_options(old, options), sources_and_options([*old, *new], options))
    except WorkflowError:
        return ""
    both, part = ("+".join(map(str, files)) for files in ([*old, *new], new))
    return f"if {part} is an overlay, compare with {both}"


def _both(*sides: tuple[Sequence[Conf], dict[str, Any]]) -> tuple[Plan, Plan]:
    from lolpop_graph.workflow import plan  # noqa: PLC0415 - help needs none of it

    plans: list[Plan] = []
    faults: list[Fault] = []
    for sources, keywords in sides:
        try:
            plans.append(plan(*sources, **keywords))
        except WorkflowError as error:
            faults += error.faults
    if faults:
        raise WorkflowError(faults)
    return plans[0], plans[1]


def _draw(difference: Difference, output: Path) -> None:
    """Draw both workflows in one picture; of large ones what has changed and what is above."""
    from lolpop_graph.cli.picture import write_picture  # noqa: PLC0415 - few ask for it
    from visualize import View  # noqa: PLC0415

    graph = difference.graph()
    changed = [path for path, change in graph.nodes(data="change") if change]
    is_large = len(graph) > _MOST_NODES and changed
    write_picture(graph, output, View(only=changed if is_large else None))
