"""Features as the config describes them, and estimators by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lolpop_graph import WorkflowError
from lolpop_graph.cli import main
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


def test_a_wrong_config_needs_no_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command says what our part says, and not where in our code it says it."""
    file = tmp_path / "workflow.yaml"
    file.write_text(
        "runner: ClassificationRunner\n"
        "component: {feature_transformer: SklearnFeatureTransformer}\n"
        "config: {target: price, remainder: keep}\n",
        encoding="utf-8",
    )
    assert main(["build", str(file), "--skip-config-validation"]) == 1
    said = capsys.readouterr().err
    assert "`remainder` is drop or passthrough" in said
    assert "Traceback" not in said
