"""Config keys and names that nobody is known to read, and that look like one which is read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from string import digits

from lolpop_graph import faults as f
from lolpop_graph.block import Block, find_key
from lolpop_graph.config import SETTINGS
from lolpop_graph.declarations import ClassInfo
from lolpop_graph.errors import Fault
from lolpop_graph.model import Integration, Place, groups_in
from lolpop_graph.source import source_number
from lolpop_graph.text import misspelling, one_letter_apart, suggestion

PlaceOf = Callable[[int], Place]


def misspelt_settings(config: Block, settings: Collection[str], place: PlaceOf) -> Iterator[Fault]:
    """Find keys that look like `settings`, which are read here, and have none of them beside."""
    for key in config:
        meant = misspelling(key, settings)
        is_other = meant is not None and meant != key.casefold()
        if meant is not None and is_other and not _is_beside(config, meant, key, place):
            yield f.SettingMisspelt(place=place(config.key_mark(key)), key=key, meant=meant)


def misspelt_names(sections: Iterable[Block], place: PlaceOf) -> Iterator[Fault]:
    """Find names that an overlay or override adds to a section, and that look like one there.

    Names that differ in a number at the end are a series.
    """
    for section in sections:
        for key, earlier in _added(section):
            meant = one_letter_apart(key, earlier) if key != "config" else None
            if meant is None or key.rstrip(digits) == meant.rstrip(digits):
                continue
            at = place(section.key_mark(key))
            if at.overrides is None:
                yield f.NameAdded(place=at, name=key, meant=meant)


def _added(block: Block) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The keys of a block that are not from its lowest layer, each with those of lower ones."""
    layers: dict[int, list[str]] = {}
    for key, mark in zip(block, block.marks[::2], strict=True):
        layers.setdefault(source_number(mark), []).append(key)
    earlier: tuple[str, ...] = ()
    for _, keys in sorted(layers.items()):
        yield from ((key, earlier) for key in keys if earlier)
        earlier += tuple(keys)


def misspelt_keys(
    order: Sequence[Integration],
    info: Callable[[Integration], ClassInfo | None],
    place: PlaceOf,
    found: Sequence[Fault],
    *,
    is_layered: bool,
) -> Iterator[Fault]:
    """Find keys that look like one which a class that can see them declares.

    Where the document `is_layered`, they may look like one of a lower layer instead. What is
    `found` to be missing already, with the same suggestion, is not told again.
    """
    classes_of = list(map(info, order))
    declaring = {each for each in set(classes_of) if each and each.declared_keys}
    if not declaring and not is_layered:
        return
    told = {
        suggestion(fault.key if isinstance(fault, f.KeyMissing) else fault.parameter, fault.written)
        for fault in found
        if isinstance(fault, f.KeyMissing | f.ParameterMissing)
    }
    fine: set[tuple[tuple[str, ...], frozenset[ClassInfo]]] = set()
    for config, first, end in configs_in(order):
        classes = declaring & set(classes_of[first:end])
        lower = dict(_added(config)) if is_layered else {}
        # Most integrations have the keys and the class of another one.
        kind = tuple(config), frozenset(classes)
        if not lower and kind in fine:
            continue
        faults = list(_misspelt_in(config, _readers(classes), lower, place))
        if not faults and not lower:
            fine.add(kind)
        yield from (fault for fault in faults if fault.key not in told)


def _misspelt_in(
    config: Block,
    readers: Mapping[str, Sequence[str]],
    lower: Mapping[str, tuple[str, ...]],
    place: PlaceOf,
) -> Iterator[f.KeyMisspelt]:
    """Find the keys of one config that are like one of `readers`, or one of a `lower` layer."""
    for key in config:
        if key.casefold() in readers or key.casefold() in SETTINGS:
            continue
        meant = misspelling(key, readers) or one_letter_apart(key, lower.get(key, ()))
        if meant is not None and not _is_beside(config, meant, key, place):
            yield f.KeyMisspelt(
                place=place(config.key_mark(key)),
                key=key,
                meant=meant,
                readers=tuple(readers.get(meant, ())),
            )


def _is_beside(config: Block, meant: str, key: str, place: PlaceOf) -> bool:
    """Whether a config has both keys in one layer, and so means both.

    Where only an overlay or an override has one of them, it was likely meant to be the other.
    """
    found = find_key(config, meant)
    if found is None:
        return False
    mark, other = config.key_mark(key), config.key_mark(found)
    if source_number(mark) == source_number(other):
        return True
    at = place(mark)
    return at.overrides is not None or at.file in _files(place(other).overrides)


def _files(place: Place | None) -> Iterator[str]:
    """The file of a place, and those of the ones that it overrides."""
    while place is not None:
        yield place.file
        place = place.overrides


def configs_in(order: Sequence[Integration]) -> Iterator[tuple[Block, int, int]]:
    """Each config with the indices of the first integration that sees it, and after the last."""
    for integration in order:
        if integration.config:
            yield integration.config, integration.index, integration.end
    for group in groups_in(order):
        members = list(group.members.values())
        if group.config and members:
            yield group.config, members[0].index, members[-1].end


def _readers(classes: Iterable[ClassInfo]) -> dict[str, list[str]]:
    """The keys that classes declare, each with the names of the classes, sorted."""
    readers: dict[str, list[str]] = {}
    for each in classes:
        for key in each.declared_keys:
            readers.setdefault(key.casefold(), []).append(each.cls.__name__)
    return {key: sorted(names) for key, names in readers.items()}
