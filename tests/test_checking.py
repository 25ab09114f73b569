"""What checkers, monitors, explainers and visualizers find and write, and say of their config."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn import metrics as theirs

from lolpop_graph import WorkflowError, build
from lolpop_graph.component import drift_measures
from lolpop_graph.component.data_checker.evidently import EvidentlyDataChecker
from lolpop_graph.component.data_checker.plain import PlainDataChecker
from lolpop_graph.component.data_profiler.plain import PlainDataProfiler
from lolpop_graph.component.figures import literal
from lolpop_graph.component.model_checker.evidently import EvidentlyModelChecker
from lolpop_graph.component.model_checker.metrics import CLASSIFICATION, MEASURES, outcome
from lolpop_graph.component.model_checker.plain import PlainModelChecker
from lolpop_graph.component.model_explainer.sklearn import SklearnModelExplainer
from lolpop_graph.component.model_visualizer.sklearn import SklearnModelVisualizer
from lolpop_graph.component.outputs import Outputs
from lolpop_graph.component.prediction_monitor.plain import PlainPredictionMonitor
from lolpop_graph.component.report import Bound, Check, Report
from lolpop_graph.integration import BaseRunner

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HOSTILE = "</script><img src=x onerror=document.title='pwned'>"
"""A column that would run code where a page does not escape it."""


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run where `lolpop_output` may be written."""
    monkeypatch.chdir(tmp_path)


def alone(cls: type[Any], **config: Any) -> Any:
    """An integration outside of any workflow."""
    return cls(conf={"config": config}, is_standalone=True)


def sampled(classes: list[Any], rows: int = 150) -> tuple[Any, ...]:
    """Labels, predictions that are not those of the probabilities alone, probabilities, classes."""
    random = np.random.default_rng(3)
    chances = random.dirichlet(np.ones(len(classes)), rows)
    true = [random.choice(len(classes), p=each) for each in chances]
    guessed = random.integers(0, len(classes), rows)
    said = np.where(random.random(rows) < 0.2, guessed, chances.argmax(axis=1))
    labels, predictions = (pd.Series([classes[place] for place in each]) for each in (true, said))
    return labels, predictions, pd.DataFrame(chances, columns=classes), classes


class TestReport:
    """A verdict and its checks."""

    NOTE = Check("drift of a", passed=False, value=0.3, threshold=0.2, message="far", counts=False)
    WRONG = Check("rows", passed=False, value=np.int64(3), threshold=5, message="too\nfew")
    RIGHT = Check("mean", passed=True, value=float("nan"), threshold=None, message="fine")

    def test_notes_do_not_decide(self) -> None:
        """What counts decides; a report is true or false as a condition."""
        assert Report.of([self.NOTE, self.RIGHT])
        assert not Report.of([self.NOTE, self.WRONG])

    def test_it_is_read_at_a_glance(self) -> None:
        """What failed comes first, a line for each."""
        assert str(Report.of([self.RIGHT, self.NOTE, self.WRONG])).splitlines() == [
            "failed: 1 of 2 checks failed",
            "  failed  rows: too few",
            "  note    drift of a: far",
            "  passed  mean: fine",
        ]

    def test_it_is_json(self) -> None:
        """Numbers of NumPy are numbers, and what JSON has no number for is a text."""
        checks = json.loads(Report.of([self.WRONG, self.RIGHT]).to_json())["checks"]
        assert [check["value"] for check in checks] == [3, "nan"]

    def test_bounds(self) -> None:
        """Ends are within, and nan is not."""
        bound = Bound(0, 1)
        assert [bound.admits(value) for value in (0, 1, 1.1, float("nan"))] == [
            *(True, True, False, False)
        ]
        assert [str(each) for each in (bound, Bound(low=2), Bound(high=0.25))] == [
            *("0 to 1", "at least 2", "at most 0.25")
        ]


class TestSwap:
    """Plain or Evidently, one line of YAML apart."""

    @pytest.mark.parametrize("classes", [["no", "yes"], ["a", "b", "true label"]])
    def test_metrics_are_the_same(self, tmp_path: Path, classes: list[str]) -> None:
        """Every metric, with a positive class and without, to the last digits."""
        thresholds = {name: {"min": -5, "max": 5} for name in CLASSIFICATION}
        for positive in (None, classes[0]):
            config = {"thresholds": thresholds, "positive_label": positive}
            values = [
                [check.value for check in alone(part, **config).check(*sampled(classes)).checks]
                for part in (PlainModelChecker, EvidentlyModelChecker)
            ]
            assert values[0] == pytest.approx(values[1])

    def test_labels_that_evidently_cannot_read(self, tmp_path: Path) -> None:
        """Regressions whose labels are all 0, or cancel out, are checked all the same."""
        checker = alone(EvidentlyModelChecker, thresholds={"mae": {"max": 2}})
        for labels in ([0.0, 0.0], [-1.0, 1.0]):
            report = checker.check(pd.Series(labels), pd.Series([1.0, 1.0]))
            assert report.checks[0].passed


class TestFigures:
    """Numbers against the libraries that define them."""

    def test_metrics_are_those_of_scikit_learn(self) -> None:
        """Of three classes, and of a regression."""
        labels, predictions, chances, classes = sampled(list("abc"))
        given, wide = outcome(labels, predictions, chances, classes), pd.get_dummies(labels)
        expected = {
            "balanced_accuracy": theirs.balanced_accuracy_score(labels, predictions),
            "matthews_corrcoef": theirs.matthews_corrcoef(labels, predictions),
            "f1": theirs.f1_score(labels, predictions, average="macro"),
            "roc_auc": theirs.roc_auc_score(labels, chances, multi_class="ovr"),
            "average_precision": theirs.average_precision_score(wide, chances),
            "log_loss": theirs.log_loss(labels, chances),
        }
        assert {name: MEASURES[name](given) for name in expected} == pytest.approx(expected)
        true, said = (pd.Series(np.random.default_rng(n).normal(size=50)) for n in (1, 2))
        numbers = {
            "rmse": theirs.root_mean_squared_error,
            "mape": theirs.mean_absolute_percentage_error,
            "median_absolute_error": theirs.median_absolute_error,
            "explained_variance": theirs.explained_variance_score,
            "r2": theirs.r2_score,
        }
        given = outcome(true, said, None, None)
        for name, measure in numbers.items():
            assert MEASURES[name](given) == pytest.approx(measure(true, said))

    @pytest.mark.parametrize("shift", [0.0, 0.2, 0.5])
    def test_tests_of_drift_are_those_of_scipy(self, shift: float) -> None:
        """Kolmogorov and Smirnov's as exactly as its approximation is, chi-square exactly."""
        random = np.random.default_rng(5)
        new, old = random.normal(shift, size=200), random.normal(size=300)
        assert drift_measures.ks_p_value(new, old) == pytest.approx(
            stats.ks_2samp(new, old).pvalue, abs=0.02
        )
        for size in (2, 3, 8):
            counts = random.integers(5, 50, (2, size)).astype(float)
            expected = stats.chi2_contingency(counts, correction=False).pvalue
            assert drift_measures.chi_square_p_value(*counts) == pytest.approx(expected)

    def test_the_index_is_the_sum_that_it_is_defined_as(self) -> None:
        """Two bins that change places, and one that is empty."""
        assert drift_measures.psi(np.array([75.0, 25.0]), np.array([25.0, 75.0])) == pytest.approx(
            np.log(3)
        )
        assert np.isfinite(drift_measures.psi(np.array([1.0, 0.0]), np.array([0.0, 1.0])))


class TestFiles:
    """Where reports are, and what they hold."""

    def test_names_say_part_and_run(self, tmp_path: Path) -> None:
        """The run is the one that the metadata tracker has active."""

        class Runner(BaseRunner):
            """Holds the parts."""

        conf = {
            "config": {"output_folder": str(tmp_path)},
            "component": {
                "data_profiler": "PlainDataProfiler",
                "metadata_tracker": "LocalMetadataTracker",
            },
        }
        table = pd.DataFrame({"a": [1.0]})
        with build(conf, classes=[Runner], root_class=Runner) as workflow:
            part, tracker = workflow.root.data_profiler, workflow.root.metadata_tracker
            with tracker.run() as run_id:
                paths = [part.profile(table).path for _ in range(2)]
            outside = part.profile(table).path.name
        assert [path.name for path in paths] == [
            f"runner.data_profiler.{run_id}.json",
            f"runner.data_profiler.{run_id}-2.json",
        ]
        assert re.fullmatch(r"runner\.data_profiler\.\d{8}-\d{6}-\d{3}\.json", outside)

    def test_any_name_is_a_file(self, tmp_path: Path) -> None:
        """Long paths and strange runs stay within the folder, and apart from each other."""

        class Tracker:
            run_id = "../../2026: a run"

        class Part:
            path = "runner." + "ä" * 300
            metadata_tracker = Tracker()

        first = Outputs(Part(), str(tmp_path)).write(b"x", "json", "a/b")
        Part.path += "ä"
        second = Outputs(Part(), str(tmp_path)).write(b"x", "json", "a/b")
        assert first.parent == second.parent == tmp_path / "reports"
        assert first != second

    def test_a_page_runs_no_names(self, tmp_path: Path, browser: Browser) -> None:
        """A column named like an element is text; the page is one file that tells what failed."""
        table = pd.DataFrame({HOSTILE: ["x", None] * 20, "n": range(40)})
        checker = alone(EvidentlyDataChecker, max_missing_share=0.1)
        report = checker.check(table)
        context = browser.new_context(offline=True)
        page = context.new_page()
        page.goto(report.path.resolve().as_uri())
        page.wait_for_selector("text=What failed")
        text = page.inner_text("body")
        assert page.title() == "component"
        assert "failed: 1 of 3 checks failed" in text
        assert f"missing values of {HOSTILE}" in text
        context.close()

    def test_figures_leave_matplotlib_alone(self, tmp_path: Path) -> None:
        """Neither the backend nor the settings are touched; the same figure is the same file."""
        import matplotlib as mpl  # noqa: PLC0415 - for this test alone

        before = dict(mpl.rcParams), "matplotlib.pyplot" in sys.modules
        part = alone(SklearnModelVisualizer)
        first, second = (part.draw(*sampled(["$a_b$", "c"])) for _ in range(2))
        assert (dict(mpl.rcParams), "matplotlib.pyplot" in sys.modules) == before
        assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]

    def test_names_are_no_mathematics(self) -> None:
        """Dollars stand for themselves, and long names keep their ends."""
        assert literal("$x_1$") == r"\$x_1\$"
        assert literal("a" * 50 + "z", 9) == "aaaa…aaaz"


class TestDrift:
    """What is compared, and how."""

    def test_a_method_follows_from_the_rows(self) -> None:
        """Up to 1,000 rows a test, above the index; numbers by their order."""
        random = np.random.default_rng(0)
        monitor = alone(PlainPredictionMonitor)
        said = []
        for rows in (1000, 1001):
            table = pd.DataFrame({"a": random.normal(size=rows), "b": random.choice(["x"], rows)})
            said += [each.message for each in monitor.monitor(table, table).checks[1:3]]
        assert [message.partition(" 0")[0].partition(" 1")[0] for message in said] == [
            "p-value of the Kolmogorov-Smirnov test",
            "p-value of the chi-square test",
            "population stability index",
            "population stability index",
        ]

    def test_integers_and_their_floats_are_the_same(self) -> None:
        """A missing value makes a column of integers one of floats, which is no drift."""
        reference = pd.DataFrame({"a": [1, 2, 3] * 50})
        current = pd.DataFrame({"a": [1.0, 2.0, 3.0] * 49 + [None] * 3})
        assert alone(PlainPredictionMonitor, max_drifted_share=0).monitor(current, reference)


def test_profiles_are_json(tmp_path: Path) -> None:
    """Figures by column, null where there is none."""
    table = pd.DataFrame({"a": [1.0, np.inf, np.nan], "b": ["x", "x", None]})
    profile = alone(PlainDataProfiler).profile(table)
    found = json.loads(profile.path.read_text(encoding="utf-8"))
    assert found["a"]["max"] == 1
    assert found["b"]["most_common"] == "x"
    assert found["b"]["mean"] is None


@pytest.mark.parametrize(
    ("part", "config", "said"),
    [
        (PlainDataChecker, {"min_rows": 1.5}, "`min_rows` must be a whole number"),
        (PlainDataChecker, {"max_missing_share": 5}, "`max_missing_share` must be a number from 0"),
        (PlainDataChecker, {"max_missing_share": {"a": "b"}}, "`a` of `max_missing_share` must be"),
        (PlainDataChecker, {"required_columns": 3}, "`required_columns` must be a list of texts"),
        (
            PlainDataChecker,
            {"allowed_values": {"a": "b"}},
            "`a` of `allowed_values` must be a list",
        ),
        (PlainDataChecker, {"ranges": {"a": {"mn": 1}}}, "`a` of `ranges` must be a mapping with"),
        (PlainDataChecker, {"ranges": {"a": [2, 1]}}, "`min` of `a` of `ranges` is greater"),
        (PlainDataChecker, {"ranges": ["a"]}, "such as {age: {min: 0, max: 120}}, not a list"),
        (PlainDataChecker, {"same_columns": "yes"}, "must be true or false, not a text"),
        (PlainModelChecker, {"thresholds": {"acuracy": {"min": 1}}}, "did you mean `accuracy`?"),
        (PlainModelChecker, {"thresholds": {"f1": 0.8}}, "must be a mapping with `min`, `max`"),
        (
            PlainModelChecker,
            {"thresholds": {"mae": {"max": 1}}, "problem_type": "classification"},
            "`mae` of `thresholds` is no metric for `problem_type` classification",
        ),
        (PlainPredictionMonitor, {"drift_method": "pis"}, "did you mean `psi`?"),
        (PlainPredictionMonitor, {"drift_threshold": 0.1}, "set `drift_method` to"),
        (SklearnModelExplainer, {"scoring": "acuracy"}, "did you mean `accuracy`?"),
        (SklearnModelVisualizer, {"figure_format": "gif"}, "one of `png` or `svg`"),
    ],
)
def test_faults_of_the_config_come_early(part: Any, config: dict[str, Any], said: str) -> None:
    """When the workflow is set up, in words."""
    with pytest.raises(WorkflowError, match=re.escape(said)):
        alone(part, **config)


def test_all_faults_of_a_part_come_together() -> None:
    """One run tells them all."""
    with pytest.raises(WorkflowError, match=r"`min_rows`.*; `required_columns`.*; `drift_method`"):
        alone(PlainDataChecker, min_rows="a", required_columns=1, drift_method="b")


def test_evidently_is_imported_when_it_is_used() -> None:
    """Finding and building the parts takes none of its seconds."""
    code = """
import sys
from lolpop_graph import build
names = ["data_checker", "model_checker", "data_profiler", "prediction_monitor"]
title = lambda name: "".join(word.title() for word in name.split("_"))
with build({"component": {name: f"Evidently{title(name)}" for name in names}}):
    assert "evidently" not in sys.modules
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_evidently_sends_nothing(tmp_path: Path) -> None:
    """No connection while it checks, and the module that sends telemetry is not even imported."""
    calls: list[str] = []
    watching = [calls]

    def note(event: str, _: object) -> None:
        if watching and event in {"socket.connect", "socket.getaddrinfo"}:
            calls.append(event)

    sys.addaudithook(note)
    alone(EvidentlyDataChecker).check(pd.DataFrame({"a": [1]}))
    watching.clear()  # a hook cannot be taken away
    assert calls == []
    assert "evidently.telemetry" not in sys.modules
