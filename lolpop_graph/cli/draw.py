"""`lolpop-graph draw`: a picture of what would be built."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lolpop_graph.cli.arguments import confs_argument, workflow_options
from lolpop_graph.cli.common import planned, reports_faults, say_if_empty
from lolpop_graph.cli.picture import PictureFile, say_what_is_folded, write_picture
from lolpop_graph.cli.viewing import VIEW_FIELDS, taken_view, view_options
from lolpop_graph.display import drawn
from visualize import FORMATS
from visualize.formats import DATA, OF_DATA


@click.command("draw")
@confs_argument
@workflow_options
@click.option(
    "-o", "--output", type=PictureFile(allow_dash=True), default=Path("-"),
    help="The file to write, whose ending says the format; - for standard output.",
)  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(list(FORMATS)), default="dot", show_default=True,
    help="The format of standard output.",
)  # fmt: skip
@view_options
@reports_faults
def command(confs: tuple[Path, ...], output: Path, form: str, **options: Any) -> None:
    """Draw a workflow, or write its graph as JSON or GraphML; build and import nothing.

    The file's ending says what: .dot, .svg, .png and .pdf, .html for a page to explore, .mmd for
    Mermaid and .md for Mermaid within Markdown, .json and .graphml for the graph.
    """
    view_of_plan = taken_view(options)
    if output.name != "-":
        if _is_given("form"):
            message = f"the ending of {output.name!r} says the format; --format is for -o -"
            raise click.BadOptionUsage("--format", message)
        form = output.suffix.lower().removeprefix(".")
    _refuse_for_data(form)
    plan = planned(confs, options)
    view = view_of_plan(plan)
    say_if_empty(view.only)
    if output.name != "-":
        write_picture(plan.graph, output, view)
        return
    click.echo(drawn(plan.graph, form, view, "-"), nl=False)
    say_what_is_folded(plan.graph, form, view)


def _refuse_for_data(form: str) -> None:
    """Refuse options that mean something to pictures alone where data is written."""
    for name in VIEW_FIELDS:
        if form in DATA and name not in OF_DATA and _is_given(name):
            option = f"--{name}"
            message = f"{option} is for pictures, and {form} is data"
            raise click.BadOptionUsage(option, message)


def _is_given(name: str) -> bool:
    source = click.get_current_context().get_parameter_source(name)
    return source is click.core.ParameterSource.COMMANDLINE
