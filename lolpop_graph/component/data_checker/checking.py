"""What data checkers with rules have in common; they differ in who measures and who writes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lolpop_graph.component import drift
from lolpop_graph.component.data_checker import rules
from lolpop_graph.component.data_checker.base import BaseDataChecker
from lolpop_graph.component.folders import OUTPUT_FOLDER
from lolpop_graph.component.measured import Measured, finish, refuse_double
from lolpop_graph.component.report import Report
from lolpop_graph.component.settings import Settings

if TYPE_CHECKING:
    from pandas import DataFrame


class RuleDataChecker(BaseDataChecker):
    """Holds tables against rules of the config; a rule that nobody sets is not asked for.

    Config:
    `min_rows` (default 1);
    `max_missing_share`, from 0 to 1, for every column, or a mapping of columns to shares;
    `required_columns`, which must be there;
    `unique_columns`, in which no value stands twice, such as ids;
    `allowed_values`, a mapping of columns to lists;
    `ranges`, a mapping of columns to `{min: 0, max: 120}`, either end or both, or `[0, 120]`.
    A missing value breaks `max_missing_share` alone.
    Where a reference is given: `same_columns` (default true) asks for all its columns, with the
    same kind of values; `max_drifted_share` (default: not asked for) is the greatest share of
    columns that may have drifted, with the keys of prediction monitors: `drift_method`,
    `drift_threshold`, `drift_columns`, `ignored_columns`, `min_drift_rows`.
    `output_folder` (default `lolpop_output`), below which `reports/` gets the report.
    """

    __DEFAULT_CONF__ = {
        "config": {**rules.DEFAULTS, **drift.DEFAULTS, "output_folder": OUTPUT_FOLDER}
    }

    def setup(self) -> None:
        """Read the config; raises ValueError with all that is wrong with it."""
        with Settings(self._get_config) as settings:
            self._rules = rules.DataSettings.read(settings)
            self._folder = settings.text("output_folder") or OUTPUT_FOLDER

    def check(self, table: DataFrame, reference: DataFrame | None = None) -> Report:
        """Hold a table (n_rows, n_columns) against the config, and write the report.

        `reference` is a table that is known to be good. Raises ValueError for a table of which
        two columns have the same name, OSError where the report cannot be written.
        """
        refuse_double(table, reference)
        checks = list(self._rules.structure(table, reference))
        asked, impossible = self._rules.rules(table)
        plan = self._drift_plan(table, reference)
        found = self._measure(asked, plan.comparisons if plan else (), table, reference)
        checks += [rule.check(value) for rule, value in zip(asked, found.figures, strict=True)]
        checks += impossible
        checks += drift.drift_checks(plan, found.drift, self._rules.max_drifted_share or 0)
        return finish(self, Report.of(checks), found.page, self._folder)

    def _measure(
        self,
        asked: Sequence[rules.Rule],
        comparisons: Sequence[drift.Comparison],
        table: DataFrame,
        reference: DataFrame | None,
    ) -> Measured:
        """A figure for each rule and each comparison, and the page that shows them."""
        raise NotImplementedError

    def _drift_plan(self, table: DataFrame, reference: DataFrame | None) -> drift.DriftPlan | None:
        if reference is None or self._rules.max_drifted_share is None:
            return None
        return drift.plan_drift(self._rules.drift, table, reference)
