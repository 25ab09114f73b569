"""What every data connector has to keep."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pytest

from lolpop_graph.testing.conformance import Conformance

TABLE = pd.DataFrame(
    {
        "number": [1.5, np.nan, -2e300, 0.1 + 0.2],
        "text": ["a,\"b\"; 'c'", "", "né\nà Łódź 雪", "  007 "],
        'a name, "quoted"': [1.0, 2.0, 3.0, 4.0],
        "größe; drop table x": ["NULL", "nan", "None", "x"],
    }
)
"""Values and names that are easily spoilt on the way."""


class DataConnectorConformance(Conformance):
    """A connector gives back what it was given to save.

    `target` is a name that `save` takes and `load` finds again; `other_target` is a second one.
    """

    part_type = "data_connector"
    target: ClassVar[str] = "table.csv"
    other_target: ClassVar[str] = "other.csv"

    def settings(self, folder: Path) -> dict[str, Any]:
        """With the folder of the test as the one of the data."""
        return {"data_folder": str(folder), **self.config}

    def test_what_is_saved_is_loaded(self, built: Any) -> None:
        """Values, types, names and order are the same, and `save` says where they are."""
        where = built.save(TABLE, self.target)
        assert isinstance(where, str)
        assert self.target in where
        pd.testing.assert_frame_equal(built.load(self.target), TABLE)

    def test_the_index_is_not_kept(self, built: Any) -> None:
        """Rows of any index are loaded with one that counts from 0."""
        built.save(TABLE.iloc[[2, 0]], self.target)
        expected = TABLE.iloc[[2, 0]].reset_index(drop=True)
        pd.testing.assert_frame_equal(built.load(self.target), expected)

    def test_a_table_takes_the_place_of_an_older_one(self, built: Any) -> None:
        """Other columns and fewer rows: nothing of the old table is left."""
        built.save(TABLE, self.target)
        other = pd.DataFrame({"other": [1.0]})
        built.save(other, self.target)
        pd.testing.assert_frame_equal(built.load(self.target), other)

    def test_tables_stand_side_by_side(self, built: Any) -> None:
        """Saving one leaves the other alone."""
        other = pd.DataFrame({"other": [1.0]})
        built.save(TABLE, self.target)
        built.save(other, self.other_target)
        pd.testing.assert_frame_equal(built.load(self.target), TABLE)

    def test_a_table_without_rows_keeps_its_columns(self, built: Any) -> None:
        """The names are there, and nothing under them."""
        built.save(TABLE.head(0), self.target)
        loaded = built.load(self.target)
        assert list(loaded.columns) == list(TABLE.columns)
        assert len(loaded) == 0

    def test_saving_leaves_the_table_alone(self, built: Any) -> None:
        """The caller's table is the caller's."""
        table = TABLE.copy()
        built.save(table, self.target)
        pd.testing.assert_frame_equal(table, TABLE)

    def test_what_is_not_there_is_an_error(self, built: Any) -> None:
        """It names what was asked for."""
        with pytest.raises((FileNotFoundError, KeyError, ValueError), match="other"):
            built.load(self.other_target)

    def test_names_that_stand_twice_are_refused(self, built: Any) -> None:
        """A table whose columns cannot be told apart is not saved, nor does it hurt the old one."""
        built.save(TABLE, self.target)
        twice = pd.DataFrame([[1.0, 2.0]], columns=["twin", "twin"])
        with pytest.raises(ValueError, match="twin"):
            built.save(twice, self.target)
        pd.testing.assert_frame_equal(built.load(self.target), TABLE)
