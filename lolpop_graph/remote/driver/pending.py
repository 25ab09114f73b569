"""A result on the cluster, as the driver knows it: what became of it, and who was told."""

from __future__ import annotations

import threading
from collections import deque
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Protocol

from lolpop_graph.remote.dataflow.call_sites import is_tried
from lolpop_graph.remote.dataflow.uses import Use
from lolpop_graph.remote.failures import CallFailed
from lolpop_graph.remote.packing import packed

if TYPE_CHECKING:
    from distributed import Future

    from lolpop_graph.remote.call import Result
    from lolpop_graph.remote.driver.registry import Registry

_UNCHANGING = frozenset((int, float, complex, bool, str, bytes, type(None), range))


class Calls(Protocol):
    """The calls of one workflow, as each result that comes of them knows them."""

    dropped: deque[Pending]
    registry: Registry

    def settle(self) -> None:
        """Wait for the calls whose results nobody kept; raises what they raised."""

    def earlier_failure(self, pending: Pending) -> Pending:
        """The first call that has failed, untold, up to this one that has."""

    def tell(self, pending: Pending) -> bool:
        """Note that somebody is told what a call has raised; whether it is for the first time."""

    def wait_for(self, pending: Pending) -> None:
        """Wait until a call has ended, however it did."""

    def result_of(self, pending: Pending) -> Result:
        """Wait for what a call returns."""

    def opened(self, result: Result) -> Any:
        """The value of a result."""

    def items_of(self, pending: Pending, size: int) -> list[Any]:
        """References to the items that a result on the cluster is unpacked into."""


class Pending:
    """A result on the cluster. It is asked for from any thread, and fetched once.

    `where` is the integration and the method that it is of, `number` its place among all calls,
    `use` what the driver's code does with it and its items.
    """

    def __init__(self, calls: Calls, future: Future[Any], where: str, number: int) -> None:
        """Stand for what a call returns, or for a part of that."""
        self.number = number
        self.future = future
        self.where = where
        self.thread = threading.get_ident()
        self.is_used = False
        self.use = Use.KEPT
        self.is_fetched = False
        self._calls = calls
        self._lock = threading.RLock()
        self._value: Any = None
        self._error: BaseException | None = None
        self._before = b""

    def value(self) -> Any:
        """Wait for the value and fetch it; raises what the call raised, each time the same."""
        self._calls.settle()
        return self.value_alone()

    def value_alone(self) -> Any:
        """Do the same, without a look at what calls have raised whose results nobody kept."""
        self.is_used = True
        with self._lock:
            if not self.is_fetched:
                self._fetch()
        if self._error is None:
            return self._value
        # What has failed before was not within the `try` that may catch this one.
        first = self if is_tried() else self._calls.earlier_failure(self)
        self._calls.tell(first)
        raise (first.waited() or self._error).with_traceback(None)

    def waited(self) -> BaseException | None:
        """Wait for the call, and leave the value where it is; what it raised."""
        with self._lock:
            if not self.is_fetched and self._failed() is not None:
                self._fetch()
            return self._error

    @property
    def failed_call(self) -> str:
        """The key of the call that has raised, which may be one that this one depends on."""
        failed = self._failed()
        return failed.key if isinstance(failed, CallFailed) else str(self.future.key)

    @property
    def is_done(self) -> bool:
        """Whether the call has ended."""
        return bool(self.future.done())  # type: ignore[no-untyped-call]  # of a package with few types

    def _failed(self) -> BaseException | None:
        self._calls.wait_for(self)
        error: BaseException | None = self.future.exception()  # type: ignore[no-untyped-call]  # the same
        return error

    def _fetch(self) -> None:
        try:
            self._value = self._calls.opened(self._calls.result_of(self))
            self._before = self._fingerprint()
        except CallFailed as error:
            self._error = error.original()
            # Dask keeps it while this is there, and this would be there by its frames.
            error.__traceback__ = None
        except Exception as error:  # noqa: BLE001 - what is wrong with the cluster is raised by each look
            self._error = error.with_traceback(None)
        self.is_fetched = True

    @property
    def is_changed(self) -> bool:
        """Whether the driver's code has changed the value that it has fetched."""
        with self._lock:
            return self.is_fetched and self._fingerprint() != self._before

    def _fingerprint(self) -> bytes:
        if type(self._value) in _UNCHANGING:
            return b""
        content = packed(self._value, self._calls.registry.stand_in)
        return blake2b(content, digest_size=16).digest()

    def items(self, count: int) -> list[Any]:
        """References to the items that the value is unpacked into."""
        self.is_used = True
        return self._calls.items_of(self, count)

    def dropped(self) -> None:
        """Remember that nobody will look at it any more; this is called from anywhere."""
        if not self.is_used:
            self._calls.dropped.append(self)
