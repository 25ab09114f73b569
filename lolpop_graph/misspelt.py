"""Config keys that nobody is known to read, and that look like one which somebody does."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from lolpop_graph import faults as f
from lolpop_graph.block import Block, find_key
from lolpop_graph.config import SETTINGS
from lolpop_graph.declarations import ClassInfo
from lolpop_graph.errors import Fault
from lolpop_graph.model import Integration, Place, groups_in
from lolpop_graph.text import misspelling, suggestion

PlaceOf = Callable[[int], Place]


def misspelt_settings(
    configs: Iterable[Block], settings: Collection[str], place: PlaceOf
) -> Iterator[Fault]:
    """Find keys that look like `settings`, which are read here, where the one meant is absent."""
    fine: set[str] = set()
    for config in configs:
        for key in config.keys() - fine:
            meant = misspelling(key, settings)
            if meant is None or meant == key.casefold():
                fine.add(key)
            elif find_key(config, meant) is None:
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
    for config, first, end in _configs(order):
        keys = [key for key in config if key not in told and key.casefold() not in SETTINGS]
        readers = _readers(order[first:end], info) if keys else {}
        for key in keys:
            meant = None if key.casefold() in readers else misspelling(key, readers)
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


def _readers(
    integrations: Sequence[Integration], info: Callable[[Integration], ClassInfo | None]
) -> dict[str, list[str]]:
    """The keys that the classes of integrations declare, each with the names of the classes."""
    known = {id(each): each for each in map(info, integrations) if each is not None}
    readers: dict[str, list[str]] = {}
    for each in known.values():
        for key in each.declared_keys:
            readers.setdefault(key.casefold(), []).append(each.cls.__name__)
    return readers
