"""From recent predictions to whether they have drifted."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from lolpop_graph.pipeline.base import MODEL_RUN, TrackedPipeline
from lolpop_graph.pipeline.train.tabular import REFERENCE

if TYPE_CHECKING:
    from lolpop_graph.component.data_connector.base import BaseDataConnector
    from lolpop_graph.component.prediction_monitor.base import BasePredictionMonitor
    from lolpop_graph.component.report import Report
    from lolpop_graph.component.settings import Settings
    from lolpop_graph.component.table import Table


class MonitorPipeline(TrackedPipeline):
    """Compares recent predictions, and what they were made of, with a reference.

    Config: `predictions`, what the prediction store is asked for: where the pipeline `predict`
    saves to. `reference_data`, what the data connector is asked for; without it, the rows that
    `train` kept with the run that made the model. `on_failed_check` is `warn` by default here:
    drift is an answer, and not an accident.
    """

    __REQUIRED_CONF__ = {
        "config": ["predictions"],
        "component": ["prediction_monitor", "prediction_store", "metadata_tracker"],
    }
    __DEFAULT_CONF__ = {"config": {"on_failed_check": "warn", "reference_data": None}}

    prediction_monitor: BasePredictionMonitor
    prediction_store: BaseDataConnector

    def _check_config(self, settings: Settings) -> None:
        settings.text("predictions")
        settings.text("reference_data")

    def run(self, model_run_id: str | None = None) -> Report:
        """Compare and notify; `model_run_id` is the run that made the model.

        None stands for the model of the newest predictions. Raises LookupError where there are
        none, or that run has no reference; ValueError where recent rows and reference have no
        column in common.
        """
        model_run_id = model_run_id or self._newest_model()
        source = self._get_config("predictions")
        current = self.prediction_store.load(source)
        self.metadata_tracker.log_dataset(current, source, "monitoring")
        report = self.prediction_monitor.monitor(*self._comparable(current, model_run_id))
        self.metadata_tracker.log_tag(MODEL_RUN, model_run_id)
        self.metadata_tracker.log_tag("drifted", str(not report.passed).lower())
        self._heed(report, "the comparison of recent predictions with the reference", "monitoring")
        return report

    def _newest_model(self) -> str:
        for run in self.metadata_tracker.runs():
            if run.tags.get(MODEL_RUN) and "predictions" in run.tags:
                return run.tags[MODEL_RUN]
        message = "nothing has been predicted yet: no run is tagged with the model that it used"
        raise LookupError(message)

    def _comparable(self, current: Table, model_run_id: str) -> tuple[Table, Table]:
        """Recent rows and the reference, with the columns that both have."""
        reference = self.reference(current, model_run_id)
        shared = [name for name in reference.columns if name in current.columns]
        if not shared:
            message = "recent predictions and the reference have no column in common"
            raise ValueError(message)
        return current[shared], reference[shared]

    def reference(self, current: Table, model_run_id: str) -> Table:
        """The rows to compare with, their texts read as texts where the current ones are."""
        source = self._get_config("reference_data")
        if source is not None:
            return self.data_connector.load(source)
        types = {name: column.dtype for name, column in current.items() if column.dtype == object}
        with tempfile.TemporaryDirectory() as folder:
            kept = self.metadata_tracker.fetch_artifacts(model_run_id, REFERENCE, Path(folder))
            return pd.read_csv(kept / f"{REFERENCE}.csv", dtype=types)
