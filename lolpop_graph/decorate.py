"""Which methods of which objects are wrapped by what, innermost first."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from typing import Any, NamedTuple

from lolpop_graph import faults as f
from lolpop_graph.checks.decorators import settings_of
from lolpop_graph.declarations import ClassInfo
from lolpop_graph.decorated import METHODS_KEY, Choice, DecoratorGroup, choices, wrapping
from lolpop_graph.document import Document
from lolpop_graph.errors import Fault
from lolpop_graph.expand import class_mark
from lolpop_graph.model import DECORATOR, Integration
from lolpop_graph.wrapping import can_be_wrapped, public_methods, wrap_method

Instance = Callable[[Integration], Any]
Info = Callable[[Integration], ClassInfo | None]


def check_decorators(
    order: Sequence[Integration], info: Info, document: Document, own_layers: Container[str]
) -> Iterator[Fault]:
    """Find decorators in other layers, what is none among them, and what they cannot wrap.

    `own_layers` are the names of the layers that the framework itself has.
    """
    for integration in order:
        known = info(integration)
        if known is None or type(integration.group) is DecoratorGroup:
            continue
        place = document.place(integration.mark)
        if getattr(known.cls, "_lg_is_decorator", False) and integration.parent is not None:
            yield f.DecoratorMisplaced(
                place=place,
                path=integration.path,
                class_name=known.cls.__name__,
                layer=integration.layer.name,
                has_own_layer=DECORATOR in own_layers,
            )
        if not can_be_wrapped(known.cls) and (found := [*wrapping(integration)]):
            paths = tuple(choice.decorator.path for choice in found)
            name = known.cls.__name__
            yield f.NotWrappable(
                place=place, path=integration.path, class_name=name, decorators=paths
            )
    for choice in choices(order):
        yield from _check_choice(choice, order, info, document)


def _check_choice(
    choice: Choice, order: Sequence[Integration], info: Info, document: Document
) -> Iterator[Fault]:
    """Find a class that wraps nothing, and methods that nothing has which it wraps."""
    decorator = choice.decorator
    known = info(decorator)
    if known is not None and not callable(getattr(known.cls, "wrap", None)):
        yield f.NotADecorator(
            place=document.place(class_mark(document, decorator)),
            path=decorator.path,
            class_name=known.cls.__name__,
        )
    wrapped = [order[at] for at in choice.reach if choice.methods and choice.covers(order[at])]
    infos = [info(each) for each in wrapped]
    classes = {each.cls: None for each in infos if each is not None}
    # An object that is given for one may have any method.
    if not classes or None in infos:
        return
    methods = dict.fromkeys(name for cls in classes for name in public_methods(cls))
    for name, place in settings_of(document, decorator, METHODS_KEY):
        if isinstance(name, str) and name not in methods:
            yield f.NoSuchMethodToWrap(
                place=place,
                path=decorator.path,
                method=name,
                classes=tuple(sorted({cls.__name__ for cls in classes})),
                known=tuple(sorted(methods)),
            )


class Wrap(NamedTuple):
    """One method of one object, and the decorator that is to wrap it."""

    decorator: Integration
    target: Integration
    name: str
    wrap: Callable[[Any, Any], Any]
    instance: Any

    @property
    def step(self) -> str:
        """What is under way while it is done, for messages."""
        return f"`wrap` of `{self.target.path}.{self.name}`"

    def done(self) -> None:
        """Do it; raises what the decorator raises, and TypeError where that gives no method."""
        wrap_method(self.instance, self.name, lambda method: self.wrap(method, self.instance))


def wraps(
    groups: Sequence[DecoratorGroup],
    order: Sequence[Integration],
    instance: Instance,
    info: Info,
) -> Iterator[Wrap]:
    """What there is to wrap, for the groups of decorators in build order.

    What is declared last stands next to the method, and so comes first. An object that can hold
    no wrapper is told of by its decorator.
    """
    for group in reversed(groups):
        for choice in reversed(group.choices):
            decorating = instance(choice.decorator)
            wrap = getattr(decorating, "wrap", None)
            for at in choice.reach if callable(wrap) else ():
                if choice.covers(order[at]):
                    target = order[at]
                    yield from _of_one(choice, target, instance(target), decorating, info(target))


def _of_one(
    choice: Choice, target: Integration, instance: Any, decorating: Any, info: ClassInfo | None
) -> Iterator[Wrap]:
    # The class of a large group's members is one of ours, in which all that they see has a name.
    is_replaced = info is None or not isinstance(instance, info.cls)
    cls = type(instance) if is_replaced or info is None else info.cls
    known = public_methods(cls)
    if not can_be_wrapped(cls):
        _tell(decorating, choice.decorator, target, cls)
        return
    for name in choice.methods or known:
        if name in known:
            yield Wrap(choice.decorator, target, name, decorating.wrap, instance)


def _tell(decorating: Any, decorator: Integration, target: Integration, cls: type) -> None:
    log = getattr(decorating, "log", None)
    if callable(log):
        fault = f.NotWrappable(
            path=target.path, class_name=cls.__name__, decorators=(decorator.path,)
        )
        log(fault.sentence, "WARNING")
