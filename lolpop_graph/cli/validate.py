"""`lolpop-graph validate`: report everything that is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from lolpop_graph.cli.arguments import confs_argument, sources_and_options, workflow_options
from lolpop_graph.cli.common import exit_code
from lolpop_graph.cli.reports import FORMATS, Report, chosen_format, json_option


@click.command("validate")
@confs_argument
@click.option("--classes", "find_classes", is_flag=True, help="Find the classes and check them.")
@click.option("--watch", "is_watching", is_flag=True, help="Check again on every save.")
@click.option(
    "--format", "format_name", type=click.Choice(list(FORMATS)),
    help="How faults are written: text for people (the default), json, or github annotations.",
)  # fmt: skip
@json_option
@workflow_options
def command(
    confs: tuple[Path, ...],
    find_classes: bool,
    is_watching: bool,
    format_name: str | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Report everything that is wrong with a workflow, and import nothing.

    With --classes the classes are found, which imports their modules, and what they require is
    checked as well. Exit code 0: no error; 1: at least one; 2: the call is at fault.
    """
    from lolpop_graph.workflow import validate  # noqa: PLC0415 - help needs none of it

    write = FORMATS[chosen_format(format_name, as_json=as_json)]
    sources, keywords = sources_and_options(confs, options)

    def check() -> int:
        faults = validate(*sources, find_classes=find_classes, **keywords)
        write(Report([str(source) for source in sources], faults))
        return exit_code(faults)

    if is_watching:
        _watch(check, sources, keywords, find_classes=find_classes)
    raise click.exceptions.Exit(check())


def _watch(
    check: Callable[[], object],
    sources: list[Path],
    keywords: dict[str, Any],
    *,
    find_classes: bool,
) -> None:
    try:
        from lolpop_graph.cli.watch import Watched, keep_checking, plugins_of  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if error.name != "watchfiles":
            raise
        message = '--watch needs watchfiles: pip install "lolpop-graph[watch]"'
        raise click.UsageError(message) from None

    def watched() -> Watched:
        return Watched(sources, plugins_of(sources, keywords) if find_classes else [])

    keep_checking(check, watched)
