"""What the code of a workflow's classes says about its integrations and config: heuristics."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import merge
from itertools import pairwise

from lolpop_graph import faults as f
from lolpop_graph.block import Block
from lolpop_graph.checks.misspelt import configs_in
from lolpop_graph.classes.uses import Uses
from lolpop_graph.config import SETTINGS
from lolpop_graph.decorated import DecoratorGroup
from lolpop_graph.expand import LAYER_FLAGS
from lolpop_graph.model import Group, Integration, Place
from lolpop_graph.questions.why.links import APART, LATER, WITHHELD, find_link
from lolpop_graph.wired import LOGGER, NOTIFIER, PUBLIC_NAMES

PlaceOf = Callable[[int], Place]

_READ_ANYWAY = frozenset((*SETTINGS, *LAYER_FLAGS))
_ALWAYS_USED = (LOGGER, NOTIFIER)
_REASONS = {LATER: "order", APART: "peers", WITHHELD: "passes"}
"""What lint calls the rules of `why` by which a setting keeps one integration from another."""


class Code:
    """The integrations of a workflow in build order, each with what its class uses."""

    def __init__(self, order: Sequence[Integration], uses: Sequence[Uses]) -> None:
        """Index by names and keys who reads them."""
        self.order = order
        self._uses = uses
        self.kinds: dict[int, Uses] = {id(each): each for each in uses}
        self._having: defaultdict[int, list[int]] = defaultdict(list)
        for index, each in enumerate(uses):
            self._having[id(each)].append(index)
        self._naming = self._index(lambda each: each.names)
        self._keyed = self._index(lambda each: each.possible_keys)
        self._all_readers = self._of(id(each) for each in self.kinds.values() if each.is_open)
        self._key_readers = self._of(id(each) for each in self.kinds.values() if each.asks_any_key)
        self._patterned = [number for number, each in self.kinds.items() if each.patterns]
        self.far = {name for each in self.kinds.values() for name in each.far}
        asking = [each for each in self.kinds.values() if each.reads_far_keys]
        self._far_keys = {key for each in asking for key in each.possible_keys}
        self.reads_any_far_key = any(each.reads_any_far_key for each in self.kinds.values())

    def uses(self, integration: Integration) -> Uses:
        """What the class of an integration uses."""
        return self._uses[integration.index]

    def is_used(self, integration: Integration) -> bool:
        """Whether code may use an integration that does nothing of its own accord."""
        name, parent = integration.name, integration.parent
        is_wrapping = type(integration.group) is DecoratorGroup
        if parent is None or is_wrapping or name in self.far or name in _ALWAYS_USED:
            return True
        if any(self.uses(owner).is_open for owner in parent.lineage()):
            return True
        naming = {*self._naming.get(name, ()), *self._putting_together(name)}
        readers = [*(self._having[kind] for kind in naming), self._all_readers]
        return any(
            self.order[index].reach(name) is integration
            for indices in readers
            for index in _between(indices, parent.index, parent.end)
        )

    def is_read(self, key: str, first: int, end: int) -> bool:
        """Whether code of the integrations from `first` to before `end` may look up a key."""
        folded = key.casefold()
        if folded in self._far_keys or _has_between(self._key_readers, first, end):
            return True
        asking = {*self._keyed.get(folded, ()), *self._putting_together(key)}
        return any(_has_between(self._having[kind], first, end) for kind in asking)

    def known_keys(self, first: int, end: int) -> tuple[str, ...]:
        """The keys that code of these integrations is known to look up, sorted."""
        kinds = {id(each): each for each in self._uses[first:end]}
        return tuple(sorted({key for each in kinds.values() for key in each.known_keys}))

    def _putting_together(self, name: str) -> Iterator[int]:
        """The kinds of classes that put names together which may be this one."""
        yield from (each for each in self._patterned if self.kinds[each].puts_together(name))

    def _index(self, names: Callable[[Uses], Iterable[str]]) -> dict[str, list[int]]:
        index: defaultdict[str, list[int]] = defaultdict(list)
        for number, each in self.kinds.items():
            for name in names(each):
                index[name].append(number)
        return index

    def _of(self, kinds: Iterable[int]) -> list[int]:
        """The indices of the integrations whose classes are of these kinds, sorted."""
        return list(merge(*(self._having[kind] for kind in kinds)))


def _between(indices: Sequence[int], first: int, end: int) -> Iterator[int]:
    for position in range(bisect_left(indices, first), len(indices)):
        if indices[position] >= end:
            return
        yield indices[position]


def _has_between(indices: Sequence[int], first: int, end: int) -> bool:
    return next(_between(indices, first, end), None) is not None


def find_unused(code: Code, place: PlaceOf) -> Iterator[f.IntegrationUnused]:
    """Find integrations that no class which sees them names.

    Not those that do something of their own accord, nor what stands below an integration without
    code of its own: that is used from outside.
    """
    for integration in code.order[1:]:
        uses, parent = code.uses(integration), integration.parent
        is_driven = parent is not None and not code.uses(parent).has_code
        if uses.acts or not uses.is_known or is_driven or code.is_used(integration):
            continue
        yield f.IntegrationUnused(place=place(integration.mark), path=integration.path)


def find_unread_keys(
    code: Code, is_referred: Callable[[Block, str], bool], place: PlaceOf
) -> Iterator[f.KeyUnread]:
    """Find config keys that no class which sees them reads, and no reference names.

    What an alias brings to several places is read if it is read at one of them.
    """
    if code.reads_any_far_key:
        return
    found: dict[int, f.KeyUnread | None] = {}
    for config, first, end in configs_in(code.order):
        is_outside = _is_used_from_outside(code, config, first)
        for key in config:
            mark = config.key_mark(key)
            if found.get(mark, ...) is None:
                continue
            is_read = is_outside or key.casefold() in _READ_ANYWAY or is_referred(config, key)
            if is_read or code.is_read(key, first, end):
                found[mark] = None
            else:
                readable = code.known_keys(first, end)
                found[mark] = f.KeyUnread(place=place(mark), key=key, readable=readable)
    yield from (fault for fault in found.values() if fault is not None)


def _is_used_from_outside(code: Code, config: Block, first: int) -> bool:
    """Whether code outside the workflow, or a whole config that is taken, may read all of it."""
    owner = code.order[first]
    uses = code.uses(owner)
    is_own = owner.config is config
    return (uses.is_known and not uses.has_code) or (is_own and uses.reads_own_config)


def find_out_of_sight(
    code: Code, place: PlaceOf, swapped: Callable[[Group, Group], str]
) -> Iterator[f.OutOfSight]:
    """Find names that code reads of its integration, declared where they are not given to it.

    `swapped` says what it would cost to swap the layers of two groups.
    """
    declared = {integration.name for integration in code.order[1:]}
    wanted = {kind: _wanted(each) & declared for kind, each in code.kinds.items()}
    told: set[tuple[Group, int, str]] = set()
    for integration in code.order[1:]:
        uses = code.uses(integration)
        for name in sorted(wanted[id(uses)]):
            key = (integration.group, id(uses), name)
            is_itself = name == integration.name
            if is_itself or key in told or integration.reach(name) is not None:
                continue
            told.add(key)
            fault = _out_of_sight(integration, name, swapped)
            if fault is not None:
                yield fault.changed(place=place(integration.mark))


def _wanted(uses: Uses) -> set[str]:
    """The names that a class certainly reads of its object, and does not set itself."""
    if uses.is_open or "__getattr__" in uses.defined or "_update_integrations" in uses.own:
        return set()
    # What stands in the code as a text is asked for with care, as by `hasattr`.
    read = (uses.own - uses.texts) | uses.required
    return read - uses.defined - PUBLIC_NAMES


def _out_of_sight(
    integration: Integration, name: str, swapped: Callable[[Group, Group], str]
) -> f.OutOfSight | None:
    """Why an integration is not given what is declared beside it, or beside one above it."""
    for above in integration.lineage():
        for group in above.parent.groups if above.parent else ():
            source = group.members.get(name)
            link = find_link(integration, source) if source else None
            reason = _REASONS.get(link.rule) if link else None
            # What comes later and is not passed on would not be given if it came first.
            if link is None or reason is None or (link.rule == LATER and not group.passes):
                continue
            is_next = link.rule == LATER and _are_adjacent(above.group, group)
            return f.OutOfSight(
                path=integration.path,
                class_name=integration.class_name or "",
                found=link.source.path,
                layer=group.layer.name,
                own_layer=above.layer.name,
                reason=reason,
                swap=swapped(above.group, group) if is_next else "",
            )
    return None


def _are_adjacent(first: Group, second: Group) -> bool:
    """Whether the layer of one group stands directly before that of another in the framework."""
    above = first.layer.parent
    layers = above.children if above else ()
    return any(pair == (first.layer, second.layer) for pair in pairwise(layers))
