"""The cell magic `%%workflow`: it plans the YAML of a cell, and shows the picture or the faults."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from lolpop_graph.cli.arguments import sources_and_options, workflow_options
from lolpop_graph.cli.viewing import taken_view, view_options
from lolpop_graph.display import picture_of
from lolpop_graph.document import Content
from lolpop_graph.errors import Severity, WorkflowError
from lolpop_graph.workflow import Plan, plan

_MAGIC = "workflow"
_CELL = "cell"


class CellError(WorkflowError):
    """What a cell's workflow is at fault with, shown as the commands show it: no traceback."""

    def _render_traceback_(self) -> list[str]:
        """The lines that IPython writes in the place of a traceback."""
        return str(self).splitlines()


class CallError(Exception):
    """What is wrong with the line of the magic, shown without a traceback."""

    def _render_traceback_(self) -> list[str]:
        """The lines that IPython writes in the place of a traceback."""
        return str(self).splitlines()


@click.command(f"%%{_MAGIC}", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("name", default="plan")
@click.option(
    "--draw/--no-draw", "draws", default=True, help="Show the picture, or the plan's name alone."
)
@view_options
@workflow_options
def _arguments(name: str, **options: Any) -> tuple[str, dict[str, Any]]:
    """Plan the YAML in this cell, show its picture or its faults, and bind the plan to NAME.

    Classes that the notebook defines are found by their names; `plugin_paths` start from the
    current folder.
    """
    if not name.isidentifier():
        message = f"{name!r} cannot be the name of a variable"
        raise click.BadParameter(message)
    return name, options


def load(shell: Any) -> None:
    """Register the magic with an IPython shell."""

    def workflow(line: str, cell: str | None = None) -> None:
        _run(shell, line, cell)

    workflow.__doc__ = _help()
    # Also of a line, since IPython calls no magic of a cell without one, not even for help.
    shell.register_magic_function(workflow, "line_cell", _MAGIC)


def unload(shell: Any) -> None:
    """Take the magic away from an IPython shell."""
    for kind in ("line", "cell"):
        shell.magics_manager.magics[kind].pop(_MAGIC, None)


def _run(shell: Any, line: str, cell: str | None) -> None:
    called = _parsed(line)
    if called is None:
        return
    if cell is None:
        message = f"%%{_MAGIC} begins a cell, and the workflow stands below it"
        raise CallError(message)
    name, options = called
    view_of, draws = taken_view(options), options.pop("draws")
    try:
        planned = _plan(cell, _classes_in(shell.user_ns), options)
        picture = picture_of(planned.graph, repr(planned), view_of(planned))
    except WorkflowError as error:
        raise CellError(error.faults) from None
    shell.user_ns[name] = planned
    for note in planned.notes:
        if note.severity is Severity.WARNING:
            print(note, file=sys.stderr, flush=True)  # noqa: T201 - a cell's own output
    _show(picture if draws else repr(planned))


def _parsed(line: str) -> tuple[str, dict[str, Any]] | None:
    """The name and the options of a call; None where it asked for help, which is shown."""
    try:
        called = _arguments.main(shlex.split(line), f"%%{_MAGIC}", standalone_mode=False)
    except (click.ClickException, ValueError) as error:
        said = error.format_message() if isinstance(error, click.ClickException) else str(error)
        message = f"%%{_MAGIC}: {said}"
        raise CallError(message) from None
    return called if isinstance(called, tuple) else None


def _plan(cell: str, classes: Sequence[type], options: dict[str, Any]) -> Plan:
    # Lines are counted as the cell has them, in which the magic is the first.
    text = Content(_CELL, f"\n{cell}".encode(errors="replace"), str(Path.cwd()))
    overlays, keywords = sources_and_options([], options)
    return plan(text, *overlays, classes=classes, **keywords)


def _classes_in(names: dict[str, Any]) -> list[type]:
    """The classes that the notebook itself defines."""
    values = list(names.values())
    own = (each for each in values if isinstance(each, type) and each.__module__ == "__main__")
    return list(dict.fromkeys(own))


def _show(shown: Any) -> None:
    from IPython.display import display  # noqa: PLC0415 - who calls a magic has it

    if isinstance(shown, str):
        print(shown)  # noqa: T201 - a cell's own output
    else:
        display(shown)  # type: ignore[no-untyped-call]  # IPython's is not


def _help() -> str:
    """What `%%workflow?` shows."""
    with click.Context(_arguments, info_name=f"%%{_MAGIC}") as context:
        return _arguments.get_help(context)
