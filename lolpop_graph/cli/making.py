"""What `init` and `new` share: the options for templates, and saying what was made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import click

from lolpop_graph.cells import Span
from lolpop_graph.cli.arguments import read_argument
from lolpop_graph.cli.reports import write_lines
from lolpop_graph.text import counted

if TYPE_CHECKING:
    from lolpop_graph.scaffold.making import Made
    from lolpop_graph.scaffold.rendering import Template

P = ParamSpec("P")
R = TypeVar("R")


def _answers(ctx: click.Context, param: click.Parameter, values: Sequence[str]) -> dict[str, Any]:
    """What a template would ask for, each given as `KEY=VALUE`."""
    del ctx, param
    answers = {}
    for number, text in enumerate(values, start=1):
        key, equals, value = text.partition("=")
        if not key or not equals:
            message = f"number {number} is not of the form key=value"
            raise click.BadParameter(message)
        answers[key] = read_argument(value, f"the value of number {number}")
    return answers


_OPTIONS = (
    click.option(
        "--template", "source", metavar="PATH_OR_URL",
        help="A template of copier of your own: a folder, or the address of a repository of git.",
    ),
    click.option(
        "--data", "answers", multiple=True, metavar="KEY=VALUE", callback=_answers,
        help="Answer what the template would ask for.",
    ),
    click.option(
        "--trust-template", "may_run", is_flag=True,
        help="Let the template run commands and code of its own on this machine.",
    ),
    click.option("--force", is_flag=True, help="Overwrite files that are there."),
)  # fmt: skip


def template_options(command: Callable[P, R]) -> Callable[P, R]:
    """Give a command the options that say which template it uses, and how."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def chosen_template(options: dict[str, Any]) -> Template | None:
    """The template that the options name; None for ours."""
    from lolpop_graph.scaffold.rendering import Template  # noqa: PLC0415 - help needs none of it

    if not options["source"]:
        for name in ("answers", "may_run"):
            if options[name]:
                message = "--data and --trust-template are for a --template of your own"
                raise click.UsageError(message)
        return None
    return Template(options["source"], False, options["may_run"], options["answers"])  # noqa: FBT003


def say_what_was_made(made: Made, *steps: str) -> None:
    """Tell the files that were written, and the commands that come next."""
    lines: list[list[Span]] = [
        [
            ("made ", ""),
            (counted(len(made.files), "file"), "bold"),
            (f" in {_shown(made.folder)}", ""),
        ]
    ]
    lines += [[(f"  {name}", "dim")] for name in made.files]
    if "pyproject.toml" in made.files:
        install = 'pip install -e ".[test]"' if made.is_new_project else "pip install -e ."
        enter = [f"cd {_shown(made.folder)}"] if _shown(made.folder) != "." else []
        lines.append([("next:", "")])
        lines += [[(f"  {step}", "green")] for step in (*enter, install, *steps)]
    write_lines(lines, err=False)


def _shown(folder: Path) -> str:
    """A folder from the current one on, if it lies in there."""
    here = Path.cwd()
    return str(folder.relative_to(here)) if folder.is_relative_to(here) else str(folder)
