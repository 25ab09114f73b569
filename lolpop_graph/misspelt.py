"""Config keys that nobody is known to read, and that look like one which somebody does."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from lolpop_graph import faults as f
from lolpop_graph.block import Block, find_key
from lolpop_graph.config import SETTINGS
from lolpop_graph.declarations import ClassInfo
from lolpop_graph.errors import Fault
from lolpop_graph.model import Integration, Place, groups_in
from lolpop_graph.text import misspelling, suggestion

PlaceOf = Callable[[int], Place]


def misspelt_settings(config: Block, settings: Collection[str], place: PlaceOf) -> Iterator[Fault]:
    """Find keys that look like `settings`, which are read here, where the one meant is absent."""
    for key in config:
        meant = misspelling(key, settings)
        if meant is not None and find_key(config, meant) is None:
            yield f.SettingMisspelt(place=place(config.key_mark(key)), key=key, meant=meant)


def misspelt_keys(
    order: Sequence[Integration],
    info: Callable[[Integration], ClassInfo | None],
    place: PlaceOf,
    found: Sequence[Fault],
) -> Iterator[Fault]:
    """Find keys that look like one which a class that can see them declares.

    What is `found` to be missing already, with the same suggestion, is not told again.
    """
    told = {
        suggestion(fault.key if isinstance(fault, f.KeyMissing) else fault.parameter, fault.written)
        for fault in found
        if isinstance(fault, f.KeyMissing | f.ParameterMissing)
    }
    fine: set[tuple[tuple[str, ...], frozenset[ClassInfo | None]]] = set()
    for config, first, end in _configs(order):
        classes = frozenset(map(info, order[first:end]))
        # Most integrations have the keys and the class of another one.
        if (tuple(config), classes) in fine:
            continue
        faults = list(_misspelt_in(config, _readers(classes), place))
        if not faults:
            fine.add((tuple(config), classes))
        yield from (fault for fault in faults if fault.key not in told)


def _misspelt_in(
    config: Block, readers: Mapping[str, Sequence[str]], place: PlaceOf
) -> Iterator[f.KeyMisspelt]:
    for key in config:
        if key.casefold() in readers or key.casefold() in SETTINGS:
            continue
        meant = misspelling(key, readers)
        if meant is not None and find_key(config, meant) is None:
            yield f.KeyMisspelt(
                place=place(config.key_mark(key)),
                key=key,
                meant=meant,
                readers=tuple(readers[meant]),
            )


def _configs(order: Sequence[Integration]) -> Iterator[tuple[Block, int, int]]:
    """Each config with the indices of the first integration that sees it, and after the last."""
    for integration in order:
        if integration.config:
            yield integration.config, integration.index, integration.end
    for group in groups_in(order):
        members = list(group.members.values())
        if group.config and members:
            yield group.config, members[0].index, members[-1].end


def _readers(classes: Iterable[ClassInfo | None]) -> dict[str, list[str]]:
    """The keys that classes declare, each with the names of the classes, sorted."""
    readers: dict[str, list[str]] = {}
    for each in filter(None, classes):
        for key in each.declared_keys:
            readers.setdefault(key.casefold(), []).append(each.cls.__name__)
    return {key: sorted(names) for key, names in readers.items()}
