"""The groups of a graph, the tree they form, and the links between them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from visualize.style import CHILD, edge_style

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import networkx as nx


@dataclass(frozen=True, eq=False)
class Integration:
    """One node of the graph, with what a picture may show of it, and the groups below it.

    A picture of a selection draws it as `context` where it only leads to what is selected. Where a
    graph tells what hooks found, `change` is their verdict, and `hooks` has it in words.
    """

    path: str
    name: str
    class_name: str | None
    change: str | None = None
    keys: tuple[str, ...] = ()
    source: str | None = None
    context: bool = False
    hooks: tuple[str, ...] = ()
    groups: list[Group] = field(default_factory=list, repr=False)


@dataclass(frozen=True, eq=False)
class Group:
    """The integrations of one layer below one parent; `left_out` counts those not selected."""

    id: str
    layer: str
    layer_path: str
    parent: Integration | None
    members: list[Integration] = field(default_factory=list)
    left_out: int = 0

    @property
    def below(self) -> list[Group]:
        """The groups of its members."""
        return [group for member in self.members for group in member.groups]


class GroupLink(NamedTuple):
    """The members of one group are given to those of another; `source` may be `target`."""

    source: str
    target: str
    kind: str


class Reach(NamedTuple):
    """A link as it is drawn: to a group and, if `whole`, to all groups below it as well."""

    link: GroupLink
    whole: bool


NO_CHANGES: Mapping[GroupLink, str] = {}


def read_groups(graph: nx.DiGraph[str]) -> dict[str, Group]:
    """Return the groups by id, in order of appearance, so that parents come before children.

    Raises KeyError where a node lacks an attribute or comes before its parent.
    """
    groups: dict[str, Group] = {}
    nodes: dict[str, Integration] = {}
    for path, data in graph.nodes(data=True):
        parent = None if data["parent"] is None else nodes[data["parent"]]
        nodes[path] = node = _integration(path, data)
        group = groups.get(data["group"])
        if group is None:
            group = Group(data["group"], data["layer"], data["layer_path"], parent)
            groups[group.id] = group
            if parent is not None:
                parent.groups.append(group)
        group.members.append(node)
    return groups


def _integration(path: str, data: Mapping[str, Any]) -> Integration:
    return Integration(
        path,
        data["name"],
        data["class_name"],
        data.get("change") or data.get("verdict"),
        tuple(data.get("config_keys") or data.get("config") or ()),
        _place(data.get("source")),
        hooks=tuple(data.get("hooks") or ()),
    )


def _place(source: Any) -> str | None:
    """Return file and line of a place, which in a graph that was read is data."""
    if isinstance(source, Mapping):
        return ":".join(str(source[key]) for key in ("file", "line") if source.get(key))
    return None if source is None else str(source)


def selected(groups: dict[str, Group], only: Collection[str]) -> dict[str, Group]:
    """Return the groups with the members that are selected, and those above them as context.

    Raises ValueError for a path that is none.
    """
    above: set[str] = set()
    for group in reversed(groups.values()):
        if group.parent is not None and any(
            m.path in only or m.path in above for m in group.members
        ):
            above.add(group.parent.path)
    kept: dict[str, Group] = {}
    nodes: dict[str, Integration] = {}
    for group in groups.values():
        members = [m for m in group.members if m.path in only or m.path in above]
        if members:
            copies = [replace(m, context=m.path not in only, groups=[]) for m in members]
            nodes |= {member.path: member for member in copies}
            parent = None if group.parent is None else nodes[group.parent.path]
            left_out = len(group.members) - len(members)
            kept[group.id] = replace(group, parent=parent, members=copies, left_out=left_out)
            if parent is not None:
                parent.groups.append(kept[group.id])
    refuse_unknown(only, nodes)
    return kept


def refuse_unknown(only: Collection[str], known: Iterable[str]) -> None:
    """Raise ValueError for a path of a selection that is none of a graph."""
    if unknown := set(only).difference(known):
        msg = f"only names what is no node of the graph: {min(unknown)!r}"
        raise ValueError(msg)


def read_links(graph: nx.DiGraph[str], groups: dict[str, Group]) -> list[GroupLink]:
    """Return the links between groups, in the order of the groups.

    They are the graph's `group_links` or else derived from its edges; those of groups that are
    not in the picture are left out.
    """
    declared = graph.graph.get("group_links")
    found = _derived(graph) if declared is None else {GroupLink(*link) for link in declared}
    place = {group: i for i, group in enumerate(groups)}
    shown = (link for link in found if link.source in place and link.target in place)
    real = (link for link in shown if _links_anything(link, groups))
    return sorted(real, key=lambda link: (place[link.source], place[link.target], link.kind))


def read_changes(graph: nx.DiGraph[str]) -> dict[GroupLink, str]:
    """Return the links between groups that a comparison says have changed, each with its change."""
    changed = graph.graph.get("changed_links") or {}
    return {GroupLink(*link): change for link, change in changed.items()}


def topmost(
    links: list[GroupLink], groups: dict[str, Group], changes: Mapping[GroupLink, str] = NO_CHANGES
) -> list[Reach]:
    """Return the links without those that follow from a whole link to a group above.

    A link is whole if every group below its target has a link of that kind from the same source.
    One with another change than the link above does not follow from it.
    """
    # What wraps others is not wrapped, and so no part of what a link has to reach.
    wrapping = {link.source for link in links if not edge_style(link.kind).gives}
    sources: dict[str, set[tuple[str, str]]] = {group: set() for group in groups}
    for link in links:
        sources[link.target].add((link.source, link.kind))
    whole: dict[str, set[tuple[str, str]]] = {}
    implied: dict[GroupLink, GroupLink] = {}
    for group in reversed(groups.values()):
        below = group.below
        given = (g for g in below if g.id not in wrapping)
        whole[group.id] = sources[group.id].intersection(*(whole[g.id] for g in given))
        for g in below if wrapping.intersection(g.id for g in below) else ():
            whole[group.id] -= _giving(whole[group.id]) - whole[g.id]
        for source, kind in whole[group.id]:
            above = GroupLink(source, group.id, kind)
            implied |= {GroupLink(source, g.id, kind): above for g in below}
    return [
        Reach(link, (link.source, link.kind) in whole[link.target])
        for link in links
        if link not in implied or changes.get(link) != changes.get(implied[link])
    ]


def _giving(links: set[tuple[str, str]]) -> set[tuple[str, str]]:
    return {(source, kind) for source, kind in links if edge_style(kind).gives}


def hides_a_name(reaches: list[Reach], groups: dict[str, Group]) -> bool:
    """Whether a name that is given by a link is declared once more where it is given to."""
    names: dict[str, set[str]] = {}
    for group in reversed(groups.values()):
        own = {member.name for member in group.members}
        names[group.id] = own.union(*(names[g.id] for g in group.below))
    return any(
        member.name in names[reach.link.target]
        for reach in reaches
        if reach.link.source != reach.link.target and edge_style(reach.link.kind).gives
        for member in groups[reach.link.source].members
    )


def single_links(graph: nx.DiGraph[str]) -> Iterator[tuple[str, str, str, str | None]]:
    """Yield source, target, kind and change of every edge but the tree's, a mutual pair once."""
    place = {path: i for i, path in enumerate(graph)}
    for source, target, data in graph.edges(data=True):
        kind = data["kind"]
        turned_back = place[source] > place[target] and graph.has_edge(target, source)
        if kind != CHILD and not (edge_style(kind).mutual and turned_back):
            yield source, target, kind, data.get("change")


def _derived(graph: nx.DiGraph[str]) -> set[GroupLink]:
    group = {path: data["group"] for path, data in graph.nodes(data=True)}
    edges = graph.edges(data=True)
    return {GroupLink(group[source], group[target], data["kind"]) for source, target, data in edges}


def _links_anything(link: GroupLink, groups: dict[str, Group]) -> bool:
    """Whether the link is one: the tree is read from the nodes, and nobody is his own peer."""
    source = groups[link.source]
    alone = edge_style(link.kind).mutual and len(source.members) + source.left_out == 1
    return link.kind != CHILD and not alone
