"""How integrations hold what they are given and their peers: cheaply, however many those are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from lolpop_graph.links import visible
from lolpop_graph.model import Group, Integration, find_given, groups_of, has_peers
from lolpop_graph.wired import Absent

_FEW = 32
"""Up to how many names the members of a group hold themselves, as any object holds attributes;
beyond that a class carries the names once for all of them."""

_CHUNK = 16
"""How many members of a large group share a class. A member must not have its own name as an
attribute, so the class of a chunk hides the names of the chunk, and each of its members holds
the other ones itself: more members a class make fewer classes and longer dictionaries."""


class _Names:
    """The base of the classes that carry names; the user's class is not told of subclasses."""

    __slots__ = ()

    def __init_subclass__(cls) -> None:
        """Do nothing, so that a registry in a user's `__init_subclass__` sees no scope."""


class _Constant:
    """An object as an attribute of a class, for objects that are descriptors themselves."""

    def __init__(self, value: object) -> None:
        self.value = value

    def __get__(self, instance: object, owner: type | None = None) -> Any:  # noqa: ANN401
        return self.value


class Scopes:
    """What the objects of one workflow, while it is built, hold and what their classes carry.

    A member of a group that is given little is of the user's class, and holds all of it. Where
    it is much, one class for each group carries the group's members, and a member is of a class
    made of those that it is given, its own group's and the user's. Either way the cost is that
    of the number of integrations, and an attribute reads as fast as any.
    """

    def __init__(self, instance: Callable[[Integration], Any]) -> None:
        """Begin without a class; `instance` answers with the object of an integration."""
        self._instance = instance
        self._is_few: dict[Group, bool] = {}
        self._carriers: dict[Group, type] = {}
        self._classes: dict[tuple[Group, int, type], type] = {}
        self._given: dict[tuple[Group, int], dict[str, Any]] = {}
        self._mates: dict[tuple[Group, int], Sequence[str]] = {}

    def class_for(self, group: Group, position: int, cls: type) -> type:
        """The class for the member of a group at `position`, made from the user's."""
        if self._holds_all(group):
            return cls
        key = (group, self._chunk(group, position), cls)
        made = self._classes.get(key)
        if made is None:
            made = self._classes[key] = self._make(group, position, cls)
        return made

    def given(self, group: Group, position: int) -> dict[str, Any]:
        """What the member at `position` is given and holds itself, by name."""
        key = (group, self._chunk(group, position))
        known = self._given.get(key)
        if known is None:
            known = self._given[key] = {
                member.name: self._instance(member) for member in self._held(group, position)
            }
        return known

    def mates(self, group: Group, position: int) -> Sequence[str]:
        """The names of the peers that the member at `position` holds itself, its own included."""
        chunk = self._chunk(group, position)
        known = self._mates.get((group, chunk))
        if known is None:
            is_all = self._holds_all(group)
            names = (
                group.members
                if is_all
                else islice(group.members, chunk * _CHUNK, (chunk + 1) * _CHUNK)
            )
            known = self._mates[group, chunk] = tuple(names)
        return known

    def publish(self, group: Group) -> None:
        """Make a group's members, all of them built, attributes of those that see them."""
        carrier = self._carriers.get(group)
        if carrier is not None:
            for name, value in self._attributes(group):
                setattr(carrier, name, value)

    def _holds_all(self, group: Group) -> bool:
        is_few = self._is_few.get(group)
        if is_few is None:
            count = sum(len(given.members) for given in groups_of(group.given))
            count += len(group.members) if has_peers(group) else 0
            is_few = self._is_few[group] = count <= _FEW
        return is_few

    def _chunk(self, group: Group, position: int) -> int:
        return 0 if self._holds_all(group) or not has_peers(group) else position // _CHUNK

    def _held(self, group: Group, position: int) -> Iterator[Integration]:
        """What the member at `position` is given and its class does not carry."""
        if group.given is None:
            return
        if self._holds_all(group):
            yield from visible(group.given)
        elif has_peers(group):
            found = (find_given(group.given, name) for name in self.mates(group, position))
            yield from (member for member in found if member is not None)

    def _attributes(self, group: Group) -> Iterator[tuple[str, Any]]:
        for name, member in group.members.items():
            value = self._instance(member)
            yield name, _Constant(value) if hasattr(type(value), "__get__") else value

    def _carrier(self, group: Group, *, is_built: bool) -> type:
        """The class that carries a group, filled now if all its members are built."""
        carrier = self._carriers.get(group)
        if carrier is None:
            body = dict(self._attributes(group)) if is_built else {}
            carrier = type("Names", (_Names,), {"__slots__": (), **body})
            self._carriers[group] = carrier
        return carrier

    def _make(self, group: Group, position: int, cls: type) -> type:
        carriers = [self._carrier(given, is_built=True) for given in groups_of(group.given)]
        body: dict[str, Any] = {
            "__slots__": (),
            "__module__": cls.__module__,
            "__qualname__": cls.__qualname__,
            "__doc__": cls.__doc__,
        }
        if has_peers(group):
            carriers.insert(0, self._carrier(group, is_built=False))
            body |= {name: Absent(name) for name in self.mates(group, position)}
        return type(cls)(cls.__name__, (*carriers, cls), body)
