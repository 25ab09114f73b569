"""Policies: what has to be true of every integration that an expression selects."""

from __future__ import annotations

from dataclasses import dataclass

from lolpop_graph.errors import WorkflowError
from lolpop_graph.faults import SelectsNothing
from lolpop_graph.model import Place
from lolpop_graph.text import counted
from lolpop_graph.workflow import Plan


@dataclass(frozen=True, slots=True)
class Violation:
    """An integration that a policy does not hold for, where it is declared, and why."""

    path: str
    place: Place
    reason: str = ""

    def __str__(self) -> str:
        """`workflow.yaml:4:3: runner.train`, and the reason where there is one."""
        return f"{self.place}: {self.path}{f' - {self.reason}' if self.reason else ''}"


def assert_policy(
    plan: Plan, selection: str, *, sees: str = "", must: str = "", why: str = ""
) -> None:
    """Fail unless every integration that is selected sees another one, or is what it must be.

    `selection` and `must` are expressions of the selection language: of "layer:pipeline" each one
    must be in "sees:metadata_tracker". `sees` is short for that: the name, path or expression of
    what has to be seen. `why` is said where the policy is violated, with every violator, its place
    and, for `sees`, the rule by which it does not.

    Raises AssertionError for violators, and where nothing is selected; WorkflowError for an
    expression that cannot be read; TypeError unless `sees` or `must` is given, and not both.
    """
    __tracebackhide__ = True
    wanted = _wanted(sees, must)
    if not plan.select(selection):
        message = f"the policy is about nothing: {selection!r} selects no integration"
        raise AssertionError(message)
    found = violations(plan, selection, sees=sees, must=must)
    if found:
        total = len(plan.select(selection))
        head = f"{len(found):,} of {counted(total, 'integration')} ({selection}) not in {wanted!r}"
        told = [f"{head}: {why}" if why else head, *(f"  {each}" for each in found)]
        raise AssertionError("\n".join(told))


def violations(
    plan: Plan, selection: str, *, sees: str = "", must: str = ""
) -> tuple[Violation, ...]:
    """The integrations that a policy does not hold for, in build order; see `assert_policy`."""
    wanted = _wanted(sees, must)
    try:
        fine = plan.select(wanted)
    except WorkflowError as error:
        # What the workflow does not have at all, nobody in it sees.
        if must or not all(isinstance(fault, SelectsNothing) for fault in error.faults):
            raise
        reason = error.faults[0].sentence
        return tuple(_violation(plan, path, reason) for path in plan.select(selection))
    return tuple(
        _violation(plan, path, _reason(plan, path, sees))
        for path in plan.select(selection)
        if path not in fine
    )


def _wanted(sees: str, must: str) -> str:
    if bool(sees) == bool(must):
        raise TypeError("a policy says what each integration `sees`, or what it `must` be")
    return must or f"sees:({sees})"


def _violation(plan: Plan, path: str, reason: str) -> Violation:
    place = plan.document.showing.place(plan.place(plan.integration(path)))
    return Violation(path, place, reason)


def _reason(plan: Plan, path: str, name: str) -> str:
    """By which rule an integration does not have another one, if that is a plain name."""
    if not name.replace(".", "_").isidentifier():
        return ""
    try:
        return plan.why(path, name).sentence
    except WorkflowError:
        return ""
