"""The components that come with the package, each against the library that it is made with."""

from __future__ import annotations

import logging
import os
import sqlite3
from pathlib import Path
from typing import Any

import mlflow
import numpy as np
import pandas as pd
import pytest
from mlflow import MlflowClient

from lolpop_graph import WorkflowError, build
from lolpop_graph.component.data_connector.local import LocalDataConnector
from lolpop_graph.component.data_splitter.sklearn import SklearnDataSplitter
from lolpop_graph.component.feature_transformer.sklearn import SklearnFeatureTransformer
from lolpop_graph.component.logger.standard import StandardLogger
from lolpop_graph.component.metadata_tracker.mlflow import MLFlowMetadataTracker
from lolpop_graph.component.model_evaluator.sklearn import SklearnModelEvaluator
from lolpop_graph.component.model_trainer.sklearn import SklearnModelTrainer
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


class TestSklearnModelTrainer:
    """Any estimator of scikit-learn."""

    features = pd.DataFrame({"size": TABLE["size"], "minus": -TABLE["size"]})

    @pytest.mark.parametrize(
        "estimator", ["ensemble.RandomForestClassifier", "sklearn.neighbors.KNeighborsClassifier"]
    )
    def test_it_fits_predicts_and_survives_saving(self, tmp_path: Path, estimator: str) -> None:
        """Labels are texts as given, probabilities have a column a class."""
        trainer = alone(SklearnModelTrainer, estimator=estimator)
        trainer.fit(self.features, LABELS)
        assert trainer.classes == ["no", "yes"]
        assert (trainer.predict(self.features) == LABELS).mean() > 0.9
        assert trainer.predict_proba(self.features).sum(axis=1).to_list() == pytest.approx([1] * 40)
        assert trainer.save(tmp_path).is_file()
        other = alone(SklearnModelTrainer)
        other.load(tmp_path)
        probabilities = trainer.predict_proba(self.features)
        pd.testing.assert_frame_equal(other.predict_proba(self.features), probabilities)
        assert list(probabilities.columns) == trainer.classes

    def test_params_and_seed_are_the_configured_ones(self) -> None:
        """The seed goes to an estimator that takes one, unless its params name another."""
        config = {"estimator": "ensemble.RandomForestClassifier", "random_state": 3}
        assert alone(SklearnModelTrainer, **config).params["random_state"] == 3
        trainer = alone(SklearnModelTrainer, **config, estimator_params={"random_state": 5})
        assert trainer.params["random_state"] == 5
        assert trainer.params["estimator"] == "RandomForestClassifier"

    def test_an_estimator_without_probabilities_says_so(self) -> None:
        """None, and no error, since its labels are good all the same."""
        trainer = alone(SklearnModelTrainer, estimator="svm.LinearSVC")
        trainer.fit(self.features, LABELS)
        assert trainer.predict_proba(self.features) is None

    @pytest.mark.parametrize(
        ("estimator", "said"),
        [
            ("ensemble.RandomForest", "scikit-learn has no"),
            ("metrics.f1_score", "is no estimator of scikit-learn"),
            ("utils.os.system", "scikit-learn has no|is no estimator of scikit-learn"),
            ("base.BaseEstimator.__class__", "is no estimator of scikit-learn"),
        ],
    )
    def test_nothing_but_an_estimator_is_made(self, estimator: str, said: str) -> None:
        """A name that leads elsewhere is refused when the workflow is built."""
        with pytest.raises(WorkflowError, match=said):
            alone(SklearnModelTrainer, estimator=estimator)


class TestSklearnModelEvaluator:
    """Metrics of a classification, checked by hand."""

    labels = pd.Series(["a", "a", "a", "b"])
    predictions = pd.Series(["a", "a", "b", "b"])
    probabilities = pd.DataFrame({"a": [0.9, 0.6, 0.2, 0.3], "b": [0.1, 0.4, 0.8, 0.7]})

    def measure(self, **config: Any) -> dict[str, float]:
        """Metrics of the predictions above."""
        evaluator = alone(SklearnModelEvaluator, **config)
        found: dict[str, float] = evaluator.evaluate(
            self.labels, self.predictions, self.probabilities, ["a", "b"]
        )
        return found

    def test_one_class_is_positive(self) -> None:
        """Of two found to be b one is; of three pairs (b, a), two are in the right order."""
        found = self.measure(
            positive_label="b", metrics=["accuracy", "precision", "recall", "f1", "roc_auc"]
        )
        assert list(found.values()) == pytest.approx([3 / 4, 1 / 2, 1, 2 / 3, 2 / 3])

    def test_without_one_the_classes_are_averaged(self) -> None:
        """F1 of a is 4/5, of b 2/3; the recalls are 2/3 and 1."""
        found = self.measure(metrics=["f1", "balanced_accuracy", "log_loss"])
        log_loss = -np.log([0.9, 0.6, 0.2, 0.7]).mean()
        expected = {"f1": (4 / 5 + 2 / 3) / 2, "balanced_accuracy": 5 / 6, "log_loss": log_loss}
        assert found == pytest.approx(expected)

    @pytest.mark.parametrize(
        ("config", "said"),
        [
            ({"metrics": ["auc"]}, "unknown metric 'auc'; there are accuracy"),
            ({"positive_label": "c"}, "positive_label 'c' is none of the classes"),
        ],
    )
    def test_what_cannot_be_measured_is_said(self, config: dict[str, Any], said: str) -> None:
        """Unknown metrics and unknown classes are errors."""
        with pytest.raises(ValueError, match=said):
            self.measure(**config)

    def test_areas_need_probabilities(self) -> None:
        """A metric that was asked for is never left out in silence."""
        with pytest.raises(ValueError, match="roc_auc needs probabilities"):
            alone(SklearnModelEvaluator).evaluate(self.labels, self.predictions, None, ["a", "b"])


class TestMLFlow:
    """Both trackers, on SQLite."""

    @staticmethod
    def config(folder: Path) -> dict[str, str]:
        """A store in a folder of its own."""
        return {
            "mlflow_tracking_uri": f"sqlite:///{folder}/mlflow.db",
            "mlflow_experiment_name": "test",
            "artifact_location": str(folder / "artifacts"),
        }

    def test_a_run_is_recorded(self, tmp_path: Path) -> None:
        """Parameters, tags, data, files and status are what MLflow's own client reads."""
        config = self.config(tmp_path)
        tracker = alone(MLFlowMetadataTracker, **config)
        note = tmp_path / "note.txt"
        note.write_text("kept", encoding="utf-8")
        with tracker.run("first", {"why": "test"}) as run_id:
            assert tracker.run_id == run_id
            tracker.log_params({"depth": 8, "long": "x" * 7000})
            tracker.log_tag("stage", "dev")
            tracker.log_dataset(TABLE, "fruit.csv", "training")
            tracker.log_artifact(note, "notes")
        run = MlflowClient(config["mlflow_tracking_uri"]).get_run(run_id)
        assert (run.info.run_name, run.info.status) == ("first", "FINISHED")
        assert run.data.params["depth"] == "8"
        assert run.data.params["long"] == "x" * 6000
        assert (run.data.tags["why"], run.data.tags["stage"]) == ("test", "dev")
        dataset = run.inputs.dataset_inputs[0].dataset
        assert (dataset.name, dataset.source) == ("fruit", "fruit.csv")
        assert dataset.digest == digest(TABLE)
        fetched = tracker.fetch_artifacts(run_id, "notes", tmp_path)
        assert (fetched / "note.txt").read_text(encoding="utf-8") == "kept"

    def test_a_run_that_raises_has_failed(self, tmp_path: Path) -> None:
        """So has one that is left open when the workflow is closed; both are ended."""
        config = self.config(tmp_path)
        client = MlflowClient(config["mlflow_tracking_uri"])
        with alone(MLFlowMetadataTracker, **config) as tracker:
            with pytest.raises(ZeroDivisionError), tracker.run() as broken:
                _ = 1 / 0
            left_open = tracker.start_run()
            with pytest.raises(RuntimeError, match="is still active"):
                tracker.start_run()
        assert [client.get_run(run).info.status for run in (broken, left_open)] == ["FAILED"] * 2

    def test_nothing_is_logged_outside_a_run(self, tmp_path: Path) -> None:
        """Rather than to a run that nobody began."""
        tracker = alone(MLFlowMetadataTracker, **self.config(tmp_path))
        with pytest.raises(RuntimeError, match="no run is active"):
            tracker.log_params({"depth": 8})
        with pytest.raises(RuntimeError, match="no run is active"):
            tracker.end_run()

    def test_metrics_go_to_the_peer_s_run(self, tmp_path: Path) -> None:
        """The metrics tracker finds the metadata tracker beside it; steps are kept."""
        config = self.config(tmp_path)
        conf = {
            "runner": "Runner",
            "component": {
                "metrics_tracker": "MLFlowMetricsTracker",
                "metadata_tracker": "MLFlowMetadataTracker",
            },
            "config": config,
        }
        with build(conf, classes=[Runner]) as workflow:
            root = workflow.root
            with root.metadata_tracker.run() as run_id:
                root.metrics_tracker.log_metrics({"loss": 0.5, "auc": 0.9})
                root.metrics_tracker.log_metric("loss", 0.25, step=1)
        client = MlflowClient(config["mlflow_tracking_uri"])
        assert client.get_run(run_id).data.metrics == {"loss": 0.25, "auc": 0.9}
        assert [m.value for m in client.get_metric_history(run_id, "loss")] == [0.5, 0.25]

    def test_the_process_is_left_as_it_was(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """MLflow's own state, the environment, the logging set-up and the folder are untouched."""
        monkeypatch.chdir(tmp_path)
        (tmp_path / "store").mkdir()
        environment, handlers = dict(os.environ), list(logging.getLogger().handlers)
        uri, application = mlflow.get_tracking_uri(), logging.getLogger("application")
        with alone(MLFlowMetadataTracker, **self.config(tmp_path / "store")).run():
            pass
        assert mlflow.get_tracking_uri() == uri
        assert mlflow.active_run() is None
        assert dict(os.environ) == environment
        assert list(logging.getLogger().handlers) == handlers
        assert not application.disabled
        assert [file.name for file in tmp_path.iterdir()] == ["store"]
        assert not capsys.readouterr().out

    def test_mlflow_s_environment_variable_is_heeded(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Where the workflow names no store, MLFLOW_TRACKING_URI does."""
        monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/other.db")
        location = str(tmp_path / "artifacts")
        with alone(MLFlowMetadataTracker, artifact_location=location).run() as run_id:
            pass
        with sqlite3.connect(tmp_path / "other.db") as database:
            assert database.execute("select run_uuid from runs").fetchall() == [(run_id,)]


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
        assert printed.err.endswith("INFO    100 % done\n")
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
