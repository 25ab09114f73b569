"""One call of a method on a worker: what is sent, what is done with it, what comes back."""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from dask.sizeof import sizeof

from lolpop_graph.remote.kept import with_kept
from lolpop_graph.shipment import Shipment


@dataclass(frozen=True)
class Slot:
    """In the arguments of a call, the place of a result that is on the cluster."""

    number: int


@dataclass(frozen=True)
class Result:
    """What a method returned; a cluster that logs or shows it shows nothing of it."""

    value: Any = field(repr=False)

    def __sizeof__(self) -> int:
        """The size of the value in bytes, by which Dask chooses workers and frees memory."""
        return int(sizeof(self.value))


@dataclass(frozen=True)
class Call:
    """A method of an integration, and what it is called with; shows neither arguments nor config.

    `owner` is the session that calls. `contexts` has, by path, what components of the driver say
    that calls elsewhere must know.
    """

    shipment: Shipment = field(repr=False)
    owner: str
    path: str
    method: str
    args: tuple[Any, ...] = field(repr=False)
    kwargs: Mapping[str, Any] = field(repr=False)
    contexts: Mapping[str, Any] = field(repr=False)


class CallFailed(Exception):  # noqa: N818 - it says what happened
    """A call that raised on a worker, without secrets in what it says.

    `cause` is the error itself, pickled; None where it does not pickle.
    """

    def __init__(self, where: str, said: str, trace: str, cause: bytes | None) -> None:
        """Carry what is known of the error."""
        super().__init__(where, said, trace, cause)
        self.where = where
        self.said = said
        self.trace = trace
        self.cause = cause

    def __repr__(self) -> str:
        """Where it was, and what was said there."""
        return f"{self.where}: {self.said}"

    __str__ = __repr__


def perform(call: Call, *results: Result) -> Result:
    """Do on this worker what a call asks for; `results` fill its slots.

    Raises CallFailed for whatever the method raises, and WorkflowError where the workflow cannot
    be built here.
    """
    return with_kept(
        call.shipment, call.owner, lambda workflow: _performed(workflow, call, results)
    )


def _performed(workflow: Any, call: Call, results: tuple[Result, ...]) -> Result:
    with ExitStack() as contexts:
        try:
            for path, context in call.contexts.items():
                contexts.enter_context(workflow[path].in_remote_context(context))
            method = getattr(workflow[call.path], call.method)
            args = filled(call.args, results)
            return Result(method(*args, **filled(dict(call.kwargs), results)))
        except BaseException as error:  # noqa: BLE001 - whatever it is, the driver is told
            raise failure(error, call, workflow.plan.without_secrets) from None


def part(result: Result, number: int) -> Result:
    """One item of a tuple that is on this worker."""
    return Result(result.value[number])


def length(result: Result) -> int | None:
    """How many items a tuple has that is on this worker; None for what is no tuple."""
    return len(result.value) if type(result.value) is tuple else None


def filled(value: Any, results: tuple[Result, ...]) -> Any:
    """Arguments with results in the place of slots, within lists, tuples, sets and dicts too."""
    return _replaced(value, Slot, lambda slot: results[slot.number].value)


def _replaced(value: Any, kind: type, replace: Callable[[Any], Any]) -> Any:
    if type(value) is kind:
        return replace(value)
    if type(value) in {list, tuple, set, frozenset}:
        return type(value)(_replaced(each, kind, replace) for each in value)
    if type(value) is dict:
        return {key: _replaced(each, kind, replace) for key, each in value.items()}
    return value


def failure(error: BaseException, call: Call, scrub: Callable[[str], str]) -> CallFailed:
    """What the driver is told of an error that a method raised."""
    trace = "".join(traceback.format_exception(error))
    said = scrub("".join(traceback.format_exception_only(error)).strip())
    try:
        cause = pickle.dumps(error)
        pickle.loads(cause)  # noqa: S301 - what was just packed
    except Exception:  # noqa: BLE001 - what refuses to pickle raises what it likes
        cause = None
    return CallFailed(f"{call.path}.{call.method}", said, scrub(trace), cause)
