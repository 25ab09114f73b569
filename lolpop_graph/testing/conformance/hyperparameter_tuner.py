"""What every hyperparameter tuner has to keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pytest

from lolpop_graph import BaseComponent, WorkflowError
from lolpop_graph.component.model_evaluator.base import BaseModelEvaluator
from lolpop_graph.component.model_trainer.base import BaseModelTrainer
from lolpop_graph.testing.conformance import Conformance, travelled

FEATURES = pd.DataFrame({"x": np.arange(60.0)}, index=pd.Index(range(60, 0, -1)))
LABELS = pd.Series(["no", "yes"] * 30, FEATURES.index)
BEST = 3


class Shifted(BaseModelTrainer):
    """Predicts a number that is off by how far its parameter `shift` is from 3."""

    def setup(self) -> None:
        """Begin with a parameter that is not the best one."""
        self._params: dict[str, Any] = {"shift": 0, "kind": "good"}
        self.learnt: list[list[Any]] = []

    def check_params(self, params: Any) -> None:
        """Refuse names that there are not."""
        for name in params:
            if name not in ("shift", "kind"):
                message = f"unknown parameter {name!r}"
                raise ValueError(message)

    def set_params(self, params: Any) -> None:
        """Take over parameters."""
        self.check_params(params)
        self._params = {**self._params, **params}

    def fit(self, features: pd.DataFrame, labels: pd.Series) -> None:
        """Refuse one kind, and all rows at once: a tuner learns from some of them."""
        assert len(features) == len(labels) < len(FEATURES)
        if self._params["kind"] == "bad":
            message = "a bad kind"
            raise ValueError(message)
        self.learnt.append(list(features.index))

    def predict(self, features: pd.DataFrame) -> pd.Series:
        """How far off it is."""
        return pd.Series(abs(self._params["shift"] - BEST), features.index)

    def predict_proba(self, features: pd.DataFrame) -> None:
        """None."""

    @property
    def classes(self) -> list[Any]:
        """None."""
        return []

    @property
    def params(self) -> dict[str, Any]:
        """Both of them."""
        return {"estimator": "Shifted", **self._params}


class Distance(BaseModelEvaluator):
    """Two metrics of opposite direction: how far off it is, and how near."""

    @property
    def metric_names(self) -> list[str]:
        """Both, `far` first."""
        return ["far", "near"]

    def evaluate(
        self,
        labels: pd.Series,
        predictions: pd.Series,
        probabilities: pd.DataFrame | None = None,  # noqa: ARG002 - part of the contract
        classes: Sequence[Any] = (),  # noqa: ARG002 - the same
        metrics: Sequence[str] | None = None,
    ) -> dict[str, float]:
        """The mean of what was predicted, or less of it."""
        assert (labels.index == predictions.index).all()
        found = {"far": float(predictions.mean()), "near": -float(predictions.mean())}
        return {name: found[name] for name in metrics or self.metric_names}

    def higher_is_better(self, metric: str) -> bool:
        """For `near`."""
        if metric not in self.metric_names:
            message = f"unknown metric {metric!r}"
            raise ValueError(message)
        return metric == "near"


class Tracker(BaseComponent):
    """Takes what is recorded of a run, and says that one is active."""

    def setup(self) -> None:
        """Begin with nothing recorded."""
        self.run_id = "run"
        self.files: dict[str, str] = {}
        self.steps: list[tuple[Any, int]] = []

    def log_artifact(self, path: Any, folder: str | None = None) -> None:
        """Keep the text of a file."""
        self.files[f"{folder}/{path.name}"] = path.read_text(encoding="utf-8")

    def log_metrics(self, metrics: Any, step: int = 0) -> None:
        """Keep numbers."""
        self.steps.append((metrics, step))


class HyperparameterTunerConformance(Conformance):
    """A tuner finds what a model does best with, and says all that it has tried.

    The model trainer beside it has a parameter `shift`, an integer that is best at 3, and `kind`,
    which may be `bad` and is refused then; the evaluator has the metrics `far`, of which less is
    better, and `near`.
    """

    part_type = "hyperparameter_tuner"
    config: ClassVar[Mapping[str, Any]] = {
        "search_space": {"shift": {"low": 0, "high": 6, "step": 1}},
        "n_trials": 20,
    }
    peers: ClassVar[Mapping[str, Any]] = {"model_trainer": Shifted, "model_evaluator": Distance}

    @pytest.mark.parametrize("metric", [None, "far", "near"])
    def test_the_best_is_found_and_set(self, build_part: Any, metric: str | None) -> None:
        """In the direction of the metric; the first metric counts if none is named."""
        tuner = build_part(metric=metric)
        result = tuner.tune(FEATURES, LABELS)
        assert result.params == {"shift": BEST}
        assert result.score == 0
        assert tuner.model_trainer.params["shift"] == BEST

    def test_the_direction_can_be_turned(self, build_part: Any) -> None:
        """What the config says counts more than what the evaluator knows."""
        result = build_part(metric="far", direction="maximize").tune(FEATURES, LABELS)
        assert result.params["shift"] in (0, 2 * BEST)

    def test_every_trial_is_told(self, build_part: Any) -> None:
        """A row each, with its parameters, its score on each fold, and their mean."""
        tuner = build_part(n_folds=3)
        trials = travelled(tuner.tune(FEATURES, LABELS)).trials
        assert list(trials["trial"]) == list(range(len(trials)))
        assert len(tuner.model_trainer.learnt) == 3 * len(trials)
        folds = trials[["fold_0", "fold_1", "fold_2"]].mean(axis=1)
        assert trials["score"].to_numpy() == pytest.approx(folds.to_numpy())
        assert trials["score"].to_numpy() == pytest.approx(abs(trials["params_shift"] - BEST))

    def test_the_same_seed_gives_the_same_search(self, build_part: Any) -> None:
        """Two tuners of one config try the same."""
        first, second = (build_part().tune(FEATURES, LABELS).trials for _ in range(2))
        timeless = ["trial", "score", "params_shift"]
        pd.testing.assert_frame_equal(first[timeless], second[timeless])

    def test_a_number_of_trials_is_enough(self, build_part: Any) -> None:
        """No more are made."""
        assert len(build_part(n_trials=3).tune(FEATURES, LABELS).trials) == 3

    def test_time_is_up(self, build_part: Any) -> None:
        """The first trial is made all the same."""
        assert len(build_part(timeout=1e-9).tune(FEATURES, LABELS).trials) == 1

    def test_what_the_model_refuses_is_a_trial_that_failed(self, build_part: Any) -> None:
        """It says why, and the search goes on."""
        space = {"kind": {"choices": ["bad", "good"]}, "shift": {"choices": [1, BEST]}}
        result = build_part(search_space=space).tune(FEATURES, LABELS)
        assert result.params == {"kind": "good", "shift": BEST}
        failed = result.trials[result.trials["params_kind"] == "bad"]
        assert len(failed)
        assert failed["score"].isna().all()
        assert failed["error"].str.contains("a bad kind").all()

    def test_nothing_is_found_where_all_fail(self, build_part: Any) -> None:
        """The error says what the first one said."""
        tuner = build_part(search_space={"kind": {"choices": ["bad"]}}, n_trials=2)
        with pytest.raises(ValueError, match="a bad kind"):
            tuner.tune(FEATURES, LABELS)

    def test_choices_keep_their_type(self, build_part: Any) -> None:
        """Lists, None, and numbers that equal truth values come out as they are written."""
        choices = [[1, [2]], None, True, 1, 1.0, "1"]
        tuner = build_part(search_space={"kind": choices}, n_trials=60)
        tried = tuner.tune(FEATURES, LABELS).trials["params_kind"]
        assert {repr(each) for each in tried} <= {repr(each) for each in choices}
        assert len({repr(each) for each in tried}) > len(choices) / 2

    @pytest.mark.parametrize(
        ("config", "said"),
        [
            ({"search_space": {"shift": {"lo": 1, "high": 2}}}, "lo"),
            ({"search_space": {"shift": {"low": 2, "high": 1}}}, "shift"),
            ({"search_space": {"shift": {"low": 0, "high": 1, "log": True}}}, "log"),
            ({"search_space": {"shift": {"choices": []}}}, "choice"),
            ({"search_space": {"shiift": {"choices": [1]}}}, "shiift"),
            ({"search_space": {}}, "search_space"),
            ({"metric": "no_such_metric"}, "no_such_metric"),
            ({"direction": "up"}, "direction"),
            ({"n_folds": 1}, "n_folds"),
            ({"n_trials": 0}, "n_trials"),
            ({"fold_method": "strat"}, "stratified"),
            ({"timeout": "soon"}, "timeout"),
            ({"random_state": -1}, "random_state"),
        ],
    )
    def test_a_wrong_config_is_told_at_once(
        self, build_part: Any, config: dict[str, Any], said: str
    ) -> None:
        """When the workflow is built, before any work."""
        with pytest.raises(WorkflowError, match=said):
            build_part(**config)

    def test_without_a_seed_trials_are_judged_alike(self, build_part: Any) -> None:
        """The folds are drawn once for a search: else scores could not be compared."""
        space = {"kind": {"choices": ["a", "b"]}}
        config = {"fold_method": "random", "n_folds": 4, "n_trials": 2, "random_state": None}
        tuner = build_part(search_space=space, **config)
        tuner.tune(FEATURES, LABELS)
        learnt = tuner.model_trainer.learnt
        assert learnt[:4] == learnt[4:] != []

    def test_rows_that_make_no_folds_are_refused(self, built: Any) -> None:
        """Before the first trial."""
        with pytest.raises(ValueError, match="rows"):
            built.tune(FEATURES.iloc[:4], LABELS.iloc[:4])


class HyperparameterTunerRecords(Conformance):
    """What a tuner records where there are trackers; derive from it beside the other suite."""

    part_type = "hyperparameter_tuner"
    config: ClassVar[Mapping[str, Any]] = HyperparameterTunerConformance.config
    peers: ClassVar[Mapping[str, Any]] = {
        **HyperparameterTunerConformance.peers,
        "metadata_tracker": Tracker,
        "metrics_tracker": Tracker,
    }

    def test_trials_are_kept_with_the_run(self, built: Any) -> None:
        """A file of all, and a step of a metric for each."""
        trials = built.tune(FEATURES, LABELS).trials
        (lines,) = (text.splitlines() for text in built.metadata_tracker.files.values())
        assert len(lines) == len(trials) + 1
        steps = built.metrics_tracker.steps
        assert [step for _, step in steps] == list(trials["trial"])
        scores = list(trials["score"])
        assert [each["tuning_far"] for each, _ in steps] == pytest.approx(scores)
        assert [each["tuning_best_far"] for each, _ in steps] == [
            min(scores[: number + 1]) for number in range(len(scores))
        ]
