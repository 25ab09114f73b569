"""A workflow whose pipelines live in other processes, without any: each call has its own build."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

Perform = Callable[[bytes], bytes]
"""Does a packed call and packs the result: `perform`, or what has it done in another process."""


def perform(packed: bytes) -> bytes:
    """Build the workflow anew, do one call within the contexts of the caller, and close it."""
    shipment, contexts, path, method, args, kwargs = pickle.loads(packed)
    with shipment.plan().build() as workflow, ExitStack() as stack:
        for other, context in contexts.items():
            stack.enter_context(workflow[other].in_remote_context(context))
        return pickle.dumps(getattr(workflow[path], method)(*args, **kwargs))


class Afar:
    """Stands for a pipeline; knows the methods of its class, and nothing that these set."""

    def __init__(self, path: str, cls: type, call: Callable[..., Any]) -> None:
        """Answer for the pipeline of a path."""
        self._path = path
        self._cls = cls
        self._call = call

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or not callable(getattr(self._cls, name, None)):
            raise AttributeError(name)
        return lambda *args, **kwargs: self._call(self._path, name, args, kwargs)


@contextmanager
def with_pipelines_afar(plan: Any, do: Perform = perform) -> Iterator[Any]:
    """The workflow of a plan, its root in this process and its pipelines wherever `do` does it."""
    shipment = plan.shipment

    def call(*what: Any) -> Any:
        contexts = {
            path: part.remote_context()
            for path, part in workflow.items()
            if hasattr(type(part), "remote_context")
        }
        return pickle.loads(do(pickle.dumps((shipment, contexts, *what))))

    casting = plan.find_classes()
    replace = {
        each.path: Afar(each.path, casting.info(each).cls, call)
        for each in plan.integrations
        if each.group.layer.name == "pipeline"
    }
    with plan.build(replace=replace) as workflow:
        yield workflow
