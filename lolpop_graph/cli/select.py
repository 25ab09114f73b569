"""`lolpop-graph select`: list the integrations that an expression selects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lolpop_graph.cells import aligned
from lolpop_graph.cli.arguments import workflow_options
from lolpop_graph.cli.common import planned, reports_faults, say_if_empty
from lolpop_graph.cli.reports import print_json, write_lines

_COLUMNS = ("path", "layer", "class_name")


@click.command("select")
@click.argument("conf", type=click.Path(path_type=Path))
@click.argument("expression")
@workflow_options
@click.option("--json", "as_json", is_flag=True, help="Write the selection as JSON.")
@reports_faults
def command(conf: Path, expression: str, as_json: bool, **options: Any) -> None:
    """List the integrations that EXPRESSION selects, in build order; build and import nothing.

    \b
    Names      metadata_tracker, runner.train, *_tracker, runner.train.*
    Having     layer:component, class:MLFlow*, group:runner.train/component,
               config:max_depth
    Related    below:runner.train, above:model_trainer, sees:metadata_tracker,
               given-to:runner.train
    Combined   layer:component and not (*_tracker or below:train)

    In double quotes stand names with blanks: layer:"2nd stage".
    """  # noqa: D301 - click's sign for lines that stay as they are
    selection = planned((conf,), options).select(expression)
    if as_json:
        print_json(selection.as_dict())
        return
    rows = ([(each[key] or "", "") for key in _COLUMNS] for each in selection.rows())
    write_lines(aligned(rows), err=False)
    say_if_empty(selection.paths)
