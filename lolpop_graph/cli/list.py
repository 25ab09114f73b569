"""`lolpop-graph list`: what is installed, from where, and what it lacks."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lolpop_graph.cells import Span, aligned, cells, cut
from lolpop_graph.cli.common import planned, reports_faults
from lolpop_graph.cli.reports import is_terminal, print_json, write_lines
from lolpop_graph.errors import WorkflowError
from lolpop_graph.faults import NothingInstalled
from lolpop_graph.text import counted, quoted

if TYPE_CHECKING:
    from lolpop_graph.classes.installed import InstalledPart

_NARROWEST = 40


@click.command("list")
@click.argument("layer", required=False)
@click.option(
    "-w", "--workflow", "confs", multiple=True, type=click.Path(path_type=Path),
    help="List what this workflow could name, from its own places as well; several are layered.",
)  # fmt: skip
@click.option(
    "--plugin-path", "plugin_paths", multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="List the classes of this file or folder as well.",
)  # fmt: skip
@click.option("--type", "kind", help="List this type of part alone, such as data_connector.")
@click.option("--json", "as_json", is_flag=True, help="Write the list as JSON.")
@reports_faults
def command(
    layer: str | None,
    confs: tuple[Path, ...],
    plugin_paths: tuple[Path, ...],
    kind: str | None,
    as_json: bool,
) -> None:
    """List the classes that a workflow can name in the sections of LAYER, or of every layer.

    Beside each stands what it came with, and what it needs that is not installed. All is read
    from texts and metadata; nothing is imported.
    """
    found = _found(layer, confs, plugin_paths, kind)
    if as_json:
        print_json([part.as_dict() for part in found])
        return
    is_read = is_terminal(sys.stdout)
    write_lines(_lines(found, shutil.get_terminal_size().columns if is_read else None), err=False)


def _found(
    layer: str | None, confs: Sequence[Path], plugin_paths: Sequence[Path], kind: str | None
) -> list[InstalledPart]:
    """The parts that are asked for; WorkflowError where there is none of the layer or the type."""
    found = [part for part in _parts(layer, confs, plugin_paths) if kind in {None, part.type}]
    if not found and (layer or kind):
        everything = _parts(None, confs, plugin_paths)
        layers = dict.fromkeys(part.layer for part in everything)
        of_layer = (part for part in everything if layer in {None, part.layer})
        types = dict.fromkeys(part.type for part in of_layer if part.type)
        wrong = NothingInstalled(
            layer=layer or "", kind=kind or "", layers=tuple(layers), types=tuple(types)
        )
        raise WorkflowError([wrong])
    return found


def _parts(
    layer: str | None, confs: Sequence[Path], plugin_paths: Sequence[Path]
) -> tuple[InstalledPart, ...]:
    if confs:
        options = {"overlays": (), "overrides": (), "plugin_paths": plugin_paths}
        return planned(confs, options).installed(layer)
    from lolpop_graph.classes.installed import installed  # noqa: PLC0415 - help needs none of it

    return installed(layer, plugin_paths=plugin_paths)


def _lines(parts: Sequence[InstalledPart], width: int | None) -> Iterator[list[Span]]:
    """The list for people: a heading for each layer, a line for each class and what it lacks."""
    for number, (layer, group) in enumerate(groupby(parts, key=lambda part: part.layer)):
        members = [*group]
        if number:
            yield [("", "")]
        yield [(layer, "bold"), (f"  {counted(len(members), 'part')}", "dim")]
        rows = [
            [(f"  {part.type}", "dim"), (part.name, "bold"), (part.origin, "dim")]
            for part in members
        ]
        for part, line in zip(members, aligned(rows), strict=True):
            wide = sum(cells(text) for text, _ in line)
            room = None if width is None else max(_NARROWEST, width - wide - 2)
            yield [*line, ("  ", ""), (cut(part.summary, room), "")] if part.summary else line
            yield from _below(part)


def _below(part: InstalledPart) -> Iterator[list[Span]]:
    """What is wrong with a part, and what it lacks."""
    if part.problem:
        yield [(f"      {part.problem}", "red")]
    for at_import, when in ((True, ""), (False, " for some of it")):
        modules = [each.module for each in part.missing if each.at_import is at_import]
        if modules:
            yield [(f"      needs {quoted(modules, 'and')}{when}", "yellow")]
    if part.install:
        yield [(f"      {part.install}", "green")]
