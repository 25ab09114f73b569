"""Rules for tables, measured with pandas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lolpop_graph.component.data_checker import rules
from lolpop_graph.component.data_checker.checking import RuleDataChecker
from lolpop_graph.component.drift import Comparison
from lolpop_graph.component.drift_measures import measure
from lolpop_graph.component.measured import PLAIN_PAGE, Measured
from lolpop_graph.component.statistics import plain_values

if TYPE_CHECKING:
    from pandas import DataFrame


class PlainDataChecker(RuleDataChecker):
    """Checks tables with nothing but pandas and NumPy, and writes the report as JSON."""

    def _measure(
        self,
        asked: Sequence[rules.Rule],
        comparisons: Sequence[Comparison],
        table: DataFrame,
        reference: DataFrame | None,
    ) -> Measured:
        drift = [] if reference is None else [measure(one, table, reference) for one in comparisons]
        return Measured([figure(rule, table) for rule in asked], drift, PLAIN_PAGE)


def figure(rule: rules.Rule, table: DataFrame) -> float:
    """What a rule asks for of a table: a number of rows or values, or a share of missing ones."""
    if rule.kind == rules.ROWS:
        return len(table)
    column = table[rule.column]
    if rule.kind == rules.MISSING:
        return float(column.isna().mean()) if len(column) else 0.0
    present = plain_values(column)
    if rule.kind == rules.DUPLICATES:
        return int(present.duplicated().sum())
    if rule.kind == rules.NOT_ALLOWED:
        return int((~present.isin(rule.allowed)).sum())
    return int((~present.between(*rule.interval)).sum())
