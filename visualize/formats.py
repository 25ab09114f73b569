"""What a graph can be drawn as: a row for each format."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from visualize.dot import to_dot
from visualize.render import RenderError, render

if TYPE_CHECKING:
    import networkx as nx

Writer = Callable[["nx.DiGraph[str]", str], bytes]
"""Takes a graph and what links to draw, as `to_dot` does, and gives the content of a file."""


def _dot(graph: nx.DiGraph[str], links: str) -> bytes:
    return to_dot(graph, links=links).encode(errors="replace")


def _rendered(form: str) -> Writer:
    return lambda graph, links: render(to_dot(graph, links=links), form)


FORMATS: dict[str, Writer] = {
    "dot": _dot,
    "svg": _rendered("svg"),
    "png": _rendered("png"),
    "pdf": _rendered("pdf"),
}
"""The formats by the ending of a file's name."""


def draw(graph: nx.DiGraph[str], form: str, *, links: str = "groups") -> bytes:
    """Return the picture of a workflow's graph in one of FORMATS, as the content of a file.

    `links` is that of `to_dot`, and the same errors are raised; RenderError for an unknown format
    and where `render` cannot draw.
    """
    if form not in FORMATS:
        reason = f"a picture cannot have the format {form!r}"
        raise RenderError(reason, f"choose one of {', '.join(FORMATS)}")
    return FORMATS[form](graph, links)
