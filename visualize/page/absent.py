"""What a page of a part has to know of the rest: the names that hide those which it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from visualize.groups import read_links
from visualize.style import edge_style

if TYPE_CHECKING:
    from collections.abc import Mapping

    import networkx as nx

    from visualize.groups import Group, Integration


class Absent(NamedTuple):
    """Integrations of one group that are left out, and the shown groups that they are given to.

    `at` is where the group would stand among those that are shown: at one of them, or half a step
    before it.
    """

    at: float
    members: list[Integration]
    targets: list[str]


def absent(
    graph: nx.DiGraph[str], everything: dict[str, Group], shown: Mapping[str, Group]
) -> list[Absent]:
    """Return what is left out and could hide something that is shown, in the order of the groups.

    Raises KeyError for an edge without a kind.
    """
    names = {member.name for group in shown.values() for member in group.members}
    paths = {member.path for group in shown.values() for member in group.members}
    targets: dict[str, list[str]] = {}
    for link in read_links(graph, everything):
        style = edge_style(link.kind)
        if link.target in shown and style.gives and not style.mutual:
            targets.setdefault(link.source, []).append(link.target)
    found = []
    place = -1
    for group in everything.values():
        place += group.id in shown
        members = [m for m in group.members if m.path not in paths and m.name in names]
        if members and group.id in targets:
            at = place if group.id in shown else place + 0.5
            found.append(Absent(at, members, targets[group.id]))
    return found
