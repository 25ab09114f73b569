"""Drift measured with pandas and NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lolpop_graph.component.drift import Comparison
from lolpop_graph.component.drift_measures import measure
from lolpop_graph.component.measured import PLAIN_PAGE, Measured
from lolpop_graph.component.prediction_monitor.monitoring import DriftMonitor

if TYPE_CHECKING:
    from pandas import DataFrame


class PlainPredictionMonitor(DriftMonitor):
    """Measures drift with nothing but pandas and NumPy, and writes the report as JSON.

    The index has ten bins with a tenth of the reference each; sources of the methods stand in
    `lolpop_graph.component.drift_measures`.
    """

    def _measure(
        self, comparisons: Sequence[Comparison], current: DataFrame, reference: DataFrame
    ) -> Measured:
        drift = [measure(one, current, reference) for one in comparisons]
        return Measured([], drift, PLAIN_PAGE)
