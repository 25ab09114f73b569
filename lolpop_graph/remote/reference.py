"""The result of a remote call, which stays on the cluster until somebody looks at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

import wrapt


class Pending(Protocol):
    """A result on the cluster, as the driver knows it."""

    def value(self) -> Any:
        """Wait for it and fetch it; raises what the call raised."""

    def items(self) -> list[Any] | None:
        """References to the items, if it is a tuple."""

    def dropped(self) -> None:
        """Nobody will look at it any more."""


class Reference(wrapt.LazyObjectProxy[Any]):
    """Behaves like the result of a remote call, which is fetched at the first look.

    Looks are truth, comparison, length, attributes, iteration, arithmetic, formatting,
    `isinstance`. Passed to another remote call, it stays where it is. `value()` fetches by hand,
    unless the result has an attribute of that name. The items of a tuple stay on the cluster, each
    for itself, when it is unpacked.
    """

    def __init__(self, pending: Pending) -> None:
        """Stand for a result."""
        self._self_pending = pending
        # Not a closure over this object, which then would not end when its last user does.
        super().__init__(pending.value)

    @property
    def value(self) -> Any:
        """What fetches the result, or the attribute `value` that this has."""
        fetched = self.__wrapped__
        return fetched.value if hasattr(fetched, "value") else lambda: fetched

    def __iter__(self) -> Iterator[Any]:
        """The items; those of a tuple are references."""
        items = self._self_pending.items()
        return iter(self.__wrapped__ if items is None else items)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the result."""
        return self.__wrapped__(*args, **kwargs)

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


def _itself(value: Any) -> Any:
    return value


def is_reference(value: Any) -> bool:
    """Whether something is a reference, which is not a look at it."""
    return issubclass(type(value), Reference)


def pending_of(reference: Any) -> Any:
    """What a reference stands for, as it was given when it was made."""
    return reference._self_pending  # noqa: SLF001 - the other half of the class


def fetched(value: Any) -> Any:
    """A value in which no reference is left, not within lists, tuples, sets and dicts either."""
    if is_reference(value):
        return value.__wrapped__
    if type(value) in {list, tuple, set, frozenset}:
        return type(value)(fetched(each) for each in value)
    if type(value) is dict:
        return {key: fetched(each) for key, each in value.items()}
    return value
