"""Commands that other distributions bring, by entry points of the group `lolpop_graph.commands`.

Which there are is read from the files that installed distributions have for it, without
`importlib.metadata`: importing that alone takes longer than all the rest of `--help`.
"""

# Help reads hundreds of folders, and importing `pathlib` alone takes as long as that.
# ruff: noqa: PTH118, PTH120, PTH123, PTH208

from __future__ import annotations

import copy
import os
import sys
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from types import TracebackType
from typing import Any, NamedTuple

import click

GROUP = "lolpop_graph.commands"
_MEANT = (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError)
"""What a command raises to end, and not because it is at fault."""
_ENDS = (".dist-info", ".egg-info")


class Extension(NamedTuple):
    """A command by its name, `module:attribute`, and the distribution that brings it."""

    name: str
    target: str
    origin: str


@cache
def extensions() -> tuple[Extension, ...]:
    """The commands of all that is installed, sorted; nothing is imported.

    As Python itself does, the first distribution of a name on `sys.path` is the one that counts.
    """
    found: dict[str, list[Extension]] = {}
    for folder in dict.fromkeys(path or os.curdir for path in sys.path):
        for name in _metadata_in(folder):
            distribution = name.rpartition(".")[0]
            origin = " ".join(distribution.split("-")[:2]).replace("_", "-")
            project = distribution.partition("-")[0].lower()
            if project not in found:
                text = _entry_points(os.path.join(folder, name, "entry_points.txt"))
                found[project] = [Extension(*pair, origin) for pair in _commands_in(text)]
    every = (each for of_one in found.values() for each in of_one)
    return tuple(sorted(every, key=lambda each: (each.name, each.origin)))


def load(name: str) -> click.Command | None:
    """The command of a name, imported now; None where nobody brings one.

    Where it does not import, is no command, or several bring one, that is shown, and the program
    ends with the exit code for it.
    """
    named = [each for each in extensions() if each.name == name]
    if not named:
        return None
    # Only for those who call such a command: help and the others do without.
    from lolpop_graph.cli.common import reports_faults  # noqa: PLC0415

    return reports_faults(_only)(named)


def _only(named: list[Extension]) -> click.Command:
    """The command of an extension; WorkflowError for several, and where it cannot be had."""
    from lolpop_graph.errors import WorkflowError  # noqa: PLC0415
    from lolpop_graph.faults import CommandAmbiguous  # noqa: PLC0415

    if len(named) > 1:
        found = tuple(f"{each.origin} ({each.target})" for each in named)
        raise WorkflowError([CommandAmbiguous(name=named[0].name, found=found)])
    return _guarded(_imported(named[0]), named[0])


def _metadata_in(folder: str) -> list[str]:
    try:
        return [name for name in os.listdir(folder) if name.endswith(_ENDS)]
    except OSError:
        # A zip file, or a folder that is not there.
        return []


def _entry_points(file: str) -> str:
    try:
        with open(file, encoding="utf-8", errors="replace") as opened:
            return opened.read()
    except OSError:
        return ""


def _commands_in(text: str) -> Iterator[tuple[str, str]]:
    """The names and targets in the section of commands."""
    if GROUP not in text:
        return
    section = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            section = line.strip("[] ")
        elif section == GROUP and "=" in line and not line.startswith("#"):
            name, _, target = line.partition("=")
            yield name.strip(), target.partition("[")[0].strip()


def _imported(extension: Extension) -> click.Command:
    module, _, qualname = extension.target.partition(":")
    try:
        held: Any = import_module(module)
        for part in filter(None, qualname.split(".")):
            held = getattr(held, part)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - a module's code may raise anything
        raise _failed(extension, "does not import", error) from _users_part(error)
    if not isinstance(held, click.Command):
        what = f"is no command of click: `{extension.target}` is of type `{type(held).__name__}`"
        raise _failed(extension, what)
    return held


def _guarded(command: click.Command, extension: Extension) -> click.Command:
    """The command, whose errors are told as errors of the distribution that it comes from."""
    guarded = copy.copy(command)
    guarded.invoke = _guard(command.invoke, extension)  # type: ignore[assignment,method-assign]
    return guarded


def _guard(
    invoke: Callable[[click.Context], Any], extension: Extension
) -> Callable[[click.Context], Any]:
    from lolpop_graph.cli.common import reports_faults  # noqa: PLC0415 - see `load`
    from lolpop_graph.errors import WorkflowError  # noqa: PLC0415

    @reports_faults
    def guarded(context: click.Context) -> Any:
        try:
            return invoke(context)
        except (*_MEANT, WorkflowError):
            raise
        except Exception as error:  # noqa: BLE001 - the same
            raise _failed(extension, "raised", error) from _users_part(error)

    return guarded


def _failed(extension: Extension, what: str, error: BaseException | None = None) -> Exception:
    from lolpop_graph.classes.loading import (  # noqa: PLC0415
        EXTRAS,
        missing_module,
        pip_install,
        told,
    )
    from lolpop_graph.errors import WorkflowError  # noqa: PLC0415
    from lolpop_graph.faults import CommandFailed  # noqa: PLC0415

    extra = EXTRAS.get(missing_module(error))
    fault = CommandFailed(
        name=extension.name,
        origin=extension.origin,
        cause=f"{what}: {told(error)}" if error else what,
        remedy=f"run: {pip_install(extra)}" if extra else "",
    )
    return WorkflowError([fault])


def _users_part(error: BaseException) -> BaseException:
    """The error, its traceback beginning in the code of the distribution."""
    at: TracebackType | None = error.__traceback__
    ours = (os.path.dirname(click.__file__), os.path.dirname(__file__), "<frozen ")
    while at is not None and at.tb_frame.f_code.co_filename.startswith(ours):
        at = at.tb_next
    # An `import_module` of Python's own stands between ours and theirs.
    while at is not None and at.tb_frame.f_globals.get("__name__", "").startswith("importlib"):
        at = at.tb_next
    return error.with_traceback(at)
