"""What the order of layers decides: who would no longer be given what if two were swapped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from lolpop_graph.framework import Framework
from lolpop_graph.model import Group, Integration, Layer, find_given, groups_of
from lolpop_graph.text import counted


@dataclass(frozen=True, slots=True)
class Swap:
    """What it would do to swap two layers that stand one after the other below `above`.

    Swapped, `hidden` integrations of `first` are no longer given to `losers`, integrations in
    `second` or below it; and `shown` ones of `second` are given to `gainers`, in `first` or below.
    """

    above: str
    first: str
    second: str
    hidden: int
    losers: int
    shown: int
    gainers: int

    def as_dict(self) -> dict[str, Any]:
        """The same for machines."""
        return asdict(self)

    def __str__(self) -> str:
        """One sentence."""
        swapped = f"swapping `{self.first}` and `{self.second}` below `{self.above}`"
        hides = f"hide {counted(self.hidden, 'integration')} of `{self.first}` from {self.losers}"
        shows = f"give {counted(self.shown, 'integration')} of `{self.second}` to {self.gainers}"
        done = [text for text, count in ((hides, self.hidden), (shows, self.shown)) if count]
        return f"{swapped} would {' and '.join(done) or 'change nothing'}"


def swaps(framework: Framework, order: Sequence[Integration]) -> list[Swap]:
    """What each swap of two adjacent layers would do, in the order of the framework."""
    return [
        swap_of(first, second, order)
        for layer in framework.layers()
        for first, second in pairwise(layer.children)
    ]


def swap_of(first: Layer, second: Layer, order: Iterable[Integration]) -> Swap:
    """What swapping two layers would do, of which `first` stands directly before `second`."""
    hidden = losers = shown = gainers = 0
    for owner in order:
        if owner.layer is not first.parent:
            continue
        groups = {group.layer: group for group in owner.groups if group.members}
        if first not in groups or second not in groups:
            continue
        before, after = groups[first], groups[second]
        if before.passes:
            hidden += len(before.members)
            losers += sum(_sees(each, before) for each in _within(after))
        if after.passes:
            shown += len(after.members)
            gainers += sum(_would_see(each, after) for each in _within(before))
    above = first.parent.name if first.parent else ""
    return Swap(above, first.name, second.name, hidden, losers, shown, gainers)


def _within(group: Group) -> Iterator[Integration]:
    """The members of a group and all below them."""
    waiting = list(group.members.values())
    while waiting:
        integration = waiting.pop()
        yield integration
        waiting += [member for below in integration.groups for member in below.members.values()]


def _sees(integration: Integration, group: Group) -> bool:
    """Whether an integration is given a member of a group."""
    given = integration.group.given
    return any(find_given(given, name) is member for name, member in group.members.items())


def _would_see(integration: Integration, group: Group) -> bool:
    """Whether one beside or below a group's siblings would be given one of it, if it came first."""
    nearer: set[str] = set()
    for scope in groups_of(integration.group.given):
        if scope.parent is not None and scope.parent.index > group.parent.index:  # type: ignore[union-attr]  # members have a parent
            nearer |= scope.members.keys()
    return not group.members.keys() <= nearer
