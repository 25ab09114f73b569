"""What an attribute of a remote integration is: part of its class, or something on a worker."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dis import get_instructions
from enum import Enum, auto
from functools import cached_property, lru_cache
from types import CodeType, FunctionType
from typing import Any

from lolpop_graph.wired import Wired

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


_MAKERS = frozenset(("__init__", "__post_init__", "setup"))


def kind_of(cls: type, name: str, in_class: Any) -> Kind:
    """What the attribute `name` of an object of a class is; `in_class` is what the class has."""
    if name.startswith("__") and name.endswith("__"):
        return Kind.METHOD if isinstance(in_class, FunctionType) else Kind.ABSENT
    if isinstance(in_class, property | cached_property):
        return Kind.STATE
    setters = _setters(cls).get(name, frozenset())
    if setters:
        return Kind.FIXED if setters <= _MAKERS else Kind.STATE
    if isinstance(in_class, _METHODS):
        return Kind.METHOD
    if in_class is not None or any(name in vars(each) for each in cls.__mro__):
        return Kind.CONSTANT
    return Kind.STATE if hasattr(cls, "__getattr__") else Kind.ABSENT


@lru_cache(maxsize=1024)
def _setters(cls: type) -> dict[str, frozenset[str]]:
    """The attributes that functions of a class set, of whatever object, with those functions."""
    found: dict[str, set[str]] = {}
    for ancestor in cls.__mro__:
        for function in vars(ancestor).values() if ancestor is not Wired else ():
            plain = inspect.unwrap(getattr(function, "__func__", function))
            for name in _stored(getattr(plain, "__code__", None)):
                found.setdefault(name, set()).add(plain.__name__)
    return {name: frozenset(functions) for name, functions in found.items()}


def _stored(code: CodeType | None) -> Iterator[str]:
    if code is None:
        return
    for instruction in get_instructions(code):
        if instruction.opname == "STORE_ATTR":
            yield instruction.argval
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _stored(constant)
