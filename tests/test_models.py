"""Trainers, evaluators and tuners, against the libraries that they are made with."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import optuna
import pandas as pd
import pytest

from lolpop_graph import WorkflowError, build
from lolpop_graph.component.hyperparameter_tuner.grid import GridTuner
from lolpop_graph.component.hyperparameter_tuner.optuna import OptunaTuner
from lolpop_graph.component.model_evaluator.sklearn import SklearnModelEvaluator
from lolpop_graph.component.model_trainer.lightgbm import LightGBMModelTrainer
from lolpop_graph.component.model_trainer.sklearn import SklearnModelTrainer
from lolpop_graph.integration import BaseRunner
from lolpop_graph.testing import (
    HyperparameterTunerConformance,
    ModelEvaluatorConformance,
    ModelTrainerConformance,
)
from lolpop_graph.testing.conformance.hyperparameter_tuner import (
    FEATURES,
    LABELS,
    HyperparameterTunerRecords,
)


def alone(cls: type[Any], **config: Any) -> Any:
    """An integration outside of any workflow."""
    return cls(conf={"config": config}, is_standalone=True)


class Runner(BaseRunner):
    """A runner that does nothing but hold components."""


SPACE = {"C": {"low": 0.01, "high": 10.0, "log": True}}


class TestSklearn(ModelTrainerConformance):
    """The usual classifier."""

    part = SklearnModelTrainer
    param = "C"
    values = (0.5, 2.0)


class TestSklearnForest(ModelTrainerConformance):
    """One with a seed."""

    part = SklearnModelTrainer
    config = {"estimator": "ensemble.RandomForestClassifier", "estimator_params": {"n_jobs": 1}}
    regression = {"estimator": "ensemble.RandomForestRegressor"}
    param = "n_estimators"
    values = (5, 10)

    def settings(self, folder: Path) -> dict[str, Any]:
        """Few trees."""
        return {**self.config, "estimator_params": {"n_estimators": 10}}


class TestLightGBM(ModelTrainerConformance):
    """LightGBM's trees."""

    part = LightGBMModelTrainer
    config = {"estimator_params": {"n_estimators": 20, "min_child_samples": 3, "n_jobs": 1}}
    param = "num_leaves"
    values = (4, 8)


class TestSklearnModelTrainer:
    """What scikit-learn's trainer has of its own."""

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
        trainer.fit(FEATURES, LABELS)
        assert trainer.predict_proba(FEATURES) is None

    @pytest.mark.parametrize(
        ("config", "said"),
        [
            ({"estimator": "ensemble.RandomForest"}, "scikit-learn has no"),
            ({"estimator": "metrics.f1_score"}, "is no estimator of scikit-learn"),
            ({"estimator": "utils.os.system"}, "has no|is no estimator"),
            ({"estimator": "base.BaseEstimator.__class__"}, "is no estimator"),
            ({"estimator_params": {"max_itr": 5}}, "'max_itr': did you mean `max_iter`"),
            ({"estimator_params": {"C": -1}}, "'C' parameter of LogisticRegression must be"),
            ({"estimator_params": [1]}, "`estimator_params` is a mapping"),
            ({"problem_type": "regresion"}, "did you mean `regression`"),
        ],
    )
    def test_a_wrong_config_is_told_at_once(self, config: dict[str, Any], said: str) -> None:
        """When the workflow is built; a name that leads elsewhere is refused."""
        with pytest.raises(WorkflowError, match=said):
            alone(SklearnModelTrainer, **config)

    def test_the_problem_chooses_the_estimator(self) -> None:
        """Where the workflow names none."""
        kinds = {
            problem: alone(SklearnModelTrainer, problem_type=problem).params["estimator"]
            for problem in ("classification", "regression", "time_series")
        }
        assert kinds == {
            "classification": "LogisticRegression",
            "regression": "Ridge",
            "time_series": "Ridge",
        }

    def test_labels_of_several_types_are_refused(self) -> None:
        """NumPy would make texts of the numbers."""
        labels = LABELS.where(LABELS == "yes", 1)
        with pytest.raises(ValueError, match=r"several types \(int, str\)"):
            alone(SklearnModelTrainer).fit(FEATURES, labels)


class TestLightGBMModelTrainer:
    """What LightGBM's trainer has of its own."""

    def test_lightgbm_reads_what_is_saved(self, tmp_path: Path) -> None:
        """By itself, with the same raw predictions; the names of the features are there."""
        trainer = alone(LightGBMModelTrainer, estimator_params={"n_jobs": 1})
        trainer.fit(FEATURES, LABELS)
        booster = lightgbm.Booster(model_file=trainer.save(tmp_path))
        probabilities = trainer.predict_proba(FEATURES)["yes"]
        assert booster.predict(FEATURES.to_numpy()) == pytest.approx(probabilities.to_numpy())
        assert booster.feature_name() == ["x"]

    def test_another_file_of_lightgbm_s_is_refused(self, tmp_path: Path) -> None:
        """Nobody could say which classes its numbers stand for."""
        trainer = alone(LightGBMModelTrainer, estimator_params={"n_jobs": 1})
        trainer.fit(FEATURES, LABELS)
        path = trainer.save(tmp_path)
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(li for li in lines if "lolpop" not in li), encoding="utf-8")
        with pytest.raises(ValueError, match="has not saved"):
            trainer.load(tmp_path)

    def test_any_name_of_a_parameter_will_do(self) -> None:
        """They are kept under one, so that a tuner changes what the config says."""
        trainer = alone(LightGBMModelTrainer, estimator_params={"num_iterations": 3, "eta": 0.5})
        trainer.set_params({"num_boost_round": 4})
        assert trainer.params["n_estimators"] == 4
        assert trainer.params["learning_rate"] == 0.5
        assert not {"num_iterations", "num_boost_round", "eta"} & trainer.params.keys()

    @pytest.mark.parametrize(
        ("config", "said"),
        [
            ({"estimator_params": {"num_leavs": 5}}, "'num_leavs': did you mean `num_leaves`"),
            ({"estimator_params": {"num_leaves": -1}}, r"Check failed: \(num_leaves\) > \(1\)\n"),
            ({"estimator_params": {"n_estimators": 0}}, "n_estimators is a number of trees"),
        ],
    )
    def test_a_wrong_config_is_told_at_once(self, config: dict[str, Any], said: str) -> None:
        """When the workflow is built."""
        with pytest.raises(WorkflowError, match=said):
            alone(LightGBMModelTrainer, **config)

    def test_one_class_alone_is_nothing_to_learn(self) -> None:
        """The error names it."""
        with pytest.raises(ValueError, match="all labels are 'yes'"):
            alone(LightGBMModelTrainer).fit(FEATURES, LABELS.map(lambda _: "yes"))


class TestEvaluator(ModelEvaluatorConformance):
    """The usual metrics."""

    part = SklearnModelEvaluator


class TestEveryMetric(ModelEvaluatorConformance):
    """All of them at once."""

    part = SklearnModelEvaluator
    config = {
        "metrics": [
            "accuracy", "balanced_accuracy", "matthews_corrcoef", "f1", "precision", "recall",
            "roc_auc", "average_precision", "log_loss",
        ]
    }  # fmt: skip
    regression = {
        "problem_type": "regression",
        "metrics": [
            "mae", "rmse", "mse", "r2", "mape", "median_absolute_error", "max_error",
        ],
    }  # fmt: skip


class TestSklearnModelEvaluator:
    """Metrics, checked by hand."""

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

    def test_numbers_are_measured(self) -> None:
        """Errors 1, 0, 1 and 4 of the labels 1, 2, 3 and 6, whose mean is 3."""
        evaluator = alone(
            SklearnModelEvaluator,
            problem_type="regression",
            metrics=["mae", "mse", "rmse", "r2", "mape", "median_absolute_error", "max_error"],
        )
        found = evaluator.evaluate(pd.Series([1.0, 2, 3, 6]), pd.Series([2.0, 2, 4, 2]))
        expected = {
            "mae": 6 / 4, "mse": 18 / 4, "rmse": (18 / 4) ** 0.5, "r2": 1 - 18 / 14,
            "mape": (1 + 0 + 1 / 3 + 4 / 6) / 4, "median_absolute_error": 1, "max_error": 4,
        }  # fmt: skip
        assert found == pytest.approx(expected)

    @pytest.mark.parametrize(
        ("config", "said"),
        [
            ({"metrics": ["auc"]}, "unknown metric 'auc': did you mean `roc_auc`"),
            ({"metrics": ["rmse"], "problem_type": "classification"}, "'rmse' measures a regres"),
            ({"metrics": ["f1"], "problem_type": "regression"}, "'f1' measures a classification"),
        ],
    )
    def test_a_wrong_metric_is_told_at_once(self, config: dict[str, Any], said: str) -> None:
        """When the workflow is built."""
        with pytest.raises(WorkflowError, match=said):
            self.measure(**config)

    def test_an_unknown_class_is_refused(self) -> None:
        """With those that there are."""
        with pytest.raises(ValueError, match="positive_label 'c' is none of the classes"):
            self.measure(positive_label="c")

    def test_areas_need_probabilities(self) -> None:
        """A metric that was asked for is never left out in silence, and the usual one is."""
        rows = (self.labels, self.predictions, None, ["a", "b"])
        with pytest.raises(ValueError, match="roc_auc needs probabilities"):
            alone(SklearnModelEvaluator, metrics="roc_auc").evaluate(*rows)
        assert list(alone(SklearnModelEvaluator).evaluate(*rows)) == ["accuracy", "f1"]

    def test_what_has_no_meaning_is_refused(self) -> None:
        """Rows of one class have no area, a share of nothing is no error."""
        some = slice(0, 3)
        with pytest.raises(ValueError, match="roc_auc needs rows of class 'a' and of others"):
            alone(SklearnModelEvaluator, metrics=["roc_auc"]).evaluate(
                self.labels[some], self.predictions[some], self.probabilities[some], ["a", "b"]
            )
        zeros = pd.Series([0.0, 1.0])
        with pytest.raises(ValueError, match="some are 0: use mae"):
            alone(SklearnModelEvaluator).evaluate(zeros, zeros, None, [], ["mape"])


class TestGrid(HyperparameterTunerConformance):
    """The grid."""

    part = GridTuner


class TestGridRecords(HyperparameterTunerRecords):
    """The grid's records."""

    part = GridTuner


class TestOptuna(HyperparameterTunerConformance):
    """Optuna in memory."""

    part = OptunaTuner


class TestOptunaRecords(HyperparameterTunerRecords):
    """Optuna's records."""

    part = OptunaTuner


def tuning(tuner: str, space: Any, **config: Any) -> dict[str, Any]:
    """A workflow that tunes a model of scikit-learn."""
    return {
        "runner": "Runner",
        "component": {
            "hyperparameter_tuner": tuner,
            "model_trainer": "SklearnModelTrainer",
            "model_evaluator": "SklearnModelEvaluator",
        },
        "config": {"search_space": space, "n_folds": 3, **config},
    }


class TestTuners:
    """What each tuner has of its own."""

    def test_a_grid_has_every_combination(self) -> None:
        """The last parameter changes first; a range has so many points, or every step."""
        space = {
            "max_iter": {"low": 1, "high": 11, "step": 4},
            "C": {"low": 0.01, "high": 100, "log": True},
            "tol": {"low": 0.1, "high": 0.4, "step": 0.1},
        }
        with build(tuning("GridTuner", space, grid_points=3), classes=[Runner]) as workflow:
            points = list(workflow.root.hyperparameter_tuner._combinations())
        assert points[:5] == [
            *({"max_iter": 1, "C": 0.01, "tol": tol} for tol in (0.1, 0.2, 0.3, 0.4)),
            {"max_iter": 1, "C": 1.0, "tol": 0.1},
        ]
        assert len(points) == 3 * 3 * 4

    def test_a_grid_without_end_is_refused(self) -> None:
        """At once, with its size."""
        space = {name: list(range(100)) for name in ("C", "max_iter", "tol")}
        conf = tuning("GridTuner", {n: [v + 1 for v in c] for n, c in space.items()})
        with pytest.raises(WorkflowError, match="1,000,000 combinations"):
            build(conf, classes=[Runner])

    @pytest.mark.parametrize("tuner", ["GridTuner", "OptunaTuner"])
    def test_one_line_swaps_the_tuner(self, tuner: str) -> None:
        """Both make the model better by the same config: a strong penalty tells nothing."""
        space = {"C": {"low": 1e-8, "high": 10.0, "log": True}}
        labels = pd.Series(np.where(FEATURES["x"] > 12, "yes", "no"), FEATURES.index)
        conf = tuning(tuner, space, n_trials=8, metric="log_loss")
        with build(conf, classes=[Runner]) as workflow:
            result = workflow.root.hyperparameter_tuner.tune(FEATURES, labels)
            assert workflow.root.model_trainer.params["C"] == result.params["C"]
        assert result.score == result.trials["score"].min() < 0.3 < result.trials["score"].max()

    def test_optuna_goes_on_where_it_was(self, tmp_path: Path) -> None:
        """Of a storage, with new proposals; other rows or another model begin anew."""
        file = tmp_path / "deep" / "tuning.db"

        def tried(labels: pd.Series, n_trials: int, **config: Any) -> pd.DataFrame:
            conf = tuning("OptunaTuner", SPACE, n_trials=n_trials, storage=str(file), **config)
            with build(conf, classes=[Runner]) as workflow:
                return workflow.root.hyperparameter_tuner.tune(FEATURES, labels).trials

        first = tried(LABELS, 2)
        more = tried(LABELS, 4)
        pd.testing.assert_frame_equal(more.iloc[:2], first)
        assert more["params_C"].is_unique
        assert len(tried(LABELS, 1)) == 4
        assert len(tried(LABELS[::-1], 1)) == 1
        assert len(tried(LABELS, 1, estimator_params={"max_iter": 50})) == 1
        assert len(optuna.get_all_study_names(f"sqlite:///{file}")) == 3

    def test_optuna_is_quiet_and_stays_as_it_was(self, capfd: pytest.CaptureFixture[str]) -> None:
        """Not a line, no warning, and the same verbosity and filters as before."""
        loggers = [name for name in logging.root.manager.loggerDict if name.startswith("optuna")]
        before = optuna.logging.get_verbosity()
        filters = [list(logging.getLogger(name).filters) for name in loggers]
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            space = SPACE | {"tol": {"low": 0.1, "high": 0.45, "step": 0.1}}
            with build(tuning("OptunaTuner", space, n_trials=3), classes=[Runner]) as workflow:
                workflow.root.hyperparameter_tuner.tune(FEATURES, LABELS)
        assert capfd.readouterr() == ("", "")
        assert optuna.logging.get_verbosity() == before
        assert [list(logging.getLogger(name).filters) for name in loggers] == filters

    def test_rows_in_time_are_judged_by_earlier_ones(self) -> None:
        """In a time series no later row is learnt from, whatever the seed."""
        conf = tuning("GridTuner", {"alpha": [1.0]}, problem_type="time_series")
        with build(conf, classes=[Runner]) as workflow:
            folds = workflow.root.hyperparameter_tuner._folds
            parts = list(folds.indices(FEATURES["x"]))
        assert len(parts) == 3
        assert all(learn.max() < judge.min() for learn, judge in parts)
