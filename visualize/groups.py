"""The groups of a graph, the tree they form, and the links between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from visualize.style import CHILD, EdgeStyle, edge_style

if TYPE_CHECKING:
    from collections.abc import Iterator

    import networkx as nx


@dataclass(frozen=True)
class Integration:
    """One node of the graph, with what a picture shows of it."""

    path: str
    name: str
    class_name: str | None
    change: str | None


@dataclass(frozen=True)
class Group:
    """The integrations of one layer below one parent; `below` are the groups of its members."""

    id: str
    layer: str
    layer_path: str
    parent: Integration | None
    members: list[Integration] = field(default_factory=list)
    below: list[Group] = field(default_factory=list)

    def is_lone_root(self) -> bool:
        """Whether the group is one root that is named after its layer, so that it needs no box."""
        return self.parent is None and [m.name for m in self.members] == [self.layer]


class GroupLink(NamedTuple):
    """The members of one group are given to those of another; `source` may be `target`."""

    source: str
    target: str
    kind: str


class Reach(NamedTuple):
    """A link as it is drawn: to a group and, if `whole`, to all groups below it as well."""

    link: GroupLink
    whole: bool

    def style(self) -> EdgeStyle:
        """Return how the link is drawn."""
        style = edge_style(self.link.kind)
        return style if self.whole or style.partial is None else style.partial


def read_groups(graph: nx.DiGraph[str]) -> dict[str, Group]:
    """Return the groups by id, in order of appearance, so that parents come before children.

    Raises KeyError where a node lacks an attribute or comes before its parent.
    """
    groups: dict[str, Group] = {}
    nodes: dict[str, Integration] = {}
    for path, data in graph.nodes(data=True):
        node = Integration(path, data["name"], data["class_name"], data.get("change"))
        parent = None if data["parent"] is None else nodes[data["parent"]]
        nodes[path] = node
        if data["group"] not in groups:
            groups[data["group"]] = group = Group(
                data["group"], data["layer"], data["layer_path"], parent
            )
            if parent is not None:
                groups[graph.nodes[parent.path]["group"]].below.append(group)
        groups[data["group"]].members.append(node)
    return groups


def read_links(graph: nx.DiGraph[str], groups: dict[str, Group]) -> list[GroupLink]:
    """Return the links between groups, in the order of the groups.

    They are the graph's `group_links` or else derived from its edges. Raises ValueError for a kind
    without a style, KeyError for a group without members.
    """
    declared = graph.graph.get("group_links")
    found = _derived(graph) if declared is None else {GroupLink(*link) for link in declared}
    place = {group: i for i, group in enumerate(groups)}
    real = (link for link in found if _links_anything(link, groups))
    return sorted(real, key=lambda link: (place[link.source], place[link.target], link.kind))


def topmost(links: list[GroupLink], groups: dict[str, Group]) -> list[Reach]:
    """Return the links without those that follow from a whole link to a group above.

    A link is whole if every group below its target has a link of that kind from the same source.
    """
    sources: dict[str, set[tuple[str, str]]] = {group: set() for group in groups}
    for link in links:
        sources[link.target].add((link.source, link.kind))
    whole: dict[str, set[tuple[str, str]]] = {}
    for group in reversed(groups.values()):
        whole[group.id] = sources[group.id].intersection(*(whole[g.id] for g in group.below))
    implied = {
        (key, g.id) for group in groups.values() for key in whole[group.id] for g in group.below
    }
    return [
        Reach(link, (link.source, link.kind) in whole[link.target])
        for link in links
        if ((link.source, link.kind), link.target) not in implied
    ]


def hides_a_name(reaches: list[Reach], groups: dict[str, Group]) -> bool:
    """Whether a name that is given by a link is declared once more where it is given to."""
    names: dict[str, set[str]] = {}
    for group in reversed(groups.values()):
        own = {member.name for member in group.members}
        names[group.id] = own.union(*(names[g.id] for g in group.below))
    return any(
        member.name in names[reach.link.target]
        for reach in reaches
        if reach.link.source != reach.link.target
        for member in groups[reach.link.source].members
    )


def single_links(graph: nx.DiGraph[str]) -> Iterator[tuple[str, str, str]]:
    """Yield source, target and kind of every edge but the tree's, a mutual pair once."""
    place = {path: i for i, path in enumerate(graph)}
    for source, target, data in graph.edges(data=True):
        kind = data["kind"]
        turned_back = place[source] > place[target] and graph.has_edge(target, source)
        if kind != CHILD and not (edge_style(kind).mutual and turned_back):
            yield source, target, kind


def _derived(graph: nx.DiGraph[str]) -> set[GroupLink]:
    group = {path: data["group"] for path, data in graph.nodes(data=True)}
    edges = graph.edges(data=True)
    return {GroupLink(group[source], group[target], data["kind"]) for source, target, data in edges}


def _links_anything(link: GroupLink, groups: dict[str, Group]) -> bool:
    """Whether the link is one: the tree is read from the nodes, and nobody is his own peer."""
    alone = edge_style(link.kind).mutual and len(groups[link.source].members) == 1
    return link.kind != CHILD and not alone
