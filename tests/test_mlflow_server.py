"""The parts in MLflow against a real server on loopback, which keeps artifacts by its proxy."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pandas as pd
import pytest

from lolpop_graph import build
from lolpop_graph.integration import BaseRunner

PATIENCE = 120
"""How many seconds a server may take to begin on a busy machine."""

TABLE = pd.DataFrame({"size": [1.5, 2.5], "colour": ["red", "né"]})


class Runner(BaseRunner):
    """A runner that does nothing but hold components."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with a store of its own, which ends with this module."""
    folder = tmp_path_factory.mktemp("server")
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [
        *(sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", "1", "--backend-store-uri", f"sqlite:///{folder}/mlflow.db"),
        *("--artifacts-destination", str(folder / "artifacts")),
    ]
    quiet = {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    address = f"http://127.0.0.1:{port}"
    with (
        (folder / "log.txt").open("wb") as log,
        subprocess.Popen(
            command, env={**os.environ, **quiet}, cwd=folder, stdout=log, stderr=log
        ) as process,
    ):
        try:
            _wait_for(address, process, folder / "log.txt")
            yield address
        finally:
            process.terminate()


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the server answers."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(f"{address}/health", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"no server: {log.read_text(encoding='utf-8')[-2000:]}")


def test_a_run_and_its_model_are_kept_by_the_server(server: str, tmp_path: Path) -> None:
    """A second workflow reads what the first has recorded, and nothing is written beside it."""
    conf = {
        "runner": "Runner",
        "component": {
            "metadata_tracker": "MLFlowMetadataTracker",
            "metrics_tracker": "MLFlowMetricsTracker",
            "model_repository": "MLFlowModelRepository",
        },
        "config": {"mlflow_tracking_uri": server, "output_folder": str(tmp_path / "output")},
    }
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "m.bin").write_bytes(bytes(range(256)))
    with build(conf, classes=[Runner]) as workflow:
        root = workflow.root
        with root.metadata_tracker.run("first", {"why": "test"}) as run_id:
            root.metadata_tracker.log_params({f"p{number}": number for number in range(120)})
            root.metadata_tracker.log_dataset(TABLE, "fruit.csv", "training")
            root.metadata_tracker.log_artifact(tmp_path / "model" / "m.bin", "files")
            root.metrics_tracker.log_metrics({"loss": 0.5, "auc": 0.75}, step=3)
            first = root.model_repository.register(
                "churn (new), 2%", tmp_path / "model", run_id, {"auc": 0.75}
            )
            root.model_repository.register("churn (new), 2%", tmp_path / "model", run_id)
        for version in ("1", "2"):
            root.model_repository.promote("churn (new), 2%", version)
    with build(conf, classes=[Runner]) as workflow:
        root = workflow.root
        run = root.metadata_tracker.read_run(run_id)
        assert (run.name, run.status, run.tags["why"]) == ("first", "FINISHED", "test")
        assert len(run.params) == 120
        fetched = root.metadata_tracker.fetch_artifacts(run_id, "files", tmp_path / "new")
        assert (fetched / "m.bin").read_bytes() == bytes(range(256))
        metrics = root.metrics_tracker.read_metrics(run_id)
        assert metrics.to_numpy().tolist() == [["auc", 3, 0.75], ["loss", 3, 0.5]]
        found = root.model_repository.rollback("churn (new), 2%")
        assert (found.version, found.run_id, found.metrics) == (first, run_id, {"auc": 0.75})
        files = root.model_repository.fetch("churn (new), 2%", first, tmp_path / "fetched")
        assert (files / "m.bin").read_bytes() == bytes(range(256))
        with pytest.raises(LookupError):
            root.metadata_tracker.fetch_artifacts(run_id, "absent", tmp_path)
    assert not (tmp_path / "output").exists()


def test_a_stand_in_is_found_on_the_server(server: str, tmp_path: Path) -> None:
    """Metrics beside a local run have an MLflow run there, which ends as that does."""
    conf = {
        "runner": "Runner",
        "component": {
            "metadata_tracker": "LocalMetadataTracker",
            "metrics_tracker": "MLFlowMetricsTracker",
        },
        "config": {"mlflow_tracking_uri": server, "output_folder": str(tmp_path)},
    }
    with build(conf, classes=[Runner]) as workflow:
        root = workflow.root
        with root.metadata_tracker.run() as run_id:
            root.metrics_tracker.log_metric("loss", 0.5)
        assert root.metrics_tracker.read_metrics(run_id)["value"].tolist() == [0.5]
    stored = root.metrics_tracker.client.search_runs(
        [root.metrics_tracker.store.experiment_id()], f"tags.`lolpop_graph.run_id` = '{run_id}'"
    )
    assert [run.info.status for run in stored] == ["FINISHED"]
