"""Metrics of models, measured with NumPy."""

from __future__ import annotations

from collections.abc import Sequence

from lolpop_graph.component.measured import PLAIN_PAGE, Measured
from lolpop_graph.component.model_checker.checking import ThresholdModelChecker
from lolpop_graph.component.model_checker.metrics import MEASURES, Outcome


class PlainModelChecker(ThresholdModelChecker):
    """Checks models with nothing but pandas and NumPy, and writes the report as JSON."""

    def _measure(self, asked: Sequence[str], given: Outcome) -> Measured:
        return Measured([MEASURES[name](given) for name in asked], [], PLAIN_PAGE)
