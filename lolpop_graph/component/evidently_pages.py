"""Figures measured by Evidently, and its pages, with our checks on top.

Importing this takes some seconds, since it imports Evidently: parts do so when they are first
used. Evidently's reports send nothing: its telemetry belongs to its server, which is not
imported here.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
import pandas as pd
from evidently import DataDefinition, Dataset
from evidently import Report as EvidentlyReport
from evidently.core.metric_types import render_widgets
from evidently.legacy.model.widget import BaseWidgetInfo
from evidently.legacy.renderers.html_widgets import CounterData, counter, group_widget, table_data
from evidently.metrics import ValueDrift

from lolpop_graph.component.drift import PSI, Comparison
from lolpop_graph.component.report import Check, Report
from lolpop_graph.component.statistics import DATE, NUMBER, kind_of, numbers, plain_values

_END_OF_HEAD = "\n    </head>"
_DATA = "<script>\n    var "
_STATES = ("success", "warning", "fail")


class EvidentlyPage:
    """What Evidently has measured and drawn so far."""

    def __init__(self, title: str) -> None:
        """Begin with an empty page, `title` being the path of the part that makes it."""
        self._title = title
        self._widgets: list[BaseWidgetInfo] = []

    def run(
        self,
        items: Sequence[Any],
        current: pd.DataFrame,
        reference: pd.DataFrame | None = None,
        **tasks: Any,
    ) -> list[Any]:
        """Let Evidently compute metrics or presets, and return the result of each metric.

        `tasks` are fields of Evidently's DataDefinition, such as `classification`.
        """
        if not items:
            return []
        definition = definition_of(current, **tasks)
        tables = [
            table if table is None else Dataset.from_pandas(readable(table), definition)
            for table in (current, reference)
        ]
        # Columns without values make it divide nothing by nothing.
        with np.errstate(all="ignore"):
            snapshot = EvidentlyReport(list(items)).run(*tables)
        model = snapshot.to_snapshot_model()
        self._widgets += model.widgets
        metrics = (item for item in items if hasattr(item, "metric_id"))
        return [model.metric_results[metric.metric_id] for metric in metrics]

    def drift(
        self, comparisons: Sequence[Comparison], current: pd.DataFrame, reference: pd.DataFrame
    ) -> list[float]:
        """How far columns have drifted, by Evidently's own methods."""
        columns = [one.column for one in comparisons]
        is_number = {one.column: one.is_number for one in comparisons}
        tables = (_as_compared(table[columns], is_number) for table in (current, reference))
        metrics = [
            ValueDrift(column=one.column, method=_method(one), threshold=one.threshold)
            for one in comparisons
        ]
        return [float(result.value) for result in self.run(metrics, *tables)]

    def html(self, report: Report | None = None) -> bytes:
        """The page as one file that needs no network: the checks of a report, then the rest."""
        shown = [_header(self._title, "")] if report is None else self._verdict(report)
        widgets = [*shown, group_widget(title="", widgets=self._widgets)]
        return _safe(render_widgets(widgets), self._title).encode()

    def _verdict(self, report: Report) -> list[BaseWidgetInfo]:
        """The verdict and what failed; all checks as Evidently lists them, behind `Tests`."""
        totals = _header(self._title, report.verdict)
        failed = [(check.name, check.message) for check in report.failed]
        table = table_data(title="What failed", column_names=["check", "found"], data=failed)
        return [totals, *([table] if failed else []), _list(report.checks)]


def definition_of(table: pd.DataFrame, **tasks: Any) -> DataDefinition:
    """What Evidently would guess: which columns hold numbers, dates, and values to count."""
    kinds = {name: kind_of(table[name]) for name in table.columns}
    return DataDefinition(
        numerical_columns=[name for name, kind in kinds.items() if kind == NUMBER],
        datetime_columns=[name for name, kind in kinds.items() if kind == DATE],
        categorical_columns=[name for name, kind in kinds.items() if kind not in {NUMBER, DATE}],
        **tasks,
    )


def readable(table: pd.DataFrame) -> pd.DataFrame:
    """A table as Evidently reads it: numbers, dates, and else texts and booleans."""
    return pd.DataFrame({name: _readable(table[name]) for name in table.columns})


def _readable(column: pd.Series) -> pd.Series:
    kind = kind_of(column)
    if kind == NUMBER:
        plain = column.astype(object) if isinstance(column.dtype, pd.CategoricalDtype) else column
        return pd.to_numeric(plain, errors="coerce")
    if kind == DATE:
        return pd.to_datetime(column, errors="coerce")
    return plain_values(column).astype(object).reindex(column.index)


def _as_compared(table: pd.DataFrame, is_number: dict[str, bool]) -> pd.DataFrame:
    """The columns as they are compared: numbers, or texts, so that 1 and `1` are the same."""
    return pd.DataFrame(
        {
            name: numbers(table[name]).reindex(table.index)
            if is_number[name]
            else table[name].dropna().map(str).reindex(table.index)
            for name in table.columns
        }
    )


def _method(one: Comparison) -> str:
    """Evidently's name of a method."""
    if one.method == PSI:
        return "psi"
    return "ks" if one.is_number else "chisquare"


def _state(check: Check) -> str:
    if check.passed:
        return "success"
    return "fail" if check.counts else "warning"


def _header(title: str, text: str) -> BaseWidgetInfo:
    """A line of large letters and one of smaller ones below it."""
    return counter(counters=[CounterData(label=text, value=title)])


def _list(checks: Sequence[Check]) -> BaseWidgetInfo:
    """Evidently's own list of tests, of our checks, those that failed first."""
    ordered = sorted(checks, key=lambda check: -_STATES.index(_state(check)))
    tests = [
        {
            "title": check.name,
            "description": check.message,
            "state": _state(check),
            "groups": [],
        }
        for check in ordered
    ]
    return BaseWidgetInfo(
        type="test_suite", title="", size=2, params={"v2_test": True, "tests": tests}
    )


def _safe(html: str, title: str) -> str:
    """The page with a title, and with every `<` of its data escaped.

    Evidently 0.7 writes the data into a script as it is, so that a column named `</script>`
    would end it, and what follows would be run.
    """
    head, end, body = html.partition(_END_OF_HEAD)
    style, start, data = head.rpartition(_DATA)
    values, close, rest = data.rpartition("</script>")
    data = f"{start}{values.replace('<', chr(92) + 'u003c')}{close}{rest}"
    return f"{style}<title>{escape(title)}</title>{data}{end}{body}"
