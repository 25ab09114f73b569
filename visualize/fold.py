"""What of a graph's tree is drawn box by box, and what is folded into other boxes."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from visualize.alike import signatures

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from visualize.groups import Group, GroupLink, Integration
    from visualize.view import View

READABLE = 120
"""Boxes of one picture, above which the rest is folded: looked at, more are not read any more."""
_MANY, _SOME, _FEW = 40, 12, 6


class Rule(NamedTuple):
    """How far is folded.

    The levels of the tree that are drawn; whether members with the same below them are one box;
    above how many boxes of a group its members are one box by class, and the rest another.
    """

    depth: int | None = None
    alike: bool = False
    most: int | None = None


@dataclass(frozen=True, eq=False)
class Box:
    """A box of a picture: an integration or, of one group, several.

    A row of `columns` holds one integration for each group that its cluster is drawn for. If
    `alike`, they have one class and the same below them, which then is drawn once. `folded` counts
    by layer what is below them and not drawn, `changes` which changes that hides.
    """

    columns: Sequence[Sequence[Integration]]
    alike: bool = True
    folded: Mapping[str, int] = field(default_factory=Counter)
    changes: Mapping[str, int] = field(default_factory=Counter)

    @property
    def first(self) -> Integration:
        """The integration that stands for the others."""
        return self.columns[0][0]

    @property
    def id(self) -> str:
        """The path of the first."""
        return self.first.path

    @property
    def names(self) -> list[str]:
        """The name of each integration of one group."""
        return [column[0].name for column in self.columns]

    @property
    def is_one(self) -> bool:
        """Whether it is drawn for one integration alone."""
        return len(self.columns) == len(self.columns[0]) == 1


@dataclass(frozen=True, eq=False)
class Cluster:
    """The boxes of a group or, below a box of several, of one group of each."""

    groups: Sequence[Group]
    parent: Box | None
    boxes: Sequence[Box]
    below: list[Cluster] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The id of the first of its groups."""
        return self.groups[0].id

    @property
    def layer(self) -> str:
        """The layer of its members."""
        return self.groups[0].layer

    def is_lone_root(self) -> bool:
        """Whether it is one root that is named after its layer, so that it needs no frame."""
        return self.parent is None and [b.first.name for b in self.boxes] == [self.layer]


class End(NamedTuple):
    """Where a line is tied: to a cluster or, for what is folded into it, to one of its boxes."""

    cluster: Cluster
    box: Box | None


@dataclass(frozen=True)
class Folded:
    """The clusters that are drawn, by id, parents before children, and where all others went.

    `levels` is how deep the tree is. `by_itself` says that no one asked for a part of the folding.
    """

    clusters: Mapping[str, Cluster]
    ends: Mapping[str, End]
    levels: int
    by_itself: bool

    @property
    def boxes(self) -> Iterator[Box]:
        """Every box."""
        return chain.from_iterable(cluster.boxes for cluster in self.clusters.values())


def fold(
    groups: dict[str, Group],
    links: Iterable[GroupLink],
    view: View,
    changes: Mapping[GroupLink, str],
) -> Folded:
    """Fold groups as far as a view says and, if it leaves the depth open, as they can be read.

    Raises ValueError where what the view collapses is neither a node nor a group.
    """
    _check_collapsed(groups, view.collapse)
    levels = _levels(groups)
    deepest = max(levels.values(), default=1)
    folded = _Folding(groups, levels, view, Rule(view.depth), {}).folded(by_itself=False)
    if view.depth is not None or _is_readable(folded):
        return folded
    alike = signatures(groups, links, view, changes)
    for rule in _rules(deepest):
        folded = _Folding(groups, levels, view, rule, alike).folded(by_itself=True)
        if _is_readable(folded):
            break
    return folded


def _rules(deepest: int) -> Iterator[Rule]:
    yield Rule(alike=True)
    yield Rule(alike=True, most=_MANY)
    yield Rule(alike=True, most=_SOME)
    for depth in range(deepest, 1, -1):
        yield Rule(depth, alike=True, most=_FEW)


def _is_readable(folded: Folded) -> bool:
    return sum(1 for _ in folded.boxes) <= READABLE


def _check_collapsed(groups: dict[str, Group], collapse: Iterable[str]) -> None:
    known = {member.path for group in groups.values() for member in group.members}
    if unknown := set(collapse).difference(known, groups):
        msg = f"collapse names neither a node nor a group of the picture: {min(unknown)!r}"
        raise ValueError(msg)


def _levels(groups: dict[str, Group]) -> dict[str, int]:
    """Return how deep each group is in the tree, the root's being the first level."""
    levels: dict[str, int] = {}
    for group in groups.values():
        levels.setdefault(group.id, 1)
        for below in group.below:
            levels[below.id] = levels[group.id] + 1
    return levels


class _Folding:
    """One way through the tree, from the root down, by one rule."""

    def __init__(
        self,
        groups: dict[str, Group],
        levels: dict[str, int],
        view: View,
        rule: Rule,
        alike: Mapping[Integration, int],
    ) -> None:
        self.groups = groups
        self.levels = levels
        self.collapse = view.collapse
        self.rule = rule
        self.alike = alike
        self.ends: dict[str, End] = {}

    def folded(self, *, by_itself: bool) -> Folded:
        found = {}
        roots = [group for group in self.groups.values() if group.parent is None]
        waiting: deque[tuple[list[Group], Box | None, Cluster | None]] = deque(
            ([root], None, None) for root in roots
        )
        while waiting:
            origins, parent, above = waiting.popleft()
            cluster = Cluster(origins, parent, list(self._boxes(origins)))
            found[cluster.id] = cluster
            self.ends |= {group.id: End(cluster, None) for group in origins}
            if above is not None:
                above.below.append(cluster)
            for box in cluster.boxes:
                if box.folded:
                    self._tie(box, cluster)
                else:
                    waiting += [(below, box, cluster) for below in _groups_below(box)]
        clusters = {group: found[group] for group in self.groups if group in found}
        return Folded(clusters, self.ends, max(self.levels.values(), default=1), by_itself)

    def _boxes(self, origins: list[Group]) -> Iterator[Box]:
        columns = list(zip(*(group.members for group in origins), strict=True))
        if origins[0].id in self.collapse and len(columns) > 1:
            yield self._box(columns, alike=False)
            return
        rows = self._rows(columns)
        most = self.rule.most
        shown = rows if most is None or len(rows) <= most else rows[: most - 1]
        for row in shown:
            yield self._box(row, alike=True)
        if len(shown) < len(rows):
            yield self._box([c for row in rows[len(shown) :] for c in row], alike=False)

    def _rows(self, columns: list[tuple[Integration, ...]]) -> list[list[tuple[Integration, ...]]]:
        """Return the members in rows, one for each box."""
        if not self.rule.alike:
            return [[column] for column in columns]
        most = self.rule.most
        stacks_leaves = most is not None and len(columns) > most
        rows: dict[object, list[tuple[Integration, ...]]] = {}
        for column in columns:
            first = column[0]
            is_stacked = stacks_leaves or first.groups
            rows.setdefault(self.alike[first] if is_stacked else first.path, []).append(column)
        return list(rows.values())

    def _box(self, columns: Sequence[Sequence[Integration]], *, alike: bool) -> Box:
        first = columns[0][0]
        if alike and first.path not in self.collapse and not self._is_lowest(first):
            return Box(columns)
        hidden = [
            group for column in columns for member in column for group in _all_below(member.groups)
        ]
        layers: Counter[str] = Counter()
        for group in hidden:
            layers[group.layer] += len(group.members)
        inside = [member for group in hidden for member in group.members]
        if not alike:
            inside += [member for column in columns for member in column]
        changes = Counter(member.change for member in inside if member.change)
        return Box(columns, alike, layers, changes)

    def _is_lowest(self, member: Integration) -> bool:
        """Whether what is below an integration is deeper than what is drawn."""
        depth = self.rule.depth
        return depth is not None and any(self.levels[g.id] > depth for g in member.groups)

    def _tie(self, box: Box, cluster: Cluster) -> None:
        for column in box.columns:
            for member in column:
                for group in _all_below(member.groups):
                    self.ends[group.id] = End(cluster, box)


def _groups_below(box: Box) -> Iterator[list[Group]]:
    """Yield the groups below a box; those that are alike together."""
    members = [member for column in box.columns for member in column]
    yield from (list(same) for same in zip(*(member.groups for member in members), strict=True))


def _all_below(groups: Iterable[Group]) -> Iterator[Group]:
    waiting = deque(groups)
    while waiting:
        group = waiting.popleft()
        yield group
        waiting += group.below
