"""From a series to training and test rows that know nothing of what comes after them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from lolpop_graph.component.table import column_of
from lolpop_graph.pipeline.process.tabular import TRAINING, ProcessPipeline

if TYPE_CHECKING:
    from lolpop_graph.component.data_transformer.base import BaseDataTransformer
    from lolpop_graph.component.table import Table


class TimeSeriesProcessPipeline(ProcessPipeline):
    """Does what ProcessPipeline does, and puts features of earlier values into each row.

    The component `lag_transformer` makes them. Config: `time_column`, `target`, `frequency` and
    `horizon`, the number of steps to forecast; the data splitter's `method` should be `time`.
    Rows without a target, or with too little before them, are not learnt from.
    """

    __REQUIRED_CONF__ = {
        "config": ["time_column", "target", "frequency", "horizon"],
        "component": ["lag_transformer"],
    }

    lag_transformer: BaseDataTransformer

    def run(self) -> tuple[Table, Table]:
        """Training rows and the test rows after them; ValueError where nothing is left."""
        source = self._get_config("train_data")
        series = self.prepare(self.data_connector.load(source), source, TRAINING)
        rows = self.lag_transformer.transform(series)
        complete = rows.dropna().reset_index(drop=True)
        if complete.empty:
            message = f"none of the {len(rows)} rows of {source} has all lags: it is too short"
            raise ValueError(message)
        train, test = self.data_splitter.split(complete)
        self._check_order(train, test)
        self.log(f"{source}: {len(train)} training rows, {len(test)} test rows after them")
        return train, test

    def _check_order(self, train: Table, test: Table) -> None:
        """Raise ValueError where the model would learn from what comes after the test rows."""
        time = self._get_config("time_column")
        before, after = (
            pd.to_datetime(column_of(part, time), format="ISO8601") for part in (train, test)
        )
        if before.max() >= after.min():
            raise ValueError(
                "some training rows come after test rows, which would make the forecast look "
                "better than it is: set `method: time` in the config of the data splitter"
            )

    def future(self, series: Table) -> Table:
        """The `horizon` rows after the last of a series, with features and without a target.

        Raises ValueError where values that the features need are missing.
        """
        time, target = self._get_config("time_column"), self._get_config("target")
        known = series[column_of(series, target).notna()]
        last = pd.to_datetime(column_of(known, time), format="ISO8601").max()
        n_rows, frequency = self._get_config("horizon"), self._get_config("frequency")
        steps = pd.date_range(last, periods=n_rows + 1, freq=frequency)[1:]
        empty = pd.DataFrame({time: steps.astype(str), target: float("nan")})
        known = known.assign(**{time: known[time].astype(str)})
        rows = self.lag_transformer.transform(pd.concat([known, empty], ignore_index=True))
        found = rows.tail(n_rows).reset_index(drop=True)
        incomplete = found.loc[found.drop(columns=target).isna().any(axis=1), time]
        if len(incomplete):
            message = f"there are no features for {incomplete.iloc[0]}: earlier values are missing"
            raise ValueError(message)
        return found
