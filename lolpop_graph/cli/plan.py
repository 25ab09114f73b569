"""`lolpop-graph plan`: show what would be built."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lolpop_graph.cells import Span
from lolpop_graph.cli import tree
from lolpop_graph.cli.arguments import confs_argument, workflow_options
from lolpop_graph.cli.common import planned, reports_faults, say_if_empty
from lolpop_graph.cli.reports import print_json, write_lines

if TYPE_CHECKING:
    from lolpop_graph.workflow import Plan


@click.command("plan")
@confs_argument
@workflow_options
@click.option(
    "--depth", type=click.IntRange(min=1), metavar="N",
    help="Show N levels of the tree, the root being the first.",
)  # fmt: skip
@click.option("--only", metavar="SELECTION", help="Show what is selected, and what is above it.")
@click.option(
    "--all", "is_whole", is_flag=True,
    help="Fold nothing: on a terminal, a tree of more than 40 lines is folded.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Write the plan as JSON, always whole.")
@reports_faults
def command(
    confs: tuple[Path, ...], depth: int | None, is_whole: bool, as_json: bool, **options: Any
) -> None:
    """Show the tree, the build order and who is given what; build and import nothing."""
    only = options.pop("only")
    plan = planned(confs, options)
    if as_json:
        print_json(tree.as_json(plan, tree.declared_class(plan)))
        return
    paths = None if only is None else plan.select(only, source="--only").paths
    shown = tree.page(plan.integrations, depth=depth, only=paths, is_whole=is_whole)
    # One by one, so that a reader who goes away early is noticed.
    for part in _parts(plan, shown):
        write_lines(part, err=False)
    say_if_empty(paths)


def _parts(plan: Plan, shown: tree.Page) -> Iterator[Iterable[list[Span]]]:
    yield tree.tree_lines(plan.integrations[0], tree.declared_class(plan), shown)
    yield [[], [("Build order", "bold")]]
    yield tree.order_lines(plan.integrations, shown)
    yield [[], [("Who is given what", "bold")]]
    yield tree.group_lines(plan, shown)
    if shown.is_folded:
        words = (
            f"{len(plan.integrations):,} integrations, folded to fit: "
            "--all shows every one, --depth N so many levels, --only a selection"
        )
        yield [[], *([(line, "dim")] for line in tree.wrapped(words, 0, shown.width))]
