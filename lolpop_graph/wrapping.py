"""Wraps methods of objects: which ones can be, and how the wrapper stands on the object."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    asynccontextmanager,
    contextmanager,
)
from functools import partial, update_wrapper
from types import FunctionType, MethodType
from typing import Any

from lolpop_graph.wired import PUBLIC_NAMES, WRAPPED, Wired, is_wrapped

Method = Callable[..., Any]
Around = Callable[[Method], Method]

_OF_REMOTE_CALLS = frozenset({"remote_context", "in_remote_context"})


def public_methods(cls: type) -> tuple[str, ...]:
    """The methods of a class that can be wrapped, nearest class first, in the order written.

    They are its plain public functions: neither properties, static methods and class methods, nor
    what every integration has, such as `setup`, `close`, `log` and `notify`, nor what calls in
    other processes ask for (`remote_context`, `in_remote_context`), nor what only raises when it is
    abstract and what hides a method behind another value.
    """
    names = (name for ancestor in cls.__mro__ for name in vars(ancestor))
    return tuple(name for name in dict.fromkeys(names) if _is_public_method(cls, name))


def _is_public_method(cls: type, name: str) -> bool:
    is_public = not name.startswith("_") and name not in PUBLIC_NAMES | _OF_REMOTE_CALLS
    return is_public and isinstance(inspect.getattr_static(cls, name), FunctionType)


def wrap_method(instance: Any, name: str, around: Around) -> None:
    """Put `around(method)` in the place of the method `name` of one object.

    `around` is called once, with the bound method, and returns what is called instead, with the
    same arguments; the method itself says that nothing wraps it. Calls through `self` go there
    too. What is wrapped again goes outside. Deep and pickled copies of the object have the plain
    method, as shallow ones of our classes have.

    Raises AttributeError if there is no such method, TypeError if the object takes no attribute
    (a class with `__slots__`) or `around` returns nothing that can be called.
    """
    method = getattr(instance, name)
    wrapped = around(method)
    if wrapped is method:
        return
    if not callable(wrapped):
        message = f"what wraps `{name}` must be callable, and is {type(wrapped).__name__}"
        raise TypeError(message)
    _set(instance, name, _standing(instance, method, wrapped))


def unwrap_methods(instance: Any) -> None:
    """Take away all that `wrap_method` put on an object."""
    state = getattr(instance, "__dict__", {})
    for name in [name for name, value in state.items() if is_wrapped(value)]:
        del state[name]


def own_state(instance: Any) -> dict[str, Any]:
    """The attributes that an object has itself, but for what wiring and wrapping put there."""
    node = getattr(instance, "_lg_node", None)
    return {
        name: value
        for name, value in getattr(instance, "__dict__", {}).items()
        if not (name.startswith("_lg_") or is_wrapped(value) or isinstance(value, Wired))
        and (node is None or node.reach(name) is None)
    }


def can_be_wrapped(cls: type) -> bool:
    """Whether objects of a class have a `__dict__`, where a wrapped method stands."""
    return cls.__dictoffset__ != 0


def _set(instance: Any, name: str, value: Method) -> None:
    state = getattr(instance, "__dict__", None)
    if not isinstance(state, dict):
        message = f"an object of {type(instance).__name__} has no `__dict__` to hold what wraps it"
        raise TypeError(message)
    # Not by setattr, which a frozen class refuses.
    state[name] = value


def _standing(instance: Any, method: Method, wrapped: Method) -> Method:
    """What stands for a method on its object: bound to it, so that copies are of their own."""
    if not isinstance(method, MethodType) or method.__self__ is not instance:
        return _named_after(method, partial(wrapped))
    function = method.__func__

    def chosen(owner: Any) -> Method:
        # A deep copy holds the same function, bound to itself.
        return wrapped if owner is instance else MethodType(function, owner)

    return MethodType(_named_after(function, _of_kind(wrapped, chosen)), instance)


def _of_kind(wrapped: Method, chosen: Callable[[Any], Method]) -> Method:
    """A function of the same kind as another one, as `inspect` and event loops tell kinds."""
    if inspect.iscoroutinefunction(wrapped):

        async def awaited(self: Any, /, *args: Any, **kwargs: Any) -> Any:
            return await chosen(self)(*args, **kwargs)

        return awaited
    if inspect.isgeneratorfunction(wrapped):

        def generated(self: Any, /, *args: Any, **kwargs: Any) -> Any:
            return (yield from chosen(self)(*args, **kwargs))

        return generated

    def called(self: Any, /, *args: Any, **kwargs: Any) -> Any:
        return chosen(self)(*args, **kwargs)

    return called


def _named_after(function: Method, standing: Method) -> Method:
    update_wrapper(standing, function)
    setattr(standing, WRAPPED, True)
    return standing


Note = Callable[[Any], None]
Enter = Callable[[tuple[Any, ...], dict[str, Any]], AbstractContextManager[Note]]


def surround(method: Method, enter: Enter) -> Method:
    """A method of the same kind that runs within a context.

    `enter(args, kwargs)` makes the context of one call; what that gives is called with the result
    of the method, if it has one. The context lasts while the code of the method runs: until an
    async method has been awaited, from the first item of a generator to its end, for the length
    of the `with` block of a context manager that a generator was made into.
    """
    if inspect.iscoroutinefunction(method):

        async def awaited(*args: Any, **kwargs: Any) -> Any:
            with enter(args, kwargs) as note:
                result = await method(*args, **kwargs)
                note(result)
                return result

        return awaited
    if inspect.isgeneratorfunction(method):

        def generated(*args: Any, **kwargs: Any) -> Any:
            with enter(args, kwargs):
                return (yield from method(*args, **kwargs))

        return generated
    inner = inspect.unwrap(method)
    if inspect.isgeneratorfunction(inner) or inspect.isasyncgenfunction(inner):
        return lambda *args, **kwargs: _later(method(*args, **kwargs), partial(enter, args, kwargs))

    def called(*args: Any, **kwargs: Any) -> Any:
        with enter(args, kwargs) as note:
            result = method(*args, **kwargs)
            note(result)
            return result

    return called


def _later(made: Any, enter: Callable[[], AbstractContextManager[Note]]) -> Any:
    """What a call has made whose code runs later, with a context around that."""
    if isinstance(made, AbstractContextManager):
        return _managed(made, enter)
    if isinstance(made, AbstractAsyncContextManager):
        return _managed_async(made, enter)
    return _items(made, enter) if isinstance(made, AsyncIterator) else made


@contextmanager
def _managed(
    made: AbstractContextManager[Any], enter: Callable[[], AbstractContextManager[Note]]
) -> Iterator[Any]:
    with enter(), made as value:
        yield value


@asynccontextmanager
async def _managed_async(
    made: AbstractAsyncContextManager[Any], enter: Callable[[], AbstractContextManager[Note]]
) -> AsyncIterator[Any]:
    with enter():
        async with made as value:
            yield value


async def _items(
    made: AsyncIterator[Any], enter: Callable[[], AbstractContextManager[Note]]
) -> AsyncIterator[Any]:
    with enter():
        async for item in made:
            yield item
