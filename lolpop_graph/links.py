"""The kinds of edges: who is linked to whom, answered from the groups instead of stored."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import ClassVar

from lolpop_graph.decorated import Choice, DecoratorGroup, decorators_in, wrapping
from lolpop_graph.model import Group, Integration, Scope, find_given, groups_of, has_peers


class Links:
    """What the kinds of edges are answered from: the integrations in build order and by path."""

    __slots__ = ("_given", "_named", "by_path", "kinds", "order")

    def __init__(self, order: Sequence[Integration], kinds: Sequence[EdgeKind]) -> None:
        """Index the integrations of one workflow, which are in build order.

        `kinds` are the kinds of edges that it can have.
        """
        self.order = order
        self.by_path = {integration.path: integration for integration in order}
        self.kinds = kinds
        self._given: dict[Group, int] = {}
        self._named: Counter[str] = Counter()

    def given_count(self, group: Group) -> int:
        """How many integrations each member of a group is given."""
        count = self._given.get(group)
        if count is None:
            count = self._given[group] = sum(1 for _ in visible(group.given))
        return count

    def is_unique(self, name: str) -> bool:
        """Whether only one integration has this name, so that nothing can hide it."""
        if not self._named:
            self._named = Counter(integration.name for integration in self.order)
        return self._named[name] == 1


class EdgeKind(ABC):
    """One kind of edge; a new kind is a subclass, in the first of the tuples below.

    Kinds tell what is linked; of that, the graph and its files are made. What links do is done
    where objects are wired (`expand`, `holding`, `instantiate`), and how they look stands in
    `visualize.style`; without a row there a kind is grey, and has its name for a meaning.

    Who says more of a link than that it is there knows the kinds one by one, and has to be told
    of a new one: `cli.tree` a word; in `questions`, `why.links` the rule, `why.words` its sentence,
    `why.switches` what would change it, `why.groups` the sentence for groups, `diff.links` how such
    links are counted, and `selection.sight` what they let see.

    Between two integrations there is one edge at most, so kinds exclude each other.
    `orders` says whether the source has to be built before the target.
    """

    name: ClassVar[str]
    orders: ClassVar[bool]

    @abstractmethod
    def holds(self, source: Integration, target: Integration) -> bool:
        """Whether there is this edge from source to target."""

    @abstractmethod
    def targets(self, source: Integration, links: Links) -> Iterator[Integration]:
        """The targets of a source."""

    @abstractmethod
    def sources(self, target: Integration) -> Iterator[Integration]:
        """The sources of a target."""

    @abstractmethod
    def source_groups(self, group: Group) -> Iterator[Group]:
        """The groups whose members are sources for all members of a group."""

    @abstractmethod
    def count_targets(self, source: Integration, links: Links) -> int:
        """How many targets a source has."""

    @abstractmethod
    def count_sources(self, target: Integration, links: Links) -> int:
        """How many sources a target has."""


class Child(EdgeKind):
    """From an integration to each that its block declares."""

    name = "child"
    orders = True

    def holds(self, source: Integration, target: Integration) -> bool:
        """Whether the target is declared in the source's block."""
        return target.parent is source

    def targets(self, source: Integration, links: Links) -> Iterator[Integration]:
        """The integrations of all its groups."""
        del links
        for group in source.groups:
            yield from group.members.values()

    def sources(self, target: Integration) -> Iterator[Integration]:
        """Its parent."""
        if target.parent is not None:
            yield target.parent

    def source_groups(self, group: Group) -> Iterator[Group]:
        """None: its members have a parent, not a group of them."""
        del group
        yield from ()

    def count_targets(self, source: Integration, links: Links) -> int:
        """The sizes of its groups."""
        del links
        return sum(len(group.members) for group in source.groups)

    def count_sources(self, target: Integration, links: Links) -> int:
        """One, or none for the root."""
        del links
        return int(target.parent is not None)


class Sibling(EdgeKind):
    """From an integration to each that is given it, before the receiver is built."""

    name = "sibling"
    orders = True

    def holds(self, source: Integration, target: Integration) -> bool:
        """Whether the target is given the source, and not something nearer of that name."""
        return find_given(target.group.given, source.name) is source

    def targets(self, source: Integration, links: Links) -> Iterator[Integration]:
        """All behind its group in their parent's part of the build order, if it is passed."""
        group, parent = source.group, source.parent
        if parent is None or not group.passes:
            return
        for target in links.order[group_end(group) : parent.end]:
            if find_given(target.group.given, source.name) is source:
                yield target

    def sources(self, target: Integration) -> Iterator[Integration]:
        """What its scope shows it, nearest group first."""
        yield from visible(target.group.given)

    def source_groups(self, group: Group) -> Iterator[Group]:
        """The groups of its scope."""
        yield from groups_of(group.given)

    def count_targets(self, source: Integration, links: Links) -> int:
        """The length of that part of the build order, less those who have a nearer one."""
        if source.parent is None or not source.group.passes:
            return 0
        if links.is_unique(source.name):
            return source.parent.end - group_end(source.group)
        return sum(1 for _ in self.targets(source, links))

    def count_sources(self, target: Integration, links: Links) -> int:
        """The same number for all members of its group."""
        return links.given_count(target.group)


class Peer(EdgeKind):
    """Between the members of a group, both ways, set when all of them are built."""

    name = "peer"
    orders = False

    def holds(self, source: Integration, target: Integration) -> bool:
        """Whether both are different members of one group whose members see each other."""
        return source.group is target.group and source is not target and source.group.peers

    def targets(self, source: Integration, links: Links) -> Iterator[Integration]:
        """The other members of its group."""
        del links
        yield from self.sources(source)

    def sources(self, target: Integration) -> Iterator[Integration]:
        """The other members of its group."""
        if target.group.peers:
            for member in target.group.members.values():
                if member is not target:
                    yield member

    def source_groups(self, group: Group) -> Iterator[Group]:
        """Itself, if its members see each other."""
        if has_peers(group):
            yield group

    def count_targets(self, source: Integration, links: Links) -> int:
        """As many as it has sources."""
        return self.count_sources(source, links)

    def count_sources(self, target: Integration, links: Links) -> int:
        """The size of its group without it."""
        del links
        return len(target.group.members) - 1 if target.group.peers else 0


class Decorates(EdgeKind):
    """From a decorator to each integration whose methods it wraps, once all are built."""

    name = "decorates"
    orders = False

    def holds(self, source: Integration, target: Integration) -> bool:
        """Whether the source is a decorator whose config asks for the target."""
        return any(choice.covers(target) for choice in self._choices(source))

    def targets(self, source: Integration, links: Links) -> Iterator[Integration]:
        """What it wraps of its parent and all below that."""
        for choice in self._choices(source):
            yield from (links.order[at] for at in choice.reach if choice.covers(links.order[at]))

    def sources(self, target: Integration) -> Iterator[Integration]:
        """What wraps it, the outermost first."""
        yield from (choice.decorator for choice in wrapping(target))

    def source_groups(self, group: Group) -> Iterator[Group]:
        """The groups of decorators, of those above it and of its own members, that wrap some."""
        above = [*group.parent.lineage()][::-1] if group.parent else []
        for owner in (*above, *group.members.values()):
            if any(choice.covers_some(group) for choice in decorators_in(owner)):
                yield owner.groups[0]

    def count_targets(self, source: Integration, links: Links) -> int:
        """Counted one by one, over what is below its parent."""
        return sum(1 for _ in self.targets(source, links))

    def count_sources(self, target: Integration, links: Links) -> int:
        """Counted one by one, over the decorators of those above it."""
        del links
        return sum(1 for _ in self.sources(target))

    @staticmethod
    def _choices(source: Integration) -> Iterator[Choice]:
        group = source.group
        if type(group) is DecoratorGroup:
            yield from (choice for choice in group.choices if choice.decorator is source)


_WITHOUT_DECORATORS: tuple[EdgeKind, ...] = (Child(), Sibling(), Peer())
EDGE_KINDS: tuple[EdgeKind, ...] = (*_WITHOUT_DECORATORS, Decorates())


def kinds_of(*, has_decorators: bool) -> tuple[EdgeKind, ...]:
    """The kinds that a workflow can have: where nothing is wrapped, nobody asks for it."""
    return EDGE_KINDS if has_decorators else _WITHOUT_DECORATORS


def edge_kind(source: Integration, target: Integration) -> EdgeKind | None:
    """The kind of the edge from source to target, or None; there is never more than one."""
    for kind in EDGE_KINDS:
        if kind.holds(source, target):
            return kind
    return None


def group_end(group: Group) -> int:
    """The build-order index behind the last integration in or below a group."""
    return next(reversed(group.members.values())).end


def visible(scope: Scope | None) -> Iterator[Integration]:
    """What a scope shows, nearest group first; a name that is hidden is not shown."""
    groups = list(groups_of(scope))
    if len(groups) == 1:
        yield from groups[0].members.values()
        return
    seen: set[str] = set()
    for group in groups:
        for name, member in group.members.items():
            if name not in seen:
                seen.add(name)
                yield member
