"""Random, stratified and timely splits by scikit-learn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd
from pydantic import AfterValidator
from sklearn.model_selection import KFold, StratifiedKFold, TimeSeriesSplit, train_test_split

from lolpop_graph.component.config_types import Seed
from lolpop_graph.component.data_splitter.base import BaseDataSplitter
from lolpop_graph.component.table import column_of

_NEEDS = {"random": None, "stratified": "target", "time": "time_column"}
"""The methods, and the config key that each one needs."""


def _size(size: float) -> float:
    if not (0 < size < 1 if isinstance(size, float) else size > 0):
        raise ValueError("it must be a share between 0 and 1, or a number of rows")
    return size


class SklearnDataSplitter(BaseDataSplitter):
    """Splits a table at random, with classes as frequent as in the whole, or by time.

    Config: `method`, one of

    - `random`: test rows are drawn at random;
    - `stratified` (the default): with each class of the column `target` as frequent in both
      parts as in the whole;
    - `time`: test rows are the latest by `time_column`, which holds times, texts such as
      `2024-12-31` (ISO 8601) or numbers. Parts are in the order of time, and rows of one moment
      stay together, so that the test part may be larger than asked for;

    `test_size`, the share of the rows (0 to 1) or their number (default 0.2); `random_state`,
    the seed (default 0; null: another one each time).

    Folds are those of scikit-learn's KFold and StratifiedKFold, shuffled, and by time those of
    TimeSeriesSplit over the moments: each is judged by what was before it.
    """

    @dataclass
    class Config:
        """The keys that the class describes."""

        method: Literal["random", "stratified", "time"] = "stratified"
        test_size: Annotated[int | float, AfterValidator(_size)] = 0.2
        random_state: Seed = 0

    config: Config
    # No fields, since which of them is needed depends on the method.
    __OPTIONAL_CONF__ = ["target", "time_column"]

    def setup(self) -> None:
        """Tell before any work if the method lacks the column that it needs; ValueError."""
        needed = _NEEDS[self.config.method]
        if needed and self._get_config(needed) is None:
            message = f"`method: {self.config.method}` needs `{needed}`, the name of a column"
            raise ValueError(message)

    def split(self, table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Training and test rows; ValueError if a class, or the table, is too small for both."""
        size = self.config.test_size
        if len(table) <= (size if isinstance(size, int) else 1):
            message = f"{len(table)} rows are too few for a test part and a training part"
            raise ValueError(message)
        if self.config.method == "time":
            return self._split_by_time(table)
        labels = self._labels(table)
        if labels is not None:
            _check_classes(labels, 2)
        train, test = train_test_split(
            table,
            test_size=size,
            random_state=self.config.random_state,
            stratify=labels,
        )
        return train, test

    def folds(
        self, table: pd.DataFrame, n_folds: int
    ) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
        """Training and test rows of each fold; ValueError for more folds than rows of a class."""
        if not 2 <= n_folds <= len(table):  # noqa: PLR2004 - what a fold is
            message = f"{len(table)} rows cannot be parted into {n_folds} folds"
            raise ValueError(message)
        for train, test in self._parts(table, n_folds):
            yield table.iloc[train].copy(), table.iloc[test].copy()

    def _parts(self, table: pd.DataFrame, n_folds: int) -> Iterator[Any]:
        """The numbers of the rows, counted from 0, of both parts of each fold."""
        if self.config.method == "time":
            order, moments = self._moments(table)
            for train, test in TimeSeriesSplit(n_folds).split(range(moments.max() + 1)):
                yield order[np.isin(moments, train)], order[np.isin(moments, test)]
            return
        labels = self._labels(table)
        if labels is not None:
            _check_classes(labels, n_folds)
        kind = KFold if labels is None else StratifiedKFold
        splitter = kind(n_folds, shuffle=True, random_state=self.config.random_state)
        yield from splitter.split(table, labels)

    def _labels(self, table: pd.DataFrame) -> pd.Series | None:
        if self.config.method != "stratified":
            return None
        labels = column_of(table, self._get_config("target"))
        if labels.hasnans:
            message = f"{labels.isna().sum()} rows have no {labels.name!r}: leave them out first"
            raise ValueError(message)
        return labels

    def _split_by_time(self, table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
        order, moments = self._moments(table)
        size = self.config.test_size
        size = size if isinstance(size, int) else max(1, round(size * len(table)))
        # A moment before which there is none begins no test part; the next one does.
        first = max(moments[-size], 1)
        train, test = order[moments < first], order[moments >= first]
        if not len(test):
            message = f"all rows have the same `{self._get_config('time_column')}`"
            raise ValueError(message)
        return table.iloc[train].copy(), table.iloc[test].copy()

    def _moments(self, table: pd.DataFrame) -> tuple[Any, Any]:
        """The rows' numbers in the order of time, and which moment each is of, from 0."""
        name = self._get_config("time_column")
        times = _times(column_of(table, name), name)
        order = np.argsort(times, kind="stable")
        return order, np.unique(times[order], return_inverse=True)[1]


def _times(column: pd.Series, name: str) -> Any:
    """The values of a column as an array that can be put in order; ValueError for gaps."""
    if not pd.api.types.is_numeric_dtype(column):
        found = pd.to_datetime(column, format="ISO8601", utc=True, errors="coerce")
        found = found.dt.tz_localize(None)  # without a time zone, NumPy puts them in order fast
    else:
        found = column
    missing = column[found.isna()]
    if len(missing):
        message = (
            f"{len(missing)} rows have no time in column {name!r}, the first {missing.iloc[0]!r}: "
            "times are numbers, or dates such as 2024-12-31"
        )
        raise ValueError(message)
    return found.to_numpy()


def _check_classes(labels: pd.Series, parts: int) -> None:
    counts = labels.value_counts(dropna=False)
    if counts.min() < parts:
        message = (
            f"class {counts.index[-1]!r} of {labels.name!r} has {counts.min()} row(s), which "
            f"cannot be in {parts} parts; targets that are no classes need `method: random`"
        )
        raise ValueError(message)
