"""What every feature transformer has to keep."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lolpop_graph.testing.conformance import Conformance

TABLE = pd.DataFrame(
    {
        "size": np.arange(40.0),
        "weight, kg": np.linspace(0, 1, 40) ** 2,
        "colour": ["red", "blue", "né", "green"] * 10,
        "target": ["yes", "no"] * 20,
    },
    index=pd.Index(range(400, 0, -10)),
)
"""Numbers and texts without gaps, and what is to be predicted."""


class FeatureTransformerConformance(Conformance):
    """A feature transformer makes the same numbers of the same rows, and survives saving.

    The config of the test class makes one that works on `table()`, whose column `target` is to
    be predicted.
    """

    part_type = "feature_transformer"

    def settings(self, folder: Path) -> dict[str, Any]:
        """With the target of the table."""
        return {"target": "target", **super().settings(folder)}

    def table(self) -> pd.DataFrame:
        """The table that is learnt from: the suite's, unless a test class has its own."""
        return TABLE.copy()

    @pytest.fixture
    def fitted(self, built: Any) -> Any:
        """The part, fitted to the table."""
        built.fit(self.table())
        return built

    def test_features_are_named_numbers(self, fitted: Any) -> None:
        """A float64 column for each of the names, a row for each row, under its index."""
        features = fitted.transform(self.table())
        assert list(features.columns) == fitted.feature_names
        assert features.columns.is_unique
        assert set(features.dtypes) == {np.dtype(np.float64)}
        pd.testing.assert_index_equal(features.index, self.table().index)

    def test_the_target_is_no_feature(self, fitted: Any) -> None:
        """What it holds makes no difference, and new rows have none."""
        features = fitted.transform(self.table())
        new = self.table().drop(columns="target")
        pd.testing.assert_frame_equal(fitted.transform(new), features)

    def test_rows_are_transformed_one_by_one(self, fitted: Any) -> None:
        """A row's features do not depend on the rows beside it, once it is fitted."""
        features = fitted.transform(self.table())
        some = self.table().iloc[[5, 2]]
        pd.testing.assert_frame_equal(fitted.transform(some), features.iloc[[5, 2]])

    def test_columns_are_found_by_name(self, fitted: Any) -> None:
        """Their order makes no difference, nor do others between them."""
        features = fitted.transform(self.table())
        turned = self.table().iloc[:, ::-1]
        turned.insert(1, "new", "text")
        pd.testing.assert_frame_equal(fitted.transform(turned), features)

    def test_a_missing_column_is_named(self, fitted: Any) -> None:
        """Rows to transform need every column that was learnt from."""
        with pytest.raises(KeyError, match="size"):
            fitted.transform(self.table().drop(columns="size"))

    def test_it_has_to_be_fitted(self, built: Any) -> None:
        """Before `fit` or `load` there are no features and no names of them."""
        with pytest.raises(RuntimeError, match="fit"):
            built.transform(self.table())
        with pytest.raises(RuntimeError, match="fit"):
            _ = built.feature_names

    def test_it_survives_saving(self, fitted: Any, build_part: Any, folder: Path) -> None:
        """Another one that loads what was saved makes the same features."""
        saved = folder / "saved"
        saved.mkdir()
        assert fitted.save(saved).parent == saved
        other = build_part()
        other.load(saved)
        expected = fitted.transform(self.table())
        pd.testing.assert_frame_equal(other.transform(self.table()), expected)
        assert other.feature_names == fitted.feature_names

    def test_nothing_is_loaded_from_an_empty_folder(self, built: Any, folder: Path) -> None:
        """The error is that of a file that is not there."""
        with pytest.raises(FileNotFoundError):
            built.load(folder)

    def test_the_table_given_stays_as_it_is(self, built: Any) -> None:
        """Neither learning nor transforming changes the caller's table."""
        table = self.table()
        built.fit(table)
        built.transform(table)
        pd.testing.assert_frame_equal(table, self.table())

    def test_fitting_again_forgets(self, fitted: Any) -> None:
        """What was learnt from an earlier table is gone."""
        features = fitted.transform(self.table())
        fitted.fit(self.table().assign(size=1000.0))
        fitted.fit(self.table())
        pd.testing.assert_frame_equal(fitted.transform(self.table()), features)
