"""Links that are gained and lost, counted from the groups and not one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from lolpop_graph.decorated import has_decorators
from lolpop_graph.links import Decorates, Peer, Sibling
from lolpop_graph.model import Group, Scope, groups_of
from lolpop_graph.questions.diff.answer import Change, Linked
from lolpop_graph.questions.diff.sides import GroupId, Side

if TYPE_CHECKING:
    from lolpop_graph.questions.asked import Questions

_Shown = dict[GroupId, frozenset[str]]
"""By group, the names that a scope shows of it."""


@dataclass(frozen=True, slots=True)
class _Bundle:
    """Names of a group, each of which is linked to each of the names of another one."""

    sources: frozenset[str]
    targets: frozenset[str]
    is_peer: bool

    @property
    def count(self) -> int:
        """How many links there are."""
        same = len(self.sources) if self.is_peer else 0
        return len(self.sources) * len(self.targets) - same

    def common(self, other: _Bundle) -> _Bundle:
        """The links that another bundle has as well."""
        return _Bundle(self.sources & other.sources, self.targets & other.targets, self.is_peer)


_Names = tuple[str, str]

_NONE = frozenset[str]()


class _Links:
    """The bundles of links of one side, each scope looked at once."""

    def __init__(self, side: Side) -> None:
        self.side = side
        self._shown: dict[int, _Shown] = {}

    def shown(self, scope: Scope | None) -> _Shown:
        """What a scope shows, nearest group first."""
        found = self._shown.get(id(scope))
        if found is None:
            found, seen = {}, set[str]()
            for group in groups_of(scope):
                found[self.side.group_id(group)] = frozenset(group.members.keys() - seen)
                seen |= group.members.keys()
            self._shown[id(scope)] = found
        return found

    def given(self, target: Group | None, source: GroupId) -> _Bundle:
        """What the members of a group are given of another one."""
        if target is None:
            return _Bundle(_NONE, _NONE, is_peer=False)
        names = self.shown(target.given).get(source, _NONE)
        return _Bundle(names, frozenset(target.members), is_peer=False)

    @staticmethod
    def peers(group: Group | None) -> _Bundle:
        """What the members of a group see of each other."""
        names = frozenset(group.members) if group and group.peers else _NONE
        return _Bundle(names, names, is_peer=True)


class _Compared(NamedTuple):
    """The links between two groups on both sides."""

    source: GroupId
    target: GroupId
    kind: str
    old: _Bundle
    new: _Bundle


def linked(old: Side, new: Side) -> Iterator[Linked]:
    """The links between groups that are gained and lost, in build order.

    The tree's are left out: an integration comes and goes with the link from its parent.
    """
    for each in _compared(old, new):
        common = each.old.common(each.new).count
        gained, lost = each.new.count - common, each.old.count - common
        if gained or lost:
            source, target = (_name(which, old, new) for which in (each.source, each.target))
            yield Linked(source, target, each.kind, gained, lost)
    for (first, second), before, after in _wrapped(old, new):
        source, target = (_name(which, old, new) for which in (first, second))
        gained, lost = len(after - before), len(before - after)
        if gained or lost:
            yield Linked(source, target, Decorates.name, gained, lost)


def single_links(
    old_plan: Questions, new_plan: Questions
) -> Iterator[tuple[Change, str, str, str]]:
    """Each link that is gained or lost, as (change, source, target, kind)."""
    old, new = Side(old_plan), Side(new_plan)
    for each in _compared(old, new):
        yield from _apart(each, new, "added", each.new, each.old)
        yield from _apart(each, old, "removed", each.old, each.new)
    yield from _single_wrapped(old, new)


def _single_wrapped(old: Side, new: Side) -> Iterator[tuple[Change, str, str, str]]:
    for (source, target), before, after in _wrapped(old, new):
        for pair in sorted(before ^ after):
            is_new = pair in after
            side = new if is_new else old
            first, second = side.groups[source].members, side.groups[target].members
            change: Change = "added" if is_new else "removed"
            yield change, first[pair[0]].path, second[pair[1]].path, Decorates.name


def _wrapped(
    old: Side, new: Side
) -> Iterator[tuple[tuple[GroupId, GroupId], set[_Names], set[_Names]]]:
    """For decorators and a group, the names of those that wrap and are wrapped on both sides."""
    if not (has_decorators(old.order) or has_decorators(new.order)):
        return
    before, after = ({(s, t): names for s, t, names in _wraps(side)} for side in (old, new))
    for ends in dict.fromkeys((*after, *before)):
        yield ends, before.get(ends, set()), after.get(ends, set())


def _wraps(side: Side) -> Iterator[tuple[GroupId, GroupId, set[_Names]]]:
    kind = Decorates()
    for target_id, target in side.groups.items():
        for source in kind.source_groups(target):
            pairs = {
                (one.name, other.name)
                for one in source.members.values()
                for other in target.members.values()
                if kind.holds(one, other)
            }
            yield side.group_id(source), target_id, pairs


def _apart(
    each: _Compared, side: Side, change: Change, one: _Bundle, other: _Bundle
) -> Iterator[tuple[Change, str, str, str]]:
    """The links of one bundle that are none of another, in the order of the groups."""
    if one.count == one.common(other).count:
        return
    sources = [m for m in side.groups[each.source].members.values() if m.name in one.sources]
    for source in sources:
        for target in side.groups[each.target].members.values():
            is_common = source.name in other.sources and target.name in other.targets
            if not is_common and (source is not target):
                yield change, source.path, target.path, each.kind


def _compared(old: Side, new: Side) -> Iterator[_Compared]:
    ours, theirs = _Links(old), _Links(new)
    alike: dict[tuple[int, int], bool] = {}
    for target in dict.fromkeys(chain(new.groups, old.groups)):
        before, after = old.groups.get(target), new.groups.get(target)
        peers = ours.peers(before), theirs.peers(after)
        if peers[0] != peers[1]:
            yield _Compared(target, target, Peer.name, *peers)
        if before and after and before.members.keys() == after.members.keys():
            scopes = before.given, after.given
            key = id(scopes[0]), id(scopes[1])
            if key not in alike:
                alike[key] = ours.shown(scopes[0]) == theirs.shown(scopes[1])
            if alike[key]:
                continue
        shown = (links.shown(group.given) if group else {} for links, group in
                 ((theirs, after), (ours, before)))  # fmt: skip
        for source in dict.fromkeys(chain(*shown)):
            yield _Compared(
                source,
                target,
                Sibling.name,
                ours.given(before, source),
                theirs.given(after, source),
            )


def _name(which: GroupId, old: Side, new: Side) -> str:
    """The id of a group, in the new workflow if that has it."""
    return (new.groups.get(which) or old.groups[which]).id
