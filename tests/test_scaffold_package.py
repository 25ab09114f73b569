"""What is scaffolded, built and installed beside this project, works at once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from environments import Environment

pytestmark = pytest.mark.slow
pytest.importorskip("copier")

ROOT = Path(__file__).parent.parent
CALLS = (
    "component form",
    "component warehouse --type data_connector",
    "widget gauge",
    "command count-all",
)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """An environment with this project as a wheel."""
    made = Environment(tmp_path_factory.mktemp("environment"))
    left = shutil.ignore_patterns(".*", "build", "*.egg-info", "__pycache__", "tests", "fixtures")
    copy = tmp_path_factory.mktemp("project") / "ours"
    shutil.copytree(ROOT, copy, ignore=left)
    # What lies in hidden folders of templates is left out above, and the wheel has to have it.
    shutil.copytree(
        ROOT / "lolpop_graph" / "templates", copy / "lolpop_graph" / "templates", dirs_exist_ok=True
    )
    made.install(copy)
    return made


@pytest.fixture(scope="module")
def project(environment: Environment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project made by that environment, with a part of each kind more, and installed there."""
    folder = tmp_path_factory.mktemp("work")
    lolpop = ("-m", "lolpop_graph")
    environment.run(*lolpop, "init", "web-shop", cwd=folder)
    for call in CALLS:
        environment.run(*lolpop, "new", *call.split(), "--project", "web-shop", cwd=folder)
    environment.install(folder / "web-shop")
    return folder / "web-shop"


def test_what_was_made_is_found(environment: Environment, project: Path) -> None:
    """`list` has it with its distribution, and a workflow builds it by its bare names."""
    assert (project / ".gitignore").is_file()
    assert (project / ".github" / "workflows" / "ci.yml").is_file()
    listed = environment.run("-m", "lolpop_graph", "list")
    for name in ("WebShopRunner", "Form", "Warehouse", "Gauge"):
        (line,) = [line for line in listed.splitlines() if f" {name} " in line]
        assert "web-shop 0.1.0" in line
    said = environment.run("-m", "lolpop_graph", "run", "workflow.yaml", cwd=project)
    assert said.startswith("label     yes\n")
    use = (
        "import lolpop_graph as lg;"
        "conf = {'integration_framework': {'runner': {'component': None, 'widget': None}},"
        "'component': {'w': 'Warehouse', 'f': 'Form'}, 'widget': {'g': 'Gauge'}};"
        "workflow = lg.build(conf); print(workflow.root.f.apply(2), workflow.root.g.f.name)"
    )
    assert environment.run("-c", use) == "2.0 f\n"


def test_its_command_is_found(environment: Environment, project: Path) -> None:
    """In the help, and called."""
    assert "count-all  web-shop 0.1.0" in environment.run("-m", "lolpop_graph", "--help")
    said = environment.run("-m", "lolpop_graph", "count-all", "workflow.yaml", cwd=project)
    assert said == "runner: 1\ncomponent: 1\npipeline: 1\n"


@pytest.mark.parametrize(
    "check", ["ruff format --check .", "ruff check .", "mypy", "pytest -q -p no:cacheprovider"]
)
def test_its_own_checks_pass(environment: Environment, project: Path, check: str) -> None:
    """Format, lint, types and tests."""
    environment.run("-m", *check.split(), cwd=project)
