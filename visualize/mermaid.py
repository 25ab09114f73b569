"""DiGraph -> Mermaid: the same picture for Markdown, folded to what Mermaid agrees to draw."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from visualize.paint import paint
from visualize.scene import read_scene
from visualize.style import CHILD, DASHED, SIGNS, edge_style
from visualize.text import plain
from visualize.themes import THEMES
from visualize.words import Sample, heading, lines_of, samples

if TYPE_CHECKING:
    import networkx as nx

    from visualize.fold import Box, Cluster, End
    from visualize.scene import Line, Scene
    from visualize.view import View

MOST_EDGES = 500
MOST_CHARACTERS = 50_000
_TOO_LARGE = ("folded to what Mermaid draws:", "500 links and 50,000 characters")
# What has no meaning in Mermaid, HTML or Markdown; all other characters are written as numbers.
_HARMLESS = frozenset(" _,:…·»\N{MULTIPLICATION SIGN}\N{MINUS SIGN}")


def to_mermaid(graph: nx.DiGraph[str], view: View) -> bytes:
    """Return the picture of a workflow's graph as a flowchart of Mermaid.

    It is folded further than the view says where Mermaid would refuse it, and says so. The errors
    of `to_dot` are raised.
    """
    return _text(graph, view).encode(errors="replace")


def to_markdown(graph: nx.DiGraph[str], view: View) -> bytes:
    """Return the same in a fence, as it stands in a Markdown file."""
    return f"```mermaid\n{_text(graph, view)}```\n".encode(errors="replace")


def _text(graph: nx.DiGraph[str], view: View) -> str:
    for number, smaller in enumerate(_smaller(view)):
        flowchart = _Flowchart(read_scene(graph, smaller), is_cut=number > 0)
        text = flowchart.text()
        if len(flowchart.edges) <= MOST_EDGES and len(text) <= MOST_CHARACTERS:
            break
    return text


def _smaller(view: View) -> Iterator[View]:
    """Yield a view, and those that show less and less of the same."""
    yield view
    yield replace(view, depth=None)
    yield replace(view, depth=None, links="groups", show=("class",))
    yield replace(view, depth=3, links="none", collapse=())
    yield replace(view, depth=1, links="none", collapse=())


class _Flowchart:
    """One scene, under the ids that it has in Mermaid; `edges` are its lines in order."""

    def __init__(self, scene: Scene, *, is_cut: bool) -> None:
        self.scene = scene
        self.theme = THEMES[scene.view.theme]
        self.is_cut = is_cut
        self.nodes = {box: f"n{i}" for i, box in enumerate(scene.folded.boxes)}
        self.frames = {cluster: f"g{i}" for i, cluster in enumerate(scene.clusters)}
        self.layers = {layer: f"layer{i}" for i, layer in enumerate(scene.layers)}
        self.edges: list[str] = []
        self.has_legend = False

    def text(self) -> str:
        body = [
            *(line for cluster in self.scene.clusters for line in self._cluster(cluster)),
            *(line for cluster in self.scene.branches for line in self._branch(cluster)),
            *(self._line(line) for line in self.scene.lines),
            *self._legend(),
            *self._looks(),
        ]
        start = '%%{init: {"theme": "base"}}%%'
        kind = f"flowchart {self.scene.view.direction}"
        return "\n".join([start, kind, *(f"  {line}" for line in body), ""])

    def _cluster(self, cluster: Cluster) -> Iterator[str]:
        boxes = [self._node(box, cluster) for box in cluster.boxes]
        if cluster.is_lone_root():
            yield from boxes
            return
        title = _label([heading(cluster, self.scene.marks.get(cluster.id))])
        yield f"subgraph {self.frames[cluster]}[{title}]"
        yield from (f"  {line}" for line in boxes)
        yield "end"

    def _node(self, box: Box, cluster: Cluster) -> str:
        opening, closing = self.scene.layers[cluster.layer].brackets
        text = _label(lines_of(box, cluster.layer, self.scene.view))
        change = box.first.change if box.alike else None
        look = self.layers[cluster.layer]
        if change in self.theme.changes:
            look = str(change)
        elif cluster.parent is None:
            look = "root"
        elif self.scene.compares or box.first.context:
            look = "plain"
        return f"{self.nodes[box]}{opening}{text}{closing}:::{look}"

    def _branch(self, cluster: Cluster) -> Iterator[str]:
        style, colour = edge_style(CHILD), self.theme.lines[edge_style(CHILD).colour]
        if cluster.parent is not None:
            parent = self.nodes[cluster.parent]
            is_single = self.scene.view.links == "all"
            boxes = [self.nodes[box] for box in cluster.boxes]
            for end in boxes if is_single else [self.frames[cluster]]:
                yield self._edge(parent, style.mermaid, end, colour)

    def _line(self, line: Line) -> str:
        sign = SIGNS.get(line.change or "", line.change)
        label = f"|{_label([sign])}|" if sign else ""
        changed = self.theme.changes.get(line.change or "")
        colour = self.theme.lines[line.style.colour] if changed is None else changed.border
        source, target = self._end(line.source, line), self._end(line.target, line)
        return self._edge(source, line.style.mermaid + label, target, colour)

    def _end(self, end: End, line: Line) -> str:
        if end.box is not None:
            return self.nodes[end.box]
        # A frame that is linked with itself is no picture that Mermaid can draw.
        if line.source.cluster is line.target.cluster or end.cluster.is_lone_root():
            return self.nodes[end.cluster.boxes[0 if end is line.source else -1]]
        return self.frames[end.cluster]

    def _edge(self, source: str, line: str, target: str, colour: str) -> str:
        self.edges.append(colour)
        return f"{source} {line} {target}"

    def _legend(self) -> Iterator[str]:
        rows = [] if len(self.nodes) == 1 and not self.scene.captions() else samples(self.scene)
        if self.is_cut:
            rows.append(Sample(_TOO_LARGE))
        self.has_legend = bool(rows)
        if rows:
            yield 'subgraph legend[" "]'
            yield "  direction TB"
            for i, sample in enumerate(rows):
                yield f"  {self._sample(f'k{i}', sample)}"
            yield "end"

    def _sample(self, key: str, sample: Sample) -> str:
        text = _label(sample.words)
        if sample.line is not None:
            end = f"{key}w[{text}]:::words"
            colour = self.theme.lines[sample.line.colour]
            return self._edge(f'{key}[" "]:::words', sample.line.mermaid, end, colour)
        if sample.change is not None:
            sign = SIGNS.get(sample.change, "")
            look = sample.change if sign else "plain"
            return f"{key}[{_label([f'{sign} {sample.words[0]}'.strip()])}]:::{look}"
        if sample.layer is None:
            return f"{key}[{text}]:::words"
        opening, closing = self.scene.layers[sample.layer].brackets
        is_root = sample.layer == self.scene.clusters[0].layer
        look = "plain" if self.scene.compares else self.layers[sample.layer]
        return f"{key}{opening}{text}{closing}:::{'root' if is_root else look}"

    def _looks(self) -> Iterator[str]:
        """Yield the colours: those of layers, of what has none, of changes, frames and lines."""
        theme = self.theme
        looks = {self.layers[layer]: self._of_layer(layer) for layer in self.scene.layers_shown}
        if self.scene.clusters:
            root = self.scene.clusters[0]
            is_plain = self.scene.compares or root.boxes[0].first.context
            fill = paint(self.scene.layers[root.layer], None, theme, is_plain=is_plain).border
            looks["root"] = f"fill:{fill},stroke:{fill},color:{theme.page}"
        looks["plain"] = _colours(*theme.plain, theme.muted)
        for change in self.scene.changes:
            if change in theme.changes:
                dashes = ",stroke-dasharray:4" if change in DASHED else ""
                colours = _colours(*theme.changes[change], theme.text)
                looks[change] = f"{colours},stroke-width:2px{dashes}"
        looks["words"] = f"fill:none,stroke:none,color:{theme.muted}"
        looks["frame"] = _colours(theme.area, theme.frame, theme.muted)
        yield from (f"classDef {name} {look}" for name, look in looks.items())
        frames = [self.frames[c] for c in self.scene.clusters if not c.is_lone_root()]
        legend = ["legend"] * self.has_legend
        if frames or legend:
            yield f"class {','.join([*frames, *legend])} frame"
        yield from self._colours_of_edges()

    def _of_layer(self, layer: str) -> str:
        return _colours(*self.theme.boxes[self.scene.layers[layer].colour], self.theme.text)

    def _colours_of_edges(self) -> Iterator[str]:
        by_colour: dict[str, list[int]] = defaultdict(list)
        for number, colour in enumerate(self.edges):
            by_colour[colour].append(number)
        for colour, numbers in by_colour.items():
            yield f"linkStyle {','.join(map(str, numbers))} stroke:{colour},color:{self.theme.text}"


def _colours(fill: str, border: str, text: str) -> str:
    return f"fill:{fill},stroke:{border},color:{text}"


def _label(lines: Iterator[str] | list[str] | tuple[str, ...]) -> str:
    """Return lines as one text that Mermaid shows as they are written."""
    text = "<br/>".join("".join(map(_written, plain(line))) for line in lines)
    # A text of nothing is a mistake to Mermaid.
    return f'"{text or " "}"'


def _written(character: str) -> str:
    if character.isalnum() or character in _HARMLESS:
        return character
    return f"#{ord(character)};"
