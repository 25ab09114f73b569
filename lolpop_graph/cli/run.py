"""`lolpop-graph run`: build, call a method of the root, close."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from lolpop_graph.cli.arguments import read_argument, workflow_options
from lolpop_graph.cli.common import (
    build_progress,
    held_until_closed,
    parallel_option,
    planned,
    reports_faults,
)
from lolpop_graph.cli.reports import show_faults
from lolpop_graph.cli.where import fail_if_idle, where_options
from lolpop_graph.errors import ElsewhereError, WorkflowError
from lolpop_graph.methods import arguments_for, class_with, method_raised
from lolpop_graph.planning import Where
from lolpop_graph.text import misspelling


@click.command("run", context_settings={"ignore_unknown_options": True})
@click.argument("conf", type=click.Path(path_type=Path))
@click.argument("method", default="main")
@click.argument("arguments", nargs=-1, metavar="[ARG]...")
@click.option(
    "--remote-layer", metavar="LAYER",
    help="The layer below the root that lives on workers; each that is no leaf unless it is given.",
)  # fmt: skip
@click.option("--eager", is_flag=True, help="Fetch what each call on a worker returns at once.")
@where_options(("none", "dask"), "none")
@parallel_option
@workflow_options
@reports_faults
def command(  # noqa: PLR0913 - one parameter for each argument and option
    conf: Path,
    method: str,
    arguments: tuple[str, ...],
    *,
    on: str,
    workers: int | None,
    insecure: bool,
    remote_layer: str | None,
    eager: bool,
    parallel: int,
    **options: Any,
) -> None:
    """Build a workflow, call a public METHOD of its root (main if none is named), close it.

    Each ARG is read as YAML: 8 is a number, auc a text. What the method returns is printed.
    With --on dask, the pipelines live in other processes of this machine, with an address on the
    workers of a Dask cluster.
    """
    fail_for_options((method, *arguments))
    where: Where = {
        "workers": workers,
        "insecure": insecure,
        "remote_layer": remote_layer,
        "eager": eager,
    }
    fail_if_idle(on, **where)
    values = read_arguments(arguments)
    plan = planned((conf,), options)
    given_values = arguments_for(plan, values)
    class_with(plan, method)
    if on != "none":
        show_faults(plan.notes_for_remote(remote_layer))
    elsewhere: dict[str, Any] = {} if on == "none" else {"on": on, **where}
    with (
        held_until_closed() as held,
        build_progress() as progress,
        plan.build(progress=progress, parallel=parallel, **elsewhere) as workflow,
        held.released(),
    ):
        try:
            result = getattr(workflow.root, method)(*given_values)
            lines = list(_lines(result))
        except ElsewhereError:
            raise
        except Exception as error:
            fault = method_raised(plan.integrations[0], method, error, plan.place)
            raise WorkflowError([plan.shown(fault)]) from error
    for line in lines:
        click.echo(plan.without_secrets(line))


def fail_for_options(words: Sequence[str]) -> None:
    """Raise NoSuchOption for words that are nearly an option; click takes them for arguments."""
    context = click.get_current_context()
    known = [name for option in context.command.params for name in option.opts if name[0] == "-"]
    for word in words:
        name, _, _ = word.partition("=")
        if name.startswith("--") and misspelling(name, known):
            raise click.NoSuchOption(name, possibilities=known, ctx=context)


def read_arguments(arguments: Sequence[str]) -> list[Any]:
    """The arguments of a method as a command line has them, each read as YAML."""
    return [
        read_argument(argument, f"argument {number} of the method")
        for number, argument in enumerate(arguments, start=1)
    ]


def _lines(result: object) -> Iterator[str]:
    """What a method returned, to be printed: a line for each key of a mapping, None as nothing."""
    if isinstance(result, dict):
        width = max((len(str(key)) for key in result), default=0)
        for key, value in result.items():
            yield f"{key!s:<{width}}  {f'{value:.4g}' if isinstance(value, float) else value}"
    elif result is not None:
        yield str(result)
