"""`lolpop-graph export`: write a file that runs a method as tasks of another system."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lolpop_graph.cli.arguments import workflow_options
from lolpop_graph.cli.common import planned, reports_faults
from lolpop_graph.cli.reports import show_faults
from lolpop_graph.cli.run import fail_for_options, read_arguments
from lolpop_graph.display import write_output
from lolpop_graph.errors import WorkflowError
from lolpop_graph.export.engines import NAMES
from lolpop_graph.faults import ExportExists
from lolpop_graph.methods import arguments_for
from lolpop_graph.text import counted, quoted

_STANDARD_OUTPUT = "-"


@click.command("export", context_settings={"ignore_unknown_options": True})
@click.argument("conf", type=click.Path(path_type=Path))
@click.argument("method", default="main")
@click.argument("arguments", nargs=-1, metavar="[ARG]...")
@click.option(
    "--to", required=True, type=click.Choice(NAMES),
    help="The system that is to run it.",
)  # fmt: skip
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path, allow_dash=True),
    default=Path("flow.py"), show_default=True,
    help="The file to write; - for standard output.",
)  # fmt: skip
@click.option(
    "--steps", type=click.Choice(["auto", "calls", "one"]), default="auto", show_default=True,
    help="Make tasks of calls where that can be right, in any case, or one task of all.",
)  # fmt: skip
@click.option("--name", default="", help="What the flow is called there.")
@click.option("--force", is_flag=True, help="Replace a file that is not as an export wrote it.")
@workflow_options
@reports_faults
def command(  # noqa: PLR0913, PLR0917 - a parameter for each option
    conf: Path,
    method: str,
    arguments: tuple[str, ...],
    to: str,
    output: Path,
    steps: str,
    name: str,
    force: bool,
    **options: Any,
) -> None:
    """Write a Python file that runs a METHOD of a workflow's root (main) in another system.

    Where the method is nothing but calls of integrations, each is a task, else all of it is one.
    Each ARG is read as YAML and becomes the default of a parameter of the flow. The file reads
    the workflow when it runs, from where it lies seen from the file.
    """
    fail_for_options((method, *arguments))
    plan = planned((conf,), options)
    values = arguments_for(plan, read_arguments(arguments))
    is_shown = output.name == _STANDARD_OUTPUT
    path = Path("flow.py") if is_shown else output
    if not (is_shown or force):
        _fail_if_foreign(path)
    made = plan.exported(
        to=to,
        method=method,
        arguments=values,
        steps=steps,
        name=name,
        path=path,
    )
    show_faults(made.warnings)
    if is_shown:
        click.echo(made.text, nl=False)
        return
    write_output(path, made.text.encode())
    click.echo(f"{path}: {counted(len(made.tasks), 'task')}, {quoted(made.tasks, 'and')}")


def _fail_if_foreign(path: Path) -> None:
    """Raise WorkflowError where a file is that no export wrote, or that was changed since."""
    from lolpop_graph.export.written import is_ours  # noqa: PLC0415 - help needs none of it

    content = path.read_bytes() if path.is_file() else b""
    if content and not is_ours(content):
        raise WorkflowError([ExportExists(target=str(path))])
