"""What every metrics tracker can do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from lolpop_graph.integration import BaseComponent

if TYPE_CHECKING:
    import pandas as pd


class BaseMetricsTracker(BaseComponent):
    """Records numbers of the active run of the peer `metadata_tracker`, whichever that is."""

    def log_metric(self, name: str, value: float, step: int = 0) -> None:
        """Record one number; `step` counts rounds, epochs or whatever it is followed over.

        Raises RuntimeError if no run is active, ValueError for a name that cannot be kept.
        """
        raise NotImplementedError

    def log_metrics(self, metrics: Mapping[str, float], step: int = 0) -> None:
        """Record several numbers of the same step."""
        for name, value in metrics.items():
            self.log_metric(name, value, step)

    def read_metrics(self, run_id: str) -> pd.DataFrame:
        """What was recorded of a run: the columns `name`, `step` and `value`, in that order.

        A row for each number, by name, then step, then in the order recorded; empty if there is
        none. `run_id` is the metadata tracker's.
        """
        raise NotImplementedError
