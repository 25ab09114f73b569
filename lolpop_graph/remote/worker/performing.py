"""Does on a worker what a call asks for, and packs what comes of it."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from types import EllipsisType
from typing import Any

from lolpop_graph import faults as f
from lolpop_graph.errors import ElsewhereError
from lolpop_graph.remote.call import INTEGRATION, Call, Result, cannot_travel, integration_at
from lolpop_graph.remote.dask_logs import told_by_driver
from lolpop_graph.remote.failures import failure
from lolpop_graph.remote.packing import packed, unpacked
from lolpop_graph.remote.worker.cache import with_workflow
from lolpop_graph.remote.worker.control import see_to_closing_here

_UNCHANGING = (int, float, complex, str, bytes, Enum, PurePath, date, time, timedelta, Decimal)


def perform(call: Call, *results: Result) -> Result:
    """Do on this worker what a call asks for; `results` are those that its arguments name.

    Raises CallFailed for whatever the method raises, and WorkflowError where the workflow cannot
    be built here.
    """
    see_to_closing_here()
    return with_workflow(
        call.shipment, call.owner, lambda workflow: _performed(workflow, call, results)
    )


def _performed(workflow: Any, call: Call, results: tuple[Result, ...]) -> Result:
    try:
        if call.is_attribute:
            return _packed(_attribute(workflow, call), workflow, call.where)
        args, kwargs = unpacked(call.arguments, _filling(workflow, results))
        with ExitStack() as contexts:
            for path, context in call.contexts.items():
                contexts.enter_context(workflow[path].in_remote_context(context))
            returned = getattr(workflow[call.path], call.method)(*args, **kwargs)
            if inspect.iscoroutine(returned):
                returned = asyncio.run(returned)
        return _packed(returned, workflow, call.where)
    except BaseException as error:  # noqa: BLE001 - whatever it is, the driver is told
        told_by_driver(call.key)
        scrub = workflow.plan.without_secrets
        raise failure(error, call.where, call.key, scrub) from None


def _attribute(workflow: Any, call: Call) -> Any:
    """An attribute that nothing changes; ElsewhereError (LG825) where that cannot be said of it."""
    integration = workflow[call.path]
    value = getattr(integration, call.method)
    if not _is_unchanging(value):
        kind = type(integration).__name__
        raise ElsewhereError([f.StaysOnWorkers(path=call.path, class_name=kind, name=call.method)])
    return value


def _is_unchanging(value: Any) -> bool:
    if isinstance(value, tuple | frozenset):
        return all(map(_is_unchanging, value))
    return value is None or isinstance(value, _UNCHANGING)


def _filling(workflow: Any, results: tuple[Result, ...]) -> Callable[[Any], Any]:
    """What answers for all that stands for something in arguments; the same result once."""
    values: dict[int, Any] = {}

    def original(stand_in: tuple[str, Any]) -> Any:
        kind, which = stand_in
        if kind == INTEGRATION:
            return workflow[which]
        if which not in values:
            values[which] = results[which].value(workflow.__getitem__)
        return values[which]

    return original


def _packed(returned: Any, workflow: Any, where: str) -> Result:
    """What a method returned; ElsewhereError (LG846) where that cannot leave this process."""
    paths = {id(instance): path for path, instance in workflow.items()}
    try:
        return Result(packed(returned, lambda each: integration_at(paths.get(id(each)))))
    except Exception as error:  # noqa: BLE001 - what refuses to pickle raises what it likes
        what = f"what `{where}` returned"
        raise cannot_travel(what, returned, error) from None


def part(result: Result, number: int, count: int, where: str, key: str) -> Result:
    """One item of a result on this worker that is unpacked into `count` of them.

    Raises CallFailed with what Python says where it does not have as many.
    """
    try:
        items = _items(unpacked(result.content, _Stand), count)
        return Result(packed(items[number], lambda each: each.of if type(each) is _Stand else None))
    except Exception as error:  # noqa: BLE001 - whatever it is, the driver is told
        told_by_driver(f"{key}-{number}")
        raise failure(error, where, key, str) from None


def singleton(result: Result) -> bool:
    """Whether a result is one of those objects of which there is one, as None and True are."""
    value = unpacked(result.content, _Stand)
    return value is None or isinstance(value, bool | EllipsisType)


@dataclass(frozen=True)
class _Stand:
    """An integration in a result that is looked into where there is no workflow."""

    of: tuple[str, str]


def _items(value: Any, count: int) -> list[Any]:
    """What something is unpacked into; in other cases what Python itself raises then."""
    if not isinstance(value, Iterable):
        message = f"cannot unpack non-iterable {type(value).__name__} object"
        raise TypeError(message)
    items = list(value)
    if len(items) > count:
        message = f"too many values to unpack (expected {count})"
        raise ValueError(message)
    if len(items) < count:
        message = f"not enough values to unpack (expected {count}, got {len(items)})"
        raise ValueError(message)
    return items
