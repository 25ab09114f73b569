"""What a graph can be drawn as: a row for each format.

A new format is a Writer in a module of its own and a row in FORMATS, and in PICTURES if it draws
what `scene.read_scene` gives it (boxes, folded where they are too many; lines; the legend), or in
DATA if it writes what `data` gives it (attributes without values, and edges). Commands have it
from here, and docs/pictures.md lists it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from visualize.data import to_json
from visualize.dot import to_dot
from visualize.graphml import to_graphml
from visualize.mermaid import to_markdown, to_mermaid
from visualize.render import RenderError, render
from visualize.view import View, view_of

if TYPE_CHECKING:
    import networkx as nx

Writer = Callable[["nx.DiGraph[str]", View], bytes]
"""Takes a graph and what of it to show, and gives the content of a file."""


def _dot(graph: nx.DiGraph[str], view: View) -> bytes:
    return to_dot(graph, view).encode(errors="replace")


def _page(graph: nx.DiGraph[str], view: View) -> bytes:
    from visualize.page import to_page  # noqa: PLC0415 - its files are read for it alone

    return to_page(graph, view).encode(errors="replace")


def _rendered(form: str) -> Writer:
    return lambda graph, view: render(to_dot(graph, view), form)


FORMATS: dict[str, Writer] = {
    "dot": _dot,
    "svg": _rendered("svg"),
    "png": _rendered("png"),
    "pdf": _rendered("pdf"),
    "mmd": to_mermaid,
    "md": to_markdown,
    "html": _page,
    "json": to_json,
    "graphml": to_graphml,
}
"""The formats by the ending of a file's name."""

PICTURES = frozenset({"dot", "svg", "png", "pdf", "mmd", "md"})
"""Those that are folded where they could not be read otherwise."""
DATA = frozenset({"json", "graphml"})
"""Those that are no pictures."""
OF_DATA = frozenset({"links", "depth", "only"})
"""The fields of a view that say something to data: which part of a graph is written."""


def draw(graph: nx.DiGraph[str], form: str, view: View | None = None, **fields: Any) -> bytes:
    """Return a workflow's graph in one of FORMATS, a picture or data, as the content of a file.

    What it shows is said by a `View` or by its fields as keywords. The errors of `to_dot` are
    raised; RenderError for an unknown format and where `render` cannot draw.
    """
    view = view_of(view, fields)
    if form not in FORMATS:
        reason = f"a picture cannot have the format {form!r}"
        raise RenderError(reason, f"choose one of {', '.join(FORMATS)}")
    return FORMATS[form](graph, view)
