"""The command line: which commands there are, and exit codes.

A new command is a row in `_COMMANDS` and a module of its name with `command`. `arguments` has the
argument and the options that name a workflow, `common.planned` makes its plan of them, and
`common.reports_faults` shows the faults of it and gives the exit code.

An answer is written by `reports`: as lines for people, or as JSON with `--json`. That parameter is
called `as_json`, by which `reports_faults` knows to write faults as JSON as well. Who writes in a
third way has `--format`, and ends on its own: `validate` and `lint` with a `reports.Report`, since
faults are their answer, and `diff`, for which 1 is no fault. `viewing` and `picture` are for what
is drawn.
"""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from io import TextIOWrapper

import click

from lolpop_graph.cli import extensions
from lolpop_graph.interrupts import Interrupted, Raising, exit_code

_COMMANDS = {
    "build": "Build a workflow and print what was built.",
    "diff": "Tell what is different between two workflows.",
    "draw": "Draw a workflow, or write its graph as data.",
    "explain": "Show where the value of a config key comes from.",
    "explain-error": "Explain a fault by its code, with examples.",
    "export": "Write a file that runs a workflow in Prefect or Airflow.",
    "init": "Make a project with a workflow, its parts and their tests.",
    "lint": "Find what is of no use in a workflow, and what is likely meant otherwise.",
    "list": "List the classes that workflows can name, and what they lack.",
    "new": "Add a part or a command to a project, with its test.",
    "plan": "Show the tree, the build order and who is given what.",
    "run": "Build a workflow, call a method of its root, and close it.",
    "schema": "Write a JSON Schema of a workflow, for editors.",
    "select": "List the integrations that an expression selects.",
    "sweep": "Run a workflow many times, over a table or a grid, and record each run.",
    "test": "Run a workflow under its hooks, and report what they found.",
    "validate": "Report everything that is wrong with a workflow.",
    "why": "Say why an integration has another one, or why it does not.",
}


class _LazyGroup(click.Group):
    """A group whose commands are imported when they are called, and not for its help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, those of other distributions last."""
        del ctx
        return [*command_origins()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now; None if there is none."""
        del ctx
        if cmd_name not in _COMMANDS:
            return extensions.load(cmd_name)
        module = import_module(f"lolpop_graph.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that a call names; click looks for similar ones among imported ones."""
        try:
            return super().resolve_command(ctx, args)
        except click.exceptions.NoSuchCommand as error:
            name = error.command_name
            raise click.exceptions.NoSuchCommand(name, None, command_origins(), ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        del ctx
        with formatter.section("Commands"):
            # `list` is a module of this package.
            formatter.write_dl([*_COMMANDS.items()])
        if others := extensions.extensions():
            with formatter.section("Commands of other packages"):
                formatter.write_dl([(each.name, _origin(each)) for each in others])


def command_origins() -> dict[str, str]:
    """All commands that can be called, each with the distribution that brings it."""
    others = {each.name: each.origin for each in extensions.extensions()}
    return {**others, **dict.fromkeys(_COMMANDS, "lolpop-graph")}


def _origin(extension: extensions.Extension) -> str:
    """What help says of a command of another package, which it does not import."""
    if extension.name in _COMMANDS:
        return f"{extension.origin}; not used, since there is a command of this name above"
    return extension.origin


def _show_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    """Print the version that is installed, and leave."""
    del param
    if not value or ctx.resilient_parsing:
        return
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - takes a while

    try:
        number = version("lolpop-graph")
    except PackageNotFoundError:
        number = "unknown, since it is not installed"
    click.echo(f"lolpop-graph, version {number}")
    ctx.exit()


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version and exit.",
)
def lolpop_graph() -> None:
    """Turn a workflow of named parts into a checked graph, wired objects and a picture."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code.

    0: done. 1: the workflow, or what it runs, is at fault. 2: the call is. 130: interrupted by
    Ctrl-C, and 143 by SIGTERM.
    """
    try:
        with Raising(), _forgiving_streams():
            code = lolpop_graph.main(arguments, prog_name="lolpop-graph", standalone_mode=False)
            _flush()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt) as error:
        return _interrupted(error)
    except OSError as error:
        if not isinstance(error, BrokenPipeError):
            click.echo(f"the output cannot be written: {error.strerror}", err=True)
        return 1
    return code if isinstance(code, int) else 0


@contextlib.contextmanager
def _forgiving_streams() -> Iterator[None]:
    """Show bytes that are no text, as a file's name may hold, as escapes on standard output."""
    out, errors = sys.stdout, sys.stderr
    if not isinstance(out, TextIOWrapper):
        yield
        return
    handling = out.errors
    out.reconfigure(errors="backslashreplace")
    try:
        yield
    finally:
        # Click puts others in their place where the reader of one of them has gone.
        sys.stdout, sys.stderr = out, errors
        with contextlib.suppress(OSError):
            out.reconfigure(errors=handling)


def _flush() -> None:
    """Write what is still to be written, as long as somebody can be told that it fails."""
    if sys.stdout is not None:
        sys.stdout.flush()


def _interrupted(error: BaseException) -> int:
    """Say that a signal ended the command, and what went wrong at that; return the exit code."""
    if isinstance(error.__cause__, KeyboardInterrupt):
        error = error.__cause__
    with contextlib.suppress(OSError):
        for note in getattr(error, "__notes__", ()):
            click.echo(note, err=True)
        click.echo("interrupted", err=True)
    return exit_code(error.number if isinstance(error, Interrupted) else signal.SIGINT)
