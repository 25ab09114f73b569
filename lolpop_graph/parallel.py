"""A build that makes several objects at the same time, each in a thread."""

from __future__ import annotations

import logging
from _thread import allocate_lock
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from lolpop_graph.declarations import ClassInfo
from lolpop_graph.decorated import DecoratorGroup
from lolpop_graph.holding import Holding
from lolpop_graph.instantiate import Builder, attach
from lolpop_graph.interrupts import Held
from lolpop_graph.lifecycle import Built, Lifecycle, closing
from lolpop_graph.model import Group, Integration
from lolpop_graph.schedule import Schedule
from lolpop_graph.threads import Crew


class Construction:
    """One object that a thread makes; what comes of it is kept here until somebody looks.

    A thread cannot be interrupted: it may be left behind, and closes itself what it has made then.
    """

    def __init__(
        self,
        integration: Integration,
        info: ClassInfo,
        make: Callable[[], Any],
        give: Callable[[Any], None],
    ) -> None:
        """Prepare to make the object of an integration, and to give it what a foreign one gets."""
        self.integration = integration
        self.info = info
        self.built: Built | None = None
        self.error: BaseException | None = None
        self._make = make
        self._give = give
        self._lock = allocate_lock()
        self._is_over = False
        self._is_left = False

    def __call__(self) -> None:
        """Make the object, unless nobody waits for it any more."""
        if self._is_left:
            return
        try:
            instance = self._make()
            self.built = self.integration, instance, self.info
            self._give(instance)
        except BaseException as error:  # noqa: BLE001 - who waits for it raises it
            self.error = error
        with self._lock:
            self._is_over = True
        if self._is_left and self.built is not None:
            self._close()

    def leave(self) -> bool:
        """Wait no more; whether it was over before, so that the object is for others to close."""
        with self._lock:
            self._is_left = not self._is_over
            return self._is_over

    def _close(self) -> None:
        if self.built is not None and (error := closing(self.built)) is not None:
            told = logging.getLogger(f"lolpop_graph.{self.integration.path}")
            told.error("raised while it was closed: %s", type(error).__name__)


class InThreads(Builder):
    """Makes up to `most` objects at the same time, and orders all else as a Builder does."""

    most: ClassVar[int]

    def __init__(self, *args: Any, **keywords: Any) -> None:
        """Prepare as a Builder does."""
        super().__init__(*args, **keywords)
        # In the wait for a thread, which is not of these modules, signals come after a moment.
        modules = (__name__, Builder.__module__, Lifecycle.__module__, Schedule.__module__)
        self._held = Held(*modules, is_patient=False)
        self._holdings: dict[Group, Holding] = {}
        self._running: set[Construction] = set()
        self._failed: list[Construction] = []
        self._count = 1

    def _descend(self, owner: Integration) -> None:
        """Build what is below the root."""
        groups = [group for each in self.order for group in each.groups]
        self._decorators += (group for group in groups if type(group) is DecoratorGroup)
        self.instances += [None] * (len(self.order) - 1)
        schedule = Schedule(owner, self._attach, self._finished)
        with Crew[Construction](self.most) as crew:
            try:
                self._build_all(schedule, crew)
            except BaseException as error:
                self._let_end(crew, error)
                raise
            finally:
                self._lifecycle.arrange()
        if self._failed:
            self._fail()

    def _build_all(self, schedule: Schedule, crew: Crew[Construction]) -> None:
        """Build until nothing is left, or one has failed and no other one runs."""
        while True:
            while schedule and len(self._running) < self.most and not self._must_stop:
                self._start(*schedule.take(), schedule, crew)
            if self._running:
                done = self._next(crew)
                self._remember(done)
                if done.error is None and done.built is not None:
                    self._place(done.integration, done.built[1], schedule)
            elif self._held.waiting:
                self._held.checkpoint()
            else:
                return

    @property
    def _must_stop(self) -> bool:
        return bool(self._failed or self._held.waiting)

    def _start(
        self, integration: Integration, position: int, schedule: Schedule, crew: Crew[Construction]
    ) -> None:
        """Let a thread make an object, or take the one that is given for it."""
        group, info = integration.group, self._info(integration)
        holding = self._holdings.get(group)
        if holding is None:
            holding = self._holdings[group] = Holding(group, self._carriers)
        if integration.path in self._replaced or info is None:
            instance = self._replaced[integration.path]
            self._give_one_by_one(instance, integration)
            self._place(integration, instance, schedule)
            return
        if info.is_wired:
            # What members of a group share is made here, so that threads find it.
            holding.class_for(position, info.cls)
            holding.given(position, info.cls)
        construction = Construction(
            integration,
            info,
            partial(self._make, integration, info, position, holding, None),
            partial(self._give, integration, info),
        )
        self._running.add(construction)
        crew.ask(construction)

    def _give(self, integration: Integration, info: ClassInfo, instance: Any) -> None:
        if not info.is_wired:
            self._give_one_by_one(instance, integration)

    def _place(self, integration: Integration, instance: Any, schedule: Schedule) -> None:
        """Put an object in its place."""
        self.instances[integration.index] = instance
        self._count += 1
        if self._progress is not None:
            self._progress(self._count, len(self.order))
        schedule.built(integration)

    def _attach(self, integration: Integration) -> None:
        parent = self.instances[integration.parent.index]  # type: ignore[union-attr]  # not the root
        attach(parent, integration.name, self.instances[integration.index])

    def _finished(self, group: Group) -> None:
        self._finish(group, self._holdings.pop(group))

    def _next(self, crew: Crew[Construction]) -> Construction:
        """Wait for one of those that run; none of them is waited for any more if that fails."""
        try:
            return crew.next()
        except BaseException:
            self._leave()
            raise

    def _let_end(self, crew: Crew[Construction], error: BaseException) -> None:
        """Wait for those that still run, unless somebody wants to have an end."""
        if isinstance(error, KeyboardInterrupt):
            self._leave()
        while self._running:
            self._remember(self._next(crew))

    def _leave(self) -> None:
        """Leave behind those that still run."""
        for construction in [*self._running]:
            if construction.leave():
                self._remember(construction)
        self._running.clear()

    def _remember(self, construction: Construction) -> None:
        """Note what came of a construction."""
        self._running.discard(construction)
        if construction.built is not None:
            self._lifecycle.built.append(construction.built)
        if construction.error is not None:
            self._failed.append(construction)

    def _fail(self) -> None:
        """Raise what the first in build order raised of those that failed."""
        self._failed.sort(key=lambda each: each.integration.index)
        failures = [
            (each.integration, each.info, "its constructor", each.error)
            for each in self._failed
            if each.error is not None
        ]
        raise self._lifecycle.first_failure(failures)


def in_threads(kind: type[Builder], most: int) -> type[Builder]:
    """The kind of Builder that makes up to `most` objects at the same time.

    Raises ValueError for what is no number from 1.
    """
    if not isinstance(most, int) or most < 1:
        message = f"`parallel` is how many constructors may run at a time, from 1, not {most!r}"
        raise ValueError(message)
    return type(kind.__name__, (InThreads, kind), {"most": most})
