"""Pictures for commands: which formats a file's name can ask for, and writing one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lolpop_graph.cli.common import write_output
from lolpop_graph.errors import WorkflowError
from lolpop_graph.faults import NotWritten
from visualize import FORMATS, RenderError, View, draw, folding
from visualize.formats import PICTURES

if TYPE_CHECKING:
    import networkx as nx


class Picture(click.Path):
    """A file whose name ends in a format that can be drawn."""

    def __init__(self, *, allow_dash: bool = False) -> None:
        """Accept any path with such an ending, there or not, and `-` if that is allowed."""
        super().__init__(dir_okay=False, path_type=Path, allow_dash=allow_dash)

    def convert(
        self,
        value: Any,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:
        """The path."""
        path = Path(str(super().convert(value, param, ctx)))
        is_output = self.allow_dash and path.name == "-"
        if not is_output and path.suffix.lower().removeprefix(".") not in FORMATS:
            endings = ", ".join(f".{name}" for name in FORMATS)
            self.fail(f"{str(path)!r} must end in one of {endings}", param, ctx)
        return path


def write_picture(graph: nx.DiGraph[str], path: Path, view: View) -> None:
    """Draw a graph into a file, whole or not at all; WorkflowError says why it could not be."""
    form = path.suffix.lower().removeprefix(".")
    write_output(path, drawn(graph, form, view, str(path)))
    say_what_is_folded(graph, form, view)


def drawn(graph: nx.DiGraph[str], form: str, view: View, target: str) -> bytes:
    """Return a picture for a target; WorkflowError says why it could not be drawn."""
    try:
        return draw(graph, form, view)
    except RenderError as error:
        fault = NotWritten(target=target, reason=error.reason, remedy=error.cure or "")
        raise WorkflowError([fault]) from None


def say_what_is_folded(graph: nx.DiGraph[str], form: str, view: View) -> None:
    """Write to standard error what a picture does not show though no one asked for that."""
    if form in PICTURES and (told := folding(graph, view)):
        of_all = f"{told.hidden:,} of {told.total:,} integrations"
        click.echo(f"folded: {of_all}; --depth {told.depth} shows them", err=True)
