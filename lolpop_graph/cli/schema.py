"""`lolpop-graph schema`: a JSON Schema of a workflow, with which editors complete and check."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from lolpop_graph.cli.arguments import confs_argument, workflow_options
from lolpop_graph.cli.common import planned, reports_faults
from lolpop_graph.display import write_output


@click.command("schema")
@confs_argument
@workflow_options
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path, allow_dash=True),
    default=Path("-"), help="The file to write; - for standard output.",
)  # fmt: skip
@click.option(
    "--closed", is_flag=True, help="Refuse blocks of names that the workflow does not declare.",
)  # fmt: skip
@click.option(
    "--classes", is_flag=True,
    help="Import the classes, for what the texts of typed configs leave open.",
)  # fmt: skip
@reports_faults
def command(
    confs: tuple[Path, ...], output: Path, closed: bool, classes: bool, **options: Any
) -> None:
    """Write a JSON Schema of a workflow for editors, from texts alone; nothing is imported.

    Editors with the YAML language server use it where the workflow begins with the comment
    `# yaml-language-server: $schema=workflow.schema.json`.
    """
    schema = planned(confs, options).schema(closed=closed, classes=classes)
    text = json.dumps(schema, indent=2, ensure_ascii=False)
    if output.name == "-":
        click.echo(text)
    else:
        write_output(output, f"{text}\n".encode(errors="backslashreplace"))
