"""Rules for tables, measured with Evidently."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lolpop_graph.component.data_checker import rules
from lolpop_graph.component.data_checker.checking import RuleDataChecker
from lolpop_graph.component.data_checker.plain import figure
from lolpop_graph.component.drift import Comparison
from lolpop_graph.component.measured import Measured, Page
from lolpop_graph.component.needs import need

if TYPE_CHECKING:
    from pandas import DataFrame

need("evidently")


class EvidentlyDataChecker(RuleDataChecker):
    """Checks tables with Evidently, and writes the report as a page of HTML.

    What Evidently has no metric for is measured as PlainDataChecker does, and stands on the page.
    """

    def _measure(
        self,
        asked: Sequence[rules.Rule],
        comparisons: Sequence[Comparison],
        table: DataFrame,
        reference: DataFrame | None,
    ) -> Measured:
        from lolpop_graph.component.evidently_pages import EvidentlyPage  # noqa: PLC0415 - seconds

        page = EvidentlyPage(self.path)
        drift = [] if reference is None else page.drift(comparisons, table, reference)
        metrics = {rule: _metric(rule, table) for rule in asked}
        measurable = [rule for rule, metric in metrics.items() if metric is not None]
        found = page.run([metrics[rule] for rule in measurable], table)
        values = dict(zip(measurable, map(_value, measurable, found), strict=True))
        figures = [values[rule] if rule in values else figure(rule, table) for rule in asked]
        return Measured(figures, drift, Page(page.html, "html"))


def _metric(rule: rules.Rule, table: DataFrame) -> Any:
    """The metric of Evidently that a rule asks for, or None.

    Evidently refuses tables without rows, divides by the number of values, has no count of
    values that repeat, and takes 0.5 in a list for 0.
    """
    from evidently import metrics  # noqa: PLC0415 - seconds

    if table.empty or (rule.column and not table[rule.column].notna().any()):
        return None
    if rule.kind == rules.ROWS:
        return metrics.RowCount()
    if rule.kind == rules.MISSING:
        return metrics.MissingValueCount(column=rule.column)
    if rule.kind == rules.OUT_OF_RANGE:
        low, high = rule.interval
        return metrics.OutRangeValueCount(column=rule.column, left=low, right=high)
    if rule.kind == rules.NOT_ALLOWED and all(type(value) in {str, int} for value in rule.allowed):
        values = list(dict.fromkeys(rule.allowed))
        return metrics.OutListValueCount(column=rule.column, values=values)
    return None


def _value(rule: rules.Rule, result: Any) -> float:
    if rule.kind == rules.ROWS:
        return int(result.value)
    return float(result.share.value) if rule.kind == rules.MISSING else int(result.count.value)
