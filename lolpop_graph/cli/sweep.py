"""`lolpop-graph sweep`: many runs of one workflow, over a table or a grid."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import nullcontext, redirect_stdout
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from lolpop_graph.cli.arguments import (
    options_but_set,
    path_and_value,
    read_argument,
    sources_and_options,
)
from lolpop_graph.cli.common import keep_scrub, reports_faults
from lolpop_graph.cli.reports import print_json, show_faults, write_lines
from lolpop_graph.cli.run import fail_for_options, read_arguments
from lolpop_graph.cli.where import fail_if_idle, where_options
from lolpop_graph.errors import WorkflowError
from lolpop_graph.reader import read_value
from lolpop_graph.secrecy import Secret
from lolpop_graph.sweeps.engines import NAMES, PROCESSES

if TYPE_CHECKING:
    from lolpop_graph.sweeps.carrying import Sweep
    from lolpop_graph.sweeps.report import SweepReport

_SHOWN: Final = 20
"""How many runs `--dry-run` shows."""


def _templates(ctx: click.Context, param: click.Parameter, values: Sequence[str]) -> dict[str, Any]:
    """What runs set, by path: values as YAML has them, and texts that a column begins."""
    del ctx, param
    return dict(_template(number, text) for number, text in enumerate(values, start=1))


def _template(number: int, text: str) -> tuple[str, Any]:
    path, value = path_and_value(number, text, "config.train_data=data/{store}.parquet")
    try:
        return path, read_value(value)
    except WorkflowError:
        # `{store}/train.csv` begins a mapping to YAML, and goes on as none.
        if "{" in value:
            return path, value
        return path, read_argument(value, f"the value of number {number}")


def _axes(
    ctx: click.Context, param: click.Parameter, values: Sequence[str]
) -> dict[str, list[Any]]:
    """The values of the axes of a grid, by path."""
    del ctx, param
    axes: dict[str, list[Any]] = {}
    for number, text in enumerate(values, start=1):
        path, found = _axis(number, text)
        if path in axes:
            message = f"number {number} is of `{path}` again: write all its values in one list"
            raise click.BadParameter(message)
        axes[path] = found
    return axes


def _axis(number: int, text: str) -> tuple[str, list[Any]]:
    path, value = path_and_value(number, text, "train.config.depth=4,8,16")
    is_list = value.lstrip().startswith("[")
    read = read_argument(value if is_list else f"[{value}]", f"the list of number {number}")
    if isinstance(read, Secret):
        items: Any = read.value
        return path, [Secret(item) for item in items]
    return path, read if isinstance(read, list) else [read]


@click.command("sweep", context_settings={"ignore_unknown_options": True})
@click.argument("conf", type=click.Path(path_type=Path))
@click.argument("method", required=False)
@click.argument("arguments", nargs=-1, metavar="[ARG]...")
@click.option(
    "--over",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A table with a run in each row: .csv, .tsv, .parquet or .jsonl.",
)
@click.option(
    "--grid",
    multiple=True,
    metavar="KEY=A,B,C",
    callback=_axes,
    help="Run with each of these values; of several grids, with all combinations.",
)
@click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="KEY=VALUE",
    callback=_templates,
    help="Set one value, in which {column} stands for what the row has.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Record the runs in this folder.",
)
@click.option("--resume", is_flag=True, help="Run what is missing or failed in the folder.")
@click.option(
    "--accept-changes",
    is_flag=True,
    help="Resume with a workflow that has changed, and keep what is done.",
)
@where_options(NAMES, PROCESSES)
@click.option(
    "--no-share", is_flag=True, help="Build all anew for each run, also what does not change."
)
@click.option("--first", type=click.IntRange(min=1), metavar="N", help="Run N of them at most.")
@click.option("--maximize", metavar="METRIC", help="Show the run in which this is largest.")
@click.option("--minimize", metavar="METRIC", help="Show the run in which this is smallest.")
@click.option("--dry-run", is_flag=True, help="Show what the first runs would set, run nothing.")
@click.option("--json", "as_json", is_flag=True, help="Write the report as JSON.")
@options_but_set
@reports_faults
def command(  # noqa: PLR0913, PLR0917 - one parameter an option
    conf: Path,
    method: str | None,
    arguments: tuple[str, ...],
    over: Path | None,
    grid: dict[str, list[Any]],
    out: Path | None,
    resume: bool,
    accept_changes: bool,
    on: str,
    workers: int | None,
    insecure: bool,
    no_share: bool,
    first: int | None,
    maximize: str | None,
    minimize: str | None,
    dry_run: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Run a workflow many times: a METHOD of its root (main) for each row of a table or grid.

    Each run is recorded in the folder --out: its parameters, what the method returned, how long it
    took, or why it failed. A run that fails stops nothing. What the command line says is laid over
    the workflow's own section `sweep`.

    Exit code 0: all runs are done; 1: one failed, or the workflow is at fault; 2: the call is.
    """
    fail_if_idle(on, workers=workers, insecure=insecure)
    from lolpop_graph.sweeps.sweeping import prepare  # noqa: PLC0415 - help needs none of it

    fail_for_options(tuple(filter(None, (method, *arguments))))
    if out is None and not dry_run:
        raise click.UsageError("name a folder to record the runs in: --out runs/")
    if maximize is not None and minimize is not None:
        raise click.UsageError("the best run is one by --maximize or by --minimize, not by both")
    sources, keywords = sources_and_options((conf,), options)
    given = read_arguments(arguments)
    swept = prepare(
        sources, method, over=over, grid=grid, arguments=given, share=not no_share, **keywords
    )
    keep_scrub(swept.plan)
    show_faults(swept.notes)
    if out is None or dry_run:
        _show_runs(swept, as_json=as_json)
        return
    from lolpop_graph.sweeps.progress import Progress  # noqa: PLC0415 - the same

    # What runs of this process print is no part of a report for programs.
    with redirect_stdout(sys.stderr) if as_json else nullcontext():
        report = swept.carry_out(
            out,
            on=on,
            workers=workers,
            insecure=insecure,
            resume=resume,
            accept_changes=accept_changes,
            first=first,
            watch=Progress(),
        )
    _write(report, maximize or minimize, largest=maximize is not None, as_json=as_json)
    raise click.exceptions.Exit(int(report.failed > 0))


def _show_runs(swept: Sweep, *, as_json: bool) -> None:
    """Write what the first runs set."""
    from lolpop_graph.sweeps.text import run_lines  # noqa: PLC0415 - help needs none of it

    first = [(run.number, run.overrides) for run in islice(swept.runs(), _SHOWN)]
    total = len(swept.design)
    if as_json:
        runs = [{"number": number, "overrides": dict(values)} for number, values in first]
        print_json({"runs": total, "method": swept.method, "first": runs})
        return
    write_lines(run_lines(first), err=False)
    more = f", of which these are the first {len(first)}" if total > len(first) else ""
    click.echo(f"{total:,} runs of {swept.method}{more}; nothing was run")


def _write(report: SweepReport, metric: str | None, *, largest: bool, as_json: bool) -> None:
    """Write a report to standard output, and the best run by a metric."""
    from lolpop_graph.sweeps.text import best_lines, lines  # noqa: PLC0415 - help needs none of it

    try:
        best = None if metric is None else report.best(metric, largest=largest)
    except KeyError as error:
        click.echo(error.args[0], err=True)
        best = None
    if as_json:
        known = {} if best is None else {"best": best._asdict()}
        print_json(report.as_dict() | known)
        return
    write_lines(lines(report), err=False)
    if best is not None and metric is not None:
        write_lines(best_lines(best, metric), err=False)
