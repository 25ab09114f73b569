"""Tables changed by functions and queries, and split."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lolpop_graph as lg
from lolpop_graph import WorkflowError
from lolpop_graph.component.data_splitter.sklearn import SklearnDataSplitter
from lolpop_graph.component.data_transformer.duckdb import DuckDBDataTransformer

HOUSES = pd.DataFrame(
    {
        "rooms": [3.0, 5.0, 4.0, 2.0, 1.0, 6.0],
        "area": [70.0, 120.0, 95.0, 50.0, 30.0, 140.0],
        "town": ["Łódź", "Bath", "Bath", "Łódź", "Ulm", "Ulm"],
        "price": [1.0, 4.0, 3.0, 2.0, 1.5, 9.0],
    }
)


def alone(cls: type[Any], **config: Any) -> Any:
    """A part outside of any workflow."""
    return cls(conf={"config": config}, is_standalone=True)


class TestDataTransformers:
    """One table of another."""

    FUNCTIONS = """\
def add(table, name="area_per_room"):
    return table.assign(**{name: table["area"] / table["rooms"]})

def forgets(table):
    table["x"] = 1

def needs_more(table, other):
    return table
"""

    def built(self, folder: Path, config: str) -> lg.Workflow:
        """A workflow file beside a file of functions."""
        (folder / "functions.py").write_text(self.FUNCTIONS, encoding="utf-8")
        file = folder / "workflow.yaml"
        file.write_text(
            "component: {data_transformer: PythonDataTransformer}\n"
            f"data_transformer: {{config: {config}}}\n",
            encoding="utf-8",
        )
        return lg.build(file)

    def test_a_function_from_a_file_is_called(self, tmp_path: Path) -> None:
        """With the table, and with what the config adds."""
        config = "{function: 'functions.py:add', function_params: {name: space}}"
        with self.built(tmp_path, config) as workflow:
            found = workflow.root.data_transformer.transform(HOUSES)
        assert found.columns[-1] == "space"
        assert found["space"][1] == 24

    @pytest.mark.parametrize(
        ("config", "said"),
        [
            ("{function: 'functions.py:ad'}", "`ad`"),
            ("{function: 'functions.py:needs_more'}", "with a table: missing .*'other'"),
            ("{function: 'functions.py:add', function_params: {nam: x}}", "a table, nam: .*'nam'"),
            ("{function: 'functions.py:add', function_params: [x]}", "are arguments by name"),
            ("{function: null}", "`function` is null"),
            ("{}", "requires the config key `function`"),
        ],
    )
    def test_a_wrong_function_is_told_early(self, tmp_path: Path, config: str, said: str) -> None:
        """When the workflow is built."""
        with pytest.raises(WorkflowError, match=said):
            self.built(tmp_path, config)

    def test_a_function_gives_a_table(self, tmp_path: Path) -> None:
        """One that forgets to is named."""
        with self.built(tmp_path, "{function: 'functions.py:forgets'}") as workflow:
            transformer = workflow.root.data_transformer
            with pytest.raises(TypeError, match=r"forgets .* gave NoneType .* does it `return` it"):
                transformer.transform(HOUSES)

    def test_a_query_joins_files(self, tmp_path: Path) -> None:
        """Those of the data folder, with the table that is called `data`."""
        HOUSES[["town"]].drop_duplicates().to_csv(tmp_path / "towns.csv", index=False)
        query = "SELECT count(*) AS n FROM data JOIN 'towns.csv' USING (town)"
        transformer = alone(DuckDBDataTransformer, query=query, data_folder=str(tmp_path))
        assert transformer.transform(HOUSES).to_dict("list") == {"n": [6]}

    @pytest.mark.parametrize(
        ("config", "said"),
        [
            ({}, "either `query` or `query_file`"),
            ({"query": "FROM data", "query_file": "x.sql"}, "either `query` or `query_file`"),
            ({"query": ["FROM data"]}, "`query` is a text"),
            ({"query": "FRM data"}, "this is no SQL query"),
            ({"query": "DROP TABLE data"}, "this is DROP"),
            ({"query_file": "none.sql"}, r"none\.sql"),
        ],
    )
    def test_a_wrong_query_is_told_early(self, config: dict[str, Any], said: str) -> None:
        """When the workflow is built."""
        with pytest.raises(WorkflowError, match=said):
            alone(DuckDBDataTransformer, **config)

    def test_a_column_that_is_not_there_is_named(self) -> None:
        """In DuckDB's words, which say where."""
        with pytest.raises(ValueError, match='"weight" not found'):
            alone(DuckDBDataTransformer, query="SELECT weight FROM data").transform(HOUSES)


class TestSplits:
    """What each method promises."""

    @pytest.mark.parametrize("times", [[3, 1, 2, 0], ["2024-04-01T00:00", "2024-02-01", "2024-03"]])
    def test_the_latest_rows_are_judged_by(self, times: list[Any]) -> None:
        """Numbers and texts are put in order; parts too."""
        table = pd.DataFrame({"t": times, "row": range(len(times))})
        splitter = alone(SklearnDataSplitter, method="time", time_column="t", test_size=1)
        train, test = splitter.split(table)
        assert test["row"].tolist() == [0]
        assert train["row"].tolist() == ([3, 1, 2] if len(times) == 4 else [1, 2])

    @pytest.mark.parametrize(
        ("times", "judged"), [([1, 1, 2, 2, 2], 3), ([1, 2, 2, 3, 3], 2), ([1, 1, 1, 1, 2], 1)]
    )
    def test_a_moment_is_not_torn(self, times: list[int], judged: int) -> None:
        """Its rows are all judged by, if the first of them are."""
        splitter = alone(SklearnDataSplitter, method="time", time_column="t", test_size=1)
        train, test = splitter.split(pd.DataFrame({"t": times}))
        assert len(test) == judged
        assert train["t"].max() < test["t"].min()

    def test_the_first_moment_is_learnt_from(self) -> None:
        """However many rows it has, since there is nothing else to learn from."""
        splitter = alone(SklearnDataSplitter, method="time", time_column="t", test_size=0.9)
        train, test = splitter.split(pd.DataFrame({"t": [2, 1, 1, 1]}))
        assert (train["t"].tolist(), test["t"].tolist()) == ([1, 1, 1], [2])

    @settings(max_examples=50, deadline=None)
    @given(
        times=st.lists(st.integers(0, 8), min_size=4, max_size=20),
        n_folds=st.integers(2, 4),
    )
    def test_folds_never_look_ahead(self, times: list[int], n_folds: int) -> None:
        """All that is learnt from is before all that is judged by; moments are whole."""
        splitter = alone(SklearnDataSplitter, method="time", time_column="t")
        table = pd.DataFrame({"t": times})
        if len(set(times)) <= n_folds:
            with pytest.raises(ValueError, match="fold"):
                list(splitter.folds(table, n_folds))
            return
        for train, test in splitter.folds(table, n_folds):
            assert train["t"].max() < test["t"].min()
            assert len(test) == sum(time in set(test["t"]) for time in times)

    def test_folds_have_classes_as_frequent_as_the_whole(self) -> None:
        """Each of three folds has a third of each class."""
        table = pd.DataFrame({"y": ["a"] * 9 + ["b"] * 3})
        for _, test in alone(SklearnDataSplitter, target="y").folds(table, 3):
            assert test["y"].value_counts().to_dict() == {"a": 3, "b": 1}

    @pytest.mark.parametrize(
        ("config", "said"),
        [
            ({}, "`method: stratified` needs `target`"),
            ({"method": "time"}, "`method: time` needs `time_column`"),
            ({"method": "randm"}, "did you mean `random`"),
            ({"method": ["random"]}, "must be `random`, `stratified` or `time`"),
            ({"method": "random", "test_size": 1.0}, "it must be a share between 0 and 1"),
            ({"method": "random", "test_size": True}, "`test_size` of .* must be a"),
            ({"method": "random", "random_state": "x"}, "`random_state` of .* must be an integer"),
            ({"method": "random", "random_state": -1}, "`random_state` of .* at least 0"),
        ],
    )
    def test_a_wrong_config_is_told_early(self, config: dict[str, Any], said: str) -> None:
        """When the workflow is built."""
        with pytest.raises(WorkflowError, match=said):
            alone(SklearnDataSplitter, **config)

    @pytest.mark.parametrize(
        ("config", "said"),
        [
            ({"target": "price"}, r"class .* of 'price' has 1 row\(s\).*`method: random`"),
            ({"target": "gap"}, "1 rows have no 'gap'"),
            ({"method": "time", "time_column": "gap"}, "6 rows have no time in .*'gap'"),
            ({"method": "time", "time_column": "town"}, "6 rows have no time in .*'Łódź'"),
            ({"method": "random", "test_size": 6}, "6 rows are too few"),
        ],
    )
    def test_what_cannot_be_split_is_said(self, config: dict[str, Any], said: str) -> None:
        """With the column and what to do about it."""
        with pytest.raises(ValueError, match=said):
            alone(SklearnDataSplitter, **config).split(HOUSES.assign(gap=[*"xxyyx", None]))

    def test_rows_of_one_moment_cannot_be_split(self) -> None:
        """There is no before and after."""
        splitter = alone(SklearnDataSplitter, method="time", time_column="t")
        with pytest.raises(ValueError, match="all rows have the same `t`"):
            splitter.split(pd.DataFrame({"t": [1, 1, 1]}))
