"""What commands share: planning a workflow, and how they end where it is at fault."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import click

from lolpop_graph.cli.arguments import sources_and_options
from lolpop_graph.cli.blame import is_said_by_parts
from lolpop_graph.cli.reports import Report, show_faults, write_json
from lolpop_graph.errors import Fault, Severity, WorkflowError
from lolpop_graph.interrupts import Held
from lolpop_graph.tracebacks import users_traceback

if TYPE_CHECKING:
    from lolpop_graph.instantiate import Progress
    from lolpop_graph.workflow import Plan

P = ParamSpec("P")
R = TypeVar("R")

_SCRUB = "lolpop_graph.scrub"
"""What a command keeps to take secrets out of a text, once it has a plan."""
_REMOTE = (
    *("driver.builder", "driver.session"),
    *("cluster.connection", "cluster.local", "cluster.supervisor", "headless"),
)
_CLOSING = (
    *("cli.build", "cli.run", "sweeps.task", "workflow", "instantiate", "lifecycle"),
    *(f"remote.{name}" for name in _REMOTE),
)
"""The modules between a workflow that is built and its being closed."""


def planned(confs: Sequence[Path], options: dict[str, Any]) -> Plan:
    """The plan of the workflow that a command line names."""
    from lolpop_graph.workflow import plan  # noqa: PLC0415 - help needs none of it

    sources, keywords = sources_and_options(confs, options)
    made = plan(*sources, **keywords)
    keep_scrub(made)
    show_faults([note for note in made.notes if note.severity is Severity.WARNING])
    return made


def keep_scrub(plan: Plan) -> None:
    """Let what the command writes of errors be without the secrets of a plan."""
    if context := click.get_current_context(silent=True):
        context.meta[_SCRUB] = plan.without_secrets


def say_if_empty(selected: Collection[str] | None) -> None:
    """Say so on standard error where a selection, if there is one, has nothing."""
    if selected is not None and not selected:
        click.echo("nothing is selected", err=True)


def reports_faults(command: Callable[P, R]) -> Callable[P, R]:
    """Let a command show the faults that it raises, and leave with the exit code for them.

    A command that was asked for JSON (`as_json`) writes them as JSON.
    """

    @functools.wraps(command)
    def reporting(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except WorkflowError as error:
            show_error(error, as_json=bool(kwargs.get("as_json")))
            raise click.exceptions.Exit(exit_code(error.faults)) from None
        except KeyboardInterrupt as error:
            error.__notes__ = [*map(_scrub(), getattr(error, "__notes__", ()))]
            raise
        except SystemExit as error:
            raise click.exceptions.Exit(_users_exit(error)) from None
        except BaseException as error:
            if isinstance(error, Exception):
                raise
            show_cause(error, _scrub())
            raise click.exceptions.Exit(1) from None

    return reporting


def _users_exit(error: SystemExit) -> int:
    """The exit code that a method of the user's asks for; other things than a code are shown."""
    if error.code is None or isinstance(error.code, int):
        return error.code or 0
    click.echo(_scrub()(str(error.code)), err=True)
    return 1


def _scrub() -> Callable[[str], str]:
    """What takes the secrets of a command's workflow out of a text."""
    scrub: Callable[[str], str] = click.get_current_context().meta.get(_SCRUB, str)
    return scrub


def show_error(error: WorkflowError, *, as_json: bool) -> None:
    """Write the faults of an error, as JSON or for people, and what caused it."""
    if as_json:
        write_json(Report((), error.faults))
    else:
        show_faults(error.faults)
    scrub = _scrub()
    if is_said_by_parts(error.__cause__):
        _show_rest(error.__cause__, scrub)
    else:
        show_cause(error.__cause__, scrub)
    for note in getattr(error, "__notes__", ()):
        click.echo(scrub(note), err=True)


def exit_code(faults: Sequence[Fault]) -> int:
    """2 where the call names what is not there, 1 for every other error, else 0."""
    if any(fault.blames_call for fault in faults):
        return 2
    return int(any(fault.severity is Severity.ERROR for fault in faults))


def _show_rest(cause: BaseException | None, scrub: Callable[[str], str]) -> None:
    """Write the lines of an error after the first, which the fault has told."""
    for line in str(cause).splitlines()[1:]:
        click.echo(scrub(f"    {line}"), err=True)


def show_cause(cause: BaseException | None, scrub: Callable[[str], str]) -> None:
    """Write the traceback of the user's own code, without our frames and without secrets."""
    if told := users_traceback(cause):
        click.echo(scrub(told), err=True)


parallel_option = click.option(
    "--parallel", type=click.IntRange(min=1), default=1, metavar="N",
    help="Run up to N constructors at the same time, each in a thread.",
)  # fmt: skip


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
