"""From training and test rows of a series to a model that is held against a naive forecast."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from lolpop_graph.component.table import column_of
from lolpop_graph.pipeline.train.tabular import TrainPipeline

if TYPE_CHECKING:
    from lolpop_graph.component.data_splitter.base import BaseDataSplitter
    from lolpop_graph.component.settings import Settings
    from lolpop_graph.component.table import Column, Matrix, Table


class TimeSeriesTrainPipeline(TrainPipeline):
    """Does what TrainPipeline does, and says what the seasonal naive forecast would have done.

    Beside each metric of the test rows stands `baseline_<metric>`, that of the column
    `baseline_column`. Then the model is fitted anew to the rows before each of `backtest_folds`
    (default 3, 0 for none) folds in time, with the parameters that were chosen; the means over
    the folds are `backtest_<metric>` and `backtest_baseline_<metric>`, each fold's are in the
    artifact `backtest/folds.csv`. With `relative_to_baseline: true` the model learns what is to be
    added to the baseline.
    """

    __REQUIRED_CONF__ = {
        "config": ["time_column"],
        "component": ["data_splitter"],
    }
    __DEFAULT_CONF__ = {
        "config": {
            "backtest_folds": 3,
            "baseline_column": "seasonal_naive",
            "relative_to_baseline": False,
        }
    }

    data_splitter: BaseDataSplitter

    def _check_config(self, settings: Settings) -> None:
        super()._check_config(settings)
        settings.whole("backtest_folds")
        settings.flag("relative_to_baseline")

    def run(self, train: Table, test: Table) -> dict[str, float]:
        """Fit, evaluate, backtest and record a model; return the metrics by name."""
        return super().run(train, test) | self.backtest(pd.concat([train, test]))

    def evaluate(self, test: Table) -> dict[str, float]:
        """Metrics by name of rows that the model has not seen, and those of the baseline."""
        labels = column_of(test, self._get_config("target"))
        naive = self.model_evaluator.evaluate(labels, self._baseline(test), None, [])
        return super().evaluate(test) | {f"baseline_{name}": naive[name] for name in naive}

    def predict_rows(self, table: Table) -> tuple[Column, Matrix | None]:
        """The forecast for each row (n_rows,), and None: there are no classes."""
        found, _ = super().predict_rows(table)
        return (found + self._baseline(table) if self._is_relative else found), None

    def backtest(self, table: Table) -> dict[str, float]:
        """Metrics of models that were fitted to the rows before each fold; means over the folds."""
        n_folds = self._get_config("backtest_folds")
        if not n_folds:
            return {}
        with self.restored():
            folds = [
                self._backtest_fold(*parts) for parts in self.data_splitter.folds(table, n_folds)
            ]
        self._keep_table(pd.DataFrame(folds), "folds.csv", "backtest")
        means = pd.DataFrame(folds).mean(numeric_only=True).drop("rows")
        found = {f"backtest_{name}": float(mean) for name, mean in means.items()}
        self.metrics_tracker.log_metrics(found)
        return found

    def _backtest_fold(self, before: Table, fold: Table) -> dict[str, object]:
        self.feature_transformer.fit(self._inputs(before))
        self.model_trainer.fit(self.features(before), self._labels(before))
        times = column_of(fold, self._get_config("time_column"))
        span = {"from": str(times.min()), "to": str(times.max()), "rows": len(fold)}
        return span | self.evaluate(fold)

    def _inputs(self, table: Table) -> Table:
        left_out = [self._get_config("time_column"), self._get_config("baseline_column")]
        return table.drop(columns=left_out)

    def _labels(self, table: Table) -> Column:
        labels = super()._labels(table)
        return labels - self._baseline(table) if self._is_relative else labels

    def _rows_of(self, table: Table) -> pd.Index:
        # A visualizer that is given times draws the forecast over them.
        return pd.DatetimeIndex(column_of(table, self._get_config("time_column")))

    def _baseline(self, table: Table) -> Column:
        return column_of(table, self._get_config("baseline_column"))

    @property
    def _is_relative(self) -> bool:
        return bool(self._get_config("relative_to_baseline"))
