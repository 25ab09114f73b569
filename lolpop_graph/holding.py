"""How integrations hold what they are given and their peers: cheaply, however many those are."""

from __future__ import annotations

from abc import ABCMeta
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from lolpop_graph.links import visible
from lolpop_graph.model import Group, Integration, find_given, groups_of, has_peers
from lolpop_graph.wired import Absent

_FEW = 64
"""Up to how many names the members of a group hold themselves, as any object holds attributes;
beyond that a class carries the names once for all of them."""

_CHUNK = 16
"""How many members of a large group share a class. A member must not have its own name as an
attribute, so the class of a chunk hides the names of the chunk, and each of its members holds
the other ones itself: more members a class make fewer classes and longer dictionaries."""


_OURS = ("_lg_node", "_lg_assembly")
"""The attributes that every object of ours holds before its constructor runs."""


_ALL = -1
"""The number of the chunk whose members hold all that they see themselves."""


class _Names:
    """The base of the classes that carry names; the user's class is not told of subclasses."""

    __slots__ = ()

    def __init_subclass__(cls) -> None:
        """Do nothing, so that a registry in a user's `__init_subclass__` sees no scope."""


class _Constant:
    """An object as an attribute of a class, for objects that are descriptors themselves."""

    def __init__(self, value: object) -> None:
        self.value = value

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        return self.value


class Carriers:
    """For each group of a workflow, one class whose attributes are the group's members."""

    def __init__(self, instance: Callable[[Integration], Any]) -> None:
        """Begin without a class; `instance` answers with the object of an integration."""
        self.instance = instance
        self._classes: dict[Group, type] = {}

    def complete(self, group: Group) -> type:
        """The class for a group whose members are all built."""
        carrier = self._classes.get(group)
        return carrier or self._make(group, dict(self._attributes(group)))

    def incomplete(self, group: Group) -> type:
        """The class for a group whose members are being built; `fill` completes it."""
        return self._classes.get(group) or self._make(group, {})

    def fill(self, group: Group) -> None:
        """Give the class of a group, if it has one, the members that are now built."""
        carrier = self._classes.get(group)
        if carrier is not None:
            for name, value in self._attributes(group):
                setattr(carrier, name, value)

    def _make(self, group: Group, attributes: dict[str, Any]) -> type:
        carrier = self._classes[group] = type("Names", (_Names,), {"__slots__": (), **attributes})
        return carrier

    def _attributes(self, group: Group) -> Iterator[tuple[str, Any]]:
        for name, member in group.members.items():
            value = self.instance(member)
            yield name, _Constant(value) if hasattr(type(value), "__get__") else value


class Holding:
    """What the members of one group hold themselves, and what their classes carry for them.

    Members that are given little are of the user's class and hold all of it. Where it is much,
    they are of a class made of the carriers of all that they see and the user's class. Either
    way the cost is that of the number of integrations, and a read that of a class attribute.
    """

    def __init__(self, group: Group, carriers: Carriers) -> None:
        """Decide for a group whose members are about to be built."""
        self._group = group
        self._carriers = carriers
        self._has_peers = has_peers(group)
        count = sum(len(given.members) for given in groups_of(group.given))
        self._is_few = count + len(group.members) * self._has_peers <= _FEW
        self._classes: dict[tuple[int, type], type] = {}
        self._given: dict[int, dict[str, Any]] = {}
        self._mates: dict[int, dict[str, Any]] = {}

    def class_for(self, position: int, cls: type) -> type:
        """The class for the member at `position`, made from the user's."""
        chunk = self._chunk(position, cls)
        if chunk == _ALL:
            return cls
        key = (chunk, cls)
        return self._classes.get(key) or self._classes.setdefault(key, self._make(*key))

    def is_plain(self, cls: type) -> bool:
        """Whether members of a class hold all that they see themselves."""
        return self._chunk(0, cls) == _ALL

    def given(self, position: int, cls: type) -> dict[str, Any]:
        """What the member at `position` is given and holds itself, by name."""
        chunk = self._chunk(position, cls)
        known = self._given.get(chunk)
        if known is None:
            instance = self._carriers.instance
            known = self._given[chunk] = {m.name: instance(m) for m in self._held(chunk)}
        return known

    def introduce(
        self, member: Integration, position: int, cls: type, state: dict[str, Any]
    ) -> None:
        """Make its peers, all of them built, attributes of a member whose `__dict__` is `state`.

        Its own name and those of its children stay what they are.
        """
        chunk = self._chunk(position, cls)
        kept = {member.name: state[member.name]} if member.name in state else {}
        for below in member.groups:
            kept.update((name, state[name]) for name in below.members)
        if chunk != _ALL and len(state) > len(_OURS):
            # What the constructor set itself would hide what the class carries.
            instance, peers = self._carriers.instance, self._group.members
            state.update([(name, instance(peers[name])) for name in state.keys() & peers.keys()])
        state.update(self._mates_in(chunk))
        if member.name not in kept:
            del state[member.name]
        state.update(kept)

    def _chunk(self, position: int, cls: type) -> int:
        """Which members share a class with the one at `position`; `_ALL` if it holds all itself."""
        if self._is_few or not _can_be_extended(cls):
            return _ALL
        return position // _CHUNK if self._has_peers else 0

    def _mates_in(self, chunk: int) -> dict[str, Any]:
        """The peers that the members of a chunk hold themselves, and those members."""
        known = self._mates.get(chunk)
        if known is None:
            instance, members = self._carriers.instance, self._group.members
            names = self._names(chunk)
            known = self._mates[chunk] = {name: instance(members[name]) for name in names}
        return known

    def _names(self, chunk: int) -> Iterable[str]:
        """The names of the peers in one chunk."""
        if chunk == _ALL:
            return self._group.members
        return islice(self._group.members, chunk * _CHUNK, (chunk + 1) * _CHUNK)

    def _held(self, chunk: int) -> Iterator[Integration]:
        """What the members of a chunk are given and their class does not carry."""
        given = self._group.given
        if given is not None and chunk == _ALL:
            yield from visible(given)
        elif given is not None and self._has_peers:
            found = (find_given(given, name) for name in self._names(chunk))
            yield from (member for member in found if member is not None)

    def _make(self, chunk: int, cls: type) -> type:
        carriers = [self._carriers.complete(given) for given in groups_of(self._group.given)]
        body: dict[str, Any] = {
            "__module__": cls.__module__,
            "__qualname__": cls.__qualname__,
            "__doc__": cls.__doc__,
        }
        if self._has_peers:
            carriers.insert(0, self._carriers.incomplete(self._group))
            body |= {name: _own_attribute(cls, name) for name in self._names(chunk)}
        return type(cls)(cls.__name__, (*carriers, cls), body)


def _own_attribute(cls: type, name: str) -> Any:
    """What a class itself has under the name of one of its objects, else that it has nothing."""
    for ancestor in cls.__mro__:
        if name in vars(ancestor):
            return vars(ancestor)[name]
    return Absent(name)


def _can_be_extended(cls: type) -> bool:
    """Whether a class can be made from this one without its metaclass being told of it."""
    metaclass = type(cls)
    return metaclass.__new__ is ABCMeta.__new__ and metaclass.__init__ is type.__init__
