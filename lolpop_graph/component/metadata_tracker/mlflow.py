"""Runs in MLflow."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mlflow.entities import Dataset, DatasetInput, InputTag, Param
from mlflow.entities import Run as StoredRun

from lolpop_graph.component.folders import check_relative
from lolpop_graph.component.metadata_tracker.active import BaseActiveRunTracker
from lolpop_graph.component.metadata_tracker.base import Run
from lolpop_graph.component.mlflow_store import BaseMLFlow, plain_errors, texts
from lolpop_graph.component.table import Table, digest

_LONGEST_PARAM = 6000
_LONGEST_SCHEMA = 60_000
_BATCH = 100
"""How many parameters MLflow takes at a time."""
_PAGE = 1000
_KINDS = {"b": "boolean", "i": "long", "u": "long", "f": "double", "M": "datetime"}
"""MLflow's names for types of columns, by NumPy's."""


class MLFlowMetadataTracker(BaseMLFlow, BaseActiveRunTracker):
    """Records runs in MLflow's store: an SQLite file, no server needed, or a server.

    Config: see `BaseMLFlow`.
    """

    def start_run(self, name: str | None = None, tags: Mapping[str, str] | None = None) -> str:
        """Begin a run and return MLflow's id of it; RuntimeError if one is active already.

        Raises MlflowException where the store cannot be reached or used.
        """
        self._check_may_begin()
        self._run_id = self.store.create_run(name, dict(tags or {}))
        return self.run_id

    def end_run(self, *, failed: bool = False) -> None:
        """End the active run with MLflow's status FINISHED or FAILED."""
        self._check_may_end()
        self.client.set_terminated(self.run_id, status="FAILED" if failed else "FINISHED")
        self._run_id = None

    def log_params(self, params: Mapping[str, Any]) -> None:
        """Record parameters; a text longer than MLflow's 6,000 characters is cut.

        Raises ValueError for a name that MLflow does not take, or that has another value already.
        """
        entries = [Param(*entry) for entry in texts(params, _LONGEST_PARAM).items()]
        with self._logging():
            for first in range(0, len(entries), _BATCH):
                self.client.log_batch(self.run_id, params=entries[first : first + _BATCH])

    def log_tag(self, name: str, value: str) -> None:
        """Set a tag of the active run."""
        with self._logging():
            self.client.set_tag(self.run_id, name, value)

    def log_dataset(self, table: Table, source: str, context: str) -> None:
        """Record an input of the run: MLflow's dataset with columns, and a digest of the values."""
        dataset = Dataset(
            name=_dataset_name(source),
            digest=digest(table),
            source_type="local",
            source=json.dumps({"uri": source}),
            schema=_schema(table),
            profile=json.dumps({"num_rows": len(table), "num_elements": table.size}),
        )
        tags = [InputTag("mlflow.data.context", context)]
        with self._logging():
            self.client.log_inputs(self.run_id, datasets=[DatasetInput(dataset, tags)])

    def log_artifact(self, path: Path, folder: str | None = None) -> None:
        """Copy a file or a folder to the artifacts of the active run."""
        run_id = self.run_id
        check_relative(folder or ".")
        if not path.exists():
            message = f"{path}: there is no such file to keep"
            raise FileNotFoundError(message)
        with self._logging():
            self.client.log_artifact(run_id, str(path), folder)

    def fetch_artifacts(self, run_id: str, folder: str, target: Path) -> Path:
        """Copy a run's artifact folder below `target`; LookupError if there is none."""
        with plain_errors(absent=f"there is no run {run_id!r}"):
            if not self.client.list_artifacts(run_id, folder):
                message = f"run {run_id!r} has no artifacts in {folder!r}"
                raise LookupError(message)
            target.mkdir(parents=True, exist_ok=True)
            return Path(self.client.download_artifacts(run_id, folder, str(target)))

    def read_run(self, run_id: str) -> Run:
        """What MLflow keeps of a run; a run that was left is RUNNING for ever."""
        with plain_errors(absent=f"there is no run {run_id!r}"):
            return _run(self.client.get_run(run_id))

    def runs(self) -> list[Run]:
        """All runs of the configured experiment, the newest first."""
        experiment = [self.store.experiment_id()]
        page = self.client.search_runs(experiment, max_results=_PAGE)
        found = [_run(run) for run in page]
        while page.token:
            page = self.client.search_runs(experiment, max_results=_PAGE, page_token=page.token)
            found += [_run(run) for run in page]
        return found

    def _logging(self) -> AbstractContextManager[None]:
        """What is raised where the active run cannot be logged to; RuntimeError without one."""
        absent = (
            f"the active run {self.run_id!r} is not in the store of this process: all processes of "
            "a workflow need the same `mlflow_tracking_uri`, a server's or one on a shared disk"
        )
        return plain_errors(absent=absent)


def _run(run: StoredRun) -> Run:
    ended = run.info.end_time
    return Run(
        run_id=run.info.run_id,
        name=run.info.run_name,
        status=run.info.status,
        params=dict(run.data.params),
        tags={k: v for k, v in run.data.tags.items() if not k.startswith("mlflow.")},
        started=datetime.fromtimestamp(run.info.start_time / 1000, UTC),
        ended=None if ended is None else datetime.fromtimestamp(ended / 1000, UTC),
    )


def _dataset_name(source: str) -> str:
    """A short name: a file's without its ending, a table's as it is, `query` for a query."""
    return "query" if len(source.split()) > 1 and "\n" in source.strip() else Path(source).stem


def _schema(table: Table) -> str | None:
    """The columns as MLflow's pages show them; None where there are too many to be kept."""
    columns = [
        {"name": str(name), "type": _KINDS.get(column.dtype.kind, "string"), "required": True}
        for name, column in table.items()
    ]
    text = json.dumps({"mlflow_colspec": columns})
    return text if len(text) <= _LONGEST_SCHEMA else None
