"""Which objects of a workflow may outlast it at all, whatever the next one is like."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

Reached = Sequence[frozenset[int] | None]
"""By the index of each in build order, the indices of those that it may reach."""


class Reaches(Protocol):
    """Who may have reached whom, by indices in build order."""

    @property
    def made_with(self) -> Reached:
        """Whom each may have used while it was made and set up."""

    @property
    def works_with(self) -> Reached:
        """Whom all of its code may use."""

    @property
    def closed_with(self) -> Reached:
        """Whom its `close` may use."""

    @property
    def refused(self) -> set[int]:
        """Those that are never shared."""


def lasting(web: Reaches, has_setup: Sequence[bool], spent: Iterable[int] = ()) -> frozenset[int]:
    """The indices of those that another workflow may take over, where the `spent` cannot be.

    What is taken over is closed later than the rest. So nothing is whose `close` may need one of
    the rest, which would be closed after it if all were closed together.
    """
    spread = Spread(web, has_setup)
    for index in (*web.refused, *spent):
        spread.leave(index)
    while late := _closed_late(web, spread.kept()):
        for index in late:
            spread.leave(index)
    return frozenset(spread.kept())


def _closed_late(web: Reaches, kept: Sequence[int]) -> list[int]:
    """Those of the `kept` whose `close` may use one that comes before them and is not kept."""
    stay = {*kept}
    return [
        index
        for index in kept
        if any(each < index for each in _used(web, index) if each not in stay)
    ]


def _used(web: Reaches, index: int) -> set[int]:
    """All that the `close` of one may use, with what that works with."""
    found, waiting = set[int](), [*(web.closed_with[index] or ())]
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += web.works_with[each] or ()
    return found


class Spread:
    """How it spreads that an object is made anew.

    Who was made with it is made anew as well, and who was made with something that works with it.
    What is used while it is made must not be set up yet, as it would not be if all were made anew.
    """

    def __init__(self, web: Reaches, has_setup: Sequence[bool]) -> None:
        """Begin with all objects kept."""
        self._web = web
        self._has_setup = has_setup
        self._users = _turned(web.made_with)
        self._workers = _turned(web.works_with)
        self._left: set[int] = set()
        self._unsettled: set[int] = set()
        self._exposed: set[int] = set()

    def kept(self) -> list[int]:
        """The indices of those that are not made anew."""
        return [index for index in range(len(self._has_setup)) if index not in self._left]

    def leave(self, index: int) -> None:
        """Make an object anew, with all that follows from it."""
        waiting = [(self._left, index)]
        while waiting:
            found, index = waiting.pop()
            if index not in found:
                found.add(index)
                waiting += self._after(found, index)

    def _after(self, found: set[int], index: int) -> Iterator[tuple[set[int], int]]:
        web = self._web
        if found is self._left:
            yield self._unsettled, index
            yield from ((self._exposed, each) for each in web.made_with[index] or ())
        elif found is self._unsettled:
            yield from ((self._left, each) for each in self._users.get(index, ()))
            yield from ((self._unsettled, each) for each in self._workers.get(index, ()))
        else:
            yield from ((self._exposed, each) for each in web.works_with[index] or ())
            if self._has_setup[index]:
                yield self._left, index


def _turned(reached: Sequence[frozenset[int] | None]) -> dict[int, list[int]]:
    """Who reaches each, from what each reaches; nobody is his own."""
    found: dict[int, list[int]] = {}
    for user, indices in enumerate(reached):
        for index in (indices or frozenset()) - {user}:
            found.setdefault(index, []).append(user)
    return found
