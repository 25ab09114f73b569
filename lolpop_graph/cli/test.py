"""`lolpop-graph test`: run a workflow under its hooks, and report what they found."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lolpop_graph.cli.arguments import workflow_options
from lolpop_graph.cli.common import build_progress, planned, reports_faults, show_cause
from lolpop_graph.cli.picture import PictureFile, write_picture
from lolpop_graph.cli.reports import print_json, show_faults, write_lines
from lolpop_graph.cli.run import fail_for_options, read_arguments
from lolpop_graph.display import write_output
from lolpop_graph.methods import arguments_for
from lolpop_graph.model import TESTS_KEY
from visualize import View

if TYPE_CHECKING:
    from lolpop_graph.hooks import HookReport
    from lolpop_graph.workflow import Plan


@click.command("test", context_settings={"ignore_unknown_options": True})
@click.argument("conf", type=click.Path(path_type=Path))
@click.argument("words", nargs=-1, metavar="[TESTS]... [METHOD] [ARG]...")
@click.option(
    "--tests", "more_tests", multiple=True, type=click.Path(path_type=Path),
    help="A file of tests, whatever its name.",
)  # fmt: skip
@click.option("--keep-going", is_flag=True, help="Do not end the run where a hook fails.")
@click.option(
    "--allow-unreached", is_flag=True, help="Let hooks that are never called be no failure."
)
@click.option("--json", "as_json", is_flag=True, help="Write the report as JSON.")
@click.option(
    "--junit", type=click.Path(dir_okay=False, path_type=Path),
    help="Write the report as JUnit XML into this file as well.",
)  # fmt: skip
@click.option(
    "-o", "--output", type=PictureFile(), help="Draw what is covered and what failed as well."
)
@workflow_options
@reports_faults
def command(  # noqa: PLR0913, PLR0917 - one parameter an option
    conf: Path,
    words: tuple[str, ...],
    more_tests: tuple[Path, ...],
    keep_going: bool,
    allow_unreached: bool,
    as_json: bool,
    junit: Path | None,
    output: Path | None,
    **options: Any,
) -> None:
    """Run a workflow under its hooks: build it, call METHOD of its root (main), close it.

    Hooks are functions that are called before and after methods of integrations. They stand in the
    workflow's section `tests`, and in files of TESTS. The first word that could be a method's name
    is the METHOD, and what follows are its arguments, read as YAML; what stands before are files.

    Exit code 0: all passed; 1: a hook failed or was never called, or the workflow is at fault;
    2: the call is.
    """
    fail_for_options(words)
    files, method, arguments = _split(words)
    values = read_arguments(arguments)
    plan = planned((conf,), options)
    tests = [*files, *more_tests]
    _fail_without_tests(plan, tests)
    with build_progress() as progress:
        report = plan.test(
            *tests,
            method=method,
            arguments=arguments_for(plan, values),
            keep_going=keep_going,
            allow_unreached=allow_unreached,
            progress=progress,
        )
    _write(report, plan, as_json=as_json)
    if junit is not None:
        write_output(junit, report.junit())
    if output is not None:
        write_picture(report.graph(), output, View())
    raise click.exceptions.Exit(int(not report.passed))


def _split(words: Sequence[str]) -> tuple[list[Path], str, Sequence[str]]:
    """Files of tests, a method and its arguments: a file's name has a dot or a slash in it."""
    number = next((at for at, word in enumerate(words) if word.isidentifier()), len(words))
    for word in words[:number]:
        if word.startswith("-"):
            raise click.NoSuchOption(word)
    method = words[number] if number < len(words) else "main"
    return [Path(word) for word in words[:number]], method, words[number + 1 :]


def _fail_without_tests(plan: Plan, tests: Sequence[Path]) -> None:
    if not tests and not (plan.has_tests and plan.document.root[TESTS_KEY]):
        raise click.UsageError(
            "there is nothing to test: the workflow has no hook in a section `tests`, "
            "and no file is named"
        )


def _write(report: HookReport, plan: Plan, *, as_json: bool) -> None:
    """Write a report to standard output, and what the workflow raised to standard error."""
    from lolpop_graph.hooks.text import lines  # noqa: PLC0415 - help needs none of it

    if as_json:
        print_json(report.as_dict())
        return
    show_faults(report.faults)
    show_cause(report.error, plan.without_secrets)
    write_lines(lines(report), err=False)
