"""Which objects of a workflow another one can take over, since they would be made alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from lolpop_graph.block import EMPTY, Block
from lolpop_graph.classes.sharing import Kind
from lolpop_graph.classes.uses import Uses
from lolpop_graph.config import MISSING, PROBLEM_KEY, configs_of, look_up, written
from lolpop_graph.declarations import ClassInfo
from lolpop_graph.decorated import has_decorators, wrapping
from lolpop_graph.lasting import Spread
from lolpop_graph.model import Group, Integration, groups_in
from lolpop_graph.reaching import Side, Web
from lolpop_graph.sameness import same
from lolpop_graph.wrapping import public_methods


class Comparison:
    """What of an old workflow can serve a new one of the same documents."""

    def __init__(self, old: Side, new: Side) -> None:
        """Find out what differs."""
        self.old = old
        self.new = new
        self._built = {id(old.instance(each)) for each in old.order}
        self.is_alike = old.signature == new.signature
        if self.is_alike:
            # Both reach the same, and it need not be found out again.
            new.__dict__["web"] = old.web
        self._before = {each.path: each for each in old.order}
        self._changed = dict(self._changes())
        self._has_decorators = has_decorators(old.order) or has_decorators(new.order)
        self._all_changed = {key for keys in self._changed.values() for key in keys}

    def before(self, integration: Integration) -> Integration:
        """The one of the old workflow whose path is that of one of the new."""
        return self._before[integration.path]

    def taken(self, is_there: Callable[[Integration], bool]) -> list[int]:
        """The indices, in the new workflow, of those that can be taken over.

        `is_there` answers whether there still is an object for one of those that are the same.
        """
        web = self.new.web
        spread = Spread(web, web.has_setup)
        for each in self.new.order:
            is_same = each.index not in web.refused and self._is_same(each, web)
            if not is_same or not is_there(each):
                spread.leave(each.index)
        return spread.kept()

    def _changes(self) -> Iterator[tuple[Integration | Group, set[str]]]:
        """The keys that differ in each config, without regard to case."""
        groups = {group.id: group for group in groups_in(self.old.order)}
        holders: list[tuple[Integration | Group, Integration | Group | None]] = [
            *((each, self._before.get(each.path)) for each in self.new.order),
            *((each, groups.get(each.id)) for each in groups_in(self.new.order)),
        ]
        for holder, before in holders:
            if holder.config or (before is not None and before.config):
                keys = _changed_keys(before.config if before else EMPTY, holder.config)
                if keys:
                    yield holder, keys

    def _is_same(self, integration: Integration, web: Web) -> bool:
        """Whether one is of the same class, sees the same, and is wrapped by the same."""
        before = self._before.get(integration.path)
        info, kind = self.new.infos[integration.index], web.kinds[integration.index]
        if before is None or info is None or kind is None:
            return False
        if not self.is_alike and not self._is_placed_alike(integration, before, info):
            return False
        return (
            self._reads_the_same(integration, before, info.cls, kind)
            and _same_typed(self.old.typed.get(before), self.new.typed.get(integration))
            and self._is_wrapped_alike(integration, before, info.cls, kind)
            and self.old.web.is_untouched(self.old.instance(before), before, self._built, web.far)
        )

    def _is_placed_alike(
        self, integration: Integration, before: Integration, info: ClassInfo
    ) -> bool:
        """Whether the class, the layer, and all that code may reach have the same names."""
        old = self.old.infos[before.index]
        if old is None or old.cls is not info.cls or before.layer.path != integration.layer.path:
            return False
        if before.index in self.old.web.refused:
            return False
        # What it asks those above it, without being given them, is answered by their classes.
        if _classes_above(self.old, before) != _classes_above(self.new, integration):
            return False
        return all(
            _paths(self.old, mine[before.index]) == _paths(self.new, theirs[integration.index])
            for mine, theirs in (
                (self.old.web.made_with, self.new.web.made_with),
                (self.old.web.works_with, self.new.web.works_with),
            )
        )

    def _reads_the_same(
        self, integration: Integration, before: Integration, cls: type, kind: Kind
    ) -> bool:
        """Whether every config value that code may read is the same."""
        if not self._changed:
            return True
        uses = kind.uses
        if uses.reads_any_far_key or (uses.reads_own_config and integration in self._changed):
            return False
        if uses.reads_far_keys and any(_may_read(uses, key) for key in self._all_changed):
            return False
        keys = {
            key
            for holder, _ in configs_of(integration, written)
            for key in self._changed.get(holder, ())
            if _may_read(uses, key)
        }
        if PROBLEM_KEY in keys:
            # As an attribute it is asked of one parent after the other, which may not answer.
            return False
        return all(
            _same_value(look_up(before, key, written, cls), look_up(integration, key, written, cls))
            for key in keys
        )

    def _is_wrapped_alike(
        self, integration: Integration, before: Integration, cls: type, kind: Kind
    ) -> bool:
        """Whether the same decorators wrap the same methods, of which none runs before a run."""
        if not self._has_decorators:
            return True
        wraps = [_wraps(side, each) for side, each in ((self.old, before), (self.new, integration))]
        early = kind.making.uses.names.intersection(public_methods(cls))
        return wraps[0] == wraps[1] and not (wraps[0] and early)


def _may_read(uses: Uses, key: str) -> bool:
    """Whether code may look up a key, which is written without regard to case."""
    return (
        uses.asks_any_key
        or key in uses.possible_keys
        or uses.puts_together(key)
        or (key == PROBLEM_KEY and PROBLEM_KEY in uses.names)
    )


def _changed_keys(before: Block, config: Block) -> set[str]:
    """The keys of which there is another value, or none, without regard to case."""
    both = before.keys() | config.keys()
    return {
        key.casefold()
        for key in both
        if key not in before or key not in config or not same(before[key], config[key])
    }


def _same_value(before: Any, after: Any) -> bool:
    return before is after is MISSING or same(before, after)


def _same_typed(before: Any, after: Any) -> bool:
    return before is after is None or (
        before is not None and after is not None and same(before.instance, after.instance)
    )


def _wraps(side: Side, integration: Integration) -> list[Any]:
    """What wraps an integration: which decorators of which class, and which methods."""
    found = []
    for choice in wrapping(integration):
        info = side.infos[choice.decorator.index]
        found.append((choice.decorator.path, info.cls if info else None, choice.methods))
    return found


def _classes_above(side: Side, integration: Integration) -> list[type | None]:
    infos = (side.infos[each.index] for each in integration.lineage())
    return [info.cls if info else None for info in infos]


def _paths(side: Side, indices: frozenset[int] | None) -> set[str]:
    return {side.order[index].path for index in indices or ()}
