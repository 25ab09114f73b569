"""Runs in MLflow."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, InputTag, Param
from mlflow.exceptions import MlflowException

from lolpop_graph.component.metadata_tracker.base import BaseMetadataTracker
from lolpop_graph.component.table import Table, digest

_TRACKING_URI = "sqlite:///mlflow.db"
_EXPERIMENT = "lolpop_graph"
_LONGEST_PARAM = 6000


class MLFlowMetadataTracker(BaseMetadataTracker):
    """Records runs in MLflow's store: an SQLite file, no server needed, or any other.

    Config: `mlflow_tracking_uri` (default `sqlite:///mlflow.db` in the current directory),
    `mlflow_experiment_name` (default `lolpop_graph`), and `artifact_location`, the folder or
    URI of the files, which counts when the experiment is new (default: MLflow's own,
    `mlruns`). As with every key, environment variables answer where the workflow is silent,
    so that MLflow's own MLFLOW_TRACKING_URI and MLFLOW_EXPERIMENT_NAME work. MLflow's
    process-wide state (its active run, its tracking URI) is neither read nor changed.
    """

    # No defaults of the class, which would come before MLflow's environment variables.
    __OPTIONAL_CONF__ = ["mlflow_tracking_uri", "mlflow_experiment_name", "artifact_location"]

    _run_id: str | None = None

    @cached_property
    def client(self) -> MlflowClient:
        """MLflow's client for the configured store; made, and connected, on first use."""
        return MlflowClient(tracking_uri=self._get_config("mlflow_tracking_uri", _TRACKING_URI))

    @property
    def run_id(self) -> str:
        """The active run's id; raises RuntimeError if no run is active."""
        if self._run_id is None:
            message = "no run is active: call start_run, or use `with tracker.run():`"
            raise RuntimeError(message)
        return self._run_id

    def start_run(self, name: str | None = None, tags: Mapping[str, str] | None = None) -> str:
        """Begin a run and return MLflow's id of it; RuntimeError if one is active already.

        Raises MlflowException where the store cannot be reached or used.
        """
        if self._run_id is not None:
            message = f"run {self._run_id} is still active: end it first"
            raise RuntimeError(message)
        run = self.client.create_run(self._experiment_id(), run_name=name, tags=dict(tags or {}))
        self._run_id = run.info.run_id
        return self.run_id

    def end_run(self, *, failed: bool = False) -> None:
        """End the active run with MLflow's status FINISHED or FAILED."""
        self.client.set_terminated(self.run_id, status="FAILED" if failed else "FINISHED")
        self._run_id = None

    def log_params(self, params: Mapping[str, Any]) -> None:
        """Record parameters in one go; a text longer than MLflow's 6,000 characters is cut."""
        entries = [Param(name, str(value)[:_LONGEST_PARAM]) for name, value in params.items()]
        self.client.log_batch(self.run_id, params=entries)

    def log_tag(self, name: str, value: str) -> None:
        """Set a tag of the active run."""
        self.client.set_tag(self.run_id, name, value)

    def log_dataset(self, table: Table, source: str, context: str) -> None:
        """Record an input of the run, as MLflow's dataset with the digest of the values."""
        dataset = Dataset(
            name=Path(source).stem,
            digest=digest(table),
            source_type="local",
            source=source,
            profile=f'{{"num_rows": {len(table)}}}',
        )
        tags = [InputTag("mlflow.data.context", context)]
        self.client.log_inputs(self.run_id, datasets=[DatasetInput(dataset, tags)])

    def log_artifact(self, path: Path, folder: str | None = None) -> None:
        """Copy a file to the artifacts of the active run."""
        self.client.log_artifact(self.run_id, str(path), folder)

    def fetch_artifacts(self, run_id: str, folder: str, target: Path) -> Path:
        """Copy a run's artifact folder below `target`; MlflowException if there is none."""
        return Path(self.client.download_artifacts(run_id, folder, str(target)))

    def close(self) -> None:
        """End a run that was left active, as failed: whatever began it did not get through."""
        if self._run_id is not None:
            self.end_run(failed=True)

    def _experiment_id(self) -> str:
        name = self._get_config("mlflow_experiment_name", _EXPERIMENT)
        experiment = self.client.get_experiment_by_name(name)
        if experiment is not None:
            return str(experiment.experiment_id)
        try:
            return self.client.create_experiment(name, self._get_config("artifact_location"))
        except MlflowException:
            # Another process may have made it in between; then it is there now.
            experiment = self.client.get_experiment_by_name(name)
            if experiment is None:
                raise
            return str(experiment.experiment_id)
