"""What every data splitter has to keep."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from lolpop_graph.testing.conformance import Conformance

TABLE = pd.DataFrame(
    {
        "row": range(40),
        "label": ["yes", "no", "no", "no"] * 10,
        "day": pd.date_range("2024-01-01", periods=40)[::-1].strftime("%Y-%m-%d"),
    },
    index=pd.Index(range(400, 0, -10)),
)
"""Forty rows in two classes, the latest day first, with an index that is no numbering."""


class DataSplitterConformance(Conformance):
    """A splitter gives out each row once, as it is.

    The config of the test class makes a splitter that works on `table()`.
    """

    part_type = "data_splitter"

    def table(self) -> pd.DataFrame:
        """The table that is split: the suite's, unless a test class has its own."""
        return TABLE.copy()

    def test_each_row_is_in_one_part(self, built: Any) -> None:
        """Both parts have rows and all columns, none is lost, none is in both."""
        train, test = built.split(self.table())
        assert len(train) > 0
        assert len(test) > 0
        both = pd.concat([train, test])
        pd.testing.assert_frame_equal(both.sort_index(), self.table().sort_index())

    def test_the_same_table_is_split_the_same_way(self, built: Any, build_part: Any) -> None:
        """Now and in the next process: by another splitter of the same config."""
        first = built.split(self.table())
        for splitter in (built, build_part()):
            for part, again in zip(first, splitter.split(self.table()), strict=True):
                pd.testing.assert_frame_equal(part, again)

    def test_the_table_given_stays_as_it_is(self, built: Any) -> None:
        """Also when a part of it is changed."""
        table = self.table()
        train, test = built.split(table)
        for part in (train, test):
            part.iloc[:, 0] = -1
        pd.testing.assert_frame_equal(table, self.table())

    @pytest.mark.parametrize("n_folds", [2, 5])
    def test_no_row_is_judged_by_twice(self, built: Any, n_folds: int) -> None:
        """Nor is one in both parts of a fold; there are as many folds as asked for."""
        table = self.table()
        folds = list(built.folds(table, n_folds))
        assert len(folds) == n_folds
        judged = [row for _, test in folds for row in test.index]
        assert len(set(judged)) == len(judged)
        for train, test in folds:
            assert len(train) > 0
            assert len(test) > 0
            assert not set(train.index) & set(test.index)
            pd.testing.assert_frame_equal(train, table.loc[train.index])

    @pytest.mark.parametrize("n_folds", [1, 0, 41])
    def test_folds_that_cannot_be_are_refused(self, built: Any, n_folds: int) -> None:
        """Fewer than two, or more than there are rows."""
        with pytest.raises(ValueError, match="fold"):
            list(built.folds(self.table(), n_folds))

    def test_too_few_rows_are_refused(self, built: Any) -> None:
        """One row cannot be learnt from and judged by."""
        with pytest.raises(ValueError, match="row"):
            built.split(self.table().head(1))
