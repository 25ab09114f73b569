"""What is exported for Airflow runs there, in a fresh environment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from environments import ROOT, Environment
from exported import write_shop

import lolpop_graph as lg
from lolpop_graph.export.airflow import RESERVED

pytestmark = pytest.mark.slow

CALLS = """\
import json, runpy, sqlite3
from pathlib import Path
from airflow.sdk.definitions.context import Context
from lolpop_graph.export.values import loaded
import all_steps, broken, in_a_loop, regression

def tasks(module):
    return {task.task_id: sorted(task.upstream_task_ids) for task in module.DAG.tasks}

found = {
    "context": sorted(Context.__annotations__),
    "tasks": tasks(all_steps),
    "retries": [all_steps.DAG.get_task(name).retries for name in ("extract.run", "split.run")],
    "broken": str(broken.DAG.test().state),
}
assert all_steps.DAG.test(run_conf={"rows": 8}).state == "success"
assert in_a_loop.DAG.test().state == "success"
try:
    runpy.run_path("dags/regression.py", run_name="__main__")
except SystemExit as error:
    found["code"] = error.code
rows = sqlite3.connect("home/airflow.db").execute("select dag_id, task_id, value from xcom")
results = {f"{dag} {task}": json.loads(value) for dag, task, value in rows}
found["result"] = results["shop.main result"]
found["regression"] = loaded(results["regression.main runner.main"])
tables = loaded(results["shop.looped runner.looped"])
found["tables"] = [table.to_dict("list") for table in tables]
json.dump(found, open("found.json", "w"), default=str)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a workflow, exported files, and what was found when these ran in Airflow."""
    folder = tmp_path_factory.mktemp("airflow")
    shop = lg.plan(write_shop(folder / "shop"))
    (folder / "dags").mkdir()

    def write(plan: lg.Plan, stem: str, **asked: Any) -> None:
        path = folder / "dags" / f"{stem}.py"
        path.write_text(plan.export(to="airflow", path=path, **asked), encoding="utf-8")

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        write(shop, "all_steps", name="shop.main")
        write(shop, "in_a_loop", method="looped", arguments=[[1, 2]])
        write(shop, "broken", method="broken")
        regression = lg.plan(ROOT / "fixtures/regression/workflow.yaml")
        write(regression, "regression", name="regression.main")
    (folder / "calls.py").write_text(CALLS, encoding="utf-8")
    environment = Environment(folder / "environment", ROOT / "tests/engines/airflow.txt")
    settings = {
        "AIRFLOW_HOME": str(folder / "home"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(folder / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "PYTHONPATH": f"{folder / 'dags'}:{ROOT}",
    }
    environment.run("-m", "airflow", "db", "migrate", settings=settings)
    environment.run("calls.py", cwd=folder, settings=settings)
    return folder


@pytest.fixture(scope="module")
def found(folder: Path) -> dict[str, Any]:
    """What was found."""
    answers: dict[str, Any] = json.loads((folder / "found.json").read_text(encoding="utf-8"))
    return answers


def test_each_call_is_a_task(folder: Path, found: dict[str, Any]) -> None:
    """A task waits for those whose values it needs, and effects keep their place."""
    assert found["tasks"] == {
        "extract.run": [],
        "split.run": ["extract.run"],
        "report.send": ["split.run"],
        "train.run": ["report.send", "split.run"],
        "report.send.2": ["train.run"],
        "result": ["train.run"],
    }
    assert found["retries"] == [1, 0]


def test_the_result_is_that_of_a_run_here(
    folder: Path, found: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tables go through files, and a parameter can be given to the run."""
    monkeypatch.chdir(tmp_path)
    with lg.build(folder / "shop/workflow.yaml") as workflow:
        assert found["result"] == workflow.root.main(rows=8)


def test_a_method_with_a_loop_is_one_task(found: dict[str, Any]) -> None:
    """It is given the argument that the file was made with."""
    assert found["tables"] == [{"x": [0]}, {"x": [0, 1]}]


def test_a_step_that_raises_fails_the_run(folder: Path, found: dict[str, Any]) -> None:
    """What comes after it is not done."""
    assert found["broken"] == "failed"
    said = (folder / "report.txt").read_text(encoding="utf-8").splitlines()
    assert said[:3] == ["before", "split", "trained"]


def test_a_workflow_of_given_parts(
    found: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The regression, run as a script, gives the same figures as here."""
    monkeypatch.chdir(tmp_path)
    with lg.build(ROOT / "fixtures/regression/workflow.yaml") as workflow:
        own = workflow.root.main()
    names = ("mae", "rmse", "r2", "promoted")
    assert found["code"] == 0
    assert [found["regression"][name] for name in names] == [
        pytest.approx(own[name]) for name in names
    ]


def test_no_parameter_is_called_as_airflow_calls_its_own(found: dict[str, Any]) -> None:
    """The names that a task cannot have as parameters are known."""
    assert set(found["context"]) <= set(RESERVED)
