"""Who sees whom, for many integrations at once: counted by groups and scopes, not by links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import chain

from lolpop_graph.model import Group, Integration, Scope, find_given, groups_in


class Sight:
    """Answers which integrations have others as attributes, and which they have.

    An integration sees another if its attribute of that name is the other one: its child, a peer
    or what it is given, unless something nearer has the name.
    """

    def __init__(self, order: Sequence[Integration]) -> None:
        """Look at the integrations of one workflow, which are in build order."""
        self.order = order
        self._named = Counter(integration.name for integration in order)

    def seeing(self, seen: Collection[int]) -> Iterator[int]:
        """The indexes of the integrations that have at least one of those as attribute."""
        shown: dict[Scope | None, int] = {None: 0}
        for group in groups_in(self.order):
            given = self._shown(group.given, seen, shown)
            peers = {
                name: (member.index in seen) - self._is_given(group.given, name, seen)
                for name, member in (group.members.items() if group.peers else ())
            }
            with_peers = given + sum(peers.values())
            for member in group.members.values():
                # Its own name is the one thing that a peer does not get from its group.
                others = with_peers - peers.get(member.name, 0)
                if others + self._gained(member, seen) > 0:
                    yield member.index

    def seen_by(self, seeing: Collection[int]) -> Iterator[int]:
        """The indexes of the integrations that at least one of those has as attribute."""
        hidden: dict[Scope, set[str]] = {}
        for group in groups_in(self.order):
            looking = [member for member in group.members.values() if member.index in seeing]
            if not looking:
                continue
            taken = Counter(child.name for member in looking for child in _children(member))
            yield from (child.index for member in looking for child in _children(member))
            if group.peers:
                yield from self._peers_seen(group, looking, taken)
            if group.given:
                _hide(hidden, group.given, self._hidden_from_all(group, looking, taken))
        yield from _unhidden(hidden, self._named)

    def _shown(
        self, scope: Scope | None, seen: Collection[int], known: dict[Scope | None, int]
    ) -> int:
        """How many of those a scope shows; `known` has the numbers of other scopes."""
        inner: list[Scope] = []
        while scope not in known and scope is not None:
            inner.append(scope)
            scope = scope.outer
        for each in reversed(inner):
            count = known[each.outer]
            for name, member in each.group.members.items():
                count += (member.index in seen) - self._is_given(each.outer, name, seen)
            known[each] = count
            scope = each
        return known[scope]

    def _is_given(self, scope: Scope | None, name: str, seen: Collection[int]) -> bool:
        """Whether a scope shows one of those under this name."""
        if self._named[name] == 1:
            # The only one of this name is the one that would hide it.
            return False
        found = find_given(scope, name)
        return found is not None and found.index in seen

    def _gained(self, integration: Integration, seen: Collection[int]) -> int:
        """How many more of those an integration has since it has children: fewer if they hide."""
        gained = 0
        for child in _children(integration):
            hides = integration.peer(child.name)
            was = self._is_given(integration.group.given, child.name, seen)
            gained += (child.index in seen) - (hides.index in seen if hides else was)
        return gained

    def _peers_seen(
        self, group: Group, looking: list[Integration], taken: Counter[str]
    ) -> Iterator[int]:
        """The members that at least one of their peers sees, behind no child of its own."""
        lookers = {member.name: member for member in looking}
        for name, member in group.members.items():
            itself = lookers.get(name)
            others = len(looking) - (itself is not None)
            hiding = taken[name] - bool(itself and itself.child(name))
            if others > hiding:
                yield member.index

    def _hidden_from_all(
        self, group: Group, looking: list[Integration], taken: Counter[str]
    ) -> set[str]:
        """The names for which each of those has something nearer than what it is given."""
        hidden = {name for name, count in taken.items() if count == len(looking)}
        lookers = {member.name: member for member in looking}
        for name in group.members if group.peers else ():
            itself = lookers.get(name)
            if self._named[name] > 1 and (itself is None or itself.child(name)):
                hidden.add(name)
        return hidden


def _children(integration: Integration) -> Iterator[Integration]:
    return chain.from_iterable(group.members.values() for group in integration.groups)


def _hide(hidden: dict[Scope, set[str]], scope: Scope, names: set[str]) -> None:
    """Note that somebody looks into a scope to whom these names are hidden."""
    known = hidden.get(scope)
    hidden[scope] = names if known is None else known & names


def _unhidden(hidden: dict[Scope, set[str]], named: Counter[str]) -> Iterator[int]:
    """What scopes show to those who look into them, inner ones before those around them."""
    waiting: dict[int, list[Scope]] = {}
    for scope in hidden:
        waiting.setdefault(_depth(scope), []).append(scope)
    for depth in range(max(waiting, default=0), 0, -1):
        for scope in waiting.get(depth, ()):
            names, outer = hidden[scope], scope.outer
            members = scope.group.members
            yield from (member.index for name, member in members.items() if name not in names)
            if outer is None:
                continue
            if outer not in hidden:
                waiting.setdefault(depth - 1, []).append(outer)
            _hide(hidden, outer, names | {name for name in members if named[name] > 1})


def _depth(scope: Scope | None) -> int:
    depth = 0
    while scope is not None:
        depth, scope = depth + 1, scope.outer
    return depth
