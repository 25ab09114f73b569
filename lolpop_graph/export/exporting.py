"""From a plan to the text of a file that runs one of its methods in another system."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from lolpop_graph import faults as f
from lolpop_graph.decorated import wrapping
from lolpop_graph.errors import Fault, Severity, WorkflowError
from lolpop_graph.export.command import command_line
from lolpop_graph.export.engines import NAMES, engine_for
from lolpop_graph.export.frame import HEADER, program
from lolpop_graph.export.given import check_argument, sources_of
from lolpop_graph.export.left_behind import left_behind
from lolpop_graph.export.names import Names, label
from lolpop_graph.export.planned import Planned
from lolpop_graph.export.request import Request
from lolpop_graph.export.signature import Signature, signature_of
from lolpop_graph.export.steps import NotStraightError, Steps, one_step, read_steps
from lolpop_graph.export.written import marked
from lolpop_graph.methods import class_with
from lolpop_graph.planning import Given


@dataclass(frozen=True)
class Export:
    """The text of a file, the names of its tasks, and what is to be known of it."""

    text: str
    tasks: tuple[str, ...]
    warnings: tuple[Fault, ...]


def export(plan: Planned, given: Given, asked: Request) -> Export:
    """Make the text of a file; the classes are found for it, which imports their modules.

    Raises WorkflowError for classes that are not as a build needs them, an engine (LG841) or a
    method (LG704) that there is none of, what a script cannot have (LG843), arguments that do
    not fit the method (LG844), and for calls that are wanted and not there (LG845).
    """
    if asked.to not in NAMES:
        raise WorkflowError([f.NoSuchEngine(name=asked.to, known=NAMES)])
    engine = engine_for(asked.to)
    cls = class_with(plan, asked.method)
    function = _called(cls, asked.method)
    for number, argument in enumerate(asked.arguments, start=1):
        check_argument(plan, f"argument {number} of the method", argument)
    signature = signature_of(asked.method, function, asked.arguments)
    own = Names([*HEADER, *engine.RESERVED])
    sources = sources_of(plan, given, asked.path.absolute().parent, own)
    steps, warnings = _divided(plan, cls, asked, signature)
    made = program(
        steps,
        signature,
        method=asked.method,
        flow_label=_label(plan, asked),
        sources=sources,
        reserved=engine.RESERVED,
        title=f"Run `{asked.method}` of {cls.__name__} with {engine.TITLE}.",
        made=_made(plan, given, asked),
        file=asked.path.name,
    )
    body = marked(engine.write(made), _version())
    return Export(body, tuple(task.label for task in made.tasks), warnings)


def _called(cls: type, method: str) -> Any:
    """What is called by the name of a method; WorkflowError where only an `await` would run it."""
    function = getattr(cls, method)
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        reason = "its tasks would have to wait for it with `await`"
        remedy = "export a method that does, such as by `asyncio.run`"
        what = f"the method `{method}`"
        raise WorkflowError([f.NotInScript(what=what, reason=reason, remedy=remedy)])
    return function


def _divided(
    plan: Planned, cls: type, asked: Request, signature: Signature
) -> tuple[Steps, tuple[Fault, ...]]:
    """The tasks of a method, and warnings of what they may do wrong."""
    root = plan.integrations[0]
    if asked.steps == "one":
        return one_step(root, asked.method, signature, "it was exported so"), ()
    try:
        found = _read(plan, cls, asked, signature)
    except NotStraightError as error:
        if asked.steps == "calls":
            fault = f.NotDivided(method=asked.method, reason=f"there is {error}")
            raise WorkflowError([plan.shown(fault)]) from None
        return one_step(root, asked.method, signature, f"there is {error}"), ()
    left = left_behind(plan.find_classes(), found.steps)
    if not left:
        return found, ()
    is_kept = asked.steps == "calls"
    warning = f.NotDivided(
        severity=Severity.WARNING, method=asked.method, reason=left, is_divided=is_kept
    )
    steps = found if is_kept else one_step(root, asked.method, signature, left)
    return steps, (plan.shown(warning),)


def _read(plan: Planned, cls: type, asked: Request, signature: Signature) -> Steps:
    root = plan.integrations[0]
    decorator = next(wrapping(root), None)
    if decorator is not None:
        found = f"the decorator `{decorator.decorator.name}` around the root"
        raise NotStraightError(found)
    steps = read_steps(root, cls, asked.method, signature)
    if not steps.steps:
        raise NotStraightError("no call of an integration")
    return steps


def _label(plan: Planned, asked: Request) -> str:
    """The name of the flow: the one asked for, or that of the workflow and the method."""
    if asked.name:
        return label([asked.name])
    source = plan.document.sources[0]
    stem = Path(source.name).stem
    named = Path(source.folder).name if stem == "workflow" and source.folder else stem
    return label([named or stem, asked.method])


def _made(plan: Planned, given: Given, asked: Request) -> tuple[str, ...]:
    """What a docstring says of where the file comes from."""
    line = command_line(plan, given, asked)
    sources = zip(given.confs, plan.document.sources, strict=False)
    names = " and ".join(source.name for _, source in sources)
    said = f"Made by lolpop-graph {_version()} from {names}."
    if line is None:
        return (said,)
    return (f"{said} Make it again with:", f"    {line}")


def _version() -> str:
    try:
        return version("lolpop-graph")
    except PackageNotFoundError:
        return "(not installed)"
