"""What the files of all engines have: names without clashes, a beginning, and what builds."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lolpop_graph.export.given import Sources
from lolpop_graph.export.names import Names, below_root, label, variable
from lolpop_graph.export.printing import (
    WIDEST,
    Bracketed,
    Printed,
    call,
    definition,
    expression,
    lines,
    prefixed,
    value,
    width,
)
from lolpop_graph.export.signature import Signature
from lolpop_graph.export.steps import Step, Steps, renamed
from lolpop_graph.placement import resources_of, retries_of

HEADER = ("Any", "CONFS", "FOLDER", "HERE", "Iterator", "OPTIONS", "Path", "built", "chdir",
          "contextmanager", "lg", "workflow")  # fmt: skip
"""The names that the beginning of a file has."""
_TASKS = """\
Each task builds the workflow anew, calls one method and closes the workflow; what a method sets
on its object is gone with it."""
_ROOT = ast.parse("workflow.root", mode="eval").body


@dataclass(frozen=True)
class Task:
    """A step as a task: the function that is it, and what its engine calls it."""

    step: Step
    function: str
    label: str

    @property
    def retries(self) -> int:
        """How often it is tried again."""
        return retries_of(self.step.integration)

    @property
    def comment(self) -> str:
        """What is to be known of it and is not for the engine; empty for nothing."""
        needs = resources_of(self.step.integration)
        said = ", ".join(f"{name} {amount:g}" for name, amount in needs.items())
        return f"# Resources that the workflow asks for: {said}" if said else ""


@dataclass(frozen=True)
class Program:
    """A file that is to be written.

    `flow` is the function that is the flow, `label` its name in the engine; `parameters` its
    own, with values; `variables` the name in the file for each name in the method. `title` and
    `made` are what its docstring says first, `file` is its name, and `taken` are the names of
    what is at its top.
    """

    tasks: tuple[Task, ...]
    result: ast.expr | None
    reason: str
    flow: str
    label: str
    parameters: Mapping[str, Any]
    variables: Mapping[str, str]
    sources: Sources
    title: str
    made: tuple[str, ...]
    file: str
    taken: frozenset[str]

    def code(self, node: ast.expr, names: Mapping[str, ast.expr] | None = None) -> Printed:
        """An expression of the method, with the names that the file has, or others for them."""
        own: dict[str, ast.expr] = {name: ast.Name(known) for name, known in self.variables.items()}
        return expression(renamed(node, {**own, **(names or {})}))

    def call_of(self, step: Step, names: Mapping[str, ast.expr] | None = None) -> Printed:
        """The call of a step within its task."""
        return self.code(step.call, {**(names or {}), step.itself: _ROOT})

    def targets(self, step: Step) -> str:
        """What the value of a step is assigned to; empty for nothing."""
        names = [self.variables[name] for name in step.targets]
        return f"({names[0]},)" if step.unpacks and len(names) == 1 else ", ".join(names)

    @property
    def told(self) -> str:
        """What a docstring says of the tasks."""
        if self.reason:
            return "Its one task builds the workflow, calls the method, and closes the workflow."
        return _TASKS

    @property
    def signature(self) -> tuple[str, ...]:
        """The parameters of the flow, as they are written."""
        return tuple(
            f"{self.variables[name]}: Any = {_flat(given)}"
            for name, given in self.parameters.items()
        )


def program(  # noqa: PLR0913 - what a file has is found out in several places
    steps: Steps,
    signature: Signature,
    *,
    method: str,
    flow_label: str,
    sources: Sources,
    reserved: Iterable[str],
    title: str,
    made: tuple[str, ...],
    file: str,
) -> Program:
    """Find a name for all that a file has."""
    own = (*HEADER, *reserved, *sources.names)
    names = Names(own)
    flow = names.new(variable(method))
    labels = Names(is_code=False)
    tasks = []
    for step in steps.steps:
        words = [*below_root(step.integration), step.method]
        function = names.new(variable("_".join(words)))
        tasks.append(Task(step, function, labels.new(label(words))))
    used = dict.fromkeys(
        [*signature.parameters, *(name for step in steps.steps for name in step.targets)]
    )
    return Program(
        tasks=tuple(tasks),
        result=steps.result,
        reason=steps.reason,
        flow=flow,
        label=flow_label,
        parameters=signature.parameters,
        variables={name: names.new(variable(name)) for name in used},
        sources=sources,
        title=title,
        made=made,
        file=file,
        taken=frozenset((*own, flow, *(task.function for task in tasks))),
    )


def docstring(paragraphs: Iterable[str], parameters: Mapping[str, Any]) -> Iterator[str]:
    """The lines of a docstring, one paragraph after the other, and what linters are told."""
    body = "\n\n".join(paragraphs).replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    if "\n" not in body:
        yield f'"""{body}"""'
    else:
        yield from f'"""{body}\n"""'.split("\n")
    if any(isinstance(given, list | dict) for given in parameters.values()):
        # Engines do not change the defaults of a flow's parameters, nor does what is written here.
        yield "# ruff: noqa: B006"


def constants(sources: Sources) -> Iterator[str]:
    """The lines that say what a workflow is built of."""
    yield "HERE = Path(__file__).resolve().parent"
    yield "# Where relative paths in the workflow's config start from."
    yield from lines(prefixed("FOLDER = ", sources.folder))
    yield from lines(prefixed("CONFS = ", Bracketed("[", sources.confs, "]")))
    if sources.options.items:
        yield from lines(prefixed("OPTIONS: dict[str, Any] = ", sources.options))


def builder(sources: Sources) -> Iterator[str]:
    """The function that builds a workflow for a task."""
    options = ["**OPTIONS"] if sources.options.items else []
    built = _flat_call("lg.build", "*CONFS", *options)
    yield "@contextmanager"
    yield "def built() -> Iterator[lg.Workflow]:"
    yield '    """Build the workflow for one task, and close it at the end."""'
    yield f"    with chdir(FOLDER), {built} as workflow:"
    yield "        yield workflow"


def function(made: Program, task: Task, decorator: Printed, body: Iterable[str]) -> Iterator[str]:
    """A function that is a task, with what is said of it."""
    if made.reason:
        yield f"# This is one task, since {made.reason}."
    if task.comment:
        yield task.comment
    yield from lines(prefixed("@", decorator))
    parameters = [f"{made.variables[name]}: Any" for name in task.step.names]
    yield from lines(definition(task.function, parameters, "Any"))
    yield "    with built() as workflow:"
    yield from body


def joined(blocks: Iterable[Iterable[str]]) -> str:
    """The text of a file: its blocks with two blank lines between them.

    Where a line is too long to be broken, formatters are told to leave all as it is.
    """
    beginning, *rest = filter(None, ([*block] for block in blocks))
    texts = ["\n".join(block) for block in rest]
    code = [line for each in texts for line in each.split("\n") if line.lstrip()[:1] != "#"]
    off = "\n# fmt: off" if any(width(line) > WIDEST for line in code) else ""
    first = "\n".join(beginning)
    return f"{first}{off}\n\n" + "\n\n\n".join(texts) + "\n"


def _flat_call(name: str, *items: str) -> str:
    return call(name, *items).flat()


def _flat(given: Any) -> str:
    printed = value(given)
    return printed if isinstance(printed, str) else printed.flat()
