"""What stands in the driver for an integration that lives on the workers."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import FunctionType
from typing import TYPE_CHECKING, Any, Protocol

from lolpop_graph import faults as f
from lolpop_graph.errors import ElsewhereError
from lolpop_graph.remote.dataflow.call_sites import place_of_caller
from lolpop_graph.remote.dataflow.uses import Use
from lolpop_graph.remote.driver.attributes import Kind, kind_of
from lolpop_graph.remote.driver.reference import Reference
from lolpop_graph.wired import Wired

if TYPE_CHECKING:
    from lolpop_graph.declarations import ClassInfo
    from lolpop_graph.model import Integration
    from lolpop_graph.remote.driver.session import Session
    from lolpop_graph.wired import Typed

_REFUSED = frozenset(("_set_config", "_update_integrations"))
_ANSWERS = (
    *("__call__", "__len__", "__bool__", "__contains__", "__getitem__", "__int__", "__float__"),
)
"""The special methods of a class that its proxies have as well."""

_TOLD_OF_METHODS = ("__name__", "__qualname__", "__module__", "__doc__")
"""What decorators ask methods for."""


class Driver(Protocol):
    """The build that proxies belong to."""

    session: Session

    def instance(self, integration: Integration) -> Any:
        """What was built for an integration, or stands for it."""

    def typed(self, integration: Integration) -> Typed | None:
        """The config of a remote integration whose class has a `Config`."""


class Remote:
    """Calls the methods of a remote integration; its children, peers and givens are attributes.

    What its place in the workflow, its config and its class say is answered here. What its methods
    set stays on the worker where they did, and is refused.
    """

    def __init__(self, builder: Driver, node: Integration, info: ClassInfo) -> None:
        """Stand for an integration whose class is known."""
        self.__dict__.update(_lg_builder=builder, _lg_remote_node=node, _lg_info=info)

    @property  # type: ignore[misc]  # nothing sets it
    def __class__(self) -> Any:
        """The class of the integration, so that `isinstance` says what it says locally."""
        return self._lg_info.cls

    def __getattr__(self, name: str) -> Any:
        """An integration that it has, what its class and its config say, or a method to call."""
        found = self._lg_remote_node.reach(name)
        if found is not None:
            return self._lg_builder.instance(found)
        cls = self._lg_info.cls
        in_class = inspect.getattr_static(cls, name, None)
        if self._lg_info.is_wired and in_class is vars(Wired).get(name, self):
            return self._of_base(name)
        kind = kind_of(cls, name, in_class)
        if kind is Kind.METHOD:
            return self._method(name, in_class)
        if kind is Kind.CONSTANT:
            return getattr(cls, name)
        if kind is Kind.FIXED:
            with suppress(ElsewhereError):
                return self._lg_builder.session.attribute(self._lg_remote_node.path, name)
        if kind is Kind.ABSENT:
            message = f"{cls.__name__!r} object has no attribute {name!r}"
            raise AttributeError(message, name=name, obj=self)
        path = self._lg_remote_node.path
        fault = f.StaysOnWorkers(
            place=place_of_caller(), path=path, class_name=cls.__name__, name=name
        )
        raise ElsewhereError([fault])

    def __setattr__(self, name: str, value: Any) -> None:
        """Refuse: the workers would not see it."""
        raise self._unseen("the attribute", name)

    def __delattr__(self, name: str) -> None:
        """Refuse: the workers would not see it."""
        raise self._unseen("the attribute", name)

    def __dir__(self) -> list[str]:
        """What its class has, and the integrations that it has."""
        return [*dir(self._lg_info.cls)]

    def __repr__(self) -> str:
        """`<remote TrainPipeline runner.train>`."""
        return f"<remote {self._lg_info.cls.__name__} {self._lg_remote_node.path}>"

    def _of_base(self, name: str) -> Any:
        """What our base class has: answered as it is by an object of the class in its place."""
        if name in _REFUSED:
            raise self._unseen("the config")
        shadow: Any = object.__new__(self._lg_info.cls)
        shadow.__dict__.update(_lg_node=self._lg_remote_node, _lg_assembly=self._lg_builder)
        typed = self._lg_builder.typed(self._lg_remote_node)
        if typed is not None:
            shadow.__dict__["_lg_typed"] = typed
        return getattr(shadow, name)

    def _method(self, name: str, in_class: Any) -> Callable[..., Any]:
        function = getattr(in_class, "__func__", in_class)
        if inspect.iscoroutinefunction(function):
            called = partial(_awaited, self._lg_builder.session, self._lg_remote_node.path, name)
        else:
            called = partial(_called, self._lg_builder.session, self._lg_remote_node.path, name)
        for told in _TOLD_OF_METHODS:
            setattr(called, told, getattr(function, told, None))
        return called

    def _unseen(self, what: str, name: str = "") -> ElsewhereError:
        path = self._lg_remote_node.path
        what = f"{what} `{name}`" if name else what
        return ElsewhereError([f.UnseenByWorkers(place=place_of_caller(), path=path, what=what)])

    if TYPE_CHECKING:
        _lg_builder: Driver
        _lg_remote_node: Integration
        _lg_info: ClassInfo


def _called(session: Session, path: str, name: str, /, *args: Any, **kwargs: Any) -> Any:
    return session.call(path, name, args, kwargs)


async def _awaited(session: Session, path: str, name: str, /, *args: Any, **kwargs: Any) -> Any:
    """Call an async method when that is awaited, until it has ended; others may run meanwhile."""
    use = session.use(name)
    pending = session.sent(path, name, args, kwargs)
    await asyncio.to_thread(pending.waited)
    return session.used(pending, max(use, Use.WAITED))


def proxy(builder: Driver, node: Integration, info: ClassInfo) -> Remote:
    """What stands for an integration, with those special methods that its class has."""
    special = {name: _special(name) for name in _ANSWERS if _has_own(info.cls, name)}
    kind: type[Remote] = type(Remote.__name__, (Remote,), special) if special else Remote
    return kind(builder, node, info)


def _has_own(cls: type, name: str) -> bool:
    found = inspect.getattr_static(cls, name, None)
    return isinstance(found, FunctionType) and found is not vars(Wired).get(name)


def _special(name: str) -> Callable[..., Any]:
    def special(self: Remote, *args: Any, **kwargs: Any) -> Any:
        result = _called(self._lg_builder.session, self._lg_remote_node.path, name, *args, **kwargs)
        is_kept = name == "__call__" or type(result) is not Reference
        return result if is_kept else result.__wrapped__

    return special
