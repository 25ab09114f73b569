"""Who may have reached whom before a workflow runs, by the code of its classes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from typing import Any, Final

from lolpop_graph.classes.sharing import Kind
from lolpop_graph.classes.uses import Uses
from lolpop_graph.declarations import ClassInfo
from lolpop_graph.decorated import DecoratorGroup
from lolpop_graph.lasting import lasting
from lolpop_graph.links import visible
from lolpop_graph.model import Integration, find_given
from lolpop_graph.sameness import is_fixed
from lolpop_graph.wired import is_wrapped

_PARENT: Final = "parent"


@dataclass(frozen=True)
class Side:
    """One of two workflows: its integrations in build order, the class of each, typed configs.

    The class is None for what is not made here. `instance` answers with the object of each, which
    the newer of the two does not have yet.
    """

    order: Sequence[Integration]
    infos: Sequence[ClassInfo | None]
    typed: Mapping[Integration, Any]
    kind_of: Callable[[type], Kind]
    instance: Callable[[Integration], Any]

    @cached_property
    def web(self) -> Web:
        """What the code of its classes may have reached."""
        return Web(self)

    def lasting(self) -> frozenset[int]:
        """The indices of those that another workflow may take over, as they are now.

        There are none where none of them is dear: it would not be worth while.
        """
        web = self.web
        found = web.lasting()
        if not web.is_worth(found):
            return frozenset()
        built = {id(self.instance(each)) for each in self.order}
        spent = frozenset(
            each.index
            for each in self.order
            if each.index in found and not web.is_untouched(self.instance(each), each, built)
        )
        found = web.lasting(spent)
        return found if web.is_worth(found) else frozenset()

    @cached_property
    def signature(self) -> list[Any]:
        """What who reaches whom depends on, and of which class each is."""
        return [
            (
                each.path,
                each.layer.path,
                info.cls if info else None,
                each.group.passes,
                each.group.peers,
            )
            for each, info in zip(self.order, self.infos, strict=True)
        ]


class Web:
    """Who may have reached whom before a run, by indices in build order.

    `made_with` is what each may have used while it was made and set up, `works_with` what all of
    its code may use, `closed_with` what its `close` may. `refused` are those that are
    never shared, for what their classes do or say.
    """

    def __init__(self, side: Side) -> None:
        """Look at the classes of a workflow."""
        self._order = side.order
        self._named: dict[str, list[int]] = {}
        for each in side.order:
            self._named.setdefault(each.name, []).append(each.index)
        kinds = [side.kind_of(info.cls) if info else None for info in side.infos]
        self.made_with = [
            frozenset(self._reached(each, kind.making.uses, info)) if kind and info else None
            for each, kind, info in zip(side.order, kinds, side.infos, strict=True)
        ]
        self.works_with = [
            frozenset(self._reached(each, kind.uses, info)) if kind and info else None
            for each, kind, info in zip(side.order, kinds, side.infos, strict=True)
        ]
        self.closed_with = [
            frozenset(self._reached(each, kind.closing, info))
            if kind and info and info.has_close
            else None
            for each, kind, info in zip(side.order, kinds, side.infos, strict=True)
        ]
        self._lasting: dict[frozenset[int], frozenset[int]] = {}
        self.has_setup = [info is not None and info.has_setup for info in side.infos]
        self.kinds = kinds
        self.far = frozenset[str]().union(*(kind.uses.far for kind in kinds if kind))
        self.refused = self._refused()

    def lasting(self, spent: frozenset[int] = frozenset()) -> frozenset[int]:
        """The indices of those that another workflow may take over, where the `spent` cannot be.

        It is found out once for all workflows of the same classes.
        """
        found = self._lasting.get(spent)
        if found is None:
            found = self._lasting[spent] = lasting(self, self.has_setup, spent)
        return found

    def is_worth(self, indices: Iterable[int]) -> bool:
        """Whether one at least of so many would be dear to make anew."""
        kinds = (self.kinds[index] for index in indices)
        return any(kind is not None and kind.is_dear for kind in kinds)

    def is_untouched(
        self,
        instance: Any,
        integration: Integration,
        built: set[int],
        far: frozenset[str] = frozenset(),
    ) -> bool:
        """Whether nobody can have changed what an object holds and others get.

        `built` are the ids of all objects, and `far` what else the code of others names.
        """
        kind = self.kinds[integration.index]
        state = getattr(instance, "__dict__", None)
        if type(state) is not dict or kind is None:
            return False
        loose = kind.loose if kind.word else kind.loose | self.far | far
        held = (state[name] for name in state.keys() & loose)
        return all(is_fixed(each) or id(each) in built or is_wrapped(each) for each in held)

    def _reached(self, integration: Integration, uses: Uses, info: ClassInfo) -> Iterator[int]:
        if uses.is_open:
            yield from (each.index for each in _in_sight(integration))
        parameters = {name for name, _ in info.parameters}
        for name in (uses.names | parameters) & self._named.keys():
            # While it is made it sees what a peer or a child hides later.
            for found in (integration.reach(name), find_given(integration.group.given, name)):
                if found is not None:
                    yield found.index
            if name in uses.far:
                yield from self._named[name]
        if _PARENT in uses.names and integration.parent is not None:
            yield integration.parent.index

    def _refused(self) -> set[int]:
        found = set()
        for each, kind in zip(self._order, self.kinds, strict=True):
            if kind is None:
                found.add(each.index)
                continue
            if not _may_be_shared(each, kind):
                found.add(each.index)
            found.update(self._touched(each, kind))
        return found

    def _touched(self, integration: Integration, kind: Kind) -> Iterator[int]:
        """Those in which the code of another one sets something, or may change something.

        A class can vouch for what calls do to what its objects hold, not for what others set there.
        """
        for touch in kind.touches:
            others = [*takewhile(self._leads_on, touch.steps)]
            if len(others) == len(touch.steps) and not touch.writes:
                continue
            touched = [index for name in others for index in self._named.get(name, ())]
            if _PARENT in others and integration.parent is not None:
                touched.append(integration.parent.index)
            yield from (each for each in touched if touch.writes or not self._vouches(each))

    def _leads_on(self, step: str) -> bool:
        return step == _PARENT or step in self._named

    def _vouches(self, index: int) -> bool:
        kind = self.kinds[index]
        return kind is not None and bool(kind.word)


def _may_be_shared(integration: Integration, kind: Kind) -> bool:
    """Whether what the class of an integration says, or else its code, allows that it is shared."""
    is_wrapping = type(integration.group) is DecoratorGroup
    if kind.word is False or kind.leaves or kind.making.configures or is_wrapping:
        return False
    return bool(kind.word) or not kind.making.draws


def _in_sight(integration: Integration) -> Iterator[Integration]:
    """All that code without limits could reach at once."""
    yield from visible(integration.group.given)
    for group in integration.groups:
        yield from group.members.values()
    yield from (each for each in integration.group.members.values() if each is not integration)
    if integration.parent is not None:
        yield integration.parent
