"""Any part is swapped for another of its type by one line, beside any other part."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import lolpop_graph as lg
from tests.workflows import PIPELINES

SWAPS = {
    "component.data_connector": ("LocalDataConnector", "DuckDBDataConnector"),
    "component.metadata_tracker": ("LocalMetadataTracker", "MLFlowMetadataTracker"),
    "component.metrics_tracker": ("LocalMetricsTracker", "MLFlowMetricsTracker"),
    "component.model_repository": ("LocalModelRepository", "MLFlowModelRepository"),
    "process.component.data_checker": ("PlainDataChecker", "EvidentlyDataChecker"),
    "process.component.data_profiler": ("PlainDataProfiler", "EvidentlyDataProfiler"),
    "train.component.model_trainer": ("SklearnModelTrainer", "LightGBMModelTrainer"),
    "train.component.hyperparameter_tuner": ("GridTuner", "OptunaTuner"),
    "train.component.model_checker": ("PlainModelChecker", "EvidentlyModelChecker"),
    "monitor.component.prediction_monitor": (
        "PlainPredictionMonitor",
        "EvidentlyPredictionMonitor",
    ),
}
"""Where a part is named in the workflow, and the two that are tried there."""

# Each place has two choices in six cases: in the first case the first one everywhere, and in the
# others a set of three of the five cases that is no other place's. Two such sets meet somewhere,
# and neither holds the other, so that any two choices of any two places stand beside each other.
SECOND_IN = dict(zip(SWAPS, itertools.combinations(range(1, 6), 3), strict=True))
CASES = [
    {place: parts[number in SECOND_IN[place]] for place, parts in SWAPS.items()}
    for number in range(6)
]

WORKFLOW: dict[str, Any] = {
    "runner": "ClassificationRunner",
    "component": {
        "data_connector": "LocalDataConnector",
        "prediction_store": "LocalDataConnector",
        "metadata_tracker": "LocalMetadataTracker",
        "metrics_tracker": "LocalMetricsTracker",
        "model_repository": "LocalModelRepository",
    },
    "pipeline": {**PIPELINES},
    "config": {
        "target": "ripe",
        "train_data": "fruit.csv",
        "new_data": "fruit.csv",
        "predictions": "predictions.csv",
        "model_name": "fruit",
        "promotion_metric": "roc_auc",
        "estimator": "ensemble.RandomForestClassifier",
        "search_space": {"max_depth": [1, 4]},
        "n_trials": 6,
        "n_folds": 2,
        "metric": "log_loss",  # on which no two combinations are as good
        "log_level": "WARNING",
    },
    "process": {
        "component": {
            "data_checker": "PlainDataChecker",
            "data_profiler": "PlainDataProfiler",
            "data_splitter": "SklearnDataSplitter",
        },
        "config": {"max_missing_share": 0, "test_size": 0.3},
    },
    "train": {
        "component": {
            "feature_transformer": "SklearnFeatureTransformer",
            "model_trainer": "SklearnModelTrainer",
            "hyperparameter_tuner": "GridTuner",
            "model_evaluator": "SklearnModelEvaluator",
            "model_checker": "PlainModelChecker",
        },
        "model_trainer": {"config": {"estimator_params": {"n_estimators": 10, "n_jobs": 1}}},
        "model_checker": {"config": {"thresholds": {"accuracy": {"min": 0.7}}}},
    },
    "monitor": {"component": {"prediction_monitor": "PlainPredictionMonitor"}},
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a table of 240 fruits."""
    folder = tmp_path_factory.mktemp("swaps")
    numbers = np.random.default_rng(3)
    size, weight = numbers.normal(10, 2, 240), numbers.normal(100, 9, 240)
    ripe = np.where(size + numbers.normal(0, 0.5, 240) > 10, "yes", "no")
    table = pd.DataFrame({"size": size, "weight": weight, "ripe": ripe})
    table.to_csv(folder / "fruit.csv", index=False)
    return folder


def run(place: Path, number: int, swapped: dict[str, str]) -> dict[str, Any]:
    """What a user gets from a workflow in which some parts are others."""
    own = place / f"case_{number}"
    config = {
        "data_folder": str(place),
        "output_folder": str(own),
        "mlflow_tracking_uri": f"sqlite:///{place}/mlflow.db",
        "mlflow_experiment_name": f"case {number}",
        "artifact_location": str(own / "artifacts"),
        "model_name": f"fruit_{number}",
    }
    where = {"prediction_store.config.data_folder": str(own)}
    overrides = {f"config.{key}": value for key, value in config.items()} | where | swapped
    with lg.build(WORKFLOW, overrides=overrides) as workflow:
        root = workflow.root
        first, again = root.main(), root.retrain()
        predictions = pd.read_csv(first["predictions"])
        monitored = root.monitor_predictions()
        kept = root.metrics_tracker.read_metrics(first["run_id"])
        production = root.model_repository.find(f"fruit_{number}")
        status = {run.status for run in root.metadata_tracker.runs()}
        back = root.roll_back()
    return {
        "metrics": {name: first[name] for name in ("accuracy", "f1", "roc_auc")},
        "recorded": {"accuracy", "f1", "roc_auc", "tuning_score"} <= {*kept["name"]},
        "versions": (first["model_version"], again["model_version"], production.version),
        "promoted": (first["promoted"], again["promoted"]),
        "back": (back["model_version"], back["run_id"] == first["run_id"]),
        "columns": list(predictions.columns),
        "rows": len(predictions),
        "drifted": monitored["drifted"],
        "reported": Path(monitored["report"]).exists(),
        "status": status,
    }


def test_every_pair_of_parts_meets_in_a_case() -> None:
    """The six cases hold each two parts of different types at least once."""
    for one, other in itertools.combinations(SWAPS, 2):
        met = {(case[one], case[other]) for case in CASES}
        assert met == set(itertools.product(SWAPS[one], SWAPS[other]))


@pytest.fixture(scope="module")
def plain(place: Path) -> dict[str, dict[str, Any]]:
    """What the workflow does with nothing but plain parts, for each trainer."""
    trainer = "train.component.model_trainer"
    return {
        name: run(place, 100 + number, {trainer: name})
        for number, name in enumerate(SWAPS[trainer])
    }


@pytest.mark.parametrize("number", range(6))
def test_a_swap_changes_nothing_but_the_part(
    place: Path, plain: dict[str, dict[str, Any]], number: int
) -> None:
    """Training, deployment, predictions, monitoring and records are those of the plain parts."""
    case = CASES[number]
    found = run(place, number, case)
    expected = plain[case["train.component.model_trainer"]]
    assert found.pop("metrics") == pytest.approx(expected["metrics"])
    assert found == {key: value for key, value in expected.items() if key != "metrics"}
    assert found["versions"] == ("1", "2", "2")
    assert found["promoted"] == (True, True)
    assert found["back"] == ("1", True)
    assert found["columns"][:3] == ["predicted_ripe", "probability_no", "probability_yes"]
    assert (found["rows"], found["drifted"], found["status"]) == (240, False, {"FINISHED"})
    assert found["recorded"]
    assert found["reported"]
