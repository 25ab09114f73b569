"""Changing and splitting tables, and making features of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lolpop_graph as lg
from lolpop_graph import WorkflowError
from lolpop_graph.component.data_splitter.sklearn import SklearnDataSplitter
from lolpop_graph.component.data_transformer.duckdb import DuckDBDataTransformer
from lolpop_graph.component.estimators import make_estimator
from lolpop_graph.component.feature_transformer.sklearn import SklearnFeatureTransformer

HOUSES = pd.DataFrame(
    {
        "rooms": [3.0, 5.0, 4.0, 2.0, 1.0, 6.0],
        "area": [70.0, 120.0, 95.0, 50.0, 30.0, 140.0],
        "town": ["Łódź", "Bath", "Bath", "Łódź", "Ulm", "Ulm"],
        "text": ["old house", "new house", "house", "old flat", "flat", "castle"],
        "sold": pd.to_datetime(["2024-05-01", "2023-01-01", "2024-02-01"] * 2),
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
            ({"method": ["random"]}, "did you mean `random`"),
            ({"method": "random", "test_size": 1.0}, "`test_size` is a share between 0 and 1"),
            ({"method": "random", "test_size": True}, "`test_size` is a share between 0 and 1"),
            ({"method": "random", "random_state": "x"}, "`random_state` is a whole number"),
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
            ({"method": "time", "time_column": "town"}, "6 rows have no time in .*'Łódź'"),
            ({"method": "random", "test_size": 6}, "6 rows are too few"),
        ],
    )
    def test_what_cannot_be_split_is_said(self, config: dict[str, Any], said: str) -> None:
        """With the column and what to do about it."""
        with pytest.raises(ValueError, match=said):
            alone(SklearnDataSplitter, **config).split(HOUSES)

    def test_rows_of_one_moment_cannot_be_split(self) -> None:
        """There is no before and after."""
        splitter = alone(SklearnDataSplitter, method="time", time_column="t")
        with pytest.raises(ValueError, match="all rows have the same `t`"):
            splitter.split(pd.DataFrame({"t": [1, 1, 1]}))


def features_of(**config: Any) -> pd.DataFrame:
    """The features of the houses."""
    transformer = alone(SklearnFeatureTransformer, target="price", **config)
    transformer.fit(HOUSES)
    made: pd.DataFrame = transformer.transform(HOUSES)
    return made


class TestRecipes:
    """Features as the config describes them."""

    def test_entries_are_followed(self) -> None:
        """Columns by name, steps after one another, the rest by kind; tuples are lists in YAML."""
        scaled = {"estimator": "preprocessing.MinMaxScaler", "params": {"feature_range": [0, 3]}}
        found = features_of(
            ignored_columns=["sold", "text"],
            transformers=[
                {"columns": ["rooms"], "steps": [scaled]},
                {"kind": "numeric", "steps": "passthrough"},
                {"kind": "text", "steps": ["preprocessing.OneHotEncoder"]},
            ],
        )
        assert list(found.columns) == ["rooms", "area", "town_Bath", "town_Ulm", "town_Łódź"]
        assert found["rooms"].tolist() == pytest.approx([1.2, 2.4, 1.8, 0.6, 0, 3])
        assert found["area"].tolist() == HOUSES["area"].tolist()

    @pytest.mark.parametrize(
        ("remainder", "names"), [("drop", ["area"]), ("passthrough", ["area", "rooms"])]
    )
    def test_the_remainder_is_dropped_or_kept(self, remainder: str, names: list[str]) -> None:
        """As the config says."""
        found = features_of(
            ignored_columns=["sold", "text", "town"],
            transformers=[{"columns": ["area"], "steps": "passthrough"}],
            remainder=remainder,
        )
        assert list(found.columns) == names

    def test_a_column_may_go_two_ways(self) -> None:
        """Then the names of the entries tell the features apart."""
        found = features_of(
            transformers=[
                {"columns": ["area"], "steps": "passthrough", "name": "raw"},
                {"columns": ["area"], "steps": "preprocessing.StandardScaler", "name": "scaled"},
            ]
        )
        assert list(found.columns) == ["raw__area", "scaled__area"]

    def test_the_target_is_learnt_from(self) -> None:
        """By transformers that want to: a town becomes the mean price in it."""
        params = {"smooth": 0.0, "target_type": "continuous"}
        mean = {"estimator": "preprocessing.TargetEncoder", "params": params}
        found = features_of(transformers=[{"columns": ["town"], "steps": mean}])
        assert found["town"].tolist() == [1.5, 3.5, 3.5, 1.5, 5.25, 5.25]

    def test_words_are_counted(self) -> None:
        """A vectorizer takes the texts of one column, and of no more than one."""
        words = "feature_extraction.text.CountVectorizer"
        found = features_of(transformers=[{"columns": ["text"], "steps": words}])
        assert list(found.columns) == ["castle", "flat", "house", "new", "old"]
        assert found["house"].sum() == 3
        with pytest.raises(ValueError, match="entry 'entry1' takes one column, not 2"):
            features_of(transformers=[{"columns": ["text", "town"], "steps": words}])

    @settings(max_examples=50, deadline=None)
    @given(
        names=st.lists(
            st.text("ab_1", min_size=1, max_size=4), unique=True, min_size=2, max_size=3
        ),
        values=st.lists(st.text("ab_1", max_size=3), min_size=2, max_size=4),
    )
    def test_names_of_features_are_unique(self, names: list[str], values: list[str]) -> None:
        """Although `a_b` with the value `1` and `a` with the value `b_1` are named alike."""
        table = pd.DataFrame(dict.fromkeys(names, values)).assign(target=0)
        transformer = alone(SklearnFeatureTransformer, target="target")
        transformer.fit(table)
        assert len(set(transformer.feature_names)) == len(transformer.feature_names)
        assert transformer.transform(table).to_numpy().sum() == len(names) * len(values)

    @pytest.mark.parametrize(
        ("entry", "said"),
        [
            (3, "it has `steps`"),
            ({"step": "passthrough"}, "it has `steps`"),
            ({"steps": "passthrough"}, "either `columns`, a list of names, or `kind`"),
            ({"kind": "words", "steps": "passthrough"}, "`kind` is numeric or text"),
            (
                {"columns": "area", "steps": "passthrough"},
                "`columns` is a list of names of columns",
            ),
            ({"columns": [["area"]], "steps": "passthrough"}, "`columns` is a list of names"),
            ({"columns": [], "steps": "passthrough"}, "`columns` is empty"),
            ({"columns": ["area", "area"], "steps": "passthrough"}, "stands twice"),
            ({"columns": ["price"], "steps": "passthrough"}, "'price' is the target"),
            ({"columns": ["area"]}, "`steps` is a list"),
            ({"columns": ["area"], "steps": [7]}, "a step is a name"),
            ({"columns": ["area"], "steps": "preprocessing.StandrdScaler"}, "StandardScaler`"),
            ({"columns": ["area"], "steps": "linear_model.Ridge"}, "Ridge transforms nothing"),
            ({"columns": ["area"], "steps": "passthrough", "name": "n_jobs"}, "none of n_jobs"),
            (
                {
                    "columns": ["area"],
                    "steps": {"estimator": "preprocessing.StandardScaler", "params": [1]},
                },
                "`params` are values by name",
            ),
        ],
    )
    def test_a_wrong_entry_is_told_early(self, entry: Any, said: str) -> None:
        """By its number, when the workflow is built."""
        good = {"kind": "text", "steps": "passthrough"}
        with pytest.raises(WorkflowError, match=f"`transformers`, entry 2: .*{said}"):
            alone(SklearnFeatureTransformer, target="price", transformers=[good, entry])

    @pytest.mark.parametrize(
        ("config", "said"),
        [
            ({"transformers": {}}, "`transformers` is a list"),
            ({"transformers": [{"kind": "text", "steps": "passthrough"}] * 2}, "the name 'text'"),
            ({"remainder": ["drop"]}, "`remainder` is drop or passthrough"),
            ({"remainder": "keep"}, "`remainder` is drop or passthrough"),
            ({"ignored_columns": "id"}, r"`ignored_columns` is a list .*write \[id\]"),
            ({"numeric_params": {"with_meen": 1}}, "`numeric_params`: .*did you mean `with_mean`"),
            ({"text_params": {"min_frequency": -1}}, "`text_params`: The 'min_frequency'"),
        ],
    )
    def test_a_wrong_config_is_told_early(self, config: dict[str, Any], said: str) -> None:
        """When the workflow is built."""
        with pytest.raises(WorkflowError, match=said):
            alone(SklearnFeatureTransformer, target="price", **config)

    @pytest.mark.parametrize(
        ("config", "error", "said"),
        [
            ({"target": "cost"}, KeyError, "no column 'cost'; the table has rooms"),
            ({"ignored_columns": ["id"]}, KeyError, "no column 'id'"),
            ({}, ValueError, "column 'sold' holds times"),
            ({"ignored_columns": list(HOUSES.columns)}, ValueError, "all are left out"),
            (
                {"transformers": [{"columns": ["size"], "steps": "passthrough", "name": "it"}]},
                KeyError,
                "entry 'it': no column 'size'",
            ),
            (
                {"transformers": [{"columns": ["town"], "steps": "passthrough"}]},
                ValueError,
                "feature 'town' is no number",
            ),
        ],
    )
    def test_what_cannot_be_learnt_from_is_said(
        self, config: dict[str, Any], error: type[Exception], said: str
    ) -> None:
        """Before anything is learnt, by name."""
        with pytest.raises(error, match=said):
            alone(SklearnFeatureTransformer, **{"target": "price", **config}).fit(HOUSES)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("StandardScaler", "did you mean `preprocessing.StandardScaler`"),
        ("sklearn.ensemble.RandomForrestClassifier", "`ensemble.RandomForestClassifier`"),
        ("linear_models.Ridge", "did you mean `linear_model.Ridge`"),
        ("what.is.this", "its documentation lists what there is"),
    ],
)
def test_what_an_unknown_estimator_may_have_meant_is_said(name: str, said: str) -> None:
    """The module that was left out, or another spelling."""
    with pytest.raises(ValueError, match=said):
        make_estimator(name, {})


def test_an_estimator_has_a_name() -> None:
    """Nothing else is one."""
    with pytest.raises(TypeError, match="an estimator has a name such as"):
        make_estimator(np.nan, {})  # type: ignore[arg-type]  # what is tried
