"""DiGraph -> DOT text: a box for each group, the tree, and who is given to whom."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from visualize.layout import Grid
from visualize.legend import legend
from visualize.paint import box_attributes, line_attributes, paint, root_attributes
from visualize.scene import read_scene
from visualize.style import CHILD, FONT, SIGNS, edge_style
from visualize.text import columns, quoted
from visualize.themes import THEMES
from visualize.view import View, view_of
from visualize.words import heading, lines_of, samples

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import networkx as nx

    from visualize.fold import Box, Cluster
    from visualize.scene import Line, Scene
    from visualize.themes import Theme

_WIDEST = 2.4
_INCHES_PER_LETTER = 0.078
_MARGIN = 0.3
_SEPARATION = {"LR": "nodesep=0.14, ranksep=0.4", "TB": "nodesep=0.25, ranksep=0.16"}


def to_dot(graph: nx.DiGraph[str], view: View | None = None, **fields: Any) -> str:
    """Return the picture of a workflow's graph as DOT text, the same text for the same graph.

    What it shows is said by a `View` or by its fields as keywords. Values of `config` are never
    drawn.

    Raises ValueError for what a view cannot be or names though it is not there, TypeError for an
    unknown field, KeyError for a missing attribute, RenderError for millions of links one by one.
    """
    return scene_to_dot(read_scene(graph, view_of(view, fields)))


def scene_to_dot(scene: Scene) -> str:
    """Return what a picture shows as DOT text."""
    theme = THEMES[scene.view.theme]
    picture = _Picture(scene, theme)
    body = (*_defaults(scene.view, theme), *picture.body())
    return "\n".join(["digraph {", *body, "}", ""])


def _defaults(view: View, theme: Theme) -> Iterator[str]:
    yield (
        f"graph [rankdir={view.direction}, compound=true, newrank=true, "
        f'fontname="{FONT}", fontsize=11, fontcolor="{theme.muted}", labeljust=l, labelloc=t, '
        f'{_SEPARATION[view.direction]}, pad=0.2, style="filled,rounded", '
        f'bgcolor="{theme.page}", fillcolor="{theme.area}"]'
    )
    yield (
        f'node [class="integration", fontname="{FONT}", fontsize=10, '
        f'fontcolor="{theme.text}", height=0.5, margin="0.1,0.05"]'
    )
    yield f'edge [arrowsize=0.8, fontname="{FONT}", fontsize=14, fontcolor="{theme.text}"]'


class _Picture:
    """The clusters of one scene, under the ids they have in its DOT text."""

    def __init__(self, scene: Scene, theme: Theme) -> None:
        self.scene = scene
        self.theme = theme
        self.nodes = {box: f"n{i}" for i, box in enumerate(scene.folded.boxes)}
        self.frames = {cluster: f"cluster_g{i}" for i, cluster in enumerate(scene.clusters)}
        beside = Counter(cluster.groups[0].layer_path for cluster in scene.clusters)
        direction = scene.view.direction
        self.grids = {
            cluster: Grid(cluster, beside[cluster.groups[0].layer_path], direction)
            for cluster in scene.clusters
        }
        self.lone_roots = {c.boxes[0] for c in scene.clusters if c.is_lone_root()}
        self.texts = {
            box: list(lines_of(box, cluster.layer, scene.view))
            for cluster in scene.clusters
            for box in cluster.boxes
        }
        self.widths = self._widths()

    def body(self) -> Iterator[str]:
        one_by_one = self.scene.view.links == "all"
        is_bare = len(self.nodes) == 1 and not self.scene.captions()
        rows = [] if is_bare else samples(self.scene)
        yield from legend(rows, self.scene, self.theme)
        for cluster in self.scene.clusters:
            yield from self._cluster(cluster)
        for cluster in self.scene.branches:
            yield from self._parents(cluster) if one_by_one else self._branch(cluster)
        for line in self.scene.lines:
            yield self._line(line) if one_by_one else self._group_line(line)

    def _cluster(self, cluster: Cluster) -> Iterator[str]:
        inside = [
            *(self._node(box, cluster) for box in cluster.boxes),
            *self.grids[cluster].lines(self.nodes),
        ]
        if cluster.is_lone_root():
            yield from inside
            return
        style = self.scene.layers[cluster.layer]
        is_plain = self.scene.compares or all(box.first.context for box in cluster.boxes)
        border = paint(style, None, self.theme, is_plain=is_plain).border
        yield f"subgraph {self.frames[cluster]} {{"
        yield f"  label={quoted(heading(cluster, self.scene.marks.get(cluster.id)))}"
        yield f'  color="{border}"'
        yield from (f"  {line}" for line in inside)
        yield "}"

    def _node(self, box: Box, cluster: Cluster) -> str:
        style = self.scene.layers[cluster.layer]
        first = box.first
        change = first.change if box.alike else None
        attributes = box_attributes if cluster.parent is not None else root_attributes
        is_plain = self.scene.compares or first.context
        look = attributes(style, change, self.theme, is_plain=is_plain)
        several = ", peripheries=2" if len(box.columns) > 1 else ""
        muted = f', fontcolor="{self.theme.muted}"' if first.context and cluster.parent else ""
        return (
            f"{self.nodes[box]} [label={quoted(*self.texts[box])}, "
            f"width={self.widths[cluster.layer]:.2f}, {look}{several}{muted}]"
        )

    def _branch(self, cluster: Cluster) -> Iterator[str]:
        """Yield the line from a parent to its cluster."""
        parent = cluster.parent
        if parent is not None:
            tail, head = self.nodes[parent], self.nodes[self.grids[cluster].entry]
            # Two frames need room for a line between them; a root without one has it.
            length = 1 if parent in self.lone_roots else 2
            yield (
                f"{tail} -> {head} [lhead={self.frames[cluster]}, weight=1000, "
                f"minlen={length}, {line_attributes(edge_style(CHILD), self.theme)}]"
            )

    def _parents(self, cluster: Cluster) -> Iterator[str]:
        """Yield the lines from a parent to each of a cluster's boxes."""
        look = line_attributes(edge_style(CHILD), self.theme)
        if cluster.parent is not None:
            for box in cluster.boxes:
                yield f"{self.nodes[cluster.parent]} -> {self.nodes[box]} [{look}]"

    def _group_line(self, line: Line) -> str:
        (source, tail), (target, head) = line.source, line.target
        tied = "" if source is target else self._ties(line)
        look = self._look(line)
        return (
            f"{self.nodes[tail or self.grids[source].exit]} -> "
            f"{self.nodes[head or self.grids[target].entry]} [{tied}minlen=2, {look}]"
        )

    def _ties(self, line: Line) -> str:
        tail = f"ltail={self.frames[line.source.cluster]}, " if line.source.box is None else ""
        head = f"lhead={self.frames[line.target.cluster]}, " if line.target.box is None else ""
        return tail + head

    def _line(self, line: Line) -> str:
        # Peers stay where their cluster's grid has them.
        constraint = ", constraint=false" if line.style.mutual else ""
        source = line.source.box or self.grids[line.source.cluster].exit
        target = line.target.box or self.grids[line.target.cluster].entry
        return f"{self.nodes[source]} -> {self.nodes[target]} [{self._look(line)}{constraint}]"

    def _look(self, line: Line) -> str:
        sign = SIGNS.get(line.change or "", line.change)
        label = f"label={quoted(sign)}, " if sign else ""
        return label + line_attributes(line.style, self.theme, line.change)

    def _widths(self) -> dict[str, float]:
        """Return a width for each layer, so that boxes are equal where names are not extreme."""
        widths: dict[str, float] = {}
        for cluster in self.scene.clusters:
            lines = (text for box in cluster.boxes for text in self.texts[box])
            widths[cluster.layer] = max(_width(lines), widths.get(cluster.layer, 0.0))
        return widths


def _width(lines: Iterable[str]) -> float:
    letters = max((columns(line) for line in lines), default=0)
    return min(_WIDEST, letters * _INCHES_PER_LETTER + _MARGIN)
