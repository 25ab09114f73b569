"""Trackers and model repositories in local folders and in MLflow's SQLite file."""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import mlflow
import pandas as pd
import pytest
from filelock import FileLock
from mlflow import MlflowClient

from lolpop_graph import WorkflowError, build
from lolpop_graph.component.metadata_tracker.local import LocalMetadataTracker
from lolpop_graph.component.metadata_tracker.mlflow import MLFlowMetadataTracker
from lolpop_graph.component.metrics_tracker.local import LocalMetricsTracker
from lolpop_graph.component.metrics_tracker.mlflow import MLFlowMetricsTracker
from lolpop_graph.component.model_repository.local import LocalModelRepository
from lolpop_graph.component.model_repository.mlflow import MLFlowModelRepository
from lolpop_graph.component.table import digest
from lolpop_graph.integration import BaseRunner
from lolpop_graph.testing import (
    MetadataTrackerConformance,
    MetricsTrackerConformance,
    ModelRepositoryConformance,
)

TABLE = pd.DataFrame({"size": [1.5, 2.5], "count": [1, 2], "colour": ["red", "né"]})


class Runner(BaseRunner):
    """A runner that does nothing but hold components."""


def alone(cls: type[Any], **config: Any) -> Any:
    """An integration outside of any workflow."""
    return cls(conf={"config": config}, is_standalone=True)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An SQLite file of MLflow's without any run, which takes a second to make."""
    path = tmp_path_factory.mktemp("mlflow") / "mlflow.db"
    MlflowClient(f"sqlite:///{path}").search_experiments()
    return path.read_bytes()


class InMLFlow:
    """Suites whose tests each have a store of their own."""

    @pytest.fixture(autouse=True)
    def store(self, folder: Path, database: bytes) -> None:
        """Put the file where components look for it."""
        (folder / "output").mkdir()
        (folder / "output" / "mlflow.db").write_bytes(database)


def local_trackers(folder: Path) -> dict[str, Any]:
    """A workflow that tracks in a folder."""
    return {
        "runner": "Runner",
        "component": {
            "metadata_tracker": "LocalMetadataTracker",
            "metrics_tracker": "LocalMetricsTracker",
        },
        "config": {"output_folder": str(folder)},
    }


class TestLocalMetadata(MetadataTrackerConformance):
    """Runs in folders."""

    part = LocalMetadataTracker


class TestMLFlowMetadata(InMLFlow, MetadataTrackerConformance):
    """Runs in MLflow."""

    part = MLFlowMetadataTracker


class TestLocalMetricsBesideLocal(MetricsTrackerConformance):
    """Both in folders."""

    part = LocalMetricsTracker
    peers = {"metadata_tracker": LocalMetadataTracker}


class TestLocalMetricsBesideMLFlow(InMLFlow, MetricsTrackerConformance):
    """Runs in MLflow, their metrics in folders."""

    part = LocalMetricsTracker
    peers = {"metadata_tracker": MLFlowMetadataTracker}


class TestMLFlowMetricsBesideLocal(InMLFlow, MetricsTrackerConformance):
    """Runs in folders, their metrics in MLflow."""

    part = MLFlowMetricsTracker
    peers = {"metadata_tracker": LocalMetadataTracker}


class TestMLFlowMetricsBesideMLFlow(InMLFlow, MetricsTrackerConformance):
    """Both in MLflow."""

    part = MLFlowMetricsTracker
    peers = {"metadata_tracker": MLFlowMetadataTracker}


class TestLocalRepository(ModelRepositoryConformance):
    """Models in folders."""

    part = LocalModelRepository


class TestMLFlowRepository(InMLFlow, ModelRepositoryConformance):
    """Models in MLflow's registry."""

    part = MLFlowModelRepository


LEAVING = """
import os, sys
from lolpop_graph.component.metadata_tracker.local import LocalMetadataTracker
tracker = LocalMetadataTracker(conf={"config": {"output_folder": sys.argv[1]}}, is_standalone=True)
print(tracker.start_run(), flush=True)
sys.stdin.read()
os._exit(9)
"""


class TestLocalTrackers:
    """What the trackers in folders have of their own."""

    def test_a_run_that_its_process_left_is_recognised(self, tmp_path: Path) -> None:
        """It is RUNNING while the process is there, and KILLED when that is gone."""
        command = [sys.executable, "-c", LEAVING, str(tmp_path)]
        tracker = alone(LocalMetadataTracker, output_folder=str(tmp_path))
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            run_id = process.stdout.readline().strip()
            assert tracker.read_run(run_id).status == "RUNNING"
            process.kill()
        assert tracker.read_run(run_id).status == "KILLED"
        assert tracker.read_run(run_id).ended is None

    def test_the_files_can_be_read_by_others(self, tmp_path: Path) -> None:
        """They are JSON, with what went in; nothing else is left beside them."""
        with build(local_trackers(tmp_path), classes=[Runner]) as workflow:
            root = workflow.root
            with root.metadata_tracker.run("first") as run_id:
                root.metadata_tracker.log_dataset(TABLE, "fruit.csv", "training")
                root.metrics_tracker.log_metrics({"loss": 0.5, "worst": float("inf")}, step=3)
        folder = tmp_path / "runs" / run_id
        record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        assert record["datasets"] == [
            {
                "source": "fruit.csv",
                "context": "training",
                "digest": digest(TABLE),
                "rows": 2,
                "columns": {"size": "float64", "count": "int64", "colour": "object"},
            }
        ]
        lines = (folder / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
        found = [(row["name"], row["step"], row["value"]) for row in map(json.loads, lines)]
        assert found == [("loss", 3, 0.5), ("worst", 3, "inf")]
        assert {path.name for path in folder.iterdir()} == {
            "run.json",
            "metrics.jsonl",
            ".lock",
            ".changes.lock",
        }

    def test_a_line_cut_short_is_passed_over(self, tmp_path: Path) -> None:
        """What is recorded after a crash is not lost with it."""
        with build(local_trackers(tmp_path), classes=[Runner]) as workflow:
            root = workflow.root
            with root.metadata_tracker.run() as run_id:
                root.metrics_tracker.log_metric("loss", 1.0)
                file = tmp_path / "runs" / run_id / "metrics.jsonl"
                file.write_bytes(file.read_bytes() + b'{"name": "loss", "st')
                root.metrics_tracker.log_metric("loss", 3.0, step=1)
            assert root.metrics_tracker.read_metrics(run_id)["value"].tolist() == [1.0, 3.0]

    def test_a_failed_copy_leaves_nothing(self, tmp_path: Path) -> None:
        """Neither half a file among the artifacts nor a version of a model without its files."""
        source = tmp_path / "model"
        source.mkdir()
        (source / "dangling").symlink_to(tmp_path / "absent")
        (source / "model.txt").write_text("text", encoding="utf-8")
        tracker = alone(LocalMetadataTracker, output_folder=str(tmp_path))
        with tracker.run() as run_id, pytest.raises(OSError, match="dangling"):
            tracker.log_artifact(source)
        assert [*(tmp_path / "runs" / run_id / "artifacts").iterdir()] == []
        repository = alone(LocalModelRepository, output_folder=str(tmp_path))
        with pytest.raises(OSError, match="dangling"):
            repository.register("churn", source, run_id)
        assert repository.versions("churn") == []
        assert [*(tmp_path / "models" / "churn" / "versions").iterdir()] == []

    def test_versions_are_registered_side_by_side(self, tmp_path: Path) -> None:
        """Each gets a number of its own, and none is missing."""
        (tmp_path / "model").mkdir()
        (tmp_path / "model" / "model.txt").write_text("text", encoding="utf-8")

        def register(_: int) -> str:
            repository = alone(LocalModelRepository, output_folder=str(tmp_path))
            return str(repository.register("churn", tmp_path / "model", "run"))

        with ThreadPoolExecutor(8) as pool:
            versions = sorted(map(int, pool.map(register, range(24))))
        assert versions == list(range(1, 25))

    def test_no_id_of_a_run_leads_elsewhere(self, tmp_path: Path) -> None:
        """An id is the name of a folder, and none above."""
        (tmp_path / "run.json").write_text("{}", encoding="utf-8")
        tracker = alone(LocalMetadataTracker, output_folder=str(tmp_path))
        for run_id in ("..", "../..", "", "a/../.."):
            with pytest.raises(LookupError):
                tracker.read_run(run_id)


class TestMLFlow:
    """What the parts in MLflow have of their own."""

    @pytest.fixture
    def config(self, tmp_path: Path, database: bytes) -> dict[str, str]:
        """A store in a folder of its own."""
        (tmp_path / "mlflow.db").write_bytes(database)
        return {
            "mlflow_tracking_uri": f"sqlite:///{tmp_path}/mlflow.db",
            "mlflow_experiment_name": "test",
            "artifact_location": str(tmp_path / "artifacts"),
        }

    @pytest.fixture
    def client(self, config: dict[str, str]) -> MlflowClient:
        """MLflow's own client of the same store."""
        return MlflowClient(config["mlflow_tracking_uri"])

    def test_tables_are_made_by_one_process_alone(self, tmp_path: Path) -> None:
        """MLflow fails where two processes make the tables of a new file at once."""
        path = tmp_path / "new" / "mlflow.db"
        path.parent.mkdir()
        tracker = alone(MLFlowMetadataTracker, mlflow_tracking_uri=f"sqlite:///{path}")
        with ThreadPoolExecutor() as threads:
            with FileLock(path.parent / ".mlflow.db.lock"):
                client = threads.submit(lambda: tracker.client)
                with pytest.raises(TimeoutError):
                    client.result(timeout=0.5)
                assert not path.exists()
            assert client.result().search_experiments()

    def test_a_run_is_what_mlflow_shows(self, config: dict[str, str], client: Any) -> None:
        """With who began what, its data set with columns, and a parameter that is cut."""
        with alone(MLFlowMetadataTracker, **config).run("first") as run_id:
            pass
        tracker = alone(MLFlowMetadataTracker, **config)
        with tracker.run("second") as run_id:
            tracker.log_params({"long": "x" * 7000})
            tracker.log_dataset(TABLE, "data/fruit.csv", "training")
        run = client.get_run(run_id)
        assert (run.info.run_name, run.info.status) == ("second", "FINISHED")
        assert run.data.params["long"] == "x" * 6000
        assert run.data.tags["mlflow.source.name"] == "MLFlowMetadataTracker"
        assert run.data.tags["mlflow.user"]
        dataset = run.inputs.dataset_inputs[0].dataset
        assert (dataset.name, dataset.digest) == ("fruit", digest(TABLE))
        assert json.loads(dataset.source) == {"uri": "data/fruit.csv"}
        assert json.loads(dataset.profile)["num_rows"] == 2
        columns = json.loads(dataset.schema)["mlflow_colspec"]
        kinds = [(column["name"], column["type"]) for column in columns]
        assert kinds == [("size", "double"), ("count", "long"), ("colour", "string")]

    def test_metrics_stand_beside_a_run_of_another_tracker(
        self, config: dict[str, str], client: Any, tmp_path: Path
    ) -> None:
        """In a run of MLflow's that names the other one, and ends as that did."""
        conf = {
            "runner": "Runner",
            "component": {
                "metadata_tracker": "LocalMetadataTracker",
                "metrics_tracker": "MLFlowMetricsTracker",
                "model_repository": "MLFlowModelRepository",
            },
            "config": {**config, "output_folder": str(tmp_path)},
        }
        runs = {}
        with build(conf, classes=[Runner]) as workflow:
            root = workflow.root
            for name, error in (("good", None), ("bad", ZeroDivisionError), ("none", None)):
                with (
                    pytest.raises(error) if error else nullcontext(),
                    root.metadata_tracker.run(name),
                ):
                    runs[root.metadata_tracker.run_id] = name
                    if name != "none":
                        root.metrics_tracker.log_metric("loss", 0.5)
                    if error:
                        raise error
            left_open = root.metadata_tracker.start_run("left")
            root.metrics_tracker.log_metric("loss", 0.25)
            runs[left_open] = "left"
            (tmp_path / "model").mkdir()
            (tmp_path / "model" / "m.txt").write_text("text", encoding="utf-8")
            root.model_repository.register("churn", tmp_path / "model", left_open)
            root.model_repository.register("churn", tmp_path / "model", "somebody-else")
        (experiment,) = client.search_experiments(filter_string="name = 'test'")
        found = {
            run.data.tags["lolpop_graph.run_id"]: (run.info.run_name, run.info.status)
            for run in client.search_runs([experiment.experiment_id])
        }
        ends = {"good": "FINISHED", "bad": "FAILED", "left": "FAILED"}
        kept = {run: (name, ends[name]) for run, name in runs.items() if name in ends}
        assert found == {**kept, "somebody-else": ("somebody-else", "FINISHED")}
        linked = client.get_run(client.get_model_version("churn", "1").run_id)
        assert linked.data.tags["lolpop_graph.run_id"] == left_open

    def test_a_version_is_what_mlflow_shows(
        self, config: dict[str, str], client: Any, tmp_path: Path
    ) -> None:
        """Linked to its run, with its metrics, its alias, and files that MLflow finds."""
        (tmp_path / "model").mkdir()
        (tmp_path / "model" / "m.txt").write_text("text", encoding="utf-8")
        with alone(MLFlowMetadataTracker, **config).run() as run_id:
            repository = alone(MLFlowModelRepository, **config)
            repository.register("churn", tmp_path / "model", run_id, {"auc": 0.75})
        repository.promote("churn", "1")
        version = client.get_model_version_by_alias("churn", "production")
        assert version.run_id == run_id
        assert version.tags["metric.auc"] == "0.75"
        assert version.description == "auc 0.75"
        folder = version.source.partition(f"{run_id}/artifacts/")[2]
        assert [Path(f.path).name for f in client.list_artifacts(run_id, folder)] == ["m.txt"]

    def test_an_alias_moved_in_mlflow_can_be_rolled_back(
        self, config: dict[str, str], client: Any, tmp_path: Path
    ) -> None:
        """To where it was before somebody moved it there."""
        (tmp_path / "model").mkdir()
        (tmp_path / "model" / "m.txt").write_text("text", encoding="utf-8")
        repository = alone(MLFlowModelRepository, **config)
        for _ in range(3):
            repository.register("churn", tmp_path / "model", "run")
        repository.promote("churn", "2")
        client.set_registered_model_alias("churn", "production", "3")
        assert repository.find("churn").version == "3"
        assert repository.rollback("churn").version == "2"
        with pytest.raises(LookupError):
            repository.rollback("churn")

    def test_the_process_is_left_as_it_was(
        self,
        config: dict[str, str],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        """MLflow's own state, the environment, the logging set-up and the folder are untouched."""
        (tmp_path / "here").mkdir()
        monkeypatch.chdir(tmp_path / "here")
        environment, handlers = dict(os.environ), list(logging.getLogger().handlers)
        uri, application = mlflow.get_tracking_uri(), logging.getLogger("application")
        (tmp_path / "mlflow.db").unlink()
        with alone(MLFlowMetadataTracker, **config).run():
            pass
        assert mlflow.get_tracking_uri() == uri
        assert mlflow.active_run() is None
        assert dict(os.environ) == environment
        assert list(logging.getLogger().handlers) == handlers
        assert not application.disabled
        assert not [*Path.cwd().iterdir()]
        assert not capsys.readouterr().out

    def test_mlflow_s_environment_variable_is_heeded(
        self, config: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Where the workflow names no store, MLFLOW_TRACKING_URI does."""
        monkeypatch.setenv("MLFLOW_TRACKING_URI", config.pop("mlflow_tracking_uri"))
        with alone(MLFlowMetadataTracker, **config).run() as run_id:
            pass
        with sqlite3.connect(tmp_path / "mlflow.db") as database:
            assert database.execute("select run_uuid from runs").fetchall() == [(run_id,)]

    @pytest.mark.parametrize(
        ("uri", "said"),
        [
            ("sqllite:///mlflow.db", "MLflow knows no 'sqllite': did you mean `sqlite`"),
            ("http://me:secret@127.0.0.1:9", "no MLflow server answers at http://127.0.0.1:9 "),
        ],
    )
    def test_a_wrong_address_is_told_at_once(self, uri: str, said: str) -> None:
        """When the workflow is built, rather than after minutes, and without a password."""
        for part in (MLFlowMetadataTracker, MLFlowModelRepository):
            with pytest.raises(WorkflowError, match=said) as caught:
                alone(part, mlflow_tracking_uri=uri)
            assert "secret" not in str(caught.value)
