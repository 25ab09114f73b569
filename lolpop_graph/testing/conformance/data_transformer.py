"""What every data transformer has to keep."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from lolpop_graph.testing.conformance import Conformance

TABLE = pd.DataFrame(
    {"n": [3.0, np.nan, 1.0], "text": ["a", "", "né"], 'odd "name"; --': [1.0, 2.0, 3.0]},
    index=[7, 5, 5],
)
"""Gaps, accents, a name that SQL would stumble over, and an index that says nothing."""


class DataTransformerConformance(Conformance):
    """A transformer makes a table of a table, and nothing else happens.

    The config of the test class makes a transformer that works on `table()`.
    """

    part_type = "data_transformer"

    def table(self) -> pd.DataFrame:
        """The table that is transformed: the suite's, unless a test class has its own."""
        return TABLE.copy()

    def test_it_makes_a_table(self, built: Any) -> None:
        """Its columns have names of their own, which are texts."""
        found = built.transform(self.table())
        assert isinstance(found, pd.DataFrame)
        assert found.columns.is_unique
        assert all(isinstance(name, str) for name in found.columns)

    def test_the_table_given_stays_as_it_is(self, built: Any) -> None:
        """The caller's table is the caller's, also when the result is changed."""
        table = self.table()
        found = built.transform(table)
        for number in range(found.shape[1]):
            found.iloc[:, number] = found.iloc[::-1, number].to_numpy()
        pd.testing.assert_frame_equal(table, self.table())

    def test_the_same_table_gives_the_same(self, built: Any) -> None:
        """It learns nothing from one call to the next."""
        first = built.transform(self.table())
        pd.testing.assert_frame_equal(built.transform(self.table()), first)

    def test_a_table_without_rows_is_a_table(self, built: Any) -> None:
        """There may be nothing to do."""
        found = built.transform(self.table().head(0))
        assert list(found.columns) == list(built.transform(self.table()).columns)
