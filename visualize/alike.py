"""Which integrations have one class and the same below them, linked in the same way."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from visualize.groups import Group, GroupLink, Integration
    from visualize.view import View


def signatures(
    groups: dict[str, Group],
    links: Iterable[GroupLink],
    view: View,
    changes: Mapping[GroupLink, str],
) -> dict[Integration, int]:
    """Return a number for each integration; siblings with the same number are drawn alike.

    What is below them has the same names, classes, changes and links. Of a link it counts where
    its other end is as seen from here: in the same group above, or in the group at the same place
    below.
    """
    linked = _linked(groups, links, changes)
    numbers: dict[object, int] = {}
    of_groups: dict[str, int] = {}
    found: dict[Integration, int] = {}
    for group in reversed(groups.values()):
        for member in group.members:
            below = tuple(of_groups[g.id] for g in member.groups)
            look = (*_look(member, view), below)
            found[member] = numbers.setdefault(look, len(numbers))
        members = tuple((member.name, found[member]) for member in group.members)
        own = group.id if group.id in view.collapse else None
        look = (group.layer, group.left_out, own, linked.get(group.id, frozenset()), members)
        of_groups[group.id] = numbers.setdefault(look, len(numbers))
    return found


def _look(member: Integration, view: View) -> tuple[object, ...]:
    keys = member.keys if "config-keys" in view.show else ()
    own = member.path if member.path in view.collapse else None
    return member.class_name, member.change, member.hooks, member.context, keys, own


def _linked(
    groups: dict[str, Group], links: Iterable[GroupLink], changes: Mapping[GroupLink, str]
) -> dict[str, frozenset[object]]:
    """Return what the links of each group look like from there."""
    found: dict[str, set[object]] = defaultdict(set)
    places = _places(groups)
    for link in links:
        change, source = changes.get(link), places[link.source]
        if places[link.target][: len(source) - 1] == source[:-1]:
            # Its parent is above the target: how deep says which, and then which of its groups.
            found[link.target].add((link.kind, change, len(source), source[-1]))
        else:
            found[link.target].add((link.kind, change, link.source))
            found[link.source].add((link.kind, change, "to", link.target))
    return {group: frozenset(seen) for group, seen in found.items()}


def _places(groups: dict[str, Group]) -> dict[str, tuple[object, ...]]:
    """Return the way down to each group: the parent's path at each level, and the group's place."""
    places: dict[str, tuple[object, ...]] = {}
    for group in groups.values():
        if group.parent is None:
            places[group.id] = (group.id,)
        for member in group.members:
            above = (*places[group.id][:-1], member.path)
            places |= {below.id: (*above, i) for i, below in enumerate(member.groups)}
    return places
