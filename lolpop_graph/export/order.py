"""Which step needs which: for its arguments, or since one is called for its effect alone."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lolpop_graph.export.steps import Step, names_in

Origins = Mapping[str, int]
"""For names, the numbers of the steps that their values come from; parameters are not there."""


@dataclass(frozen=True)
class Order:
    """What orders the steps of a method.

    `origins` has, for each step, where its names come from, and `result` the same for what the
    method returns. `waits` has the earlier steps that each must wait for although it is given
    nothing of them, and that nothing else makes it wait for.
    """

    origins: tuple[Origins, ...]
    result: Origins
    waits: tuple[tuple[int, ...], ...]

    def kept(self, number: int, step: Step) -> tuple[str, ...]:
        """Those names a step sets whose values are needed later, as that step has set them."""
        found = [
            name
            for origins in (*self.origins, self.result)
            for name, origin in origins.items()
            if origin == number
        ]
        return tuple(name for name in dict.fromkeys(step.targets) if name in found)


def order_of(steps: Sequence[Step], result: ast.expr | None) -> Order:
    """Find what orders steps.

    A step of which nothing is needed later is called for its effect: it waits for all before it,
    and all after it wait for it, as the method has it.
    """
    latest: dict[str, int] = {}
    origins: list[Origins] = []
    for number, step in enumerate(steps):
        origins.append({name: latest[name] for name in step.names if name in latest})
        latest |= dict.fromkeys(step.targets, number)
    returned = {name: latest[name] for name in names_in(result) if name in latest} if result else {}
    needed = {origin for each in (*origins, returned) for origin in each.values()}
    return Order(tuple(origins), returned, tuple(_waits(origins, needed)))


def _waits(origins: Sequence[Origins], needed: set[int]) -> list[tuple[int, ...]]:
    """For each step those that only the order written puts before it, the nearest alone."""
    before: list[set[int]] = []
    waits: list[tuple[int, ...]] = []
    effect: int | None = None
    for number, given in enumerate(origins):
        known = _closed(set(given.values()), before)
        is_effect = number not in needed
        wanted = set(range(number)) if is_effect else ({effect} if effect is not None else set())
        missing: list[int] = []
        for each in sorted(wanted, reverse=True):
            if each not in known:
                missing.append(each)
                known |= _closed({each}, before)
        before.append(known)
        waits.append(tuple(reversed(missing)))
        if is_effect:
            effect = number
    return waits


def _closed(steps: set[int], before: Sequence[set[int]]) -> set[int]:
    """Steps and all that comes before them."""
    return steps.union(*(before[each] for each in steps))
