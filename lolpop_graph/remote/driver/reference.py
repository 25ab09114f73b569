"""The result of a remote call, which stays on the cluster until somebody looks at it."""

from __future__ import annotations

import operator
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dis import get_instructions
from functools import lru_cache
from types import CodeType
from typing import Any, Protocol

import wrapt


class Awaited(Protocol):
    """A result on the cluster, as the driver knows it."""

    def value(self) -> Any:
        """Wait for it and fetch it; raises what the call raised."""

    def items(self, count: int) -> list[Any]:
        """References to the items that it is unpacked into."""

    def dropped(self) -> None:
        """Nobody will look at it any more."""


class Reference(wrapt.BaseObjectProxy[Any]):
    """Behaves like the result of a remote call, which is fetched at the first look.

    Looks are truth, comparison, length, attributes, iteration, arithmetic, formatting,
    `isinstance`. Passed to another remote call, it stays where it is. `value()` fetches by hand,
    unless the result has an attribute of that name. The items stay on the cluster, each for itself,
    when it is unpacked into names.

    Two things see that it is not the result itself: `is`, and functions written in C that look at
    the exact type of an object.
    """

    def __init__(self, pending: Awaited) -> None:
        """Stand for a result."""
        self._self_pending = pending
        super().__init__(None)

    def __wrapped_factory__(self) -> None:
        """Say that what is wrapped is there when it is asked for."""

    def __wrapped_get__(self) -> Any:
        """The result, when somebody looks at it first."""
        value = self.__wrapped__ = self._self_pending.value()
        kind: Any = type(value)
        _set_class(self, _class_for(kind))
        return value

    @property
    def value(self) -> Any:
        """What fetches the result, or the attribute `value` that this has."""
        fetched = self.__wrapped__
        return fetched.value if hasattr(fetched, "value") else lambda: fetched

    def __iter__(self) -> Iterator[Any]:
        """The items; those that are unpacked into names are references."""
        caller = sys._getframe(1)  # noqa: SLF001 - nothing else tells how many names there are
        count = _unpacked_into(caller.f_code).get(caller.f_lasti)
        return iter(self.__wrapped__ if count is None else self._self_pending.items(count))

    def __fspath__(self) -> Any:
        """The path that the result is."""
        return os.fspath(self.__wrapped__)

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        """What numpy makes of the result."""
        import numpy as np  # noqa: PLC0415 - it is numpy that asks

        return np.asarray(self.__wrapped__, *args, **kwargs)

    def __repr__(self) -> str:
        """That of the result."""
        return repr(self.__wrapped__)

    def __reduce_ex__(self, protocol: Any) -> tuple[Callable[[Any], Any], tuple[Any]]:
        """Pickle as the result."""
        return _itself, (self.__wrapped__,)

    def __copy__(self) -> Any:
        """A copy of the result."""
        from copy import copy  # noqa: PLC0415 - few copy

        return copy(self.__wrapped__)

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        """A deep copy of the result."""
        from copy import deepcopy  # noqa: PLC0415 - few copy

        return deepcopy(self.__wrapped__, memo)

    def __del__(self) -> None:
        """Tell that nobody will look at it any more."""
        self._self_pending.dropped()


def _in_place(name: str) -> Callable[[Any, Any], Any]:
    """An operator such as `+=`, which gives what it gives for the result itself."""
    operate: Callable[[Any, Any], Any] = getattr(operator, name)
    return lambda self, other: operate(self.__wrapped__, fetched_if_reference(other))


for _name in (
    *("__iadd__", "__isub__", "__imul__", "__imatmul__", "__itruediv__", "__ifloordiv__"),
    *("__imod__", "__ipow__", "__ilshift__", "__irshift__", "__iand__", "__ixor__", "__ior__"),
):
    setattr(Reference, _name, _in_place(_name))


def fetched_if_reference(value: Any) -> Any:
    """What a reference stands for; every other value as it is."""
    return value.__wrapped__ if is_reference(value) else value


def _forwarding(name: str) -> Callable[..., Any]:
    """A special method that Python looks for in the class alone."""

    def forwarding(self: Any, *args: Any, **kwargs: Any) -> Any:
        return getattr(type(self.__wrapped__), name)(self.__wrapped__, *args, **kwargs)

    return forwarding


_SOME_HAVE = ("__call__", "__next__", "__await__", "__aiter__", "__anext__")
_FEW_LACK = ("__iter__", "__len__", "__getitem__", "__contains__")
_set_class = object.__dict__["__class__"].__set__


@lru_cache(maxsize=256)
def _class_for(kind: Any) -> type:
    """The class of references to what is of this kind, for those who ask what a class has."""
    known = {name for each in kind.__mro__ for name in vars(each)}
    body: dict[str, Any] = {name: _forwarding(name) for name in _SOME_HAVE if name in known}
    body |= {name: None for name in _FEW_LACK if name not in known}
    # Some libraries make more of what they have: `type(value)(0)`.
    body["__new__"] = lambda _, *args, **kwargs: kind(*args, **kwargs)
    if issubclass(kind, Sequence) and not issubclass(kind, str | bytes | bytearray):
        body["__getitem__"] = _forwarding("__getitem__")
    made = type(Reference.__name__, (Reference,), {"__module__": __name__, **body})
    for shape in (Mapping, Sequence):
        if issubclass(kind, shape) and not issubclass(kind, str | bytes | bytearray):
            shape.register(made)
    return made


@lru_cache(maxsize=1024)
def _unpacked_into(code: CodeType) -> dict[int, int]:
    """Where code unpacks something into names, by the offset of the instruction: how many."""
    found = get_instructions(code)
    return {each.offset: each.arg or 0 for each in found if each.opname == "UNPACK_SEQUENCE"}


def _itself(value: Any) -> Any:
    return value


def is_reference(value: Any) -> bool:
    """Whether something is a reference, which is not a look at it."""
    return issubclass(type(value), Reference)


def pending_of(reference: Any) -> Any:
    """What a reference stands for, as it was given when it was made."""
    return reference._self_pending  # noqa: SLF001 - the other half of the class
