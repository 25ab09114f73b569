"""From the last values of a series to a stored forecast."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from lolpop_graph.pipeline.predict.tabular import PredictPipeline

if TYPE_CHECKING:
    from lolpop_graph.component.settings import Settings
    from lolpop_graph.component.table import Table
    from lolpop_graph.pipeline.process.time_series import TimeSeriesProcessPipeline


class ForecastPipeline(PredictPipeline):
    """Forecasts the `horizon` steps after the last value of a series.

    Config: what PredictPipeline asks for, `new_data` being the series up to now; `time_column`;
    `last_actuals` (default 12), how many of the last values stand before the forecast in what is
    saved. Its columns are the time, the target (missing in the future), `predicted_<target>`
    (missing in the past) and the naive forecast.
    """

    __REQUIRED_CONF__ = {"config": ["time_column"], "pipeline": ["process"]}
    __DEFAULT_CONF__ = {"config": {"last_actuals": 12, "baseline_column": "seasonal_naive"}}

    process: TimeSeriesProcessPipeline

    def _check_config(self, settings: Settings) -> None:
        super()._check_config(settings)
        settings.whole("last_actuals")

    def predicted(self) -> Table:
        """The last values and, after them, the forecast."""
        series = self.new_rows()
        future = self.process.future(series)
        forecast = pd.concat([future, self.train.predictions(future)], axis=1)
        time, target = self._get_config("time_column"), self._get_config("target")
        known = series.dropna(subset=[target])
        known = known.assign(**{time: pd.to_datetime(known[time], format="ISO8601")})
        last = known.sort_values(time).tail(self._get_config("last_actuals"))
        columns = [time, target, f"predicted_{target}", self._get_config("baseline_column")]
        return pd.concat([last, forecast], ignore_index=True)[columns]
