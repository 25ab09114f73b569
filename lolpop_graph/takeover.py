"""A build that takes over from the workflow before it the objects that would be made alike."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from functools import cached_property
from typing import Any

from lolpop_graph import faults as f
from lolpop_graph.classes.sharing import SHARED, is_clear, kind_of
from lolpop_graph.declarations import ClassInfo
from lolpop_graph.errors import Fault, WorkflowError
from lolpop_graph.holding import Holding
from lolpop_graph.instantiate import Builder, Called
from lolpop_graph.interrupts import Held
from lolpop_graph.lifecycle import Built, Lifecycle
from lolpop_graph.model import Integration
from lolpop_graph.reaching import Side
from lolpop_graph.sharing import Comparison
from lolpop_graph.wrapping import unwrap_methods


class Continued(Lifecycle):
    """The objects of a workflow of which some are those of another one, and are set up already."""

    _kept: frozenset[int] = frozenset()

    def take(self, built: Sequence[Built], before: Lifecycle, indices: set[int]) -> None:
        """Take over what another workflow has `built` under some `indices`, to be closed here."""
        self.built += built
        self._kept = frozenset(integration.index for integration, _, _ in built)
        before.built[:] = [each for each in before.built if each[0].index not in indices]

    def failure(
        self, integration: Integration, info: ClassInfo, step: str, error: Exception | SystemExit
    ) -> WorkflowError:
        """The error that says who raised in which step, after all is closed."""
        self.arrange()
        return super().failure(integration, info, step, error)

    def _to_set_up(self) -> Sequence[Built]:
        self.arrange()
        return [built for built in self.built if built[0].index not in self._kept]

    def _close_all(self, but: Collection[int] = ()) -> list[tuple[Built, BaseException]]:
        self.arrange()
        return super()._close_all(but)


class TakingBuilder(Builder):
    """A build that takes from the one before it what it would make alike, and closes the rest.

    `previous` is that build, None where there is none that could serve.
    """

    def __init__(
        self,
        *args: Any,
        previous: Builder | None,
        is_comparable: bool = False,
        **keywords: Any,
    ) -> None:
        """Prepare as a Builder does; nothing is taken from what is not `is_comparable`."""
        super().__init__(*args, **keywords)
        self._lifecycle: Continued = Continued(keywords["place"], keywords["shown"])
        self._held = Held(__name__, Builder.__module__, Lifecycle.__module__, is_patient=False)
        self._place = keywords["place"]
        self._shown = keywords["shown"]
        self._previous = previous
        self._is_comparable = is_comparable
        self._taken: dict[int, Built] = {}
        self._linked: set[int] = set()
        self.environment: dict[str, str] | None = None

    def build(self, called: Called | None = None, wired: Callable[[], None] | None = None) -> None:
        """Close what of the build before cannot serve, and build what is missing."""
        self._held.begin()
        try:
            self._check_words()
            self.environment = dict(os.environ)
            if self._previous is not None:
                self._take_over(self._previous)
                self._previous.close()
        except BaseException as error:
            try:
                self._lifecycle.abandon(error)
            finally:
                self._held.end()
            raise
        super().build(called, wired)
        # Else every workflow of a sweep would keep the ones before it.
        self._previous = None
        self._taken.clear()

    def retire(self, name: str) -> bool:
        """Close all that no later build can take over; whether there is anything else.

        That is known by `name` from now on, as long as nothing else has taken it over.
        """
        lasting = self.side.lasting()
        if len(lasting) < len(self._lifecycle.built):
            self._close_all_but(lasting)
        self._lifecycle.kept_from = name
        return bool(lasting)

    def _close_all_but(self, lasting: Collection[int]) -> None:
        try:
            faults = self._lifecycle.close(but=lasting)
        except BaseException as error:
            # As at any end, it may be a signal that came before the first one was closed.
            self._lifecycle.abandon(error)
            raise
        if faults:
            raise WorkflowError(faults)

    @cached_property
    def side(self) -> Side:
        """What another build compares itself with."""
        return side_of(self)

    def _check_words(self) -> None:
        """Raise WorkflowError for classes that say of themselves what nobody understands."""
        found: dict[type, Fault] = {}
        for integration in self.order:
            info = self._info(integration)
            if info is not None and info.cls not in found and not is_clear(info.cls):
                fault = f.RequirementMalformed(
                    place=self._place(integration),
                    class_name=info.cls.__name__,
                    attribute=SHARED,
                    problem="it must be true, false or None",
                )
                found[info.cls] = self._shown(fault)
        if found:
            raise WorkflowError(found.values())

    def _take_over(self, previous: Builder) -> None:
        """Take from a build what is the same; its objects are closed with those of this one."""
        standing = previous.standing()
        if standing.has_replaced or standing.lifecycle.is_closed or not self._is_alike(previous):
            return
        before = previous.side if isinstance(previous, TakingBuilder) else side_of(previous)
        comparison = Comparison(before, self.side)
        self._linked = {*map(id, previous.instances)}
        there = {built[0].index: built for built in standing.lifecycle.built}

        def is_there(integration: Integration) -> bool:
            built = there.get(comparison.before(integration).index)
            is_alike = built is not None and comparison.is_alike
            return is_alike or (built is not None and self._is_plain(built[1], integration.index))

        for index in comparison.taken(is_there):
            self._taken[index] = there[comparison.before(self.order[index]).index]
        kept = [
            (self.order[index], instance, info)
            for index, (_, instance, info) in self._taken.items()
        ]
        gone = {integration.index for integration, _, _ in self._taken.values()}
        self._lifecycle.take(kept, standing.lifecycle, gone)

    def _is_plain(self, instance: Any, index: int) -> bool:
        """Whether an object holds all that it sees itself, and may go on so."""
        info, group = self._info(self.order[index]), self.order[index].group
        if info is None or not info.is_wired:
            return True
        return type(instance) is info.cls and Holding(group, self._carriers).is_plain(info.cls)

    def _is_alike(self, previous: Builder) -> bool:
        """Whether what stands around the objects of a build is as it was when they were made."""
        environment = getattr(previous, "environment", self.environment)
        is_same = environment == self.environment and previous.problem_type == self.problem_type
        return self._is_comparable and is_same

    def _construct(
        self,
        integration: Integration,
        position: int,
        holding: Holding,
        called: Called | None = None,
    ) -> None:
        built = self._taken.get(integration.index)
        if built is None:
            super()._construct(integration, position, holding, called)
            return
        before, instance, info = built
        self._let_go(instance, before, info)
        if info.is_wired:
            self._wire_anew(instance, integration, position, holding, info)
        else:
            self._give_one_by_one(instance, integration)
        self.instances.append(instance)
        if self._held.waiting:
            self._held.checkpoint()
        if self._progress is not None:
            self._progress(len(self.instances), len(self.order))

    def _let_go(self, instance: Any, before: Integration, info: ClassInfo) -> None:
        """Take from an object what wiring and decorators have put there, not what it has set."""
        unwrap_methods(instance)
        previous: Builder = self._previous  # type: ignore[assignment]  # it was made there
        state = instance.__dict__
        own = () if info.is_wired else dict(info.parameters)
        for name, value in [*state.items()]:
            linked = before.reach(name) if id(value) in self._linked else None
            if linked is not None and name not in own and value is previous.instance(linked):
                del state[name]

    def _wire_anew(
        self,
        instance: Any,
        integration: Integration,
        position: int,
        holding: Holding,
        info: ClassInfo,
    ) -> None:
        """Give an object its place in this workflow, as a new one would get it."""
        made, kind = holding.class_for(position, info.cls), type(instance)
        if kind is not info.cls and kind.__bases__ != made.__bases__:
            # What carries the names of many objects are bases of a class of ours.
            kind.__bases__ = made.__bases__
        state = instance.__dict__
        state["_lg_node"], state["_lg_assembly"] = integration, self
        if info.config:
            state["_lg_typed"] = self._typed[integration]
        # What its constructor has put in the place of what it was given stays there.
        given = holding.given(position, info.cls)
        state.update((name, value) for name, value in given.items() if name not in state)


def side_of(builder: Builder) -> Side:
    """What a build is compared by."""
    standing = builder.standing()
    return Side(builder.order, standing.infos, standing.typed, kind_of, builder.instance)
