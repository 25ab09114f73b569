"""DiGraph -> DOT text: a box for each group, the tree, and who is given to whom."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from visualize.groups import hides_a_name, read_groups, read_links, single_links, topmost
from visualize.layout import Grid
from visualize.legend import Sample, legend
from visualize.style import (
    CHILD,
    FONT,
    GROUP_FILL,
    HIDING,
    MUTED_COLOUR,
    SIGNS,
    TEXT_COLOUR,
    EdgeStyle,
    edge_style,
    layer_styles,
    line_attributes,
)
from visualize.text import columns, quoted
from visualize.view import View, view_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import networkx as nx

    from visualize.groups import Group, Integration, Reach


_WIDEST = 2.4
_INCHES_PER_LETTER = 0.078
_MARGIN = 0.3

_DEFAULTS = (
    (
        f'graph [compound=true, newrank=true, fontname="{FONT}", fontsize=11, '
        f'fontcolor="{MUTED_COLOUR}", labeljust=l, labelloc=t, nodesep=0.14, ranksep=0.4, '
        f'pad=0.2, style="filled,rounded", bgcolor="white", fillcolor="{GROUP_FILL}"]'
    ),
    (
        f'node [shape=box, class="integration", fontname="{FONT}", fontsize=10, '
        f'fontcolor="{TEXT_COLOUR}", height=0.5, margin="0.1,0.05"]'
    ),
    "edge [arrowsize=0.8]",
)


def to_dot(graph: nx.DiGraph[str], view: View | None = None, **fields: Any) -> str:
    """Return the picture of a workflow's graph as DOT text, the same text for the same graph.

    What it shows is said by a `View` or by its fields as keywords. Values of `config` are never
    drawn.

    Raises ValueError for an unknown choice or kind of edge, TypeError for an unknown field,
    KeyError for a missing attribute.
    """
    view = view_of(view, fields)
    picture = _Picture(graph)
    bodies = {
        "groups": picture.with_group_links,
        "all": picture.with_single_links,
        "none": picture.with_tree_alone,
    }
    start = [f"digraph {{\nrankdir={view.direction}", *_DEFAULTS]
    return "\n".join([*start, *bodies[view.links or "groups"](graph), "}", ""])


class _Picture:
    """The groups of one graph, under the ids they have in its DOT text."""

    def __init__(self, graph: nx.DiGraph[str]) -> None:
        self.groups = read_groups(graph)
        self.nodes = {path: f"n{i}" for i, path in enumerate(graph)}
        self.clusters = {group: f"cluster_g{i}" for i, group in enumerate(self.groups)}
        stacked = Counter(group.layer_path for group in self.groups.values())
        self.grids = {
            group.id: Grid(group, stacked[group.layer_path]) for group in self.groups.values()
        }
        self.lone_roots = {g.members[0].path for g in self.groups.values() if g.is_lone_root()}
        self.styles = layer_styles(group.layer for group in self.groups.values())
        self.changed_links = graph.graph.get("changed_links", {})
        self.widths = _widths(self.groups.values())

    def with_tree_alone(self, graph: nx.DiGraph[str]) -> Iterator[str]:
        del graph
        yield from self._boxes({})
        yield from self._branches()

    def with_group_links(self, graph: nx.DiGraph[str]) -> Iterator[str]:
        reaches = topmost(read_links(graph, self.groups), self.groups)
        mutual = {r.link.source: r.style() for r in reaches if r.style().mutual}
        lines = [reach for reach in reaches if not reach.style().mutual]
        yield from legend(
            [
                *[Sample(style.group_meaning, style) for style in self._tree_style()],
                *[Sample(reach.style().group_meaning, reach.style()) for reach in lines],
                *[Sample(style.group_meaning) for style in mutual.values()],
                *[Sample(HIDING)] * hides_a_name(lines, self.groups),
            ]
        )
        yield from self._boxes({group: style.mark for group, style in mutual.items()})
        yield from self._branches()
        yield from (self._group_line(reach) for reach in lines)

    def with_single_links(self, graph: nx.DiGraph[str]) -> Iterator[str]:
        links = list(single_links(graph))
        kinds = sorted({kind for _, _, kind in links})
        styles = [*self._tree_style(), *map(edge_style, kinds)]
        yield from legend(Sample(style.meaning, style) for style in styles)
        yield from self._boxes({})
        yield from (self._line(*branch, CHILD) for branch in self._parents())
        yield from (self._line(*link) for link in links)

    def _boxes(self, marks: dict[str, str]) -> Iterator[str]:
        for group in self.groups.values():
            inside = [
                *(self._node(member, group.layer) for member in group.members),
                *self.grids[group.id].lines(self.nodes),
            ]
            if group.is_lone_root():
                yield from inside
            else:
                yield f"subgraph {self.clusters[group.id]} {{"
                yield f"  label={quoted(_heading(group, marks.get(group.id, '')))}"
                yield f'  color="{self.styles[group.layer].border}"'
                yield from (f"  {line}" for line in inside)
                yield "}"

    def _node(self, member: Integration, layer: str) -> str:
        style = self.styles[layer]
        text = quoted(SIGNS.get(member.change, "") + member.name, *_short_class(member))
        return (
            f"{self.nodes[member.path]} [label={text}, width={self.widths[layer]:.2f}, "
            f'fillcolor="{style.fill}", color="{style.border}", style="{style.style}", '
            f"penwidth={style.penwidth}]"
        )

    def _branches(self) -> Iterator[str]:
        """Yield one line from each parent to each of its groups."""
        for group in self.groups.values():
            if group.parent is None:
                continue
            tail, head = self.nodes[group.parent.path], self.nodes[self.grids[group.id].entry]
            # Two boxes need room for a line between them; a root without a box has it.
            length = 1 if group.parent.path in self.lone_roots else 2
            yield (
                f"{tail} -> {head} [lhead={self.clusters[group.id]}, weight=1000, "
                f"minlen={length}, {line_attributes(edge_style(CHILD))}]"
            )

    def _group_line(self, reach: Reach) -> str:
        link = reach.link
        tail, head = self.grids[link.source].exit, self.grids[link.target].entry
        sign = quoted(SIGNS.get(self.changed_links.get(link), "").strip())
        label = "" if sign == '""' else f"label={sign}, "
        look = label + line_attributes(reach.style())
        return (
            f"{self.nodes[tail]} -> {self.nodes[head]} [ltail={self.clusters[link.source]}, "
            f"lhead={self.clusters[link.target]}, minlen=2, {look}]"
        )

    def _line(self, source: str, target: str, kind: str) -> str:
        style = edge_style(kind)
        # Peers stay where their group's grid has them.
        constraint = ", constraint=false" if style.mutual else ""
        look = line_attributes(style) + constraint
        return f"{self.nodes[source]} -> {self.nodes[target]} [{look}]"

    def _parents(self) -> Iterator[tuple[str, str]]:
        for group in self.groups.values():
            if group.parent is not None:
                yield from ((group.parent.path, member.path) for member in group.members)

    def _tree_style(self) -> list[EdgeStyle]:
        return [edge_style(CHILD)] * any(group.parent for group in self.groups.values())


def _heading(group: Group, mark: str) -> str:
    whose = f" of {group.parent.name}" if group.parent is not None else ""
    return f"{group.layer}{whose}{' · ' if mark else ''}{mark}"


def _short_class(member: Integration) -> list[str]:
    name = member.class_name
    if not name:
        return []
    return [name if "$" in name else name.replace(":", ".").rpartition(".")[2]]


def _widths(groups: Iterable[Group]) -> dict[str, float]:
    """Return a box width for each layer, so that boxes are equal where names are not extreme."""
    widths: dict[str, float] = {}
    for group in groups:
        letters = max(columns(t) for m in group.members for t in (m.name, *_short_class(m)))
        wanted = min(_WIDEST, letters * _INCHES_PER_LETTER + _MARGIN)
        widths[group.layer] = max(wanted, widths.get(group.layer, 0.0))
    return widths
