"""What parts say of data and values that cannot do: a sentence with a cure, and no traceback."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from lolpop_graph.cli import main
from tests.test_pipelines import FORECAST, series, workflow_of

Run = Callable[..., str]
"""Runs the workflow with `--set` for each given value; what standard error says of the failure."""


@pytest.fixture(name="fails")
def failing_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """A classification of twelve rows, to be run with something wrong."""
    table = pd.DataFrame({"x": range(12), "word": ["a", "b"] * 6, "price": ["low", "high"] * 6})
    table.to_csv(tmp_path / "houses.csv", index=False)
    conf = workflow_of(tmp_path) | {"runner": "ClassificationRunner"}
    conf["config"] |= {"promotion_metric": "accuracy", "metrics": ["accuracy"]}
    file = tmp_path / "workflow.yaml"
    file.write_text(json.dumps(conf), encoding="utf-8")

    def run(*settings: str, method: str = "main", args: tuple[str, ...] = ()) -> str:
        sets = [text for setting in settings for text in ("--set", setting)]
        assert main(["run", str(file), method, *args, *sets]) == 1
        said = capsys.readouterr().err
        assert "Traceback" not in said
        return said

    return run


def table_without(path: Path, **columns: Any) -> None:
    """Write the table to a file, some of its columns replaced."""
    read = pd.read_csv(path.parent / "houses.csv")
    read.assign(**columns).to_csv(path, index=False)


def test_a_missing_file_is_told_with_those_that_there_are(fails: Run) -> None:
    """And so is a missing folder; neither shows where in Python's library it was missed."""
    said = fails("config.train_data=house.csv")
    assert "there is no file house.csv in " in said
    assert "did you mean `houses.csv`?" in said
    assert "there is no folder /nowhere" in fails("config.data_folder=/nowhere")


def test_gaps_are_told_by_column(fails: Run, tmp_path: Path) -> None:
    """A model that takes no missing values says in which columns they are, and what helps."""
    table_without(tmp_path / "gaps.csv", x=[None, 1] * 6)
    said = fails("config.train_data=gaps.csv")
    assert "LogisticRegression takes no missing or infinite values: 'x' (" in said
    assert "impute.SimpleImputer" in said


def test_gaps_in_new_rows_are_told_by_column(fails: Run, tmp_path: Path) -> None:
    """The same when it predicts."""
    table_without(tmp_path / "gaps.csv", x=[None, 1] * 6)
    assert "'x' (6 of 12 rows)" in fails("config.new_data=gaps.csv")


def test_an_empty_label_is_no_class(fails: Run, tmp_path: Path) -> None:
    """An empty field of a CSV file is a missing label, and nothing to learn."""
    table_without(tmp_path / "gaps.csv", price=["low", "high", None] * 4)
    assert "labels in 'price' are missing: leave these rows out" in fails(
        "config.train_data=gaps.csv"
    )


def test_one_class_is_none_to_tell_apart(fails: Run, tmp_path: Path) -> None:
    """Before any library is asked to fit it."""
    table_without(tmp_path / "one.csv", price="low")
    said = fails("config.train_data=one.csv")
    assert "'price' has one class alone, 'low': a classification needs rows of two" in said


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"x": "many"}, "'x' held numbers when it was learnt from, and holds texts now"),
        ({"word": 1}, "'word' held texts when it was learnt from, and holds numbers now; the conn"),
    ],
)
def test_a_column_that_turned_into_another_kind(
    fails: Run, tmp_path: Path, columns: dict[str, Any], said: str
) -> None:
    """A text in a column of numbers is told, and so is a text that a file now has as a number."""
    table_without(tmp_path / "new.csv", **columns)
    assert said in fails("config.new_data=new.csv")


@pytest.mark.usefixtures("fails")
def test_a_users_function_keeps_its_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the user has written can be mended where it is told, with a library's frames below."""
    text = "import pandas as pd\n\n\ndef mine(table):\n    return pd.concat([])\n"
    (tmp_path / "mine.py").write_text(text, encoding="utf-8")
    transformer = {"config": {"function": "mine.py:mine"}}
    part = {"component": {"data_transformer": "PythonDataTransformer"}}
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text(
        json.dumps({"process": part | {"data_transformer": transformer}}), encoding="utf-8"
    )
    assert main(["run", str(tmp_path / "workflow.yaml"), "--overlay", str(overlay)]) == 1
    said = capsys.readouterr().err
    assert "Traceback" in said
    assert "in mine" in said
    assert "in concat" in said


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("config.train_data=5", "`train_data` must be a text, not a number"),
        ("config.new_data=5", "`new_data` must be a text, not a number"),
        ("config.predictions=5", "`predictions` must be a text, not a number"),
        ("config.model_name=5", "`model_name` must be a text, not a number"),
        ("config.reference_rows=x", "`reference_rows` must be a whole number"),
        ("config.promotion_metric=f1", "`promotion_metric` cannot be that; must be `accuracy`"),
    ],
)
def test_a_wrong_value_is_told_before_any_work(fails: Run, setting: str, said: str) -> None:
    """And not when the model is trained and the value needed."""
    told = fails(setting)
    assert "raised in `setup`" in told
    assert said in told


def test_a_model_of_other_parts_says_what_it_lacks(
    fails: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the name of its file, and not by the path of a temporary one."""
    assert main(["run", str(tmp_path / "workflow.yaml")]) == 0
    printed = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    for model in ("production", printed["run_id"]):
        said = fails(
            "train.component.model_trainer=LightGBMModelTrainer",
            method="predict_with",
            args=(model,),
        )
        assert "was made by other components than these: there is no model.txt, which Light" in said


def test_a_series_is_not_split_at_random(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Training rows after test rows would flatter the forecast, and nobody would know."""
    series(120).to_csv(tmp_path / "houses.csv", index=False)
    for name, content in {"workflow": workflow_of(tmp_path), "forecast": FORECAST}.items():
        (tmp_path / f"{name}.yaml").write_text(json.dumps(content), encoding="utf-8")
    files = [str(tmp_path / "workflow.yaml"), "--overlay", str(tmp_path / "forecast.yaml")]
    assert main(["run", *files, "--set", "config.method=random"]) == 1
    assert "training rows come after test rows" in capsys.readouterr().err
