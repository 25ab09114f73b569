"""What every prediction monitor can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lolpop_graph.component.report import Report
from lolpop_graph.integration import BaseComponent

if TYPE_CHECKING:
    from pandas import DataFrame


class BasePredictionMonitor(BaseComponent):
    """Says whether data, predictions among it, has drifted away from a reference."""

    def monitor(self, current: DataFrame, reference: DataFrame) -> Report:
        """Compare the columns of two tables, each with its own number of rows.

        `current` is what is predicted now, `reference` what the model was trained with or
        predicted when it was known to be good; what is compared are the columns of `reference`.
        Drift raises nothing: the report has not passed. Neither table is changed.
        """
        raise NotImplementedError
