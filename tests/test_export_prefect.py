"""What is exported for Prefect runs there, in a fresh environment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from environments import ROOT, Environment
from exported import write_shop

import lolpop_graph as lg

pytestmark = pytest.mark.slow

CALLS = """\
import json, runpy, sys
import all_steps, in_a_loop, regression, shaky

runpy.run_path("all_steps.py", run_name="__main__")
found = {
    "again": all_steps.main(rows=8),
    "tables": [table.to_dict("list") for table in in_a_loop.looped()],
    "shaky": shaky.shaky(),
    "regression": regression.main(),
}
try:
    runpy.run_path("broken.py", run_name="__main__")
except ValueError as error:
    found["broken"] = str(error)
json.dump(found, open("found.json", "w"), default=str)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a workflow, exported files, and what was found when these ran in Prefect."""
    folder = tmp_path_factory.mktemp("prefect") / "shop"
    shop = lg.plan(write_shop(folder))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        made = {
            "all_steps": shop.export(to="prefect"),
            "in_a_loop": shop.export(to="prefect", method="looped", arguments=[[1, 2]]),
            "shaky": shop.export(to="prefect", method="shaky"),
            "broken": shop.export(to="prefect", method="broken"),
            "regression": lg.plan(ROOT / "fixtures/regression/workflow.yaml").export(to="prefect"),
        }
    for name, text in made.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    (folder / "calls.py").write_text(CALLS, encoding="utf-8")
    environment = Environment(folder.parent / "environment", ROOT / "tests/engines/prefect.txt")
    settings = {
        "PREFECT_HOME": str(folder.parent / "home"),
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "true",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PYTHONPATH": f"{folder}:{ROOT}",
    }
    environment.run("calls.py", cwd=folder, settings=settings)
    return folder


@pytest.fixture(scope="module")
def found(folder: Path) -> dict[str, Any]:
    """What the flows returned."""
    answers: dict[str, Any] = json.loads((folder / "found.json").read_text(encoding="utf-8"))
    return answers


def test_each_call_is_a_task(
    folder: Path, found: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tables go from task to task, and the result is that of a run here, with effects in order."""
    monkeypatch.chdir(tmp_path)
    said = (folder / "report.txt").read_text(encoding="utf-8").splitlines()
    assert said[:4] == ["split", "trained"] * 2
    with lg.build(folder / "workflow.yaml") as workflow:
        assert found["again"] == workflow.root.main(rows=8)


def test_a_method_with_a_loop_is_one_task(found: dict[str, Any]) -> None:
    """It is given the argument that the file was made with."""
    assert found["tables"] == [{"x": [0]}, {"x": [0, 1]}]


def test_retries_are_those_of_the_workflow(found: dict[str, Any]) -> None:
    """A call that raises is tried again where its pipeline says so."""
    assert found["shaky"] == "done"


def test_a_step_that_raises_fails_the_run(folder: Path, found: dict[str, Any]) -> None:
    """The error is raised out of the script, and what comes after it is not done."""
    assert found["broken"] == "no such table: 1"
    assert (folder / "report.txt").read_text(encoding="utf-8").splitlines()[4:] == ["before"]


def test_a_workflow_of_given_parts(
    found: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The regression gives the same figures as here."""
    monkeypatch.chdir(tmp_path)
    with lg.build(ROOT / "fixtures/regression/workflow.yaml") as workflow:
        own = workflow.root.main()
    names = ("mae", "rmse", "r2", "promoted")
    assert [found["regression"][name] for name in names] == [
        pytest.approx(own[name]) for name in names
    ]
