"""Metrics in MLflow."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pandas as pd
from mlflow.entities import Metric

from lolpop_graph.component.metadata_tracker.mlflow import MLFlowMetadataTracker
from lolpop_graph.component.metrics_tracker.base import BaseMetricsTracker
from lolpop_graph.component.mlflow_store import RUN_TAG, BaseMLFlow, plain_errors

if TYPE_CHECKING:
    from mlflow import MlflowClient

    from lolpop_graph.component.metadata_tracker.base import BaseMetadataTracker


class MLFlowMetricsTracker(BaseMLFlow, BaseMetricsTracker):
    """Records metrics in MLflow, whichever metadata tracker is beside it.

    Beside an MLflow metadata tracker they go to its run, in its store. For a run of another one
    there is an MLflow run of the same name, with the tag `lolpop_graph.run_id`; it ends when the
    next run begins or the workflow is closed, with the status of the other one. Config: see
    `BaseMLFlow`, of which all is taken from an MLflow metadata tracker where there is one.
    """

    __REQUIRED_CONF__ = {"component": ["metadata_tracker"]}

    metadata_tracker: BaseMetadataTracker

    _open: tuple[str, str] | None = None
    """The other tracker's run and the MLflow run that stands for it, while it may be active."""

    def setup(self) -> None:
        """Look whether the store can be one, if it is not the metadata tracker's."""
        if not isinstance(self.metadata_tracker, MLFlowMetadataTracker):
            super().setup()

    def log_metric(self, name: str, value: float, step: int = 0) -> None:
        """Record one number; see `BaseMetricsTracker.log_metric`."""
        self.log_metrics({name: value}, step)

    def log_metrics(self, metrics: Mapping[str, float], step: int = 0) -> None:
        """Record numbers of one step in one go; infinite ones become MLflow's greatest."""
        client, run_id = self._run()
        now = int(time.time() * 1000)
        entries = [Metric(name, float(value), now, step) for name, value in metrics.items()]
        with plain_errors():
            for first in range(0, len(entries), 1000):
                client.log_batch(run_id, metrics=entries[first : first + 1000])

    def read_metrics(self, run_id: str) -> pd.DataFrame:
        """The metrics of a run; see `BaseMetricsTracker.read_metrics`."""
        tracker = self.metadata_tracker
        is_its_own = isinstance(tracker, MLFlowMetadataTracker)
        client = tracker.client if is_its_own else self.client
        found = run_id if is_its_own else self.store.stand_in(run_id) or ""
        with plain_errors(absent=f"there is no run {run_id!r}"):
            names = sorted(client.get_run(found).data.metrics) if found else []
            rows = [
                (name, entry.step, entry.value)
                for name in names
                for entry in client.get_metric_history(found, name)
            ]
        table = pd.DataFrame(rows, columns=["name", "step", "value"])
        return table.sort_values(["name", "step"], kind="stable", ignore_index=True)

    def remote_context(self) -> tuple[str, str] | None:
        """The active run of another tracker and the MLflow run that stands for it, if there is one.

        That is made here, so that two processes do not make two, and is ended here.
        """
        if isinstance(self.metadata_tracker, MLFlowMetadataTracker) or not self._is_tracking():
            return None
        self._run()
        return self._open

    @contextmanager
    def in_remote_context(self, context: tuple[str, str] | None) -> Iterator[None]:
        """Record with the MLflow run that the process made which called this one."""
        before, self._open = self._open, context
        try:
            yield
        finally:
            self._open = before

    def close(self) -> None:
        """End the run that stands for another tracker's, with the status of that."""
        if self._open is not None:
            run_id, mine = self._open
            self._open = None
            finished = self.metadata_tracker.read_run(run_id).status == "FINISHED"
            self.client.set_terminated(mine, status="FINISHED" if finished else "FAILED")

    def _is_tracking(self) -> bool:
        try:
            return bool(self.metadata_tracker.run_id)
        except RuntimeError:
            return False

    def _run(self) -> tuple[MlflowClient, str]:
        """A client, and MLflow's id of the active run or of the one that stands for it."""
        tracker = self.metadata_tracker
        run_id = tracker.run_id
        if isinstance(tracker, MLFlowMetadataTracker):
            return tracker.client, run_id
        if self._open is None or self._open[0] != run_id:
            self.close()
            name = self.metadata_tracker.read_run(run_id).name
            mine = self.store.stand_in(run_id) or self.store.create_run(name, {RUN_TAG: run_id})
            self._open = (run_id, mine)
        return self.client, self._open[1]
