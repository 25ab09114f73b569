"""Features of a time series, of what is known when its forecast is made."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from lolpop_graph.component.data_transformer.base import BaseDataTransformer
from lolpop_graph.component.table import Column, Table, columns_of

_CALENDAR = ("year", "quarter", "month", "week", "day", "day_of_week", "day_of_year", "hour")


class LagDataTransformer(BaseDataTransformer):
    """Puts earlier values of a series beside each of its rows, and the calendar's numbers.

    A forecast of `horizon` steps knows nothing of the `horizon - 1` rows before the last of
    them. So nothing in a row is made of rows that are less than `horizon` steps before it, which
    makes one model fit for every step, and measures it as if each step were the last.

    Config: `time_column`, `target`; `frequency`, a frequency of pandas (`MS`, `W-SAT`, `h`);
    `horizon`. `lags`, how many steps back (default: the horizon alone); `windows`, over how many
    values, up to `horizon` steps back, means are taken; `calendar`, any of year, quarter, month,
    week (of ISO 8601), day, day_of_week (Monday is 0), day_of_year and hour. `season_length`, in
    rows (default 1): `seasonal_naive`, or what `baseline_column` says, is the latest value known
    of the same place in a season. With `relative_to_baseline: true` lags and means are differences
    from it, so that a trend does not lead out of what was learnt.
    """

    __REQUIRED_CONF__ = {"config": ["time_column", "target", "frequency", "horizon"]}
    __DEFAULT_CONF__ = {
        "config": {
            "lags": None,
            "windows": [],
            "calendar": [],
            "season_length": 1,
            "baseline_column": "seasonal_naive",
            "relative_to_baseline": False,
        }
    }

    def setup(self) -> None:
        """Read the config; ValueError for a number or word that it cannot be."""
        self._frequency = self._offset()
        self._horizon = self._whole("horizon")
        self._season = self._whole("season_length")
        self._lags = self._steps("lags", self._horizon) or [self._horizon]
        self._windows = self._steps("windows", 1)
        self._calendar = self._get_config("calendar") or []
        unknown = [word for word in self._calendar if word not in _CALENDAR]
        if unknown:
            message = f"`calendar` names {unknown[0]!r}; there are {', '.join(_CALENDAR)}"
            raise ValueError(message)
        keys = ("time_column", "target", "baseline_column")
        taken = [word for word in self._calendar if word in map(self._get_config, keys)]
        if taken:
            message = f"{taken[0]!r} is a column already, and `calendar` would make another of it"
            raise ValueError(message)

    def transform(self, table: Table) -> Table:
        """A row for every step of the series: time, target, baseline, and the features.

        Steps that `table` leaves out are rows without a target. Other columns are left out, as
        nobody knows them for the future. Raises KeyError for a missing column, ValueError for
        times that cannot be read, stand there twice, or are none of the frequency's.
        """
        series = self._series(table)
        baseline = series.shift(-(-self._horizon // self._season) * self._season)
        base = baseline if self._get_config("relative_to_baseline") else 0
        known = series.shift(self._horizon)
        features = {f"lag_{lag}": series.shift(lag) - base for lag in self._lags}
        for window in self._windows:
            features[f"mean_{window}"] = known.rolling(window).mean() - base
        for word in self._calendar:
            features[word] = _calendar(series, word)
        first = {series.name: series, self._get_config("baseline_column"): baseline}
        return pd.DataFrame(first | features).reset_index()

    def _series(self, table: Table) -> Column:
        """The target by time, a value or nan for each step."""
        name, target = self._get_config("time_column"), self._get_config("target")
        columns = columns_of(table, [name, target])
        times = pd.DatetimeIndex(pd.to_datetime(columns[name], format="ISO8601"), name=name)
        twice = times[times.duplicated()]
        if len(twice):
            message = f"{twice[0]} stands twice in {name!r}: there is one row for each time"
            raise ValueError(message)
        series = pd.Series(columns[target].to_numpy(np.float64), times, name=target).sort_index()
        ends = (times.min(), times.max()) if len(times) else (pd.Timestamp(1), pd.Timestamp(0))
        grid = pd.date_range(*ends, freq=self._frequency, name=name)
        strange = series.index.difference(grid)
        if len(strange):
            message = f"{strange[0]} in {name!r} is no step of {self._frequency.freqstr!r}"
            raise ValueError(message)
        return series.reindex(grid)

    def _offset(self) -> Any:
        frequency = self._get_config("frequency")
        try:
            return pd.tseries.frequencies.to_offset(str(frequency))
        except ValueError:
            message = f"`frequency` is {frequency!r}; pandas knows none such: try D, W-SAT, MS or h"
            raise ValueError(message) from None

    def _steps(self, key: str, least: int) -> list[int]:
        found = self._get_config(key) or []
        for number in found:
            if not isinstance(number, int) or number < least:
                known = "" if least == 1 else ": later values are not known at a forecast"
                message = f"`{key}` holds {number!r}; they are whole numbers from {least} on{known}"
                raise ValueError(message)
        return list(found)

    def _whole(self, key: str) -> int:
        found: Any = self._get_config(key)
        if isinstance(found, bool) or not isinstance(found, int) or found < 1:
            message = f"`{key}` is {found!r}; it is a number of rows, 1 or more"
            raise ValueError(message)
        return found


def _calendar(series: Column, word: str) -> Column:
    times = pd.DatetimeIndex(series.index)
    numbers = times.isocalendar().week if word == "week" else getattr(times, word)
    return pd.Series(np.asarray(numbers, dtype=np.float64), times)
