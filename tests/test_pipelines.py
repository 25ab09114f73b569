"""The pipelines and runners, with the parts that come with the package, on small tables."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pytest

import lolpop_graph as lg
from lolpop_graph.component.data_transformer.lags import LagDataTransformer
from lolpop_graph.pipeline.base import CheckFailedError
from lolpop_graph.testing import DataTransformerConformance
from tests.workflows import PIPELINES

FORECAST = {
    "runner": "TimeSeriesRunner",
    "component": {"data_splitter": "SklearnDataSplitter"},
    "pipeline": {
        "process": "TimeSeriesProcessPipeline",
        "train": "TimeSeriesTrainPipeline",
        "predict": "ForecastPipeline",
        "monitor": "ForecastMonitorPipeline",
    },
    "config": {
        "time_column": "time",
        "frequency": "MS",
        "horizon": 6,
        "season_length": 12,
        "lags": [6, 12],
        "calendar": ["quarter"],
        "recent_data": "later.csv",
        "method": "time",
        "metrics": ["mae"],
        "last_actuals": 2,
    },
    "process": {"component": {"lag_transformer": "LagDataTransformer"}},
}
"""What a forecast has otherwise than the workflow of this page."""


def workflow_of(folder: Path) -> dict[str, Any]:
    """A workflow with every pipeline, whose data and output are in a folder."""
    return {
        "runner": "RegressionRunner",
        "component": {
            "logger": "StandardLogger",
            "data_connector": "LocalDataConnector",
            "prediction_store": "LocalDataConnector",
            "metadata_tracker": "LocalMetadataTracker",
            "metrics_tracker": "LocalMetricsTracker",
            "model_repository": "LocalModelRepository",
        },
        "pipeline": {**PIPELINES},
        "config": {
            "target": "price",
            "train_data": "houses.csv",
            "new_data": "houses.csv",
            "predictions": "predictions.csv",
            "model_name": "houses",
            "promotion_metric": "mae",
            "method": "random",
            "data_folder": str(folder),
            "output_folder": str(folder / "out"),
            "log_file": str(folder / "log.txt"),
        },
        "prediction_store": {"config": {"data_folder": str(folder / "out")}},
        "process": {"component": {"data_splitter": "SklearnDataSplitter"}},
        "train": {
            "component": {
                "feature_transformer": "SklearnFeatureTransformer",
                "model_trainer": "SklearnModelTrainer",
                "model_evaluator": "SklearnModelEvaluator",
            }
        },
        "monitor": {"component": {"prediction_monitor": "PlainPredictionMonitor"}},
    }


@pytest.fixture(name="folder")
def folder_with_data(tmp_path: Path) -> Path:
    """A folder with a table of houses and a series of 10 years."""
    write_tables(tmp_path)
    return tmp_path


def write_tables(folder: Path) -> None:
    """Write the tables that the workflow asks for."""
    numbers = np.random.default_rng(5)
    area, age = numbers.uniform(50, 150, 80), numbers.uniform(0, 90, 80)
    price = 3 * area - age + numbers.normal(0, 5, 80)
    houses = pd.DataFrame({"area": area, "age": age, "price": price})
    houses.to_csv(folder / "houses.csv", index=False)
    series(120).to_csv(folder / "months.csv", index=False)
    series(126).tail(6).to_csv(folder / "later.csv", index=False)


def series(length: int) -> pd.DataFrame:
    """A series with a trend and a season, and a bit that nobody can know."""
    step = np.arange(length)
    noise = np.random.default_rng(8).normal(0, 0.2, length)
    value = 50 + 0.3 * step + 4 * np.sin(step * np.pi / 6) + noise
    months = pd.date_range("1990-01-01", periods=length, freq="MS").astype(str)
    return pd.DataFrame({"time": months, "price": value})


@contextmanager
def running(folder: Path, *overlays: dict[str, Any], **config: Any) -> Iterator[Any]:
    """The runner of the workflow with some things changed."""
    with lg.build(workflow_of(folder), *overlays, {"config": config}) as workflow:
        yield workflow.root


def checked(**config: Any) -> dict[str, Any]:
    """An overlay that has the training data checked."""
    component = {"component": {"data_checker": "PlainDataChecker"}}
    return {"process": component | {"data_checker": {"config": config}}}


def trainer(estimator: str) -> dict[str, Any]:
    """An overlay that names another model."""
    return {"train": {"model_trainer": {"config": {"estimator": estimator}}}}


class TestChecks:
    """Checks that fail."""

    def test_a_failed_check_stops_the_run(self, folder: Path) -> None:
        """The run has failed, and holds the report that says why; nothing was trained."""
        with running(folder, checked(ranges={"age": {"max": 10}})) as root:
            with pytest.raises(CheckFailedError, match="range of age") as raised:
                root.main()
            (run,) = root.metadata_tracker.runs()
            assert run.status == "FAILED"
            assert not raised.value.report.passed
            kept = root.metadata_tracker.fetch_artifacts(run.run_id, "checks/training", folder)
            (report,) = kept.iterdir()
            assert not json.loads(report.read_text(encoding="utf-8"))["passed"]
            assert root.model_repository.versions("houses") == []

    def test_a_failed_check_can_warn(self, folder: Path, caplog: pytest.LogCaptureFixture) -> None:
        """The run goes on to its end, and whoever is notified hears of it."""
        overlay = checked(ranges={"age": {"max": 10}})
        with (
            caplog.at_level(logging.WARNING),
            running(folder, overlay, on_failed_check="warn") as root,
        ):
            assert root.main()["promoted"]
            assert {run.status for run in root.metadata_tracker.runs()} == {"FINISHED"}
        assert "the training data did not pass: range of age" in caplog.text

    def test_a_model_that_is_not_good_enough_is_not_deployed(self, folder: Path) -> None:
        """Its metrics and files are kept with the failed run, for whoever wants to see why."""
        overlay = {
            "train": {
                "component": {"model_checker": "PlainModelChecker"},
                "model_checker": {"config": {"thresholds": {"mae": {"max": 0.1}}}},
            }
        }
        with running(folder, overlay) as root:
            with pytest.raises(CheckFailedError, match="the model did not pass: mae"):
                root.main()
            (run,) = root.metadata_tracker.runs()
            assert not root.metrics_tracker.read_metrics(run.run_id).empty
            assert root.metadata_tracker.fetch_artifacts(run.run_id, "model", folder).is_dir()
            assert root.model_repository.find("houses") is None

    def test_an_unknown_word_is_told_at_once(self, folder: Path) -> None:
        """`on_failed_check` is looked at before any work."""
        with (
            pytest.raises(
                lg.WorkflowError, match="`on_failed_check` cannot be that; must be one of `stop`"
            ),
            running(folder, on_failed_check="halt"),
        ):
            pass


class TestDeploy:
    """Models that are brought into use, or not."""

    def test_a_better_model_is_promoted_and_a_worse_one_is_not(self, folder: Path) -> None:
        """Both are measured on the same rows; the one that is in use predicts."""
        with running(folder, trainer("dummy.DummyRegressor")) as root:
            dummy = root.main()
        with running(folder) as root:
            good = root.main()
        with running(folder, trainer("dummy.DummyRegressor")) as root:
            worse = root.main()
            kept = root.metadata_tracker.fetch_artifacts(worse["run_id"], "deployment", folder)
            comparison = json.loads((kept / "comparison.json").read_text(encoding="utf-8"))
            used = root.metadata_tracker.read_run(worse["run_id"]).tags["model_run_id"]
        assert [run["promoted"] for run in (dummy, good, worse)] == [True, True, False]
        assert [run["model_version"] for run in (dummy, good, worse)] == ["1", "2", "3"]
        assert comparison["production_version"] == "2"
        assert comparison["value"] == pytest.approx(dummy["mae"])
        assert comparison["production_value"] == pytest.approx(good["mae"])
        assert comparison["gain"] == pytest.approx(good["mae"] - dummy["mae"])
        assert used == good["run_id"]

    @pytest.mark.parametrize(("least", "promoted"), [(0, True), (0.001, False)])
    def test_a_gain_is_asked_for(self, folder: Path, least: float, *, promoted: bool) -> None:
        """The same model again gains nothing, which is enough where nothing is asked for."""
        with running(folder, minimal_gain=least) as root:
            assert root.retrain()["promoted"]
            assert root.retrain()["promoted"] is promoted

    def test_a_promotion_is_undone(self, folder: Path) -> None:
        """What was in production before predicts again."""
        with running(folder) as root:
            first, _ = root.main(), root.retrain()
            assert root.roll_back() == {"model_version": "1", "run_id": first["run_id"]}
            assert root.predict_with()["run_id"] == first["run_id"]
            with pytest.raises(LookupError):
                root.roll_back()

    def test_an_earlier_run_is_deployed(self, folder: Path) -> None:
        """`deploy_with` registers the model of that run once more, and compares it."""
        with running(folder) as root:
            trained = root.retrain()
            assert root.deploy_with(trained["run_id"]) == {"model_version": "2", "promoted": True}

    def test_a_model_of_other_parts_is_compared_as_registered(
        self, folder: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        """LightGBM cannot read what scikit-learn wrote; its metric of then is not reached."""
        other = {"train": {"component": {"model_trainer": "LightGBMModelTrainer"}}}
        with running(folder) as root:
            good = root.main()
        with running(folder, other, estimator_params={"num_threads": 1}) as root:
            found = root.main()
            tags = root.metadata_tracker.read_run(found["run_id"]).tags
            with pytest.raises(LookupError, match="was made by other components than these"):
                root.predict_with()
        assert found["mae"] > good["mae"]
        assert not found["promoted"]
        assert tags["model_run_id"] == found["run_id"]
        assert "the model that was not promoted predicts instead" in caplog.text
        assert "cannot be measured now" in (folder / "log.txt").read_text(encoding="utf-8")

    @pytest.mark.parametrize(
        ("key", "value", "message"),
        [
            ("promotion_metric", "sharpness", "`promotion_metric` cannot be that; must be one of"),
            ("minimal_gain", "much", "`minimal_gain` must be a number, not a text"),
        ],
    )
    def test_a_wrong_rule_is_told_at_once(
        self, folder: Path, key: str, value: str, message: str
    ) -> None:
        """Before any data is loaded."""
        with pytest.raises(lg.WorkflowError, match=message), running(folder, **{key: value}):
            pass

    def test_a_metric_that_is_not_measured_is_refused(self, folder: Path) -> None:
        """Whoever promotes by a metric has to measure it."""
        with (
            pytest.raises(lg.WorkflowError, match="cannot be that; did you mean `mae`"),
            running(folder, promotion_metric="mape", metrics=["mae", "r2"]),
        ):
            pass


class TestPredict:
    """New rows."""

    def test_the_model_is_that_of_a_run_or_of_production(self, folder: Path) -> None:
        """Each prediction is a run of its own, and says which model it used."""
        with running(folder, minimal_gain=99) as root:
            first = root.main()
            before = Path(first["predictions"]).read_bytes()
            second = root.retrain()
            assert root.predict_with(second["run_id"])["run_id"] == second["run_id"]
            assert root.predict_with() == {
                "run_id": first["run_id"],
                "predictions": first["predictions"],
            }
            assert Path(first["predictions"]).read_bytes() == before
            newest = root.metadata_tracker.runs()[0]
            assert newest.tags["method"] == "predict_with"
            assert newest.tags["model_run_id"] == first["run_id"]

    def test_there_may_be_no_such_model(self, folder: Path) -> None:
        """Neither in production, nor of that run."""
        with running(folder) as root:
            with pytest.raises(LookupError, match="no version of the model 'houses'"):
                root.predict_with()
            with pytest.raises(LookupError):
                root.predict_with("unheard_of")

    def test_new_rows_are_transformed_as_those_learnt_from(self, folder: Path) -> None:
        """A column that the model knows and the file does not is made anew."""
        query = "SELECT * EXCLUDE (age), age / 10 AS decades FROM data"
        overlay = {
            "process": {
                "component": {"data_transformer": "DuckDBDataTransformer"},
                "data_transformer": {"config": {"query": query}},
            }
        }
        with running(folder, overlay) as root:
            found = pd.read_csv(root.main()["predictions"])
        assert list(found.columns) == ["predicted_price", "area", "price", "decades"]
        assert np.corrcoef(found["predicted_price"], found["price"])[0, 1] > 0.9


class TestMonitor:
    """Predictions that are looked after."""

    def test_houses_of_another_kind_are_drift(
        self, folder: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        """The reference is what the model was measured with; the run says what was found."""
        houses = pd.read_csv(folder / "houses.csv")
        houses.assign(area=houses["area"] * 9).to_csv(folder / "castles.csv", index=False)
        options = {"min_drift_rows": 10, "max_drifted_share": 0.3}
        with running(folder, **options) as root:
            run = root.main()
            assert not root.monitor_predictions()["drifted"]
        with running(folder, new_data="castles.csv", **options) as root:
            root.predict_with(run["run_id"])
            found = root.monitor_predictions()
            assert found["drifted"]
            assert Path(found["report"]).exists()
            assert root.metadata_tracker.runs()[0].tags["drifted"] == "true"
        assert "recent predictions with the reference did not pass" in caplog.text

    def test_there_may_be_nothing_to_look_at(self, folder: Path) -> None:
        """Before the first prediction."""
        (folder / "out").mkdir()
        with (
            running(folder) as root,
            pytest.raises(LookupError, match="nothing has been predicted"),
        ):
            root.monitor_predictions()


def test_a_pipeline_that_is_not_there_is_named(folder: Path) -> None:
    """A method that needs `monitor` or `deploy` says so where there is none."""
    conf = workflow_of(folder)
    del conf["pipeline"]["deploy"], conf["pipeline"]["monitor"], conf["monitor"]
    with lg.build(conf) as workflow:
        assert workflow.root.main().keys() == {"mae", "rmse", "r2", "run_id", "predictions"}
        for method in (workflow.root.roll_back, workflow.root.monitor_predictions):
            with pytest.raises(LookupError, match="declares no pipeline"):
                method()


class TestLags(DataTransformerConformance):
    """Lags of a series, as every data transformer has to be."""

    part = LagDataTransformer
    config: ClassVar = {
        "time_column": "time",
        "target": "price",
        "frequency": "MS",
        "horizon": 2,
        "windows": [2],
        "calendar": ["week"],
    }

    def table(self) -> pd.DataFrame:
        """A series with a gap, in no order."""
        return series(12).drop(index=5).iloc[::-1]


def lags(**config: Any) -> Any:
    """A lag transformer outside of any workflow."""
    usual = {"time_column": "time", "target": "price", "frequency": "MS", "horizon": 6}
    return LagDataTransformer(conf={"config": usual | config}, is_standalone=True)


class TestTimeSeries:
    """Forecasts, and that they know nothing of what comes after."""

    def test_features_know_nothing_of_the_last_steps(self) -> None:
        """Other values in the last six rows change no feature, only what there is to predict."""
        transformer = lags(
            season_length=4, lags=[6, 7], windows=[3], calendar=["month"], relative_to_baseline=True
        )
        table = series(40)
        other = table.assign(price=table["price"].where(table.index < 34, 1e6))
        features = transformer.transform(table).drop(columns="price")
        pd.testing.assert_frame_equal(
            features, transformer.transform(other).drop(columns="price"), check_exact=True
        )
        earlier = table.assign(price=table["price"].where(table.index != 33, 1e6))
        changed = transformer.transform(earlier).drop(columns="price").iloc[-1]
        assert (changed != features.iloc[-1])[["lag_6", "mean_3"]].all()

    def test_features_are_what_they_are_called(self) -> None:
        """Lags, means up to the horizon, the calendar, and last season's value that is known."""
        table = pd.DataFrame({"time": series(30)["time"], "price": np.arange(30.0)})
        last = lags(season_length=4, lags=[9], windows=[3], calendar=["month", "week"])
        row = last.transform(table).iloc[-1]
        assert (row["price"], row["seasonal_naive"], row["lag_9"], row["mean_3"]) == (
            29,
            21,
            20,
            22,
        )
        assert (row["month"], row["week"]) == (6, 23)

    @pytest.mark.parametrize(
        ("config", "message"),
        [
            ({"lags": [5]}, "`lags` holds 5; they are whole numbers from 6 on"),
            ({"horizon": 0}, "`horizon` is 0; it is a number of rows, 1 or more"),
            ({"calendar": ["month"], "target": "month"}, "'month' is a column already"),
            ({"frequency": "fortnight"}, "`frequency` is 'fortnight'; pandas knows none such"),
            ({"calendar": ["moon"]}, "`calendar` names 'moon'; there are year, quarter"),
        ],
    )
    def test_what_would_leak_is_refused(self, config: dict[str, Any], message: str) -> None:
        """And so is what makes no sense."""
        with pytest.raises(lg.WorkflowError, match=message):
            lags(**config)

    def test_times_have_a_step_each(self) -> None:
        """None twice, and none between two steps."""
        table = series(20)
        with pytest.raises(ValueError, match="1990-01-01 00:00:00 stands twice"):
            lags().transform(pd.concat([table, table.head(1)]))
        with pytest.raises(ValueError, match="is no step of 'MS'"):
            lags().transform(table.replace("1990-05-01", "1990-05-03"))
        gap = lags().transform(table.drop(index=7))
        assert len(gap) == 20
        assert gap["price"].isna().tolist() == [number == 7 for number in range(20)]

    def test_a_forecast_is_better_than_a_naive_one(self, folder: Path) -> None:
        """On the last months, in the backtest, and for the months to come."""
        options = {"train_data": "months.csv", "new_data": "months.csv", "min_drift_rows": 6}
        with running(folder, FORECAST, relative_to_baseline=True, **options) as root:
            found = root.main()
            kept = root.metadata_tracker.fetch_artifacts(found["run_id"], "backtest", folder)
            folds = pd.read_csv(kept / "folds.csv")
            monitored = root.monitor_predictions()
            again = root.forecast(found["run_id"])
        assert found["mae"] < 0.5
        assert 3 < found["baseline_mae"] < 4.5
        assert found["backtest_mae"] < 0.5 < found["backtest_baseline_mae"]
        assert found["backtest_mae"] == pytest.approx(folds["mae"].mean())
        assert (folds["from"].iloc[1:].to_numpy() > folds["to"].iloc[:-1].to_numpy()).all()
        forecast = pd.read_csv(again["predictions"])
        assert list(forecast.columns) == ["time", "price", "predicted_price", "seasonal_naive"]
        assert forecast["time"].str[:10].tolist() == [
            f"{month:%Y-%m-%d}" for month in pd.date_range("1999-11-01", periods=8, freq="MS")
        ]
        assert forecast["price"].isna().tolist() == [False] * 2 + [True] * 6
        actual = series(126)["price"].tail(6).to_numpy()
        assert np.abs(forecast["predicted_price"].tail(6).to_numpy() - actual).mean() < 0.5
        assert not monitored["drifted"]

    def test_a_backtest_leaves_the_model_as_it_was(self, folder: Path) -> None:
        """What predicts afterwards is the model of all training rows."""
        options = {"train_data": "months.csv", "new_data": "months.csv"}
        forecasts = []
        for n_folds in (0, 4):
            with running(folder, FORECAST, backtest_folds=n_folds, **options) as root:
                forecasts.append(pd.read_csv(root.main()["predictions"]))
        pd.testing.assert_frame_equal(*forecasts)

    def test_values_that_are_missing_at_the_end_are_told(self, folder: Path) -> None:
        """A forecast is not made of guesses."""
        table = series(120)
        table.drop(index=116).to_csv(folder / "gap.csv", index=False)
        options = {"train_data": "gap.csv", "new_data": "gap.csv"}
        with (
            running(folder, FORECAST, **options) as root,
            pytest.raises(ValueError, match="there are no features for 2000-03-01"),
        ):
            root.main()
