"""What pytest gets: fixtures `plan` and `workflow`, a golden graph, and tests files as tests.

It is loaded by every run of pytest where lolpop_graph is installed, so nothing else of the package
is imported before a test, an option or an ini key asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from lolpop_graph.testing.collected import HookFile
    from lolpop_graph.workflow import Plan, Workflow

MARKER = "workflow"
WORKFLOW_INI, TESTS_INI, METHOD_INI = "lolpop_workflow", "lolpop_tests", "lolpop_method"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option and the ini keys."""
    group = parser.getgroup("lolpop_graph", "workflows of lolpop_graph")
    group.addoption(
        "--update-graphs",
        action="store_true",
        help="write the graphs that assert_graph finds into its files",
    )
    files = "relative to the ini file"
    parser.addini(
        WORKFLOW_INI, f"the workflow of tests without a marker: files, {files}", type="paths"
    )
    parser.addini(
        TESTS_INI,
        f"files of workflow tests, or the workflow with a section `tests`, each {files}, whose "
        "hooks are collected as tests",
        type="paths",
    )
    parser.addini(METHOD_INI, "the method of the root that these tests call", default="main")


def pytest_configure(config: pytest.Config) -> None:
    """Tell pytest of the marker."""
    config.addinivalue_line(
        "markers",
        f"{MARKER}(*files, overrides=None, replace=None, **options): the workflow that the "
        "fixtures `plan` and `workflow` are of; relative to the file of the test",
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> HookFile | None:
    """Collect the hooks of a file that the ini key names."""
    # Most files are none, and asking for their suffix is cheapest.
    if file_path.suffix not in {".yaml", ".yml"} or file_path not in tests_files(parent.config):
        return None
    from lolpop_graph.testing.collected import HookFile  # noqa: PLC0415 - few have such files

    return HookFile.from_parent(
        parent,
        path=file_path,
        workflows=workflow_files(parent.config),
        method=parent.config.getini(METHOD_INI),
    )


def workflow_files(config: pytest.Config) -> list[Path]:
    """The files of the workflow that the ini key names."""
    return [Path(path) for path in config.getini(WORKFLOW_INI)]


def tests_files(config: pytest.Config) -> list[Path]:
    """The files of workflow tests that the ini key names."""
    return [Path(path) for path in config.getini(TESTS_INI)]


@pytest.fixture
def workflow_options() -> Mapping[str, Any]:
    """Keywords of `lolpop_graph.plan` for all workflows, such as `classes`; to be overridden."""
    return {}


@pytest.fixture
def plan(request: pytest.FixtureRequest, workflow_options: Mapping[str, Any]) -> Plan:
    """The plan of the workflow that the nearest marker names, or else the ini key."""
    from lolpop_graph.testing.fixtures import plan_of  # noqa: PLC0415 - few ask for it

    marker = request.node.get_closest_marker(MARKER)
    files = workflow_files(request.config)
    if files or (marker is not None and marker.args):
        return plan_of(marker, files, request.path.parent, workflow_options)
    pytest.fail(
        f'no workflow: mark the test with @pytest.mark.{MARKER}("workflow.yaml"), '
        f"or set `{WORKFLOW_INI}` in the configuration of pytest",
        pytrace=False,
    )


@pytest.fixture
def workflow(request: pytest.FixtureRequest, plan: Plan) -> Iterator[Workflow]:
    """The built workflow of `plan`, closed after the test, with the doubles of its marker.

    `replace` maps paths to objects; a class is called for each test, and a text is the name of a
    fixture.
    """
    from lolpop_graph.testing.fixtures import built  # noqa: PLC0415 - few ask for it

    marker = request.node.get_closest_marker(MARKER)
    replace = (marker.kwargs.get("replace") if marker else None) or {}
    yield from built(plan, replace, request.getfixturevalue)


@pytest.fixture
def assert_graph(request: pytest.FixtureRequest) -> Callable[..., None]:
    """`lolpop_graph.testing.assert_graph` that heeds `--update-graphs`.

    Its file is relative to that of the test.
    """
    from lolpop_graph.testing.graphs import assert_graph as compare  # noqa: PLC0415

    update = bool(request.config.getoption("--update-graphs"))

    def assert_graph(plan: Plan, file: str | Path, *, values: bool = False) -> None:
        """Compare a plan with the graph in a file."""
        __tracebackhide__ = True
        compare(plan, request.path.parent / file, values=values, update=update)

    return assert_graph
