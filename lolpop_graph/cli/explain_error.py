"""`lolpop-graph explain-error`: the page of a fault, or the list of all faults."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import click

from lolpop_graph import faults
from lolpop_graph.errors import Fault, Severity
from lolpop_graph.text import suggestion

RANGES = {
    "LG1": "The text of the files",
    "LG2": "The framework",
    "LG3": "What the document declares",
    "LG4": "References",
    "LG5": "Classes and functions",
    "LG6": "What classes require, and what decorators wrap",
    "LG7": "Building, running and closing",
    "LG8": "Writing files, and asking questions",
    "LG90": "What lint finds",
    "LG91": "Workflow tests",
}
"""What the first digit of a code says."""

_WIDEST = 100


class Code(click.ParamType[str]):
    """The code of a fault: `LG301`, `lg301` or `301`."""

    name = "CODE"

    def convert(
        self,
        value: str,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str:
        """The code as faults have it."""
        code = f"LG{value.strip().upper().removeprefix('LG').removesuffix(':')}"
        if code not in kinds():
            close = suggestion(code, kinds())
            hint = f"did you mean {close}?" if close else "without a code, all are listed"
            message = f"no fault has the code {value!r}; {hint}"
            raise click.BadParameter(message, ctx, param, param_hint="CODE")
        return code


@click.command("explain-error")
@click.argument("codes", nargs=-1, type=Code(), metavar="[CODE]...")
def command(codes: tuple[str, ...]) -> None:
    """Explain the faults of these codes, such as LG301, each with a wrong and a right example.

    Without a code, list all faults.
    """
    if codes:
        show("\n".join(page(code) for code in codes))
    else:
        click.echo(overview())


@cache
def kinds() -> dict[str, type[Fault]]:
    """The kinds of faults by their codes, in the order of the codes."""
    found: list[type[Fault]] = [getattr(faults, name) for name in faults.__all__]
    return {kind.code: kind for kind in sorted(found, key=lambda kind: kind.code)}


def page(code: str) -> str:
    """The page of a fault as Markdown; its first line is `# LG301: ` and the title."""
    name = f"pages/{code}.md"
    return files(faults).joinpath(name).read_text(encoding="utf-8")


def title(code: str) -> str:
    """What the fault is, in a few words."""
    return page(code).partition("\n")[0].partition(": ")[2]


def overview() -> str:
    """A list of all faults, by ranges; how bad one is stands beside it where it is no error."""
    return "\n\n".join("\n".join(_of_range(*each)) for each in RANGES.items())


def _of_range(start: str, name: str) -> Iterator[str]:
    yield name
    for code, kind in kinds().items():
        if code.startswith(start):
            mild = "" if kind.severity is Severity.ERROR else f" ({kind.severity})"
            yield f"  {code}  {title(code)}{mild}"


def show(text: str) -> None:
    """Write Markdown to standard output as it is, and with light formatting on a terminal."""
    if not sys.stdout.isatty():
        click.echo(text, nl=False)
        return
    from rich.console import Console  # noqa: PLC0415 - takes a while, and pipes need none of it
    from rich.markdown import Markdown  # noqa: PLC0415
    from rich.theme import Theme  # noqa: PLC0415

    # The colours of the terminal itself, whatever its background is.
    console = Console(theme=Theme({"markdown.code": "cyan"}))
    width = min(console.width, _WIDEST)
    console.print(Markdown(text, code_theme="ansi_dark"), width=width)
