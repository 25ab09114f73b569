"""`lolpop-graph lint`: find what is of no use, and what is likely meant otherwise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lolpop_graph.cli.arguments import confs_argument, sources_and_options, workflow_options
from lolpop_graph.cli.common import exit_code
from lolpop_graph.cli.reports import (
    FORMATS,
    Report,
    chosen_format,
    json_option,
    print_json,
    write_lines,
    write_plain,
)
from lolpop_graph.errors import WorkflowError

if TYPE_CHECKING:
    from lolpop_graph.questions.lint.layers import Swap


def _codes(ctx: click.Context, param: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    """Codes, or beginnings of some, that are given with commas between them or one by one."""
    del ctx
    if not values:
        return ()
    from lolpop_graph.questions.lint import codes_in  # noqa: PLC0415 - help needs none of it

    try:
        return codes_in(values)
    except ValueError as error:
        raise click.BadParameter(str(error), param=param) from None


@click.command("lint")
@confs_argument
@click.option(
    "--format", "format_name", type=click.Choice(list(FORMATS)),
    help="How findings are written: text for people (the default), json, or github annotations.",
)  # fmt: skip
@json_option
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
@click.option(
    "--remote", is_flag=True,
    help="Say as well what would be lost if the pipelines lived on workers.",
)  # fmt: skip
@workflow_options
def command(
    confs: tuple[Path, ...],
    format_name: str | None,
    as_json: bool,
    wants_swaps: bool,
    **options: Any,
) -> None:
    """Find what is of no use in a workflow, and what is likely meant otherwise.

    Integrations that nothing uses, config keys that no code reads, names that are read where
    they are not given: the code of the classes is read and not run, and what is said of it is a
    heuristic. Exit code 0: nothing found; 1: something; 2: the call is at fault.
    """
    from lolpop_graph.workflow import plan  # noqa: PLC0415 - help needs none of it

    chosen = {name: options.pop(name) for name in ("select", "ignore", "remote")}
    form = chosen_format(format_name, as_json=as_json)
    sources, keywords = sources_and_options(confs, options)
    files = [str(source) for source in sources]
    try:
        planned = plan(*sources, **keywords)
        found = planned.lint(**chosen)
    except WorkflowError as error:
        FORMATS[form](Report(files, error.faults))
        raise click.exceptions.Exit(exit_code(error.faults)) from None
    report = Report(files, found)
    _write(form, report, planned.swaps() if wants_swaps else None, planned.without_secrets)
    raise click.exceptions.Exit(int(bool(found)))


def _write(
    form: str, report: Report, swaps: Sequence[Swap] | None, scrub: Callable[[str], str]
) -> None:
    """Write the findings, and what swaps would do where that is asked for."""
    if form == "json" and swaps is not None:
        print_json({**report.as_dict(), "swaps": [swap.as_dict() for swap in swaps]})
        return
    FORMATS[form](report)
    lines = [scrub(str(swap)) for swap in swaps or ()]
    if form == "github":
        write_plain(lines)
    else:
        write_lines([[(line, "")] for line in lines], err=False)
