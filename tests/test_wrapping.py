"""Which methods can be wrapped, and how what wraps them stands on the object."""

from __future__ import annotations

import asyncio
import copy
import functools
import inspect
import pickle
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any

import pytest

import lolpop_graph as lg
from lolpop_graph.wired import is_wrapped
from lolpop_graph.wrapping import (
    Around,
    Method,
    can_be_wrapped,
    public_methods,
    surround,
    unwrap_methods,
    wrap_method,
)


class Counter:
    """Counts, in every way in which a method can run."""

    def __init__(self) -> None:
        """Begin with none."""
        self.count = 0

    def add(self, number: int = 1) -> int:
        """Add a number."""
        self.count += number
        return self.count

    def add_twice(self) -> int:
        """Call another method through `self`."""
        self.add()
        return self.add()

    async def wait(self) -> int:
        """Add when awaited."""
        return self.add()

    def items(self) -> Iterator[int]:
        """Add for each item."""
        yield self.add()
        yield self.add()

    @property
    def double(self) -> int:
        """No method."""
        return 2 * self.count

    @staticmethod
    def zero() -> int:
        """No method of an object."""
        return 0

    @classmethod
    def new(cls) -> Counter:
        """No method of an object."""
        return cls()

    def close(self) -> None:
        """Belongs to the life of every integration."""
        self.count = 0

    def _hidden(self) -> None:
        """Not public."""


class Quiet(Counter):
    """A counter that has something else in the place of a method."""

    add_twice = None  # type: ignore[assignment]

    def loud(self) -> str:
        """Have a method of its own."""
        return "!"


class Slotted:
    """A class whose objects take no attribute."""

    __slots__ = ()

    def add(self) -> int:
        """Have a method."""
        return 1


class Part(lg.BaseComponent):
    """An integration with one method that can be wrapped."""

    def add(self, number: int) -> Part:
        """Tell whose method it is."""
        self._sum = getattr(self, "_sum", 0) + number
        return self

    def setup(self) -> None:
        """Get ready."""

    def log(self, msg: object, level: str = "INFO") -> None:
        """Take a message."""


Calls = list[tuple[str, Any]]


def told(calls: Calls) -> Around:
    """What wraps a method by writing down its calls."""

    def around(method: Method) -> Method:
        @functools.wraps(method)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            calls.append((method.__name__, args or kwargs))
            return method(*args, **kwargs)

        return wrapper

    return around


def within(method: Method) -> Method:
    """The method within a context that does nothing."""
    return surround(method, lambda args, kwargs: nullcontext(lambda result: None))


def pickled(one: Any) -> Any:
    """A copy that has travelled."""
    return pickle.loads(pickle.dumps(one))


def test_public_methods_are_plain_functions_without_those_of_every_integration() -> None:
    """Properties, static and class methods, private ones and `close` are none."""
    assert public_methods(Counter) == ("add", "add_twice", "wait", "items")
    assert public_methods(Quiet) == ("loud", "add", "wait", "items")


def test_an_integration_has_the_public_methods_of_its_own_class_alone() -> None:
    """What the base class gives every integration cannot be wrapped."""
    assert public_methods(Part) == ("add",)


def test_a_wrapped_method_is_called_through_self_as_well() -> None:
    """A method that calls another one of its object meets what wraps that."""
    counter, calls = Counter(), Calls()
    wrap_method(counter, "add", told(calls))
    assert counter.add_twice() == 2
    assert counter.add(number=3) == 5
    assert calls == [("add", {}), ("add", {}), ("add", {"number": 3})]


def test_what_is_wrapped_again_goes_outside() -> None:
    """The last one to wrap a method is the first one to be called."""
    counter, calls = Counter(), Calls()

    def say(word: str) -> Around:
        return lambda method: lambda *args: (calls.append((word, args)), method(*args))[1]

    wrap_method(counter, "add", say("inner"))
    wrap_method(counter, "add", say("outer"))
    assert counter.add(2) == 2
    assert calls == [("outer", (2,)), ("inner", (2,))]


def test_a_wrapped_method_looks_like_the_method() -> None:
    """Its name, text, signature and kind are those of the method."""
    counter = Counter()
    for name in public_methods(Counter):
        wrap_method(counter, name, within)
        assert is_wrapped(getattr(counter, name))
    assert counter.add.__doc__ == "Add a number."
    assert [*inspect.signature(counter.add).parameters] == ["number"]
    assert inspect.ismethod(counter.add)
    assert inspect.iscoroutinefunction(counter.wait)
    assert inspect.isgeneratorfunction(counter.items)
    assert asyncio.run(counter.wait()) == 1
    assert list(counter.items()) == [2, 3]


@pytest.mark.parametrize("copied", [copy.deepcopy, pickled])
def test_a_copy_has_the_plain_methods_of_its_own(copied: Callable[[Any], Any]) -> None:
    """Calls of a copy reach neither the wrapper nor the object that was copied."""
    counter, calls = Counter(), Calls()
    wrap_method(counter, "add", told(calls))
    wrap_method(counter, "add", told(calls))
    other = copied(counter)
    assert other.add(7) == 7
    assert (counter.count, calls) == (0, [])


def test_a_shallow_copy_of_an_integration_has_the_plain_methods_of_its_own() -> None:
    """What wraps the one in the workflow is not the copy's."""
    calls = Calls()
    with lg.build({"component": {"part": "Part"}}, classes=[Part]) as workflow:
        part = workflow["runner.part"]
        wrap_method(part, "add", told(calls))
        other = copy.copy(part)
        assert other.add(1) is other
        assert calls == []
        assert part.add(2) is part


def test_a_wrapper_may_leave_a_method_as_it_is() -> None:
    """Where `around` returns the method itself, nothing is put on the object."""
    counter = Counter()
    wrap_method(counter, "add", lambda method: method)
    assert not is_wrapped(counter.add)


def test_what_an_object_set_itself_can_be_wrapped() -> None:
    """A function in the place of a method is called as it was, without the object."""
    counter, calls = Counter(), Calls()
    counter.add = lambda number=1: number  # type: ignore[method-assign]
    wrap_method(counter, "add", told(calls))
    assert counter.add(4) == 4
    assert len(calls) == 1


def test_unwrapped_methods_are_those_of_the_class() -> None:
    """What was wrapped twice is gone at once, and other attributes stay."""
    counter, calls = Counter(), Calls()
    wrap_method(counter, "add", told(calls))
    wrap_method(counter, "add", told(calls))
    assert is_wrapped(counter.add)
    unwrap_methods(counter)
    assert counter.add() == 1
    assert calls == []


def test_what_cannot_be_wrapped_is_refused() -> None:
    """An object without a `__dict__`, an unknown method, and a wrapper that cannot be called."""
    assert not can_be_wrapped(Slotted)
    assert can_be_wrapped(Counter)
    with pytest.raises(TypeError, match="has no `__dict__`"):
        wrap_method(Slotted(), "add", within)
    with pytest.raises(AttributeError, match="adds"):
        wrap_method(Counter(), "adds", within)
    with pytest.raises(TypeError, match="must be callable, and is NoneType"):
        wrap_method(Counter(), "add", lambda method: None)  # type: ignore[arg-type,return-value]
