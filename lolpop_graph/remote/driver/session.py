"""The driver's end of one run: sends calls to the workers and gives out references."""

from __future__ import annotations

import threading
import uuid
import weakref
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

from lolpop_graph.errors import Fault
from lolpop_graph.remote.call import RESULT, Call, Result, cannot_travel
from lolpop_graph.remote.cluster.readiness import Need, fail_unless_ready
from lolpop_graph.remote.cluster.waiting import result_of, wait_for
from lolpop_graph.remote.dataflow.call_sites import is_tried, use_of_result
from lolpop_graph.remote.dataflow.uses import Use
from lolpop_graph.remote.driver.pending import Pending
from lolpop_graph.remote.driver.reference import Reference, is_reference, pending_of
from lolpop_graph.remote.packing import packed
from lolpop_graph.remote.worker.control import close_sessions
from lolpop_graph.remote.worker.performing import part, perform, singleton
from lolpop_graph.shipment import Shipment

if TYPE_CHECKING:
    from distributed import Client, Future

    from lolpop_graph.remote.driver.registry import Registry

_PATIENCE = 10.0
"""How many seconds calls may take to close the workflow when another one has failed."""


@dataclass(frozen=True)
class Terms:
    """How calls of an integration run: what a worker must have, and how often one is retried."""

    resources: Need
    retries: int


class Session:
    """The calls of one workflow that are under way, and the results that are asked for."""

    def __init__(  # noqa: PLR0913 - what one run is made of
        self,
        client: Client,
        shipment: Shipment,
        registry: Registry,
        terms: Mapping[str, Terms],
        contexts: Callable[[], Mapping[str, Any]],
        *,
        eager: bool = False,
    ) -> None:
        """Send to the workers of `client`; `eager` fetches each result at once.

        `registry` has the driver's integrations, which stay where they are. `terms` says,
        by path, how calls run; `contexts` is asked at each call for what components of the driver
        say that it must know. Raises ElsewhereError, before anything runs, for all
        that would go wrong on the workers (see `readiness`).
        """
        needs = {path: each.resources for path, each in terms.items() if each.resources}
        fail_unless_ready(client, shipment, needs)
        self.client = client
        self.shipment = shipment
        self.owner = f"{client.id}/{uuid.uuid4().hex}"
        self._terms = terms
        self._contexts = contexts
        self.registry = registry
        self.dropped: deque[Pending] = deque()
        self._is_eager = eager
        self._live: weakref.WeakSet[Pending] = weakref.WeakSet()
        self._numbers = count()
        self._told: set[str] = set()
        self._lock = threading.RLock()

    def call(
        self, path: str, method: str, args: tuple[Any, ...], kwargs: Mapping[str, Any],
    ) -> Any:  # fmt: skip
        """Call a method of a remote integration; the result is a reference, or fetched if eager.

        Where the code that calls shows that it needs more, the call is waited for, or its result
        fetched. Raises what a call has raised whose result
        nobody kept.
        """
        use = Use.FETCHED if self._is_eager else self.use(method)
        return self.used(self.sent(path, method, args, kwargs), use)

    def use(self, method: str) -> Use:
        """What the code does with the result that calls a remote method now."""
        return use_of_result(method, self.registry.words)

    def sent(
        self, path: str, method: str, args: tuple[Any, ...], kwargs: Mapping[str, Any],
    ) -> Pending:  # fmt: skip
        """Do the same, whatever the code does with the result."""
        self.settle()
        where = f"{path}.{method}"
        futures: dict[Any, Future[Any]] = {}
        try:
            arguments = packed((args, dict(kwargs)), lambda each: self._stand_in(each, futures))
        except Exception as error:  # noqa: BLE001 - what refuses to pickle raises what it likes
            what = f"the arguments of `{where}`"
            raise cannot_travel(what, None, error) from None
        told = self._contexts()
        call = Call(self.shipment, self.owner, path, method, _key(where), arguments, told)
        return self._submitted(call, *futures.values())

    def attribute(self, path: str, name: str) -> Any:
        """An attribute that all workers have alike, from one of them."""
        call = Call(
            self.shipment,
            self.owner,
            path,
            name,
            _key(f"{path}.{name}"),
            b"",
            {},
            is_attribute=True,
        )
        return self._submitted(call).value()

    def used(self, pending: Pending, use: Use) -> Any:
        """What the code that calls gets, which does `use` with it."""
        pending.use = use
        if use is Use.FETCHED:
            return pending.value()
        if use is not Use.KEPT:
            pending.is_used = True
            if pending.waited() is not None:
                pending.value()
        if use is Use.COMPARED and self._is_singleton(pending):
            return pending.value()
        return Reference(pending)

    def settle(self, *, every_thread: bool = False) -> None:
        """Wait for the calls whose results nobody kept, of this thread or of every one.

        Raises what they raised, if nobody was told of it; a second one is a note on the first.
        """
        thread = threading.get_ident()
        found = []
        for _ in range(len(self.dropped)):
            try:
                pending = self.dropped.popleft()
            except IndexError:  # another thread was faster
                break
            if every_thread or pending.thread == thread:
                found.append(pending)
            else:
                self.dropped.append(pending)
        failed = [each for each in found if each.waited() is not None]
        if failed and not every_thread and is_tried():
            # A `try` that none of these calls stands in must not catch what they have raised.
            self.dropped.extend(failed)
        else:
            self._raise_first(failed)

    def finish(self, *, fetch: bool = False) -> None:
        """Wait for all that is under way, and raise what nobody was told of.

        `fetch` fetches what somebody still has a reference to, while it can be fetched.
        """
        self.settle(every_thread=True)
        live = list(self._live)
        self._raise_first(live)
        for pending in live if fetch else ():
            if pending.waited() is None:
                pending.value_alone()

    def _raise_first(self, pendings: list[Pending]) -> None:
        ended = sorted(pendings, key=lambda each: each.number)
        failed = [each for each in ended if each.waited() is not None and self._is_untold(each)]
        if not failed:
            return
        first = self.earlier_failure(failed[0])
        self.tell(first)
        error = first.waited()
        for each in failed:
            if self.tell(each) and error is not None:
                error.add_note(f"`{each.where}` has failed as well: {each.waited()!r}")
        if error is not None:
            raise error.with_traceback(None)

    def earlier_failure(self, pending: Pending) -> Pending:
        """The first call that has failed, untold, up to this one that has: what comes locally."""
        before = [each for each in [*self._live, *self.dropped] if each.number < pending.number]
        for each in sorted(before, key=lambda each: each.number):
            if each.waited() is not None and self._is_untold(each):
                return each
        return pending

    def _is_untold(self, pending: Pending) -> bool:
        return pending.failed_call not in self._told

    def tell(self, pending: Pending) -> bool:
        """Note that somebody is told what a call has raised; whether it is for the first time."""
        with self._lock:
            key = pending.failed_call
            is_first = key not in self._told
            self._told.add(key)
            return is_first

    def end(self, error: BaseException | None = None) -> list[Fault]:
        """Let the workers close the workflow, and tell what went wrong at that.

        Because of an error, calls that have not begun are forgotten, and the others interrupted;
        where it is a signal, nothing is waited for.
        """
        if self.client.status != "running":
            return []
        if error is not None:
            # Dask's scheduler does not bear that for what is done.
            waiting = [each.future for each in list(self._live) if not each.is_done]
            self.client.cancel(waiting, force=True)  # type: ignore[no-untyped-call]  # of a package with few types
        is_signal = error is not None and not isinstance(error, Exception)
        limit = None if error is None else _PATIENCE
        said = self.client.run(
            close_sessions, [self.owner], limit, wait=not is_signal, on_error="return"
        )
        told = [faults for faults in (said or {}).values() if type(faults) is list]
        return [fault for faults in told for fault in faults]

    def result_of(self, pending: Pending) -> Any:
        """Wait for what a call returns; see `waiting`."""
        return result_of(self.client, pending.future, pending.where, self._need(pending))

    def wait_for(self, pending: Pending) -> None:
        """Wait until a call has ended, however it did."""
        wait_for(self.client, pending.future, pending.where, self._need(pending))

    def _need(self, pending: Pending) -> Need:
        return self._terms[pending.where.rpartition(".")[0]].resources

    def opened(self, result: Result) -> Any:
        """The value of a result."""
        return result.value(self.registry.instance)

    def items_of(self, pending: Pending, size: int) -> list[Any]:
        """References to the items that a result on the cluster is unpacked into."""
        where, origin = pending.where, pending.future.key
        keys = [f"{origin}-{number}" for number in range(size)]
        is_done = pending.is_done
        parts = [
            self._pending(
                self.client.submit(
                    part, pending.future, number, size, where, origin, key=key, pure=False
                ),
                where,
            )
            for number, key in enumerate(keys)
        ]
        if is_done and parts and parts[0].waited() is not None:
            parts[0].value()
        return [self.used(each, pending.use) for each in parts]

    def _submitted(self, call: Call, *futures: Future[Any]) -> Pending:
        terms = self._terms[call.path]
        future = self.client.submit(
            perform,
            call,
            *futures,
            key=call.key,
            pure=False,
            resources=dict(terms.resources) or None,
            retries=terms.retries,
        )
        return self._pending(future, call.where)

    def _pending(self, future: Future[Any], where: str) -> Pending:
        pending = Pending(self, future, where, next(self._numbers))
        self._live.add(pending)
        return pending

    def _is_singleton(self, pending: Pending) -> bool:
        return bool(self.client.submit(singleton, pending.future, pure=False).result())

    def _stand_in(self, value: Any, futures: dict[Any, Future[Any]]) -> Any:
        """What stands for a reference or an integration in arguments; None for all else."""
        if not is_reference(value):
            return self.registry.stand_in(value)
        pending: Pending = pending_of(value)
        if pending.is_changed:
            return None
        pending.is_used = True
        futures.setdefault(pending.future.key, pending.future)
        return RESULT, list(futures).index(pending.future.key)


def _key(where: str) -> str:
    return f"{where}-{uuid.uuid4().hex}"
