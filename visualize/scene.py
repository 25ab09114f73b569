"""What a picture shows, for every format that is drawn: boxes, lines, and what explains them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from visualize.data import MOST_LINKS
from visualize.fold import READABLE, Cluster, End, Folded, fold
from visualize.groups import (
    GroupLink,
    hides_a_name,
    read_changes,
    read_groups,
    read_links,
    selected,
    single_links,
    topmost,
)
from visualize.render import RenderError
from visualize.style import (
    CHANGES,
    UNTESTED,
    VERDICTS,
    EdgeStyle,
    LayerStyle,
    edge_style,
    layer_styles,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import networkx as nx

    from visualize.groups import Group, Reach
    from visualize.view import View


class Line(NamedTuple):
    """A line between two clusters or, where links are drawn one by one, between two boxes."""

    source: End
    target: End
    style: EdgeStyle
    change: str | None

    def words(self) -> tuple[str, ...]:
        """Return what the line means."""
        return self.style.group_meaning if self.target.box is None else self.style.meaning


class Mark(NamedTuple):
    """A word in the heading of a cluster whose members are linked with each other."""

    style: EdgeStyle
    change: str | None


@dataclass(frozen=True)
class Scene:
    """What a picture of a graph shows.

    `marks` are links among the members of clusters, by id. `total` counts the integrations that
    were not left out, `left_out` those that were. Where it `compares`, colours are those of
    changes or, if it `is_tested`, of what hooks found.
    """

    view: View
    folded: Folded
    lines: list[Line]
    marks: Mapping[str, Mark]
    layers: Mapping[str, LayerStyle]
    total: int
    left_out: int
    hides: bool
    compares: bool
    is_tested: bool

    @property
    def changes(self) -> Mapping[str, tuple[str, ...]]:
        """The changes or verdicts that its legend explains; none where nothing is compared."""
        if self.is_tested:
            found = {box.first.change or UNTESTED for box in self.folded.boxes}
            return {name: words for name, words in VERDICTS.items() if name in found}
        return CHANGES if self.compares else {}

    @property
    def clusters(self) -> list[Cluster]:
        """The clusters, parents before children."""
        return list(self.folded.clusters.values())

    @property
    def layers_shown(self) -> list[str]:
        """The layers of the clusters, in order of appearance in the graph."""
        shown = {cluster.layer for cluster in self.clusters}
        return [layer for layer in self.layers if layer in shown]

    @property
    def branches(self) -> list[Cluster]:
        """The clusters that a line leads to from their parent."""
        return [cluster for cluster in self.clusters if cluster.parent is not None]

    @property
    def hidden(self) -> int:
        """How many integrations have no box of their own."""
        return self.total - sum(1 for box in self.folded.boxes if box.is_one)

    def captions(self) -> list[list[str]]:
        """Return, in lines, what the picture does not show: nothing is left out silently."""
        folded = [f"folded: {self.hidden:,} of", f"{self.total:,} integrations"]
        if self.folded.by_itself:
            folded.append(f"depth {self.folded.levels} shows them")
        left_out = [
            f"left out: {self.left_out:,} of",
            f"{self.total + self.left_out:,} integrations",
        ]
        return [*[folded] * bool(self.hidden), *[left_out] * bool(self.left_out)]


class Folding(NamedTuple):
    """How many integrations of how many have no box of their own, and the depth that shows them."""

    hidden: int
    total: int
    depth: int

    def words(self, option: str) -> str:
        """Return what is said of it where the depth is set by `option`: `--depth `, `depth=`."""
        counts = f"{self.hidden:,} of {self.total:,} integrations"
        return f"folded: {counts}; {option}{self.depth} shows them"


def folding(graph: nx.DiGraph[str], view: View) -> Folding | None:
    """Return what a picture folds though its view does not ask for it; None where it does not.

    The errors of `read_scene` are raised.
    """
    if view.depth is not None or len(graph) <= READABLE:
        return None
    scene = read_scene(graph, replace(view, links="none"))
    if not scene.folded.by_itself:
        return None
    return Folding(scene.hidden, scene.total, scene.folded.levels)


def read_scene(graph: nx.DiGraph[str], view: View) -> Scene:
    """Return what a view shows of a graph.

    Raises KeyError for a missing attribute, ValueError where the view names what is not there,
    RenderError for more than MOST_LINKS to be drawn one by one.
    """
    everything = read_groups(graph)
    layers = layer_styles(group.layer for group in everything.values())
    groups = everything if view.only is None else selected(everything, view.only)
    links = read_links(graph, groups)
    changes = read_changes(graph)
    folded = fold(groups, links, view, changes)
    reaches = topmost(links, groups, changes) if view.links in {None, "groups"} else []
    marks, lines = _drawn(reaches, folded, changes)
    if view.links == "all":
        lines = list(_single(graph, groups, folded))
    total, of_all = _count(groups), _count(everything)
    is_tested = bool(graph.graph.get("tested"))
    return Scene(
        view=view,
        folded=folded,
        lines=lines,
        marks=marks,
        layers=layers,
        total=total,
        left_out=of_all - total,
        hides=hides_a_name([r for r in reaches if r.link.source != r.link.target], groups),
        compares=is_tested
        or bool(changes)
        or any(m.change for g in groups.values() for m in g.members),
        is_tested=is_tested,
    )


def _count(groups: dict[str, Group]) -> int:
    return sum(len(group.members) for group in groups.values())


def _drawn(
    reaches: list[Reach], folded: Folded, changes: Mapping[GroupLink, str]
) -> tuple[dict[str, Mark], list[Line]]:
    """Return marks and lines for the links between groups, tied to what is shown and merged."""
    marks: dict[str, Mark] = {}
    found: dict[tuple[End, End, str, str | None], int] = {}
    for (source, target, kind), whole in reaches:
        ends = folded.ends[source], folded.ends[target]
        change = changes.get(GroupLink(source, target, kind))
        is_inside = ends[0].cluster is ends[1].cluster
        if edge_style(kind).mutual and source == target:
            if ends[0].box is None:
                marks[ends[0].cluster.id] = Mark(edge_style(kind), change)
        elif not (is_inside and (ends[0].box or ends[1].box)):
            # 0: whole, 1: partial, 2: within; merged, a line claims the least of its links.
            claim = 2 if ends[0].box or ends[1].box else int(not whole)
            key = (*ends, kind, change)
            found[key] = max(found.get(key, 0), claim)
    return marks, [
        Line(source, target, _style(kind, claim), change)
        for (source, target, kind, change), claim in found.items()
    ]


def _style(kind: str, claim: int) -> EdgeStyle:
    style = edge_style(kind)
    return (style, style.partial, style.within)[claim] or style


def _single(graph: nx.DiGraph[str], groups: dict[str, Group], folded: Folded) -> Iterator[Line]:
    """Yield a line for each pair of boxes with links between them, in the order of the links."""
    if (count := graph.number_of_edges()) > MOST_LINKS:
        reason = f"of {count:,} links, more than {MOST_LINKS:,} would be looked at one by one"
        raise RenderError(reason, "draw the links between groups (--links groups)")
    ends = {
        member.path: End(folded.ends[cluster.id].cluster, box)
        for cluster in folded.clusters.values()
        for box in cluster.boxes
        for column in box.columns
        for member in column
    }
    for group in groups.values():
        for member in group.members:
            ends.setdefault(member.path, folded.ends[group.id])
    found = dict.fromkeys(
        (ends[source], ends[target], kind, change)
        for source, target, kind, change in single_links(graph)
        if source in ends and target in ends
    )
    for source, target, kind, change in found:
        if source.box is not target.box:
            yield Line(source, target, edge_style(kind), change)
