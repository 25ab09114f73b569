"""How a workflow is shown outside of commands: pictures for notebooks, and pictures in files."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Container
from pathlib import Path
from typing import TYPE_CHECKING

from lolpop_graph.errors import WorkflowError
from lolpop_graph.faults import NotWritten
from lolpop_graph.files import write_whole
from visualize import RenderError, View, draw, folding, layers_to_dot, render

if TYPE_CHECKING:
    import networkx as nx

SVG, PLAIN = "image/svg+xml", "text/plain"
_COMMENTS = re.compile(r"\s*<!--.*?-->", re.DOTALL)


class Picture:
    """A picture that a notebook shows by itself, drawn when it is first looked at.

    Without Graphviz there is the text alone, which then says what to install.
    """

    def __init__(self, text: str, drawn: Callable[[], bytes]) -> None:
        """Show `text`, and what `drawn` gives: an SVG as a file, or RenderError."""
        self.text = text
        self._drawn = drawn
        self._bundle: dict[str, str] | None = None

    def bundle(
        self, include: Container[str] | None = None, exclude: Container[str] | None = None
    ) -> dict[str, str]:
        """What a notebook shows, by its MIME types; those to `include`, without those to `exclude`.

        The picture is not drawn where nobody wants it.
        """
        found: dict[str, str] = {PLAIN: self.text}
        if _is_wanted(SVG, include, exclude):
            if self._bundle is None:
                self._bundle = self._shown()
            found = self._bundle
        return {kind: shown for kind, shown in found.items() if _is_wanted(kind, include, exclude)}

    def _shown(self) -> dict[str, str]:
        try:
            return {SVG: _inline(self._drawn()), PLAIN: self.text}
        except (RenderError, OSError) as error:
            return {PLAIN: f"{self.text}\nno picture: {error}"}

    def _repr_mimebundle_(
        self, include: Container[str] | None = None, exclude: Container[str] | None = None
    ) -> dict[str, str]:
        """What IPython asks for."""
        return self.bundle(include, exclude)

    def __repr__(self) -> str:
        """The text."""
        return self.text


def _is_wanted(kind: str, include: Container[str] | None, exclude: Container[str] | None) -> bool:
    return (not include or kind in include) and not (exclude and kind in exclude)


def _inline(svg: bytes) -> str:
    """An SVG as it can stand within a page: from its element on, without comments."""
    text = svg.decode()
    return _COMMENTS.sub("", text[text.index("<svg") :])


def picture_of(graph: nx.DiGraph[str], text: str, view: View) -> Picture:
    """The picture of a workflow's graph, whose text says what is folded without being asked to."""
    if told := folding(graph, view):
        text += f"\n{told.words('depth=')}"
    return Picture(text, lambda: draw(graph, "svg", view))


def picture_of_layers(tree: nx.DiGraph[str], text: str) -> Picture:
    """The picture of a framework's tree of layers."""
    return Picture(text, lambda: render(layers_to_dot(tree), "svg"))


def write_picture(graph: nx.DiGraph[str], path: str | os.PathLike[str], view: View) -> None:
    """Draw a graph into a file whose ending says the format, whole or not at all.

    WorkflowError says why it could not be.
    """
    path = Path(path)
    write_output(path, drawn(graph, path.suffix.lower().removeprefix("."), view, str(path)))


def drawn(graph: nx.DiGraph[str], form: str, view: View, target: str) -> bytes:
    """A picture for a target, as the content of a file; WorkflowError says why there is none."""
    try:
        return draw(graph, form, view)
    except RenderError as error:
        fault = NotWritten(target=target, reason=error.reason, remedy=error.cure or "")
        raise WorkflowError([fault]) from None


def write_output(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all; WorkflowError says why it could not be."""
    try:
        write_whole(path, content)
    except OSError as error:
        reason = error.strerror or str(error)
        if isinstance(error, FileNotFoundError):
            reason = f"there is no folder `{path.parent}`"
        raise WorkflowError([NotWritten(target=str(path), reason=reason)]) from None
