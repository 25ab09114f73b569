"""A forecast from the values of a series."""

from __future__ import annotations

from typing import Any

from lolpop_graph.component.model_repository.base import PRODUCTION
from lolpop_graph.runner.base import ModelRunner


class TimeSeriesRunner(ModelRunner):
    """Runs a workflow that forecasts the next values of a series.

    Beside each metric of the model, `main` returns `baseline_<metric>`, that of the seasonal
    naive forecast, and both as means over the folds of a backtest.
    """

    __REQUIRED_CONF__ = {
        "pipeline": [
            "process|TimeSeriesProcessPipeline",
            "train|TimeSeriesTrainPipeline",
            "predict|ForecastPipeline",
        ]
    }
    __DEFAULT_CONF__ = {"config": {"problem_type": "time_series"}}

    def forecast(self, run_id: str = PRODUCTION) -> dict[str, Any]:
        """The next steps with the model of an earlier run, or the one in production."""
        return self.predict_with(run_id)
