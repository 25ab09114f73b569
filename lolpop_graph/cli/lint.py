"""`lolpop-graph lint`: find what is of no use, and what is likely meant otherwise."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from lolpop_graph.cli.arguments import confs_argument, sources_and_options, workflow_options
from lolpop_graph.cli.common import exit_code
from lolpop_graph.cli.reports import FORMATS, Report
from lolpop_graph.errors import WorkflowError


def _codes(ctx: click.Context, param: click.Parameter, values: Sequence[str]) -> list[str]:
    """Codes, or beginnings of some, that are given with commas between them or one by one."""
    del ctx
    codes = [code.strip().upper() for value in values for code in value.split(",")]
    for code in codes:
        if not re.fullmatch(r"LG\d{0,3}", code):
            message = f"{code!r} is no code such as LG901, nor the beginning of one"
            raise click.BadParameter(message, param=param)
    return codes


@click.command("lint")
@confs_argument
@click.option(
    "--format", "format_name", type=click.Choice(list(FORMATS)), default="text",
    help="How findings are written: text for people (the default), json, or github annotations.",
)  # fmt: skip
@click.option(
    "--select", multiple=True, metavar="CODES", callback=_codes,
    help="Report these codes alone, such as LG901,LG902 or LG9.",
)  # fmt: skip
@click.option(
    "--ignore", multiple=True, metavar="CODES", callback=_codes,
    help="Do not report these codes.",
)  # fmt: skip
@click.option(
    "--swaps", "wants_swaps", is_flag=True,
    help="Say as well what swapping layers would hide.",
)  # fmt: skip
@workflow_options
def command(
    confs: tuple[Path, ...],
    format_name: str,
    select: list[str],
    ignore: list[str],
    wants_swaps: bool,
    **options: Any,
) -> None:
    """Find what is of no use in a workflow, and what is likely meant otherwise.

    Integrations that nothing uses, config keys that no code reads, names that are read where
    they are not given: the code of the classes is read and not run, and what is said of it is a
    heuristic. Exit code 0: nothing found; 1: something; 2: the call is at fault.
    """
    from lolpop_graph.workflow import plan  # noqa: PLC0415 - help needs none of it

    sources, keywords = sources_and_options(confs, options)
    files = [str(source) for source in sources]
    try:
        planned = plan(*sources, **keywords)
    except WorkflowError as error:
        FORMATS[format_name](Report(files, error.faults))
        raise click.exceptions.Exit(exit_code(error.faults)) from None
    found = planned.lint(select=select, ignore=ignore)
    FORMATS[format_name](Report(files, found))
    if wants_swaps:
        for swap in planned.swaps():
            click.echo(planned.without_secrets(str(swap)), err=format_name == "json")
    raise click.exceptions.Exit(int(bool(found)))
