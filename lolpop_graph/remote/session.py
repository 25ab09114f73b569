"""The driver's end of one run: sends calls to the workers and gives out references."""

from __future__ import annotations

import pickle
import threading
import uuid
import weakref
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lolpop_graph.errors import Fault
from lolpop_graph.remote.calls import (
    Call,
    CallFailed,
    Result,
    Slot,
    length,
    part,
    perform,
)
from lolpop_graph.remote.hosting import ended
from lolpop_graph.remote.readiness import Need, fail_unless_ready
from lolpop_graph.remote.reference import Reference, is_reference, pending_of
from lolpop_graph.remote.waiting import result_of
from lolpop_graph.shipment import Shipment

if TYPE_CHECKING:
    from distributed import Client, Future


_PATIENCE = 10.0
"""How many seconds calls may take to close the workflow when another one has failed."""


class RemoteError(RuntimeError):
    """An error of a worker whose own kind does not travel; it says what that said."""


class Session:
    """The calls of one workflow that are under way, and the results that are asked for."""

    def __init__(
        self, client: Client, shipment: Shipment, needs: Mapping[str, Need], *, eager: bool = False
    ) -> None:
        """Send to the workers of `client`; `eager` fetches each result at once.

        `needs` has the resources that calls need, by path. Raises ElsewhereError, before anything
        runs, for all that would go wrong on the workers (see `readiness`).
        """
        fail_unless_ready(client, shipment, {path: need for path, need in needs.items() if need})
        self.client = client
        self.shipment = shipment
        self.owner = f"{client.id}/{uuid.uuid4().hex}"
        self._needs = needs
        self._is_eager = eager
        self._thread = threading.get_ident()
        self._error: BaseException | None = None
        self._live: weakref.WeakSet[_Pending] = weakref.WeakSet()

    def call(
        self, path: str, method: str, args: tuple[Any, ...], kwargs: Mapping[str, Any],
        contexts: Mapping[str, Any], **options: Any,
    ) -> Any:  # fmt: skip
        """Call a method of a remote integration; the result is a reference, or fetched if eager.

        `options` are those of Dask's `submit`. Raises what a call has raised whose result nobody
        kept.
        """
        self.check()
        futures: list[Future[Any]] = []
        packed_args, packed_kwargs = (
            self._packed(args, futures),
            self._packed(dict(kwargs), futures),
        )
        call = Call(self.shipment, self.owner, path, method, packed_args, packed_kwargs, contexts)
        key = f"{path}.{method}-{uuid.uuid4().hex}"
        resources = dict(self._needs.get(path, {})) or None
        future = self.client.submit(
            perform, call, *futures, key=key, pure=False, resources=resources, **options
        )
        reference = self._reference(future, f"{path}.{method}")
        return reference.__wrapped__ if self._is_eager else reference

    def check(self) -> None:
        """Raise what a call has raised whose result nobody kept."""
        error, self._error = self._error, None
        if error is not None:
            raise error

    def finish(self) -> None:
        """Wait for what somebody still has a reference to, and fetch it while that is possible.

        Raises what a call has raised whose result nobody kept.
        """
        self.check()
        for pending in list(self._live):
            pending.keep()

    def end(self, error: BaseException | None = None) -> list[Fault]:
        """Let the workers close the workflow, and tell what went wrong at that.

        Because of an error, calls that have not begun are forgotten, and the others interrupted;
        where it is a signal, nothing is waited for.
        """
        if self.client.status != "running":
            return []
        if error is not None:
            self.client.cancel([pending.future for pending in self._live], force=True)  # type: ignore[no-untyped-call]  # of a package with few types
        is_signal = error is not None and not isinstance(error, Exception)
        limit = None if error is None else _PATIENCE
        said = self.client.run(ended, [self.owner], limit, wait=not is_signal, on_error="return")
        told = [faults for faults in (said or {}).values() if type(faults) is list]
        return [fault for faults in told for fault in faults]

    def _reference(self, future: Future[Any], where: str) -> Any:
        pending = _Pending(self, future, where)
        self._live.add(pending)
        return Reference(pending)

    def _packed(self, value: Any, futures: list[Future[Any]]) -> Any:
        """Arguments with a slot in the place of each reference."""
        if is_reference(value):
            pending = pending_of(value)
            pending.is_used = True
            futures.append(pending.future)
            return Slot(len(futures) - 1)
        if type(value) in {list, tuple, set, frozenset}:
            return type(value)(self._packed(each, futures) for each in value)
        if type(value) is dict:
            return {key: self._packed(each, futures) for key, each in value.items()}
        return value

    def items_of(self, pending: _Pending) -> list[Any] | None:
        """References to the items of a tuple on the cluster, None for what is no tuple."""
        future = self.client.submit(length, pending.future, pure=False)
        count = self.result_of(future, pending.where)
        if count is None:
            return None
        return [
            self._reference(
                self.client.submit(part, pending.future, number, pure=False), pending.where
            )
            for number in range(count)
        ]

    def result_of(self, future: Future[Any], where: str) -> Any:
        """Wait for what a call returns; see `waiting`."""
        path, _, _ = where.rpartition(".")
        return result_of(self.client, future, where, self._needs.get(path, {}))

    def wait_for(self, pending: _Pending) -> None:
        """Wait for a call whose result nobody kept; what it raises is raised by the next look."""
        if threading.get_ident() != self._thread:
            return
        try:
            pending.value()
        except Exception as error:  # noqa: BLE001 - it is raised later
            self._error = self._error or error


class _Pending:
    """A result on the cluster."""

    def __init__(self, session: Session, future: Future[Any], where: str) -> None:
        self.future = future
        self.where = where
        self.is_used = False
        self._session = session
        self._kept: list[Any] = []

    def value(self) -> Any:
        self.is_used = True
        if not self._kept:
            self._kept.append(self._fetched())
        return self._kept[0]

    def items(self) -> list[Any] | None:
        self.is_used = True
        try:
            return None if self._kept else self._session.items_of(self)
        except CallFailed as error:
            raise error_of(error) from None

    def dropped(self) -> None:
        if not self.is_used:
            self._session.wait_for(self)

    def keep(self) -> None:
        """Fetch the value now, if there is one, while there is a cluster to fetch it from."""
        if self.future.status != "error":
            self.value()

    def _fetched(self) -> Any:
        try:
            result: Result = self._session.result_of(self.future, self.where)
        except CallFailed as error:
            raise error_of(error) from None
        return result.value


def error_of(failed: CallFailed) -> BaseException:
    """The error that a method raised on a worker, with a note of where, and the traceback there."""
    error: BaseException
    try:
        error = pickle.loads(failed.cause) if failed.cause else RemoteError(failed.said)  # noqa: S301 - our own worker packed it
    except Exception:  # noqa: BLE001 - its module may not be here
        error = RemoteError(failed.said)
    error.add_note(f"raised in `{failed.where}` on a worker:\n{failed.trace}")
    return error
