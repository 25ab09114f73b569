"""Whether objects of a class can serve one workflow after the other, as far as its code tells."""

from __future__ import annotations

from dataclasses import dataclass
from types import FunctionType
from typing import Any, Final
from weakref import WeakKeyDictionary

from lolpop_graph.classes.making import MAKERS, Making, making_of, texts_of
from lolpop_graph.classes.roots import ANYTHING
from lolpop_graph.classes.states import States, read_states
from lolpop_graph.classes.texts import BASES, Lineage, TextFinder
from lolpop_graph.classes.touches import Touch, touches_of
from lolpop_graph.classes.users import UsesReader
from lolpop_graph.classes.uses import Uses
from lolpop_graph.wired import PUBLIC_NAMES

SHARED: Final = "__SHARED__"
"""The attribute by which a class says that its objects can be shared, or cannot."""
_ENDERS: Final = ("close",)
_PLAIN: Final = frozenset((FunctionType, staticmethod, classmethod, property))
_EVERYWHERE: Final = frozenset(("__dict__", "__weakref__"))
"""Descriptors that Python puts into every class."""


@dataclass(frozen=True)
class Kind:
    """What is known of a class whose objects may be shared.

    `word` is what it says itself; `uses` is what all of its code uses, `making` what that does
    which runs before a workflow does. Its methods set attributes, or may, if it `leaves` something
    behind; `loose` are attributes that they hand to others or may change in place, and `touches`
    what they do to what attributes hold. `closing` is what `close` uses. To make one anew may be
    `is_dear`: there is code that runs for it, or something that it may keep.
    """

    word: bool | None
    uses: Uses
    making: Making
    leaves: bool
    loose: frozenset[str]
    touches: frozenset[Touch]
    closing: Uses
    is_dear: bool


_kinds: WeakKeyDictionary[type, Kind] = WeakKeyDictionary()


def kind_of(cls: type) -> Kind:
    """What is known of a class; it is read once, and its code is not run."""
    found = _kinds.get(cls)
    if found is None:
        found = _kinds[cls] = _read(cls)
    return found


def is_clear(cls: type) -> bool:
    """Whether what a class says of being shared is true, false or None."""
    return isinstance(getattr(cls, SHARED, None), bool | None)


def _read(cls: type) -> Kind:
    word, before = _word(cls)
    lineage = TextFinder().lineage_of(cls)
    states = read_states(_of(lineage, before) if word else lineage)
    uses = UsesReader().of(lineage)
    # Of the texts of a module those alone count that the class names.
    uses.texts = texts_of(lineage)
    held = {**states.changed, **states.perhaps, **states.given}
    return Kind(
        word=word,
        uses=uses,
        making=making_of(lineage),
        leaves=_leaves(states),
        loose=frozenset(held) - PUBLIC_NAMES,
        touches=_touches(lineage, states),
        closing=making_of(lineage, _ENDERS).uses,
        is_dear=bool(word) or _is_dear(cls),
    )


def _is_dear(cls: type) -> bool:
    """Whether a class has a constructor, or more than plain methods, such as one that caches."""
    return any(
        name in MAKERS or (hasattr(value, "__get__") and type(value) not in _PLAIN)
        for ancestor in cls.__mro__
        if ancestor is not object and ancestor.__module__ not in BASES
        for name, value in vars(ancestor).items()
        if name not in _EVERYWHERE
    )


def _leaves(states: States) -> bool:
    """Whether methods set or delete attributes, or may set any."""
    is_open = states.changes_anything or states.hands_out or not states.is_known
    spots = (spot for each in states.changed.values() for spot in each)
    return is_open or ANYTHING in states.perhaps or any(spot.how != "inside" for spot in spots)


def _touches(lineage: Lineage, states: States) -> frozenset[Touch]:
    """What methods do to what attributes hold, also what is seen on a way round alone."""
    found = touches_of(lineage)
    called = {touch.steps[0] for touch in found}
    round_about = (name for name in states.changed if name not in called)
    return found | {Touch((name,), writes=True) for name in round_about}


def _word(cls: type) -> tuple[bool | None, set[tuple[str, str]]]:
    """What a class says, or the nearest that it inherits from, and which classes come before."""
    before = set[tuple[str, str]]()
    for ancestor in cls.__mro__:
        word: Any = vars(ancestor).get(SHARED)
        if word is not None:
            return bool(word), before
        before.add((ancestor.__module__, ancestor.__qualname__))
    return None, before


def _of(lineage: Lineage, names: set[tuple[str, str]]) -> Lineage:
    """The part of a lineage that no word was given for: what subclasses have added."""
    kept = [each for each in lineage.definitions if (each.text.name, each.qualname) in names]
    return Lineage(tuple(kept), is_whole=True, is_wired=lineage.is_wired)
