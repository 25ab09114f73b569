"""A file for Prefect 3: a flow whose tasks are called one after the other."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lolpop_graph.export.frame import (
    Program,
    Task,
    builder,
    constants,
    docstring,
    function,
    joined,
)
from lolpop_graph.export.order import order_of
from lolpop_graph.export.printing import (
    Printed,
    call,
    definition,
    lines,
    prefixed,
    text,
)
from lolpop_graph.export.steps import RESULT

TITLE = "Prefect"
RESERVED = ("NO_CACHE", "flow", "return_state", "task", "wait_for")
"""The names that a file of this kind needs, and those that Prefect keeps."""
_TASKS = "Values pass from task to task by Prefect, in memory."


def write(made: Program) -> str:
    """The text of the file."""
    run = "Run it where Prefect and all that the workflow needs are installed:"
    said = (made.title, *made.made, run, f"    python {made.file}", made.told, _TASKS)
    return joined(
        [
            docstring(said, made.parameters),
            _beginning(made),
            builder(made.sources),
            *(_task(made, task) for task in made.tasks),
            _flow(made),
            ['if __name__ == "__main__":', f"    {made.flow}()"],
        ]
    )


def _beginning(made: Program) -> Iterator[str]:
    yield "from collections.abc import Iterator"
    yield "from contextlib import chdir, contextmanager"
    yield "from pathlib import Path"
    yield "from typing import Any"
    yield ""
    yield "import lolpop_graph as lg"
    yield "from prefect import flow, task"
    yield "from prefect.cache_policies import NO_CACHE"
    yield from made.sources.imports
    yield ""
    yield from constants(made.sources)


def _task(made: Program, task: Task) -> Iterator[str]:
    retries = {"retries": str(task.retries)} if task.retries else {}
    # Else a second call with the same arguments would be none.
    decorator = call("task", name=text(task.label), **retries, cache_policy="NO_CACHE")
    called = prefixed("return ", made.call_of(task.step))
    yield from function(made, task, decorator, lines(called, 2))


def _flow(made: Program) -> Iterator[str]:
    yield from lines(prefixed("@", call("flow", name=text(made.label))))
    yield from lines(definition(made.flow, made.signature, "Any"))
    yield f'    """{_told(made)}"""'
    order = order_of([task.step for task in made.tasks], made.result)
    for number, task in enumerate(made.tasks):
        yield from lines(_called(made, task, order.kept(number, task.step)), 1)
    if made.result is not None and not _is_unnamed(made.result):
        yield from lines(prefixed("return ", made.code(made.result)), 1)


def _told(made: Program) -> str:
    return "Call the tasks in the order of the method." if len(made.tasks) > 1 else "Call the task."


def _called(made: Program, task: Task, kept: tuple[str, ...]) -> Printed:
    called = call(task.function, *(made.variables[name] for name in task.step.names))
    if not kept:
        return called
    is_returned = kept == (RESULT,) and made.result is not None and _is_unnamed(made.result)
    return prefixed("return " if is_returned else f"{made.targets(task.step)} = ", called)


def _is_unnamed(result: ast.expr) -> bool:
    """Whether what is returned is a call, whose value has no name in the method."""
    return isinstance(result, ast.Name) and result.id == RESULT
