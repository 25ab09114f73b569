"""`lolpop-graph new`: a part of a project, or a command, with its test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lolpop_graph.cli.common import reports_faults
from lolpop_graph.cli.making import chosen_template, say_what_was_made, template_options


@click.command("new")
@click.argument("layer", metavar="LAYER|command")
@click.argument("name")
@click.option(
    "--type", "kind", default="", metavar="TYPE",
    help="The type of the part, such as data_connector: what it inherits, and has to keep.",
)  # fmt: skip
@click.option(
    "--project", "folder", type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(), help="The folder of the project; the current one if none is given.",
)  # fmt: skip
@template_options
@reports_faults
def command(layer: str, name: str, kind: str, folder: Path, force: bool, **options: Any) -> None:
    """Add a part of LAYER called NAME to a project, or a command; a test comes along.

    \b
    lolpop-graph new component web-form
    lolpop-graph new component warehouse --type data_connector
    lolpop-graph new pipeline nightly
    lolpop-graph new widget gauge
    lolpop-graph new command greet

    Its entry point goes into pyproject.toml. In a folder of no project for lolpop-graph, a package
    that has the part alone is made. Either all of it is written, or nothing.
    """  # noqa: D301 - click's sign for lines that stay as they are
    from lolpop_graph.cli import command_origins  # noqa: PLC0415 - it is still being imported
    from lolpop_graph.scaffold.making import Wish, make_part  # noqa: PLC0415 - help needs none

    wish = Wish(layer, name, kind)
    if wish.is_command and kind:
        message = "--type is for parts of workflows, and a command is none"
        raise click.UsageError(message)
    template = chosen_template(options)
    made = make_part(wish, folder, template, force=force, commands=command_origins())
    step = "lolpop-graph --help" if wish.is_command else f"lolpop-graph list {layer}"
    say_what_was_made(made, step)
