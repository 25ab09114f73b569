"""Plans and built workflows for tests, from markers and ini keys."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from lolpop_graph.errors import WorkflowError
from lolpop_graph.tracebacks import users_traceback
from lolpop_graph.workflow import Plan, Workflow
from lolpop_graph.workflow import plan as make_plan


def plan_of(
    marker: pytest.Mark | None,
    files: Sequence[Path],
    folder: Path,
    options: Mapping[str, Any],
) -> Plan:
    """The plan of the workflow that a marker names, else of `files`; faults fail the test.

    A file of a marker is relative to `folder`. `options` are keywords of `lolpop_graph.plan`,
    over which the marker may set others.
    """
    said = dict(marker.kwargs) if marker else {}
    said.pop("replace", None)
    named = [_from(folder, each) for each in marker.args] if marker else []
    with faults_told():
        return make_plan(*(named or files), **{**options, **said})


def built(
    plan: Plan, replace: Mapping[str, Any], fixture: Callable[[str], Any]
) -> Iterator[Workflow]:
    """The workflow of a plan with doubles by path, closed afterwards; `fixture` gives one."""
    doubles = {path: _double(each, fixture) for path, each in replace.items()}
    with faults_told():
        workflow = plan.build(replace=doubles)
    yield workflow
    with faults_told():
        workflow.close()


@contextmanager
def faults_told() -> Iterator[None]:
    """Let what is wrong with a workflow fail a test in the words that a command would have."""
    try:
        yield
    except WorkflowError as error:
        told = [str(error), *getattr(error, "__notes__", ())]
        told.append(users_traceback(error.__cause__))
        pytest.fail("\n".join(told).rstrip(), pytrace=False)


def _from(folder: Path, conf: Any) -> Any:
    """A file as seen from a folder; a mapping as it is."""
    return folder / conf if isinstance(conf, str | os.PathLike) else conf


def _double(said: Any, fixture: Callable[[str], Any]) -> Any:
    """A double: of a text the fixture, of a class an object, and of others themselves."""
    if isinstance(said, str):
        return fixture(said)
    return said() if isinstance(said, type) else said
