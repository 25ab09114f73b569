"""Builds the driver's part of a workflow, and proxies for what lives on workers."""

from __future__ import annotations

import atexit
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any

from lolpop_graph import faults as f
from lolpop_graph.declarations import ClassInfo
from lolpop_graph.errors import ElsewhereError, WorkflowError
from lolpop_graph.instantiate import Builder, Called
from lolpop_graph.interrupts import Held
from lolpop_graph.model import Integration
from lolpop_graph.placement import remote_integrations, resources_of, retries_of
from lolpop_graph.remote.cluster.connection import connected
from lolpop_graph.remote.driver.guarding import guard_component, guard_root
from lolpop_graph.remote.driver.hints import add_hint
from lolpop_graph.remote.driver.proxy import proxy
from lolpop_graph.remote.driver.registry import Registry
from lolpop_graph.remote.driver.sealed import Sealed
from lolpop_graph.remote.driver.session import Session, Terms
from lolpop_graph.shipment import Shipment
from lolpop_graph.wired import Typed
from lolpop_graph.wrapping import unwrap_methods

_CONTEXT = "remote_context"


class RemoteBuilder(Builder):
    """A build of which a part lives on workers; `session` sends calls to them."""

    session: Session

    def __init__(  # noqa: PLR0913 - what a call says of where to run
        self,
        order: Any,
        *,
        shipment: Shipment,
        on: Any,
        workers: int | None = None,
        remote_layer: str | None = None,
        eager: bool = False,
        insecure: bool = False,
        info: Callable[[Integration], ClassInfo | None],
        replaced: Mapping[str, Any],
        **others: Any,
    ) -> None:
        """Prepare to build; the keywords beside those of a Builder are those of `lg.build`."""
        self._remote = remote_integrations(order, remote_layer)
        self._shipment = shipment
        self._where = {"on": on, "workers": workers, "insecure": insecure}
        self._is_eager = eager
        self._beside = frozenset(order[1:]) - self._remote
        self._is_sealed = False
        self._stack = ExitStack()
        self._is_closed = False
        self._tellers: list[tuple[str, Callable[[], Any]]] = []
        self._fail_if_replaced(replaced)
        proxies = {each.path: proxy(self, each, _known(info(each))) for each in self._remote}
        super().__init__(
            order,
            info=lambda integration: None if integration in self._remote else info(integration),
            replaced={**replaced, **proxies},
            **others,
        )

    def build(self, called: Called | None = None, wired: Callable[[], None] | None = None) -> None:
        """Find the workers, and build as always what lives in this process."""
        with ExitStack() as stack:
            client = stack.enter_context(connected(**self._where, resources=self._offer()))
            registry = Registry(self.order, self.instances)
            terms = {
                each.path: Terms(resources_of(each), retries_of(each)) for each in self._remote
            }
            self.session = Session(
                client, self._shipment, registry, terms, self._contexts, eager=self._is_eager
            )
            super().build(called, wired)
            self._tellers = [
                (each.path, getattr(self.instance(each), _CONTEXT))
                for each in self.order
                if each not in self._remote and hasattr(type(self.instance(each)), _CONTEXT)
            ]
            self._guard()
            self._stack = stack.pop_all()
        # Of a workflow that nobody closes: what is left for Python's own end waits there for ever.
        atexit.register(self._stack.close)

    def close(self, error: BaseException | None = None) -> None:
        """Close what lives on the workers, then what is built here, then leave the workers."""
        atexit.unregister(self._stack.close)
        if error is not None:
            add_hint(error)
        with Held(__name__), self._stack:
            try:
                if error is None and not self._is_closed:
                    self.session.finish(fetch=True)
            except BaseException as late:
                self._close_all(late)
                raise
            self._close_all(error)

    def _close_all(self, error: BaseException | None) -> None:
        """Do what `Builder.close` does, after the same on the workers."""
        told = [] if self._is_closed else self.session.end(error)
        self._is_closed = True
        if error is not None:
            for fault in told:
                error.add_note(str(fault))
            super().close(error)
            return
        try:
            super().close()
        except WorkflowError as own:
            raise WorkflowError([*told, *own.faults]) from None
        finally:
            self._unguard()
        if told:
            raise WorkflowError(told)

    def _offer(self) -> dict[str, float]:
        """What workers of this machine have: enough for each call of the workflow."""
        offer: dict[str, float] = {}
        for integration in self._remote:
            for name, amount in resources_of(integration).items():
                offer[name] = max(offer.get(name, 0), amount)
        return offer

    def typed(self, integration: Integration) -> Typed | None:
        """The config of a remote integration whose class has a `Config`."""
        return self._typed.get(integration)

    def config(self, integration: Integration) -> dict[str, Any]:
        """The own config of an integration; once all is built, no longer one that workers read."""
        config = super().config(integration)
        if not self._is_sealed or integration in self._beside or type(config) is Sealed:
            return config
        sealed = self._configs[integration] = Sealed(config, integration.path)
        return sealed

    def _contexts(self) -> dict[str, Any]:
        return {path: value for path, tell in self._tellers if (value := tell()) is not None}

    def _give_one_by_one(self, instance: Any, integration: Integration) -> None:
        """Nothing for a proxy, which looks for what it is given when it is asked for it."""
        if integration not in self._remote:
            super()._give_one_by_one(instance, integration)

    def _guard(self) -> None:
        """Let the driver's code get values in the place of references, and end when calls have."""
        self._is_sealed = True
        for integration in self.order:
            if integration in self._remote:
                continue
            instance = self.instance(integration)
            cls = _class_of(instance, self._info(integration))
            if integration.parent is None:
                guard_root(instance, cls, self.session)
            else:
                guard_component(instance, cls, integration.name, self.session)

    def _unguard(self) -> None:
        """Give the objects back as they were that the caller gave."""
        for integration in self.order:
            if integration.path in self._replaced and integration not in self._remote:
                unwrap_methods(self.instance(integration))

    def _fail_if_replaced(self, replaced: Mapping[str, Any]) -> None:
        """Raise WorkflowError (LG847) for objects in the place of what lives on workers."""
        found = sorted(each.path for each in self._remote if each.path in replaced)
        if found:
            raise ElsewhereError([f.ReplacedOnWorkers(path=path) for path in found])


def _class_of(instance: Any, info: ClassInfo | None) -> type:
    """The class whose methods are the user's: a large group's members are of one of ours."""
    return info.cls if info is not None and isinstance(instance, info.cls) else type(instance)


def _known(info: ClassInfo | None) -> ClassInfo:
    if info is None:
        raise TypeError("what lives on workers has a class")
    return info
