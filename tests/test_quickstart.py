"""The workflows of the fixtures, run as a user runs them."""

from __future__ import annotations

import csv
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
QUICKSTART = FIXTURES / "quickstart"


def run(folder: Path, *arguments: str | Path) -> str:
    """What `python -m lolpop_graph run ...` prints when it is called in `folder`."""
    environment = os.environ | {
        "PYTHONPATH": str(FIXTURES.parent),
        "QUICKSTART_DATA": str(QUICKSTART / "data"),
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "PYTHONIOENCODING": "utf-8",
    }
    command = [sys.executable, "-m", "lolpop_graph", "run", *map(str, arguments)]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def printed(output: str, name: str) -> str:
    """The value that stands behind a name in what was printed."""
    found = re.search(rf"\b{name}\W+([\w./-]+)", output)
    assert found, output
    return found[1]


@pytest.fixture(scope="module")
def quickstart(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder in which the quickstart has run, and what it printed."""
    folder = tmp_path_factory.mktemp("quickstart")
    return folder, run(folder, QUICKSTART / "workflow.yaml")


def test_the_quickstart_prints_sane_metrics(quickstart: tuple[Path, str]) -> None:
    """The model tells malignant tumours from benign ones, and every metric is named."""
    _, output = quickstart
    assert float(printed(output, "roc_auc")) > 0.97
    for name in ("accuracy", "precision", "recall", "f1"):
        assert 0.85 < float(printed(output, name)) <= 1


def test_the_quickstart_is_in_mlflow(quickstart: tuple[Path, str]) -> None:
    """The database holds the finished run with the metrics, the parameters and the data."""
    folder, output = quickstart
    run_id = printed(output, "run_id")
    with sqlite3.connect(folder / "lolpop_output" / "quickstart" / "mlflow.db") as database:

        def rows(query: str) -> list[tuple[str, ...]]:
            return database.execute(query, (run_id,)).fetchall()

        assert rows("select status from runs where run_uuid = ?") == [("FINISHED",)]
        metrics = dict(rows("select key, value from metrics where run_uuid = ?"))
        params = dict(rows("select key, value from params where run_uuid = ?"))
        data = rows(
            "select d.name from datasets d join inputs i on i.source_id = d.dataset_uuid"
            " where i.destination_id = ?"
        )
    assert metrics.keys() == {"accuracy", "precision", "recall", "f1", "roc_auc"}
    assert (params["estimator"], params["random_state"]) == ("LogisticRegression", "7")
    assert sorted(data) == [("new_tumours",), ("tumours",)]


def test_the_quickstart_predicts(quickstart: tuple[Path, str]) -> None:
    """Each of the 57 new tumours has a diagnosis and probabilities that add up to 1."""
    folder, _ = quickstart
    saved = folder / "lolpop_output" / "quickstart" / "predictions.csv"
    with saved.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 57
    assert {row["predicted_diagnosis"] for row in rows} == {"benign", "malignant"}
    for row in rows:
        both = float(row["probability_benign"]) + float(row["probability_malignant"])
        assert both == pytest.approx(1)


def test_the_model_of_an_earlier_run_predicts_the_same(quickstart: tuple[Path, str]) -> None:
    """`predict_with` needs no training, only the run's id."""
    folder, output = quickstart
    file = folder / "lolpop_output" / "quickstart" / "predictions.csv"
    before = file.read_bytes()
    file.unlink()
    again = run(folder, QUICKSTART / "workflow.yaml", "predict_with", printed(output, "run_id"))
    assert printed(again, "run_id") == printed(output, "run_id")
    assert file.read_bytes() == before


def test_an_overlay_changes_the_model(tmp_path: Path) -> None:
    """With `prod.yaml` over it, the workflow trains another estimator in another experiment."""
    output = run(tmp_path, QUICKSTART / "workflow.yaml", "--overlay", QUICKSTART / "prod.yaml")
    assert float(printed(output, "roc_auc")) > 0.97
    with sqlite3.connect(tmp_path / "lolpop_output" / "quickstart" / "mlflow.db") as database:
        params = dict(database.execute("select key, value from params").fetchall())
        experiments = {row[0] for row in database.execute("select name from experiments")}
    assert params["estimator"] == "HistGradientBoostingClassifier"
    assert params["max_iter"] == "300"
    assert "production" in experiments


def test_widgets_tell_languages_apart(tmp_path: Path) -> None:
    """Six languages, 30 lines held back, nearly all of them recognised; nothing is written."""
    output = run(tmp_path, FIXTURES / "widgets" / "workflow.yaml")
    assert printed(output, "languages") == "6"
    assert printed(output, "held_back_lines") == "30"
    assert float(printed(output, "accuracy")) > 0.9
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wie spät ist es, und wer kommt heute noch zu Besuch?", "german"),
        ("¿Qué hora es, y quién viene todavía hoy?", "spanish"),
    ],
)
def test_widgets_guess_a_language(tmp_path: Path, text: str, language: str) -> None:
    """A method of the root takes an argument from the command line."""
    output = run(tmp_path, FIXTURES / "widgets" / "workflow.yaml", "guess", text)
    assert output.strip() == language


def test_the_newspaper_is_published(tmp_path: Path) -> None:
    """Page and feed hold the four stories, shortened and typeset by each desk's own steps."""
    output = run(tmp_path, FIXTURES / "newspaper" / "workflow.yaml")
    assert printed(output, "stories") == "4"
    page = (tmp_path / "lolpop_output" / "newspaper" / "index.html").read_text(encoding="utf-8")
    assert "<h3>Seven bridges &amp; one theorem</h3>" in page
    assert page.index("<h2>Science") < page.index('id="voyager"') < page.index('id="bridges"')
    atom = {"a": "http://www.w3.org/2005/Atom"}
    feed = ET.parse(tmp_path / "lolpop_output" / "newspaper" / "feed.xml")
    summaries = {
        entry.findtext("a:title", namespaces=atom): entry.findtext("a:summary", namespaces=atom)
        for entry in feed.iterfind("a:entry", atom)
    }
    assert len(summaries) == 4
    voyager = "On 25 August 2012 Voyager 1 became the first spacecraft to enter…"
    assert summaries["The probe that left"] == voyager
    goldberg = "Johann Sebastian Bach's Goldberg Variations appeared in print in 1741."
    assert summaries["Thirty ways back to an aria"] == goldberg
