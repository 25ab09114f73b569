"""What every metrics tracker can do."""

from __future__ import annotations

from collections.abc import Mapping

from lolpop_graph.integration import BaseComponent


class BaseMetricsTracker(BaseComponent):
    """Records numbers of the metadata tracker's active run."""

    def log_metric(self, name: str, value: float, step: int = 0) -> None:
        """Record one number; `step` counts rounds, epochs or whatever it is followed over."""
        raise NotImplementedError

    def log_metrics(self, metrics: Mapping[str, float], step: int = 0) -> None:
        """Record several numbers of the same step."""
        for name, value in metrics.items():
            self.log_metric(name, value, step)
