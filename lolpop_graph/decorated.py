"""Which integrations a decorator wraps, answered from its config instead of stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, Final

from lolpop_graph.block import Block, find_key
from lolpop_graph.model import Group, Integration, Layer, Scope

LAYERS_KEY: Final = "layers"
CLASSES_KEY: Final = "classes"
SELECT_KEY: Final = "select"
METHODS_KEY: Final = "methods"
LISTS: Final = (LAYERS_KEY, CLASSES_KEY, METHODS_KEY)
"""The config keys of decorators that are a text or a list of texts."""


class DecoratorGroup(Group):
    """The decorators that one section declares: neither peers, nor passed to anything else."""

    __slots__ = ("_choices",)

    def __init__(self, layer: Layer, parent: Integration | None, given: Scope | None) -> None:
        """Make the empty group of decorators below `parent`."""
        super().__init__(layer, parent, given)
        self.passes = self.peers = False
        self._choices: list[Choice] = []

    @property
    def choices(self) -> Sequence[Choice]:
        """What each of its members wraps, once all of them are declared."""
        if not self._choices:
            self._choices = [Choice(member) for member in self.members.values()]
        return self._choices


class Choice:
    """What one decorator wraps: those below its parent with what its config asks for.

    All of `layers`, `classes` and `select` must hold. Without any of them it is everything below
    its parent; with one, it may be the parent too. Decorators are never wrapped. `selected` has
    the indexes that `select` stands for, once somebody has found them.
    """

    def __init__(self, decorator: Integration) -> None:
        """Read the config of a decorator; what is malformed there asks for nothing."""
        self.decorator = decorator
        self.owner: Integration = decorator.parent  # type: ignore[assignment]  # it has one
        self.layers = frozenset(texts(decorator, LAYERS_KEY))
        self.classes = frozenset(texts(decorator, CLASSES_KEY))
        self.selected: frozenset[int] | None = None
        self._is_free = not (self.layers or self.classes or setting(decorator, SELECT_KEY))

    @property
    def reach(self) -> range:
        """The part of the build order in which it can wrap anything."""
        return range(self.owner.index + self._is_free, self.owner.end)

    @cached_property
    def methods(self) -> tuple[str, ...]:
        """The names of the methods that it wraps; none for all that are public."""
        return tuple(texts(self.decorator, METHODS_KEY))

    def covers(self, integration: Integration) -> bool:
        """Whether it wraps an integration."""
        return self.missing(integration) is None

    def missing(self, integration: Integration) -> str | None:
        """The config key for which it does not wrap an integration, `` for where that stands."""
        if integration.index not in self.reach or type(integration.group) is DecoratorGroup:
            return ""
        layer = integration.layer
        if self.layers and self.layers.isdisjoint((layer.name, layer.path)):
            return LAYERS_KEY
        if self.classes and self.classes.isdisjoint(class_texts(integration)):
            return CLASSES_KEY
        is_selected = self.selected is None or integration.index in self.selected
        return None if is_selected else SELECT_KEY

    def covers_some(self, group: Group) -> bool:
        """Whether it wraps a member of a group."""
        return any(map(self.covers, group.members.values()))


def class_texts(integration: Integration) -> tuple[str, str]:
    """What the class of an integration can be called: as written, and by its last part."""
    name = integration.class_name or ""
    return name, name.replace(":", ".").rpartition(".")[2]


def is_setting(integration: Integration, key: str) -> bool:
    """Whether a config key says, to a decorator, what it wraps."""
    return says_what_is_wrapped(integration.group, key)


def says_what_is_wrapped(group: Group, key: str) -> bool:
    """Whether a config key says, to the members of a group, what they wrap."""
    return type(group) is DecoratorGroup and key.casefold() in (*LISTS, SELECT_KEY)


def setting_in(decorator: Integration, key: str) -> tuple[Block, str] | None:
    """The config that has a key of a decorator, its own or that of its section, and the key there.

    What is farther above is not asked: `classes` or `methods` may well mean something else there.
    """
    for config in (decorator.config, decorator.group.config):
        found = find_key(config, key)
        if found is not None:
            return config, found
    return None


def setting(decorator: Integration, key: str) -> Any:
    """The value of a key of a decorator, None where it is not set."""
    found = setting_in(decorator, key)
    return found[0][found[1]] if found else None


def texts(decorator: Integration, key: str) -> Iterator[str]:
    """The texts of a key that is a text or a list of texts; what is none is passed over."""
    value = setting(decorator, key)
    listed = value if isinstance(value, list) else [value]
    yield from (text for text in listed if isinstance(text, str))


def decorators_in(owner: Integration) -> Sequence[Choice]:
    """What the decorators wrap that an integration's block declares, in the order written."""
    group = owner.groups[0] if owner.groups else None
    if type(group) is not DecoratorGroup:
        return ()
    return group.choices


def has_decorators(order: Sequence[Integration]) -> bool:
    """Whether a workflow declares a decorator."""
    return any(each.groups and type(each.groups[0]) is DecoratorGroup for each in order)


def choices(order: Sequence[Integration]) -> Iterator[Choice]:
    """What every decorator of a workflow wraps, in build order."""
    for owner in order:
        yield from decorators_in(owner)


def wrapping(integration: Integration) -> Iterator[Choice]:
    """The decorators that wrap an integration, the outermost first.

    What is declared higher up is farther out, and of one section what is written first.
    """
    for owner in [*integration.lineage()][::-1]:
        yield from (each for each in decorators_in(owner) if each.covers(integration))
