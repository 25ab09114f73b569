"""From earlier forecasts and what has come since to whether the forecasts still hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from lolpop_graph.component.table import columns_of
from lolpop_graph.pipeline.monitor.tabular import MonitorPipeline

if TYPE_CHECKING:
    from lolpop_graph.component.data_connector.base import BaseDataConnector
    from lolpop_graph.component.settings import Settings
    from lolpop_graph.component.table import Table
    from lolpop_graph.pipeline.process.time_series import TimeSeriesProcessPipeline


class ForecastMonitorPipeline(MonitorPipeline):
    """Compares the errors of stored forecasts with those that the model made on test rows.

    A series itself drifts by nature; its forecast's errors should not. Config: `recent_data`,
    what the data connector is asked for: the values that have come since; `time_column`,
    `target`, `predictions`.
    """

    __REQUIRED_CONF__ = {
        "config": ["recent_data", "time_column", "target"],
        "pipeline": ["process"],
        "component": ["data_connector"],
    }

    data_connector: BaseDataConnector
    process: TimeSeriesProcessPipeline

    def _check_config(self, settings: Settings) -> None:
        super()._check_config(settings)
        settings.text("recent_data")

    def _comparable(self, current: Table, model_run_id: str) -> tuple[Table, Table]:
        """The errors now and then, in the column `error`: forecast less actual."""
        time, target = self._get_config("time_column"), self._get_config("target")
        source = self._get_config("recent_data")
        actual = self.process.prepare(self.data_connector.load(source), source, "monitoring")
        forecast = columns_of(current, [time, f"predicted_{target}"])
        both = _by_time(forecast, time).join(_by_time(actual, time)[[target]], how="inner").dropna()
        if both.empty:
            message = f"{source} has no actual value yet for any step of the stored forecast"
            raise ValueError(message)
        self.log(f"{len(both)} forecasts can be compared with what has come since")
        return self._errors(both), self._errors(self.reference(current, model_run_id))

    def _errors(self, table: Table) -> Table:
        target = self._get_config("target")
        errors = table[f"predicted_{target}"] - table[target]
        return pd.DataFrame({"error": errors}).reset_index(drop=True)


def _by_time(table: Table, time: str) -> Table:
    return table.set_index(pd.to_datetime(table[time], format="ISO8601"))
