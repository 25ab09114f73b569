"""What commands share: the options that name a workflow, and how faults are shown."""

from __future__ import annotations

import functools
import json
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import click

from lolpop_graph.errors import Fault, Severity, WorkflowError
from lolpop_graph.faults import NoSuchMethod, OverrideBlocked, Unreadable
from lolpop_graph.interrupts import Held
from lolpop_graph.reader import read_value

if TYPE_CHECKING:
    from lolpop_graph.instantiate import Progress
    from lolpop_graph.workflow import Plan

P = ParamSpec("P")
R = TypeVar("R")

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_CLOSING = ("cli.build", "cli.run", "workflow", "instantiate", "lifecycle")
"""The modules between a workflow that is built and its being closed."""

_OURS = Path(__file__).parent.parent
_PARTS = tuple(_OURS / layer for layer in ("component", "pipeline", "runner", "extension"))


class Override(click.ParamType[tuple[str, Any]]):
    """`KEY=VALUE`, the key a dotted path of the document and the value read as YAML."""

    name = "KEY=VALUE"

    def convert(
        self,
        value: Any,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> tuple[str, Any]:
        """The path and the value."""
        path, equals, text = value.partition("=")
        if not equals or not all(path.split(".")):
            self.fail(f"{value!r} is not of the form train.config.metric=auc", param, ctx)
        try:
            return path, read_value(text)
        except WorkflowError as error:
            self.fail(f"the value of {path!r}: {error.faults[0].sentence}", param, ctx)


_OPTIONS = (
    click.option(
        "--overlay", "overlays", multiple=True, type=click.Path(path_type=Path),
        help="Layer this file over the workflow's.",
    ),
    click.option(
        "--set", "overrides", type=Override(), multiple=True,
        help="Set one value, such as train.config.metric=auc.",
    ),
    click.option("--root-class", help="The class of the root."),
    click.option(
        "--trust", multiple=True, metavar="PACKAGE",
        help="Allow classes of this package to be built.",
    ),
    click.option(
        "--plugin-path", "plugin_paths", multiple=True,
        type=click.Path(exists=True, path_type=Path),
        help="Look for classes in this file or folder as well.",
    ),
    click.option("--problem-type", help="What the workflow solves, such as classification."),
    click.option(
        "--skip-config-validation", is_flag=True, help="Leave out what classes require.",
    ),
)  # fmt: skip


def workflow_options(command: Callable[P, R]) -> Callable[P, R]:
    """Give a command the options that say how a workflow is planned."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


confs_argument = click.argument("confs", nargs=-1, required=True, type=click.Path(path_type=Path))


def sources_and_options(
    confs: Sequence[Path], options: dict[str, Any]
) -> tuple[list[Path], dict[str, Any]]:
    """The arguments and keywords of `lolpop_graph.plan` for those of a command line."""
    keywords = {**options, "overrides": dict(options["overrides"])}
    return [*confs, *keywords.pop("overlays")], keywords


def planned(confs: Sequence[Path], options: dict[str, Any]) -> Plan:
    """The plan of the workflow that a command line names."""
    from lolpop_graph.workflow import plan  # noqa: PLC0415 - help needs none of it

    sources, keywords = sources_and_options(confs, options)
    made = plan(*sources, **keywords)
    show_faults([note for note in made.notes if note.severity is Severity.WARNING])
    return made


def reports_faults(command: Callable[P, R]) -> Callable[P, R]:
    """Let a command show the faults that it raises, and leave with the exit code for them."""

    @functools.wraps(command)
    def reporting(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except WorkflowError as error:
            show_faults(error.faults)
            show_cause(error.__cause__)
            for note in getattr(error, "__notes__", ()):
                click.echo(note, err=True)
            raise click.exceptions.Exit(exit_code(error.faults)) from None

    return reporting


def exit_code(faults: Sequence[Fault]) -> int:
    """2 where the call names what is not there, 1 for every other error, else 0."""
    if any(isinstance(fault, (Unreadable, NoSuchMethod, OverrideBlocked)) for fault in faults):
        return 2
    return int(any(fault.severity is Severity.ERROR for fault in faults))


def show_faults(faults: Sequence[Fault]) -> None:
    """Write faults to standard error, in colour on a terminal."""
    for fault in faults:
        first, *more = str(fault).splitlines()
        word = f"{fault.severity} {fault.code}"
        coloured = click.style(word, fg=_COLOURS[fault.severity], bold=True)
        click.echo("\n".join([first.replace(word, coloured, 1), *more]), err=True)


def show_cause(cause: BaseException | None) -> None:
    """Write the traceback of the user's own code, without the frames of ours above it."""
    if cause is None:
        return
    first = cause.__traceback__
    while first is not None and _is_ours(first):
        first = first.tb_next
    if first is not None:
        lines = traceback.format_exception(type(cause), cause, first)
        click.echo("".join(lines).rstrip(), err=True)


def _is_ours(frame: TracebackType) -> bool:
    path = Path(frame.tb_frame.f_code.co_filename)
    return path.is_relative_to(_OURS) and not any(path.is_relative_to(part) for part in _PARTS)


def print_json(value: object) -> None:
    """Write a value to standard output as JSON."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=str))


@contextmanager
def build_progress() -> Iterator[Progress | None]:
    """A progress callback for builds, or None where standard error is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from lolpop_graph.cli.progress import DelayedBar  # noqa: PLC0415 - most builds take a moment

    with DelayedBar("building") as bar:
        yield bar


def held_until_closed() -> Held:
    """What lets signals interrupt a build, and yet none come before it is sure to be closed."""
    return Held(*(f"lolpop_graph.{name}" for name in _CLOSING), is_patient=False)
