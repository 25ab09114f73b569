"""Pictures for commands: which formats a file's name can ask for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lolpop_graph import display
from visualize import FORMATS, View, folding
from visualize.formats import PICTURES

if TYPE_CHECKING:
    import networkx as nx


class PictureFile(click.Path):
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
    display.write_picture(graph, path, view)
    say_what_is_folded(graph, path.suffix.lower().removeprefix("."), view)


def say_what_is_folded(graph: nx.DiGraph[str], form: str, view: View) -> None:
    """Write to standard error what a picture does not show though no one asked for that."""
    if form in PICTURES and (told := folding(graph, view)):
        click.echo(told.words("--depth "), err=True)
