"""`lolpop-graph draw`: a picture of what would be built."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lolpop_graph.cli.arguments import confs_argument, workflow_options
from lolpop_graph.cli.common import planned, reports_faults
from lolpop_graph.cli.picture import Picture
from lolpop_graph.display import write_picture
from visualize import View, draw
from visualize.view import DIRECTIONS, LINKS, Direction, Links


@click.command("draw")
@confs_argument
@workflow_options
@click.option(
    "-o", "--output", type=Picture(allow_dash=True), default=Path("-"),
    help="The file to write, whose ending says the format; - for DOT on standard output.",
)  # fmt: skip
@click.option(
    "--links", type=click.Choice(LINKS), default=View.links,
    help="Draw links between groups (what pictures do), every link (what data does), or none.",
)  # fmt: skip
@click.option(
    "--direction", type=click.Choice(DIRECTIONS), default=View.direction, show_default=True,
    help="Let the tree grow from left to right or from top to bottom.",
)  # fmt: skip
@reports_faults
def command(
    confs: tuple[Path, ...],
    output: Path,
    links: Links | None,
    direction: Direction,
    **options: Any,
) -> None:
    """Draw a workflow as DOT, SVG, PNG or PDF, or write its graph as JSON or GraphML.

    Nothing is built or imported.
    """
    view = View(links=links, direction=direction)
    plan = planned(confs, options)
    if output.name == "-":
        click.echo(draw(plan.graph, "dot", view), nl=False)
    else:
        write_picture(plan.graph, output, view)
