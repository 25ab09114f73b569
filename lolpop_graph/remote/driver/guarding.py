"""Stands around the methods of the driver's integrations, which know nothing of references."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from types import FunctionType
from typing import Any

from lolpop_graph.remote.driver.fetching import fetched
from lolpop_graph.remote.driver.session import Session
from lolpop_graph.wired import LOGGER, NOTIFIER, Wired
from lolpop_graph.wrapping import Method, can_be_wrapped, public_methods, surround, wrap_method

_TELLERS = {LOGGER: "log", NOTIFIER: "notify"}


def guard_root(root: Any, cls: type, session: Session) -> None:
    """Let the methods of a root end when the calls have ended whose results nobody kept.

    What called the first of them, a script or a command, gets values.
    """
    depth: ContextVar[int] = ContextVar("depth", default=0)

    def around(method: Method) -> Method:
        return _giving_values(surround(method, lambda *_: _ending(session)), depth)

    _wrap(root, cls, public_methods(cls), around)
    _wrap_managers(root, cls, session)


def guard_component(component: Any, cls: type, name: str, session: Session) -> None:
    """Let the methods of a component get values in the place of references."""
    told = [each for each in (_TELLERS.get(name, ""),) if _is_own_method(cls, each)]
    _wrap(component, cls, (*public_methods(cls), *told), _fetching)
    _wrap_managers(component, cls, session)


def _is_own_method(cls: type, name: str) -> bool:
    found = inspect.getattr_static(cls, name, None)
    return isinstance(found, FunctionType) and found is not vars(Wired).get(name)


def _wrap(instance: Any, cls: type, names: Any, around: Callable[[Method], Method]) -> None:
    for name in names if can_be_wrapped(cls) else ():
        wrap_method(instance, name, around)


def _giving_values(method: Method, depth: ContextVar[int]) -> Method:
    """The same method, which gives values where no other method of the root has called it."""
    if inspect.iscoroutinefunction(method):

        async def awaited(*args: Any, **kwargs: Any) -> Any:
            with _deeper(depth) as is_first:
                result = await method(*args, **kwargs)
                return fetched(result) if is_first else result

        return awaited
    if inspect.isgeneratorfunction(method):
        return method

    def called(*args: Any, **kwargs: Any) -> Any:
        with _deeper(depth) as is_first:
            result = method(*args, **kwargs)
            return fetched(result) if is_first else result

    return called


@contextmanager
def _deeper(depth: ContextVar[int]) -> Iterator[bool]:
    token = depth.set(depth.get() + 1)
    try:
        yield depth.get() == 1
    finally:
        depth.reset(token)


@contextmanager
def _ending(session: Session) -> Iterator[Callable[[Any], None]]:
    yield lambda _: None
    session.settle(every_thread=True)


def _fetching(method: Method) -> Method:
    """The same method, called with values."""
    if inspect.iscoroutinefunction(method):

        async def awaited(*args: Any, **kwargs: Any) -> Any:
            return await method(*fetched(args), **fetched(kwargs))

        return awaited
    if inspect.isgeneratorfunction(method):

        def generated(*args: Any, **kwargs: Any) -> Any:
            return (yield from method(*fetched(args), **fetched(kwargs)))

        return generated

    def called(*args: Any, **kwargs: Any) -> Any:
        return method(*fetched(args), **fetched(kwargs))

    return called


def _wrap_managers(instance: Any, cls: type, session: Session) -> None:
    """Let a `with` on what a method gives end when all calls have ended that began in it."""

    def around(method: Method) -> Method:
        def called(*args: Any, **kwargs: Any) -> Any:
            made = method(*args, **kwargs)
            is_manager = isinstance(made, AbstractContextManager)
            return _finishing(made, session) if is_manager else made

        return called

    _wrap(instance, cls, _managers(cls), around)


def _managers(cls: type) -> list[str]:
    """The methods of a class that a generator is made into, such as those of `contextmanager`."""
    names = dict.fromkeys(name for each in cls.__mro__[:-1] for name in vars(each))
    return [name for name in names if _is_manager(inspect.getattr_static(cls, name))]


def _is_manager(found: Any) -> bool:
    is_made = isinstance(found, FunctionType) and not inspect.isgeneratorfunction(found)
    return is_made and inspect.isgeneratorfunction(inspect.unwrap(found))


@contextmanager
def _finishing(made: AbstractContextManager[Any], session: Session) -> Iterator[Any]:
    with made as value:
        yield value
        session.finish()
