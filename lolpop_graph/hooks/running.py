"""Builds a workflow under its hooks, calls a method of its root, and reports."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lolpop_graph.document import Conf
from lolpop_graph.errors import Fault, WorkflowError
from lolpop_graph.hooks.declared import Declarations
from lolpop_graph.hooks.planned import Planned
from lolpop_graph.hooks.report import HookReport
from lolpop_graph.hooks.resolved import Hook, Resolver
from lolpop_graph.hooks.watching import Stopped, Watch
from lolpop_graph.interrupts import Held
from lolpop_graph.methods import method_raised, no_such_method
from lolpop_graph.model import Integration

if TYPE_CHECKING:
    from lolpop_graph.instantiate import Progress

_CLOSING = ("workflow", "instantiate", "lifecycle", "hooks.running", "hooks.watching")
"""The modules between a workflow that is built and its being closed."""


@dataclass(frozen=True, kw_only=True)
class Choices:
    """How a workflow is tested.

    `method` of the root is called with `arguments`. Hooks that fail do not end the run where it is
    to be `keep_going`; hooks that are not reached are no failure where `allow_unreached` says so.
    `replace` has doubles by path, `progress` is that of a build.
    """

    method: str = "main"
    arguments: Sequence[Any] = ()
    keep_going: bool = False
    allow_unreached: bool = False
    replace: Mapping[str, Any] = field(default_factory=dict)
    progress: Progress | None = None


def run_hooks(plan: Planned, tests: Iterable[Conf], choices: Choices) -> HookReport:
    """Run a workflow under the hooks of its own `tests:` section and of `tests`, and report.

    Raises WorkflowError, before anything is built, for tests and classes that are at fault. What
    the workflow raises later is a part of the report.
    """
    class_of = classes_of(plan, choices.replace)
    hooks = resolved_hooks(plan, tests, choices.replace, class_of)
    root = plan.integrations[0]
    if root.path not in choices.replace:
        cls = class_of(root) or object
        if fault := no_such_method(root, cls, choices.method, plan.place(root)):
            raise WorkflowError([plan.shown(fault)])
    watch = Watch(plan, hooks, keep_going=choices.keep_going)
    start = time.perf_counter()
    ending = _Ending()
    ending.of(lambda: _run(plan, watch, choices, ending))
    return HookReport(
        workflow=plan.without_secrets(plan.document.name),
        root=root.path,
        method=choices.method,
        hooks=watch.results(),
        seconds=time.perf_counter() - start,
        stopped_by=watch.stopped_by(),
        faults=tuple(ending.faults),
        allows_unreached=choices.allow_unreached,
        error=ending.error,
        result=ending.result,
        _plan=plan,
    )


def resolved_hooks(
    plan: Planned,
    tests: Iterable[Conf],
    replace: Mapping[str, Any],
    class_of: Callable[[Integration], type | None],
) -> list[Hook]:
    """The hooks of a plan; WorkflowError with all that is wrong with them."""
    declarations = Declarations(plan.document, plan.framework, plan.integrations[0], tests)
    resolver = Resolver(plan, declarations, class_of, replace)
    hooks = resolver.hooks()
    if found := [*declarations.faults, *resolver.faults]:
        raise WorkflowError(declarations.document.showing.faults(found))
    return hooks


def classes_of(plan: Planned, replace: Mapping[str, Any]) -> Callable[[Integration], type | None]:
    """What answers with the class of an integration; WorkflowError where one is not found."""
    casting = plan.find_classes(replace)

    def class_of(integration: Integration) -> type | None:
        if integration.path in replace:
            return type(replace[integration.path])
        info = casting.info(integration)
        return info.cls if info else None

    return class_of


def _run(plan: Planned, watch: Watch, choices: Choices, ending: _Ending) -> None:
    """Build, call, close; hooks are attached before the first `setup`."""
    held = Held(*(f"lolpop_graph.{name}" for name in _CLOSING), is_patient=False)
    try:
        with (
            held,
            plan.build_around(
                None, replace=choices.replace, progress=choices.progress, wired=watch.attach
            ) as workflow,
            held.released(),
        ):
            try:
                method = getattr(workflow.root, choices.method)
                ending.result = method(*choices.arguments)
            except (Exception, SystemExit) as error:
                fault = method_raised(plan.integrations[0], choices.method, error, plan.place)
                raise WorkflowError([plan.shown(fault)]) from error
    finally:
        watch.detach()


@dataclass
class _Ending:
    """How a run came to its end: with a result, or with what the workflow raised."""

    result: Any = None
    error: BaseException | None = None
    faults: list[Fault] = field(default_factory=list)

    def of(self, run: Callable[[], None]) -> None:
        """Run, and take what is raised, but for Ctrl-C."""
        try:
            run()
        except WorkflowError as error:
            self.error, self.faults = error.__cause__, [*error.faults]
        except Stopped:
            pass
