"""What every data profiler has to keep."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from lolpop_graph.testing.conformance import Conformance, travelled

TABLE = pd.DataFrame(
    {
        "größe $x_1$ </script><b>": [1.0, 2.0, np.nan, 5.0],
        "colour": ["red", "red", None, "blue"],
        "ripe": [True, False, True, True],
        "day": pd.date_range("2024-01-01", periods=4),
        "nothing": [None, None, None, None],
        "list": [[1], [2], [1], [1]],
    }
)


class DataProfilerConformance(Conformance):
    """A profile describes every column, whatever it holds."""

    part_type = "data_profiler"

    def test_every_column_is_described(self, built: Any) -> None:
        """A row for each, in order, with what can be counted."""
        found = built.profile(TABLE).statistics
        assert list(found.index) == list(TABLE.columns)
        assert list(found["kind"]) == ["number", "text", "boolean", "date", "text", "other"]
        assert list(found["missing"]) == [1, 1, 0, 0, 4, 0]
        assert list(found["distinct"]) == [3, 2, 2, 4, 0, 2]
        assert found["most_common"]["colour"] == "red"

    def test_numbers_have_moments(self, built: Any) -> None:
        """Mean, quartiles and ends of those that are there."""
        row = built.profile(TABLE).statistics.iloc[0]
        assert [row["mean"], row["min"], row["50%"], row["max"]] == pytest.approx([8 / 3, 1, 2, 5])

    @pytest.mark.parametrize("rows", [0, 1])
    def test_few_rows_are_no_error(self, built: Any, rows: int) -> None:
        """The columns are there all the same."""
        profile = built.profile(TABLE.head(rows))
        assert list(profile.statistics["rows"]) == [rows] * len(TABLE.columns)

    def test_the_profile_is_written(self, built: Any) -> None:
        """Each into a file of its own, and the table stays as it is."""
        before = TABLE.copy(deep=True)
        first, second = (travelled(built.profile(TABLE)).path for _ in range(2))
        assert first.stat().st_size > 0
        assert first != second
        pd.testing.assert_frame_equal(TABLE, before)
