"""`lolpop-graph draw`: a picture of what would be built."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lolpop_graph.cli.arguments import confs_argument, workflow_options
from lolpop_graph.cli.common import planned, reports_faults
from lolpop_graph.cli.picture import LinkChoice, Picture, write_picture
from visualize import draw


@click.command("draw")
@confs_argument
@workflow_options
@click.option(
    "-o", "--output", type=Picture(allow_dash=True), default=Path("-"),
    help="The file to write, whose ending says the format; - for DOT on standard output.",
)  # fmt: skip
@click.option(
    "--links", type=click.Choice(["groups", "all", "none"]), default="groups", show_default=True,
    help="Draw links between groups, every link, or none.",
)  # fmt: skip
@reports_faults
def command(confs: tuple[Path, ...], output: Path, links: LinkChoice, **options: Any) -> None:
    """Draw a workflow as DOT, SVG, PNG or PDF; build and import nothing."""
    plan = planned(confs, options)
    if output.name == "-":
        click.echo(draw(plan.graph, "dot", links=links), nl=False)
    else:
        write_picture(plan.graph, output, links)
