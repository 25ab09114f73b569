"""Whether objects of a class can serve one workflow after the other, as far as its code tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from weakref import WeakKeyDictionary

from lolpop_graph.classes.making import Making, making_of
from lolpop_graph.classes.states import States, read_states
from lolpop_graph.classes.texts import Lineage, TextFinder
from lolpop_graph.classes.users import UsesReader
from lolpop_graph.classes.uses import Uses

SHARED: Final = "__SHARED__"
"""The attribute by which a class says that its objects can be shared, or cannot."""


@dataclass(frozen=True)
class Kind:
    """What is known of a class whose objects may be shared.

    `word` is what it says itself; `uses` is what all of its code uses, `making` what that does
    which runs before a workflow does. `changed` are attributes that methods leave changed,
    `perhaps` those of which that cannot be told; `touched` those of which something is set from
    here. `is_open` says that code may do what is not seen.
    """

    word: bool | None
    uses: Uses
    making: Making
    changed: frozenset[str]
    perhaps: frozenset[str]
    touched: frozenset[str]
    is_open: bool


_kinds: WeakKeyDictionary[type, Kind] = WeakKeyDictionary()


def kind_of(cls: type) -> Kind:
    """What is known of a class; it is read once, and its code is not run.

    Raises TypeError where its word is none.
    """
    found = _kinds.get(cls)
    if found is None:
        found = _kinds[cls] = _read(cls)
    return found


def _read(cls: type) -> Kind:
    word, before = _word(cls)
    lineage = TextFinder().lineage_of(cls)
    states = read_states(_of(lineage, before) if word else lineage)
    is_open = states.changes_anything or states.hands_out or not states.is_known
    making = making_of(lineage)
    return Kind(
        word=word,
        uses=UsesReader().of(lineage),
        making=making,
        changed=frozenset(states.changed),
        perhaps=frozenset(states.perhaps),
        touched=frozenset({*_insides(states), *making.touched}),
        is_open=is_open,
    )


def _word(cls: type) -> tuple[bool | None, set[tuple[str, str]]]:
    """What a class says, or the nearest that it inherits from, and which classes come before."""
    before = set[tuple[str, str]]()
    for ancestor in cls.__mro__:
        word: Any = vars(ancestor).get(SHARED)
        if word is not None:
            if not isinstance(word, bool):
                raise TypeError("it must be true or false")
            return word, before
        before.add((ancestor.__module__, ancestor.__qualname__))
    return None, before


def _of(lineage: Lineage, names: set[tuple[str, str]]) -> Lineage:
    """The part of a lineage that no word was given for: what subclasses have added."""
    kept = [each for each in lineage.definitions if (each.text.name, each.qualname) in names]
    return Lineage(tuple(kept), is_whole=True, is_wired=lineage.is_wired)


def _insides(states: States) -> set[str]:
    return {
        name
        for name, spots in states.changed.items()
        if any(spot.how == "inside" for spot in spots)
    }
