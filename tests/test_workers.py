"""What parts do when pipelines live in other processes: results as here, and nothing lost."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from distributed import LocalCluster

import lolpop_graph as lg
from lolpop_graph.component.data_connector import duckdb as connectors
from lolpop_graph.component.metadata_tracker.local import LocalMetadataTracker
from lolpop_graph.component.report import Report
from lolpop_graph.pipeline.base import CheckFailedError
from tests.afar import with_pipelines_afar
from tests.test_pipelines import FORECAST, workflow_of, write_tables

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
SERIES = FORECAST | {
    "config": FORECAST["config"]
    | {"train_data": "months.csv", "new_data": "months.csv", "predictions": "forecast.csv"}
}


def every_method(root: Any) -> dict[str, Any]:
    """What each method of a runner with every pipeline returns, one after the other."""
    found = {"main": root.main()}
    first = found["main"]["run_id"]
    found["retrain"] = root.retrain()
    found["predict_with"] = root.predict_with(first)
    found["production"] = root.predict_with()
    found["deploy_with"] = root.deploy_with(first)
    found["roll_back"] = root.roll_back()
    found["monitor"] = root.monitor_predictions()
    return found


def told(found: Mapping[str, Any], folder: Path) -> list[Any]:
    """What was returned, without what differs between two times that it is done."""
    runs = dict.fromkeys(each["run_id"] for each in found.values() if "run_id" in each)
    texts = []
    for name, result in found.items():
        text = repr({key: value for key, value in result.items() if key != "report"})
        for number, run_id in enumerate(runs):
            text = text.replace(run_id, f"run {number}")
        texts.append((name, text.replace(str(folder), "")))
    return texts


def kept(tracker: Any, folder: Path) -> list[Any]:
    """What is kept of all runs: names, how they ended, parameters, tags and files."""
    runs = list(reversed(tracker.runs()))
    names = {run.run_id: f"run {number}" for number, run in enumerate(runs)}
    found = []
    for run in runs:
        tags = {key: names.get(value, Path(value).name) for key, value in run.tags.items()}
        place = folder / "runs" / run.run_id
        files = sorted(str(path.relative_to(place)) for path in place.rglob("*.*"))
        files = [name.replace(run.run_id, "") for name in files]
        found.append((run.name, run.status, run.params, tags, files))
    return found


@pytest.mark.parametrize("overlay", [{}, SERIES], ids=["regression", "time_series"])
def test_every_method_does_afar_what_it_does_here(overlay: dict[str, Any], tmp_path: Path) -> None:
    """With each call of a pipeline in a workflow of its own, results and records are the same."""
    done = {}
    for where in ("here", "afar"):
        folder = tmp_path / where
        folder.mkdir()
        write_tables(folder)
        plan = lg.plan(workflow_of(folder), overlay, {"config": {"minimal_gain": -1}})
        with plan.build() if where == "here" else with_pipelines_afar(plan) as workflow:
            found = told(every_method(workflow.root), folder)
            done[where] = found, kept(workflow.root.metadata_tracker, folder / "out")
    assert done["afar"] == done["here"]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a scheduler with two workers is reached."""
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        dashboard_address="127.0.0.1:0",
        local_directory=str(tmp_path_factory.mktemp("workers")),
    ) as cluster:
        yield cluster.scheduler_address


@pytest.mark.parametrize(
    "files", [("quickstart", "workflow"), ("classification", "workflow", "dev")]
)
def test_examples_do_the_same_on_dask(files: tuple[str, ...], address: str, tmp_path: Path) -> None:
    """The metrics of a run whose pipelines are on workers are those of one in this process."""
    example, *names = files
    folder = FIXTURES / example
    config = {"output_folder": str(tmp_path), "data_folder": str(folder / "data")}
    confs = [*(folder / f"{name}.yaml" for name in names), {"config": config}]
    found = []
    for on in (None, address):
        with lg.build(confs, on=on) as workflow:
            metrics = workflow.root.main()
            run = workflow.root.metadata_tracker.read_run(metrics.pop("run_id"))
        assert (run.status, run.tags["method"]) == ("FINISHED", "main")
        assert len(pd.read_csv(metrics.pop("predictions"))) > 30
        found.append({name: value for name, value in metrics.items() if name != "model_version"})
    assert found[0] == found[1]


def test_a_model_of_another_call_is_not_used(tmp_path: Path) -> None:
    """What a worker holds may be of another day: it loads the model that is meant."""
    write_tables(tmp_path)
    with lg.build(workflow_of(tmp_path)) as workflow:
        root = workflow.root
        run_id = root.main()["run_id"]
        model = root.train.model_trainer
        with root.metadata_tracker.run() as now:
            root.train.hold(run_id)
        with root.metadata_tracker.in_remote_context(now):
            with pytest.raises(ValueError, match="say whose model predicts"):
                root.predict.run()
            model._model = "of another day"
            root.predict.run(run_id)
            assert model.predict(pd.DataFrame({"area": [0.0], "age": [0.0]})).notna().all()


def test_a_failed_check_travels() -> None:
    """The error of a worker is told with its report."""
    error = CheckFailedError("the data did not pass", Report(passed=False))
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.report) == ("the data did not pass", error.report)


def test_a_tracker_elsewhere_says_what_is_wrong(tmp_path: Path) -> None:
    """Who does not share the folder of the run is told so, and makes none."""
    here, there = (
        LocalMetadataTracker(
            conf={"config": {"output_folder": str(tmp_path / name)}}, is_standalone=True
        )
        for name in ("here", "there")
    )
    with (
        here.run() as run_id,
        there.in_remote_context(run_id),
        pytest.raises(LookupError, match="need the same `output_folder`"),
    ):
        there.log_tag("stage", "dev")
    assert not (tmp_path / "there").exists()


HOLDING = """
import duckdb, sys
with duckdb.connect(sys.argv[1]):
    print("open", flush=True)
    sys.stdin.read()
"""


def test_a_database_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connector lets go of its file after each call, and waits while another process has it."""
    config = {"database": "d.db", "data_folder": str(tmp_path)}
    table = pd.DataFrame({"size": [1.5]})
    part = connectors.DuckDBDataConnector(conf={"config": config}, is_standalone=True)
    part.save(table, "fruit")
    command = [sys.executable, "-c", HOLDING, str(tmp_path / "d.db")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as process, ThreadPoolExecutor() as pool:
        assert process.stdout.readline() == "open\n"
        with monkeypatch.context() as patch:
            patch.setattr(connectors, "_BUSY_SECONDS", 0)
            with pytest.raises(BlockingIOError, match=r"d\.db"):
                part.load("fruit")
        waiting = pool.submit(part.load, "fruit")
        with pytest.raises(TimeoutError):
            waiting.result(timeout=0.1)
        process.stdin.close()
        pd.testing.assert_frame_equal(waiting.result(), table)
