"""`lolpop-graph plan`: show what would be built."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lolpop_graph.cli import tree
from lolpop_graph.cli.arguments import confs_argument, workflow_options
from lolpop_graph.cli.common import planned, reports_faults
from lolpop_graph.cli.reports import print_json


@click.command("plan")
@confs_argument
@workflow_options
@click.option("--json", "as_json", is_flag=True, help="Write the plan as JSON.")
@reports_faults
def command(confs: tuple[Path, ...], as_json: bool, **options: Any) -> None:
    """Show the tree, the build order and who is given what; build and import nothing."""
    plan = planned(confs, options)
    if as_json:
        print_json(tree.as_json(plan, tree.declared_class(plan)))
        return
    click.echo("\n".join(tree.tree_lines(plan.integrations[0], tree.declared_class(plan))))
    click.echo("\nBuild order")
    width = len(str(len(plan.order)))
    for number, path in enumerate(plan.order, start=1):
        click.echo(f"  {number:>{width}}  {path}")
    click.echo("\nWho is given what")
    for line in tree.group_lines(plan):
        click.echo(f"  {line}")
