"""What a step leaves on objects and a later one looks for: tasks build all objects anew."""

from __future__ import annotations

import linecache
import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from lolpop_graph.casting import Casting
from lolpop_graph.classes.states import Spot, States, states_of
from lolpop_graph.classes.texts import TextFinder
from lolpop_graph.classes.users import UsesReader
from lolpop_graph.classes.uses import Uses
from lolpop_graph.export.steps import Step
from lolpop_graph.model import Integration

_LEARNING = "add|append|extend|fit|insert|learn|load|partial_fit|put|push|set|train|update"
"""How methods begin that change what an object holds, where its own code is not read."""


class Touched(NamedTuple):
    """The integrations whose code a step may run, and the names that the code of these uses."""

    integrations: dict[str, Integration]
    names: set[str]


def left_behind(casting: Casting, steps: Sequence[Step]) -> str:
    """Why steps cannot be tasks of their own; empty where nothing is known to hinder it.

    That is an attribute that the one sets, changes in place, or lets learn (`self.model.fit`), and
    the other reads. It is found in the texts of the classes: what these do by names that are not
    written, or leave in globals, is not.
    """
    reader = _Reader(casting)
    for earlier, later in combinations(steps, 2):
        for found in reader.between(earlier, later):
            return found
    return ""


class _Reader:
    """Reads the classes of one workflow."""

    def __init__(self, casting: Casting) -> None:
        self.casting = casting
        self.finder = TextFinder()
        self.uses_reader = UsesReader()
        self.known: dict[type, Uses] = {}
        self.touched: dict[str, Touched] = {}

    def between(self, earlier: Step, later: Step) -> Iterator[str]:
        """What one step leaves that another looks for, in words."""
        first, second = self.of(earlier), self.of(later)
        for path, integration in first.integrations.items():
            if path not in second.integrations:
                continue
            states = states_of(self._class(integration))
            for name in self._left(states, (first, second), (earlier, later), integration):
                cls = self._class(integration).__name__
                yield (
                    f"`{earlier.integration.path}.{earlier.method}` leaves `{name}` on `{path}` "
                    f"({cls}), where `{later.integration.path}.{later.method}` looks for it"
                )

    def _left(
        self,
        states: States,
        both: tuple[Touched, Touched],
        steps: tuple[Step, Step],
        integration: Integration,
    ) -> Iterator[str]:
        """The attributes of an integration that one step may change and the other may read."""
        called = [
            touched.names | ({step.method} if step.integration is integration else set())
            for touched, step in zip(both, steps, strict=True)
        ]
        for name in sorted({*states.changed, *states.perhaps}):
            learns = (spot for spot in states.perhaps.get(name, ()) if _learns(spot, name))
            changing = _is_reached((*states.changed.get(name, ()), *learns), called[0])
            is_read = name in both[1].names or _is_reached(states.read.get(name, ()), called[1])
            if changing and is_read and integration.reach(name) is None:
                yield name

    def of(self, step: Step) -> Touched:
        """What a step may touch: its integration, and what the code of these uses by name."""
        start = step.integration
        if start.path not in self.touched:
            found, waiting, names = {start.path: start}, [start], set[str]()
            while waiting:
                here = waiting.pop()
                uses = self._uses(here)
                names |= uses.own | uses.far
                for other in self._used(here, uses):
                    if other.path not in found:
                        found[other.path] = other
                        waiting.append(other)
            self.touched[start.path] = Touched(found, names)
        return self.touched[start.path]

    def _used(self, integration: Integration, uses: Uses) -> Iterator[Integration]:
        for name in uses.own | uses.far | uses.parameters:
            other = integration.reach(name)
            if other is not None:
                yield other

    def _uses(self, integration: Integration) -> Uses:
        cls = self._class(integration)
        if cls not in self.known:
            self.known[cls] = self.uses_reader.of(self.finder.lineage_of(cls))
        return self.known[cls]

    def _class(self, integration: Integration) -> type:
        info = self.casting.info(integration)
        return info.cls if info else object


def _is_reached(spots: Sequence[Spot], called: set[str]) -> bool:
    """Whether a method that leads to one of some places in code is among those that are called."""
    return any(not called.isdisjoint(spot.callers) for spot in spots)


def _learns(spot: Spot, name: str) -> bool:
    """Whether a line calls a method of what an attribute holds, by which such objects learn."""
    line = linecache.getline(spot.file, spot.line)
    return re.search(rf"\.{name}\.(?:{_LEARNING})\w*\(", line) is not None
