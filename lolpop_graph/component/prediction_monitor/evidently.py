"""Drift measured with Evidently."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lolpop_graph.component.drift import Comparison
from lolpop_graph.component.measured import Measured, Page
from lolpop_graph.component.needs import need
from lolpop_graph.component.prediction_monitor.monitoring import DriftMonitor

if TYPE_CHECKING:
    from pandas import DataFrame

need("evidently")


class EvidentlyPredictionMonitor(DriftMonitor):
    """Measures drift with Evidently's methods `psi`, `ks` and `chisquare`, and writes a page.

    Evidently's index has bins of equal width, as many as Sturges' rule says for both tables
    together; its chi-square test takes the shares of the reference for exact ones, so that a
    value which the reference does not have is drift.
    """

    def _measure(
        self, comparisons: Sequence[Comparison], current: DataFrame, reference: DataFrame
    ) -> Measured:
        from lolpop_graph.component.evidently_pages import EvidentlyPage  # noqa: PLC0415 - seconds

        page = EvidentlyPage(self.path)
        drift = page.drift(comparisons, current, reference)
        return Measured([], drift, Page(page.html, "html"))
