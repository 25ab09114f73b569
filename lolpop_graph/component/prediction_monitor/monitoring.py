"""What prediction monitors have in common; they differ in who measures and who writes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lolpop_graph.component import drift
from lolpop_graph.component.folders import OUTPUT_FOLDER
from lolpop_graph.component.measured import Measured, finish, refuse_double
from lolpop_graph.component.prediction_monitor.base import BasePredictionMonitor
from lolpop_graph.component.report import Report
from lolpop_graph.component.settings import Settings

if TYPE_CHECKING:
    from pandas import DataFrame


class DriftMonitor(BasePredictionMonitor):
    """Compares two tables column by column, and counts the columns that have drifted.

    Config:
    `max_drifted_share` (default 0.5, as Evidently has it), the greatest share of columns that may
    have drifted before the report fails;
    `drift_method`: `psi`, the population stability index, `test`, the p-value of a test
    (Kolmogorov-Smirnov for numbers, chi-square for texts), or `auto` (default): a test for a
    reference of at most 1,000 rows, whose chance differences an index takes for drift, and the
    index above, where a test finds differences that nobody minds;
    `drift_threshold` (default 0.2 for `psi`, 0.05 for `test`): more of the index, or a smaller
    p-value, is drift;
    `drift_columns` (default: all of the reference) and `ignored_columns`;
    `min_drift_rows` (default 30): with fewer rows in either table the report fails, since nobody
    could tell;
    `output_folder` (default `lolpop_output`), below which `reports/` gets the report.
    Dates, texts that identify rows, and columns without values in the reference are not compared.
    """

    __DEFAULT_CONF__ = {
        "config": {"max_drifted_share": 0.5, **drift.DEFAULTS, "output_folder": OUTPUT_FOLDER}
    }

    def setup(self) -> None:
        """Read the config; raises ValueError with all that is wrong with it."""
        with Settings(self._get_config) as settings:
            self._max_share = settings.number("max_drifted_share", low=0, high=1)
            self._drift = drift.DriftSettings.read(settings)
            self._folder = settings.text("output_folder") or OUTPUT_FOLDER

    def monitor(self, current: DataFrame, reference: DataFrame) -> Report:
        """Compare the columns of two tables, each with its own number of rows.

        Each column is a check that informs; the share of those that drifted decides. Raises
        ValueError for a table of which two columns have the same name, OSError where the report
        cannot be written.
        """
        refuse_double(current, reference)
        plan = drift.plan_drift(self._drift, current, reference)
        found = self._measure(plan.comparisons, current, reference)
        share = 1.0 if self._max_share is None else self._max_share
        report = Report.of(drift.drift_checks(plan, found.drift, share))
        return finish(self, report, found.page, self._folder)

    def _measure(
        self, comparisons: Sequence[drift.Comparison], current: DataFrame, reference: DataFrame
    ) -> Measured:
        """A figure for each comparison, and the page that shows them."""
        raise NotImplementedError
