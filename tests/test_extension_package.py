"""A distribution that extends this one works however both of them are installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import venv
from collections.abc import Sequence
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
EXTENSION = Path(__file__).parent / "extension_package"


USE = """
import lolpop_graph as lg

workflow = {
    "integration_framework": {"runner": {"component": None, "widget": None}},
    "component": {"counter": "AcmeCounter", "reporter": "AcmeReporter"},
    "widget": {"gauge": "AcmeGauge"},
    "counter": {"config": {"start": 6}},
}
with lg.build(workflow) as built:
    print(built.root.reporter.report(built.root.gauge.read()))
"""
NAMED_IN_FULL = """
from lolpop_graph.classes import ClassFinder

for name in (
    "AcmeCounter",
    "lolpop_graph.extension.acme.component.counter:AcmeCounter",
    "AcmeReporter",
    "acme_lolpop.reporting.Reporter",
):
    print(getattr(ClassFinder().find(name, "component"), "__name__", "missing"))
"""


class Environment:
    """A virtual environment with this project in it."""

    def __init__(self, folder: Path) -> None:
        """Make one that can build packages without fetching what builds them each time."""
        venv.create(folder, with_pip=True)
        self.python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
        self.pip("install", "editables", "hatchling>=1.27", "setuptools>=77")

    def pip(self, *arguments: str | Path) -> None:
        """Run pip."""
        self.run("-m", "pip", "--quiet", *arguments)

    def install(self, *what: str | Path) -> None:
        """Install a folder in place of what was installed from it before."""
        self.pip("install", "--no-build-isolation", "--force-reinstall", "--no-deps", *what)

    def use(self, script: str) -> Sequence[str]:
        """Run a script and return the lines that it prints."""
        return self.run("-c", script).splitlines()

    def run(self, *arguments: str | Path) -> str:
        """Run Python apart from the environment that the tests run in."""
        result = subprocess.run(
            [self.python, "-I", *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.python.parent,
        )
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout


def copy_of(folder: Path, target: Path) -> Path:
    """Copy a project, since building one leaves files in its folder."""
    left = shutil.ignore_patterns(".*", "build", "*.egg-info", "__pycache__", "tests", "fixtures")
    shutil.copytree(folder, target, ignore=left)
    return target


def flat(project: Path) -> Path:
    """Move the packages of an extension beside its `pyproject.toml`.

    An editable installation then goes by an import hook instead of a line in a `.pth` file.
    """
    for package in (project / "src").iterdir():
        package.rename(project / package.name)
    file = project / "pyproject.toml"
    found = 'where = ["src"]\ninclude = ["lolpop_graph*", "acme_lolpop*"]'
    file.write_text(file.read_text().replace('where = ["src"]', found.replace("src", ".")))
    return project


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """An environment with what this project needs, and this project."""
    folder = tmp_path_factory.mktemp("fresh")
    made = Environment(folder / "venv")
    made.pip("install", "--no-build-isolation", copy_of(ROOT, folder / "project"))
    return made


@pytest.fixture(scope="module", params=["wheel", "editable"])
def environment(
    request: pytest.FixtureRequest, fresh: Environment, tmp_path_factory: pytest.TempPathFactory
) -> Environment:
    """The environment with this project installed as users do, then as developers do."""
    if request.param == "editable":
        fresh.install("--editable", copy_of(ROOT, tmp_path_factory.mktemp("ours") / "project"))
    return fresh


@pytest.mark.parametrize("how", ["wheel", "editable", "editable strict", "editable flat"])
def test_an_extension_is_found(environment: Environment, tmp_path: Path, how: str) -> None:
    """By its place in the namespace, by its entry point and in full, without being named."""
    extension = copy_of(EXTENSION, tmp_path / "extension")
    options: list[str] = ["--editable"] if "editable" in how else []
    if how == "editable strict":
        options = ["--config-settings", "editable_mode=strict", *options]
    if how == "editable flat":
        flat(extension)
    environment.install(*options, extension)
    assert environment.use(USE) == ["reporter: 7 bar"]
    assert environment.use(NAMED_IN_FULL) == ["AcmeCounter", "AcmeCounter", "Reporter", "Reporter"]


def test_a_page_has_its_files(environment: Environment) -> None:
    """What a page is made of is installed with the code."""
    code = "import visualize.page.document as d; print(all(map(d._file, d.FILES)))"
    assert environment.use(code) == ["True"]


def test_an_extension_that_is_gone_is_missing(environment: Environment, tmp_path: Path) -> None:
    """What was uninstalled leaves nothing behind that could be found."""
    environment.install(copy_of(EXTENSION, tmp_path / "extension"))
    environment.pip("uninstall", "--yes", "acme-lolpop")
    assert environment.use(NAMED_IN_FULL) == ["missing"] * 4
