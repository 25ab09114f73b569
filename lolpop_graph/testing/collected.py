"""Workflow tests as tests of pytest: a test for each hook, and one for the run itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from lolpop_graph.errors import WorkflowError
from lolpop_graph.hooks.report import HookReport, HookResult
from lolpop_graph.hooks.running import classes_of, resolved_hooks
from lolpop_graph.tracebacks import users_traceback
from lolpop_graph.workflow import Plan
from lolpop_graph.workflow import plan as make_plan


class HookFile(pytest.File):
    """A file of workflow tests; the workflow is run once, when its first test is."""

    def __init__(self, *, workflows: Sequence[Path], method: str, **kwargs: Any) -> None:
        """Be the tests of the workflow in some files, whose root has the method to call."""
        super().__init__(**kwargs)
        self._workflows = workflows
        self._method = method

    def collect(self) -> Iterator[pytest.Item]:
        """A test for the run, and one for each hook."""
        try:
            plan, tests = self._plan()
            hooks = resolved_hooks(plan, tests, {}, classes_of(plan, {}))
        except WorkflowError as error:
            raise self.CollectError(str(error)) from None
        self._made = plan, tests
        name = f"{plan.integrations[0].path}.{self._method}"
        yield HookItem.from_parent(self, name=name, number=None)
        for number, hook in enumerate(hooks):
            name = f"{hook.path}.{hook.method} {hook.moment} {hook.name}"
            yield HookItem.from_parent(self, name=name, number=number, line=hook.place.line)

    def _plan(self) -> tuple[Plan, list[Path]]:
        """The plan to test, and the files of tests beside it."""
        if not self._workflows or self.path in self._workflows:
            # A workflow with a section of its own.
            return make_plan(*(self._workflows or [self.path])), []
        return make_plan(*self._workflows), [self.path]

    @cached_property
    def report(self) -> HookReport:
        """What came of the run, which a hook that fails ends: others are skipped then."""
        plan, tests = self._made
        return plan.test(*tests, method=self._method)


class HookItem(pytest.Item):
    """The test that one hook passes or, where it has no number, that the run came to its end."""

    def __init__(self, *, number: int | None, line: int = 1, **kwargs: Any) -> None:
        """Be the test of the hook with a number."""
        super().__init__(**kwargs)
        self._number = number
        self._line = line

    def runtest(self) -> None:
        """Fail where the hook did, and skip what the end of the run kept from being called."""
        file = self.parent
        assert isinstance(file, HookFile)  # noqa: S101 - for the checker of types
        report = file.report
        if self._number is None:
            _of_run(report)
        else:
            _of_hook(report.hooks[self._number], report)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *_: Any) -> Any:
        """What the hook said, without the frames of pytest."""
        if isinstance(excinfo.value, HookFailedError | WorkflowError):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the hook is declared."""
        return self.path, self._line - 1, self.name


class HookFailedError(AssertionError):
    """A hook, or the run, that did not pass."""


def _of_run(report: HookReport) -> None:
    told = list(map(str, report.faults))
    if told:
        told.append(users_traceback(report.error))
        raise HookFailedError("\n".join(told).rstrip())


def _of_hook(result: HookResult, report: HookReport) -> None:
    said = "\n".join(f"{each.message}\n{each.traceback}".strip() for each in result.failures)
    act = _ACTS.get(result.verdict)
    if act is not None:
        act(result, report, f"{result.place}: {said}" if said else str(result.place))


def _fail(_: HookResult, __: HookReport, words: str) -> None:
    raise HookFailedError(words)


def _miss(result: HookResult, report: HookReport, words: str) -> None:
    if not report.is_bad(result) or report.stopped_by or report.faults:
        pytest.skip(f"{words}: not reached")
    message = f"{words}: the hook was never called"
    raise HookFailedError(message)


def _warn(result: HookResult, _: HookReport, words: str) -> None:
    import warnings  # noqa: PLC0415 - few hooks warn

    warnings.warn(f"{result.name}: {words}", pytest.PytestWarning, stacklevel=1)


_ACTS: dict[str, Callable[[HookResult, HookReport, str], None]] = {
    "failed": _fail,
    "unreached": _miss,
    "warned": _warn,
}
