"""Which integrations can be built next, when several are built at the same time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from heapq import heappop, heappush

from lolpop_graph.model import Group, Integration
from lolpop_graph.wired import LOGGER, NOTIFIER

_TOLD = (LOGGER, NOTIFIER)
"""What every integration may tell something while it is made, without being given it: those that
are declared later wait for it, as they would if one were built after the other."""


class Schedule:
    """The integrations below a root that wait for nothing but a free hand.

    Members of a group wait for what they are given, which is whole groups with all below them, and
    not for each other. `attach` is called with each integration when it and all that are declared
    before it by the same parent are built, `finish` with each group when all below it is.
    """

    def __init__(
        self,
        root: Integration,
        attach: Callable[[Integration], None],
        finish: Callable[[Group], None],
    ) -> None:
        """Begin when the root is built."""
        self._attach = attach
        self._finish = finish
        self._ready: list[tuple[int, int, Integration]] = []
        self._below: dict[Integration, _Below] = {}
        self._left: dict[Group, int] = {}
        self._told: set[Integration] = set()
        self._begin(root)

    def __bool__(self) -> bool:
        """Whether any can be built now."""
        return bool(self._ready)

    def take(self) -> tuple[Integration, int]:
        """The first in build order of those that can be built, and its position in its group."""
        _, position, integration = heappop(self._ready)
        return integration, position

    def built(self, integration: Integration) -> None:
        """Note that an object is there."""
        below = self._below[integration.parent]  # type: ignore[index]  # the root is built already
        below.built.add(integration)
        while below.unattached is not None and below.unattached in below.built:
            below.built.remove(below.unattached)
            self._attach(below.unattached)
            below.unattached = next(below.children, None)
        if not self._begin(integration):
            self._complete(integration)

    def _begin(self, owner: Integration) -> bool:
        """Begin what is below an integration, and say whether there is anything."""
        groups = [group for group in owner.groups if group.members]
        if not groups:
            return False
        self._left |= {group: len(group.members) for group in groups}
        below = self._below[owner] = _Below(groups, self._start(groups))
        next(below.starting, None)
        return True

    def _start(self, groups: list[Group]) -> Iterator[None]:
        """Make the members of groups ready, in order; it stops where they have to wait."""
        for group in groups:
            for position, member in enumerate(group.members.values()):
                heappush(self._ready, (member.index, position, member))
                while member.name in _TOLD and member not in self._told:
                    yield
            while group.passes and self._left[group]:
                yield

    def _complete(self, member: Integration) -> None:
        """Note that an object and all below it are there."""
        while member.parent is not None:
            group, below = member.group, self._below[member.parent]
            if member.name in _TOLD:
                self._told.add(member)
            self._left[group] -= 1
            if not self._left[group]:
                self._finish(group)
                below.unfinished -= 1
            next(below.starting, None)
            if below.unfinished:
                return
            member = member.parent


class _Below:
    """What is under way below one integration."""

    def __init__(self, groups: list[Group], starting: Iterator[None]) -> None:
        self.starting = starting
        self.unfinished = len(groups)
        self.children = (member for group in groups for member in group.members.values())
        self.unattached = next(self.children, None)
        self.built: set[Integration] = set()
