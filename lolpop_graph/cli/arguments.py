"""The options and arguments with which a command line names a workflow, and how they are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click

from lolpop_graph.errors import WorkflowError
from lolpop_graph.faults import OverLimit
from lolpop_graph.limits import MOST_DEPTH, Limits
from lolpop_graph.reader import read_value
from lolpop_graph.text import did_you_mean

P = ParamSpec("P")
R = TypeVar("R")

_MOST = 10**15
_HIGHEST = {"depth": MOST_DEPTH}


def read_argument(text: str, which: str) -> Any:
    """A value that the command line gives as YAML; BadParameter says `which` is none.

    The value may be a secret and is not repeated, nor is the reader's sentence, which quotes it.
    """
    try:
        return read_value(text)
    except WorkflowError as error:
        fault = error.faults[0]
        if isinstance(fault, OverLimit):
            message = f"{which} is larger than is read here ({fault.code}): put it into a file"
            raise click.BadParameter(message) from None
        column = f" at column {fault.place.column}" if fault.place and fault.place.column else ""
        message = f"{which} cannot be read as YAML ({fault.code}{column}): quote it if it is text"
        raise click.BadParameter(message) from None


def _overrides(
    ctx: click.Context, param: click.Parameter, values: Sequence[str]
) -> list[tuple[str, Any]]:
    """Paths of the document and the values to set there, each given as `KEY=VALUE`."""
    del ctx, param
    return [_override(number, text) for number, text in enumerate(values, start=1)]


def _override(number: int, text: str) -> tuple[str, Any]:
    path, value = path_and_value(number, text, "train.config.metric=auc")
    return path, read_argument(value, f"the value of number {number}")


def path_and_value(number: int, text: str, form: str) -> tuple[str, str]:
    """A dotted path and the text after its equals sign; BadParameter shows the right `form`."""
    path, equals, value = text.partition("=")
    if not equals or not all(path.split(".")):
        message = f"number {number} is not of the form {form}"
        raise click.BadParameter(message)
    return path, value


def _limits(ctx: click.Context, param: click.Parameter, values: Sequence[str]) -> Limits | None:
    """The limits of a document, each given as `NAME=NUMBER`; None where none is."""
    del ctx, param
    given = dict(_limit(number, text) for number, text in enumerate(values, start=1))
    return Limits(**given) if given else None


def _limit(number: int, text: str) -> tuple[str, int]:
    name, equals, digits = text.partition("=")
    known = [field.name for field in fields(Limits)]
    if not equals:
        message = f"number {number} is not of the form {known[0]}=NUMBER"
        raise click.BadParameter(message)
    if name not in known:
        message = f"number {number} has an unknown name: {did_you_mean(name, known)}"
        raise click.BadParameter(message)
    most = _HIGHEST.get(name, _MOST)
    if not re.fullmatch("[0-9]{1,18}", digits) or not 1 <= int(digits) <= most:
        message = f"`{name}` must be a whole number from 1 to {most:,}"
        raise click.BadParameter(message)
    return name, int(digits)


_SET = click.option(
    "--set", "overrides", multiple=True, metavar="KEY=VALUE", callback=_overrides,
    help="Set one value, such as train.config.metric=auc.",
)  # fmt: skip
_OPTIONS = (
    click.option(
        "--overlay", "overlays", multiple=True, type=click.Path(path_type=Path),
        help="Layer this file over the workflow's.",
    ),
    click.option("--root-class", help="The class of the root."),
    click.option(
        "--plugin-path", "plugin_paths", multiple=True,
        type=click.Path(exists=True, path_type=Path),
        help="Look for classes in this file or folder as well.",
    ),
    click.option(
        "--trust", multiple=True, metavar="PACKAGE",
        help="Allow classes of this package to be built.",
    ),
    click.option("--problem-type", help="What the workflow solves, such as classification."),
    click.option(
        "--skip-config-validation", is_flag=True, help="Leave out what classes require.",
    ),
    click.option(
        "--lenient", is_flag=True, help="Warn of unknown sections and blocks, and go on.",
    ),
    click.option(
        "--limit", "limits", multiple=True, metavar="NAME=NUMBER", callback=_limits,
        help="How much a document may hold: size (bytes), depth, alias_values.",
    ),
)  # fmt: skip


def workflow_options(command: Callable[P, R]) -> Callable[P, R]:
    """Give a command the options that say how a workflow is planned."""
    return _SET(options_but_set(command))


def options_but_set(command: Callable[P, R]) -> Callable[P, R]:
    """Give a command those options but `--set`, for one in which that means something more."""
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
