"""Metrics in MLflow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lolpop_graph.component.metrics_tracker.base import BaseMetricsTracker

if TYPE_CHECKING:
    from lolpop_graph.component.metadata_tracker.mlflow import MLFlowMetadataTracker


class MLFlowMetricsTracker(BaseMetricsTracker):
    """Records metrics with the run that the MLflow metadata tracker beside it has active."""

    __REQUIRED_CONF__ = {"component": ["metadata_tracker|MLFlowMetadataTracker"]}

    metadata_tracker: MLFlowMetadataTracker

    def log_metric(self, name: str, value: float, step: int = 0) -> None:
        """Record one number; raises RuntimeError if no run is active."""
        tracker = self.metadata_tracker
        tracker.client.log_metric(tracker.run_id, name, value, step=step)
