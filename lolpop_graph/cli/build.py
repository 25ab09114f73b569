"""`lolpop-graph build`: build, print what was built, close."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lolpop_graph.cli import tree
from lolpop_graph.cli.arguments import confs_argument, workflow_options
from lolpop_graph.cli.common import (
    build_progress,
    held_until_closed,
    parallel_option,
    planned,
    reports_faults,
)
from lolpop_graph.cli.picture import PictureFile, write_picture
from lolpop_graph.cli.reports import print_json, write_lines
from visualize import View

if TYPE_CHECKING:
    from lolpop_graph.model import Integration


@click.command("build")
@confs_argument
@workflow_options
@click.option(
    "-o", "--output", type=PictureFile(), help="Draw the workflow into this file as well."
)
@click.option("--json", "as_json", is_flag=True, help="Write what was built as JSON.")
@parallel_option
@reports_faults
def command(
    confs: tuple[Path, ...],
    output: Path | None,
    as_json: bool,
    parallel: int,
    **options: Any,
) -> None:
    """Build a workflow, print what was built as a tree, and close it."""
    plan = planned(confs, options)
    with (
        held_until_closed() as held,
        build_progress() as progress,
        plan.build(progress=progress, parallel=parallel) as workflow,
        held.released(),
    ):

        def built_class(integration: Integration) -> str:
            return plan.without_secrets(type(workflow[integration.path]).__name__)

        if not as_json:
            shown = tree.page(plan.integrations)
            write_lines(tree.tree_lines(plan.integrations[0], built_class, shown), err=False)
        if output is not None:
            write_picture(workflow.graph, output, View())
    if as_json:
        # Closing may raise, and then the faults are the one document that is written.
        print_json(tree.as_json(plan, built_class))
