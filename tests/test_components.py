"""The components that come with the package, each against the library that it is made with."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lolpop_graph import build
from lolpop_graph.component.data_connector.local import LocalDataConnector
from lolpop_graph.component.data_splitter.sklearn import SklearnDataSplitter
from lolpop_graph.component.feature_transformer.sklearn import SklearnFeatureTransformer
from lolpop_graph.component.logger.standard import StandardLogger
from lolpop_graph.component.table import Table, digest
from lolpop_graph.integration import BaseRunner

LABELS = pd.Series(["no", "yes"] * 20)
TABLE: Table = pd.DataFrame(
    {
        "size": np.arange(40.0) + np.where(LABELS == "yes", 100, 0),
        "colour": ["red", "blue", "red", "green"] * 10,
        "ripe": LABELS,
    }
)


def alone(cls: type[Any], **config: Any) -> Any:
    """An integration outside of any workflow."""
    return cls(conf={"config": config}, is_standalone=True)


class TestLocalDataConnector:
    """Tables in CSV files."""

    def test_what_is_saved_is_loaded(self, tmp_path: Path) -> None:
        """Numbers, missing numbers, texts with commas, quotes, line ends and accents survive."""
        connector = alone(LocalDataConnector, data_folder=str(tmp_path))
        table = pd.DataFrame(
            {"number": [1.5, np.nan, -2e300], "text": ['a,"b"', "", "né\nà Łódź"]}, index=[7, 5, 3]
        )
        assert connector.save(table, "deep/table.csv") == str(tmp_path / "deep" / "table.csv")
        loaded = connector.load("deep/table.csv")
        pd.testing.assert_frame_equal(loaded, table.reset_index(drop=True))
        assert digest(loaded) == digest(table)

    def test_columns_can_be_kept_as_text(self, tmp_path: Path) -> None:
        """An id keeps its zeros, and `1_0` is no number although Python reads it as one."""
        (tmp_path / "t.csv").write_text("id,code,n\n007,1_0,7\n", encoding="utf-8")
        connector = alone(LocalDataConnector, data_folder=str(tmp_path), text_columns=["id"])
        loaded = connector.load("t.csv")
        assert [loaded[name].tolist() for name in loaded] == [["007"], ["1_0"], [7.0]]

    def test_a_header_alone_is_a_table_without_rows(self, tmp_path: Path) -> None:
        """Columns without rows are there, and empty."""
        (tmp_path / "t.csv").write_text("a,b\n", encoding="utf-8")
        loaded = alone(LocalDataConnector, data_folder=str(tmp_path)).load("t.csv")
        assert list(loaded) == ["a", "b"]
        assert len(loaded) == 0

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", r"t\.csv:1: the first line names the columns"),
            ("a,a\n1,2\n", r"t\.csv:1: the first line names the columns"),
            ("a,b\n1,2\n3\n", r"t\.csv:3: 1 fields where the first line names 2 columns"),
            ('a,b\n1,"2', r"t\.csv:2: "),
        ],
    )
    def test_what_is_no_table_is_refused(self, tmp_path: Path, text: str, said: str) -> None:
        """The error names the file and the line."""
        (tmp_path / "t.csv").write_text(text, encoding="utf-8")
        with pytest.raises(ValueError, match=said):
            alone(LocalDataConnector, data_folder=str(tmp_path)).load("t.csv")

    def test_a_failed_save_leaves_the_old_file(self, tmp_path: Path) -> None:
        """Nothing half-written takes the place of a table or stays beside it."""
        connector = alone(LocalDataConnector, data_folder=str(tmp_path))
        connector.save(pd.DataFrame({"a": [1.0]}), "t.csv")
        with pytest.raises(UnicodeEncodeError):
            connector.save(pd.DataFrame({"a": ["\ud800"]}), "t.csv")
        assert [file.name for file in tmp_path.iterdir()] == ["t.csv"]
        assert connector.load("t.csv")["a"].tolist() == [1.0]

    def test_other_kinds_of_files_are_refused(self) -> None:
        """It does not guess at what it cannot read."""
        with pytest.raises(
            ValueError, match=r"are read from and written to \.csv and \.parquet files"
        ):
            alone(LocalDataConnector).load("table.xlsx")


class TestSklearnDataSplitter:
    """Training and test rows."""

    def test_classes_are_as_frequent_in_both_parts(self) -> None:
        """A quarter of 40 rows, half of them of each class, and no row in both."""
        train, test = alone(SklearnDataSplitter, target="ripe", test_size=0.25).split(TABLE)
        assert (len(train), len(test)) == (30, 10)
        assert (test["ripe"] == "yes").sum() == 5
        assert sorted([*train["size"], *test["size"]]) == sorted(TABLE["size"])

    def test_the_seed_decides(self) -> None:
        """The same seed draws the same rows, another one others."""
        drawn = []
        for seed in (1, 1, 2):
            splitter = alone(SklearnDataSplitter, target="ripe", random_state=seed)
            drawn.append(splitter.split(TABLE)[1]["size"].tolist())
        assert drawn[0] == drawn[1] != drawn[2]

    def test_a_missing_target_is_named(self) -> None:
        """The error says which columns there are."""
        with pytest.raises(KeyError, match="no column 'weight'; the table has size, colour, ripe"):
            alone(SklearnDataSplitter, target="weight").split(TABLE)


class TestSklearnFeatureTransformer:
    """Tables to matrices."""

    def test_numbers_are_scaled_and_texts_encoded(self) -> None:
        """The target is no feature; a value that was never seen has zeros."""
        transformer = alone(SklearnFeatureTransformer, target="ripe")
        transformer.fit(TABLE)
        features = transformer.transform(TABLE)
        assert transformer.feature_names == ["size", "colour_blue", "colour_green", "colour_red"]
        assert features.shape == (40, 4)
        assert list(features.columns) == transformer.feature_names
        assert set(features.dtypes) == {np.dtype(np.float64)}
        assert features["size"].mean() == pytest.approx(0, abs=1e-12)
        assert features["size"].std(ddof=0) == pytest.approx(1)
        unseen = transformer.transform(pd.DataFrame({"size": [1.0], "colour": ["pink"]}, index=[9]))
        assert unseen.loc[9].tolist()[1:] == [0, 0, 0]

    def test_it_survives_saving(self, tmp_path: Path) -> None:
        """What was learnt is the same after `load`."""
        transformer = alone(SklearnFeatureTransformer, target="ripe", ignored_columns=["colour"])
        transformer.fit(TABLE)
        assert transformer.save(tmp_path).parent == tmp_path
        other = alone(SklearnFeatureTransformer, target="ripe")
        other.load(tmp_path)
        pd.testing.assert_frame_equal(other.transform(TABLE), transformer.transform(TABLE))

    def test_a_missing_column_is_named(self) -> None:
        """Rows to transform need every column that was learnt from."""
        transformer = alone(SklearnFeatureTransformer, target="ripe")
        transformer.fit(TABLE)
        with pytest.raises(KeyError, match="no column 'colour'"):
            transformer.transform(TABLE[["size"]])


class Runner(BaseRunner):
    """A runner that does nothing but hold components."""


class TestStandardLogger:
    """Lines that integrations log."""

    def test_lines_go_to_standard_error(self, capsys: pytest.CaptureFixture[str]) -> None:
        """From the configured level on; the process's own logging is not touched."""
        before = dict(logging.root.manager.loggerDict)
        conf = {"runner": "Runner", "component": {"logger": "StandardLogger"}}
        with build(conf, classes=[Runner]) as workflow:
            workflow.root.log("100 % done")
            workflow.root.log("too much", "DEBUG")
        printed = capsys.readouterr()
        assert printed.err.endswith("INFO    runner: 100 % done\n")
        assert "too much" not in printed.err
        assert not printed.out
        assert logging.root.manager.loggerDict.keys() == before.keys()

    def test_lines_go_to_a_file(self, tmp_path: Path) -> None:
        """The file is added to and closed."""
        file = tmp_path / "log.txt"
        for message in ("première", "deuxième"):
            with alone(StandardLogger, log_file=str(file), log_level="debug") as logger:
                logger.log(message, "debug")
        words = file.read_text(encoding="utf-8").split()
        assert words[1::3] == ["DEBUG", "DEBUG"]
        assert words[2::3] == ["première", "deuxième"]

    def test_an_unknown_level_is_refused(self) -> None:
        """A message that would never be seen is an error."""
        with pytest.raises(ValueError, match="unknown level 'LOUD'; there are CRITICAL"):
            alone(StandardLogger).log("hello", "LOUD")
