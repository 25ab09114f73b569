"""What an attribute of a remote integration is: part of its class, or something on a worker."""

from __future__ import annotations

from enum import Enum, auto
from functools import cached_property
from types import FunctionType
from typing import Any

from lolpop_graph.classes.states import States, states_of

_METHODS = (FunctionType, staticmethod, classmethod)


class Kind(Enum):
    """Where the value of an attribute is to be had."""

    METHOD = auto()
    """A call on a worker."""
    CONSTANT = auto()
    """The class, which the driver has."""
    FIXED = auto()
    """Any worker: it is set when the object is made, and never changes."""
    STATE = auto()
    """The worker on which a method set it, and no other."""
    ABSENT = auto()
    """Nowhere: there is no such attribute."""


def kind_of(cls: type, name: str, in_class: Any) -> Kind:
    """What the attribute `name` of an object of a class is; `in_class` is what the class has.

    It is read from the source of the class; what cannot be told from that is taken for state.
    """
    if name.startswith("__") and name.endswith("__"):
        return Kind.METHOD if isinstance(in_class, FunctionType) else Kind.ABSENT
    states = states_of(cls)
    if isinstance(in_class, property | cached_property):
        reads = states.properties.get(name)
        is_fixed = reads is not None and not any(map(states.may_change, reads))
        return Kind.FIXED if is_fixed else Kind.STATE
    spots = (*states.made.get(name, ()), *states.changed.get(name, ()))
    if any(spot.how == "set" for spot in spots):
        return Kind.STATE if states.may_change(name) else Kind.FIXED
    if isinstance(in_class, _METHODS):
        return Kind.METHOD
    if any(name in vars(each) for each in cls.__mro__):
        return Kind.CONSTANT
    return Kind.STATE if _may_have_any(cls, states) else Kind.ABSENT


def _may_have_any(cls: type, states: States) -> bool:
    """Whether objects of a class may have attributes that its source does not name."""
    return states.changes_anything or not states.is_known or hasattr(cls, "__getattr__")
