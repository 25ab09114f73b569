"""Builds the driver's part of a workflow, and proxies for what lives on workers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any

from lolpop_graph.declarations import ClassInfo
from lolpop_graph.errors import WorkflowError
from lolpop_graph.instantiate import Builder, Called
from lolpop_graph.interrupts import Held
from lolpop_graph.model import Integration
from lolpop_graph.placement import remote_integrations, resources_of, retries_of
from lolpop_graph.remote.cluster import connected
from lolpop_graph.remote.proxy import Remote
from lolpop_graph.remote.reference import fetched
from lolpop_graph.remote.session import Session
from lolpop_graph.shipment import Shipment
from lolpop_graph.wrapping import public_methods, wrap_method

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
        self._stack = ExitStack()
        self._is_closed = False
        self._tellers: list[tuple[str, Callable[[], Any]]] = []
        proxies = {each.path: Remote(self, each, _known(info(each))) for each in self._remote}
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
            needs = {each.path: resources_of(each) for each in self._remote}
            self.session = Session(client, self._shipment, needs, eager=self._is_eager)
            super().build(called, wired)
            self._tellers = [
                (each.path, getattr(self.instance(each), _CONTEXT))
                for each in self.order
                if each not in self._remote and hasattr(type(self.instance(each)), _CONTEXT)
            ]
            self._fetch_for_components()
            self._stack = stack.pop_all()

    def close(self, error: BaseException | None = None) -> None:
        """Close what lives on the workers, then what is built here, then leave the workers."""
        with Held(__name__), self._stack:
            try:
                if error is None and not self._is_closed:
                    self.session.finish()
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
        if told:
            raise WorkflowError(told)

    def _offer(self) -> dict[str, float]:
        """What workers of this machine have: enough for each call of the workflow."""
        offer: dict[str, float] = {}
        for integration in self._remote:
            for name, amount in resources_of(integration).items():
                offer[name] = max(offer.get(name, 0), amount)
        return offer

    def call(self, integration: Integration, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call a method of a remote integration; a reference to what it returns."""
        contexts = {path: value for path, tell in self._tellers if (value := tell()) is not None}
        return self.session.call(
            integration.path, method, args, kwargs, contexts, retries=retries_of(integration)
        )

    def _give_one_by_one(self, instance: Any, integration: Integration) -> None:
        """Nothing for a proxy, which looks for what it is given when it is asked for it."""
        if integration not in self._remote:
            super()._give_one_by_one(instance, integration)

    def _fetch_for_components(self) -> None:
        """Let components get values in the place of references."""
        for integration in self.order[1:]:
            info = self._info(integration)
            if integration not in self._remote and info is not None:
                instance = self.instance(integration)
                for name in public_methods(info.cls):
                    wrap_method(instance, name, _fetching)


def _fetching(method: Callable[..., Any]) -> Callable[..., Any]:
    def called(*args: Any, **kwargs: Any) -> Any:
        return method(*fetched(args), **fetched(kwargs))

    return called


def _known(info: ClassInfo | None) -> ClassInfo:
    if info is None:
        raise TypeError("what lives on workers cannot be replaced by an object of this process")
    return info
