"""What every model evaluator has to keep."""

from __future__ import annotations

from typing import Any, ClassVar

import pandas as pd
import pytest

from lolpop_graph.testing.conformance import Conformance

LABELS = pd.Series(["a", "a", "b", "b", "b", "a"], range(6, 0, -1))
PREDICTIONS = pd.Series(["a", "b", "b", "b", "a", "a"], LABELS.index)
PROBABILITIES = pd.DataFrame(
    {"a": [0.9, 0.4, 0.1, 0.2, 0.6, 0.8], "b": [0.1, 0.6, 0.9, 0.8, 0.4, 0.2]}, LABELS.index
)
CLASSES = ["a", "b"]


class ModelEvaluatorConformance(Conformance):
    """An evaluator gives numbers by name, and knows which of them are better when they are higher.

    `regression` is what is said in addition to measure a regression, None where it cannot.
    """

    part_type = "model_evaluator"
    regression: ClassVar[dict[str, Any] | None] = {"problem_type": "regression"}

    def test_a_classification_is_measured(self, built: Any) -> None:
        """The metrics are those that are announced, in their order, and finite numbers."""
        found = built.evaluate(LABELS, PREDICTIONS, PROBABILITIES, CLASSES)
        assert list(found) == built.metric_names
        assert all(type(value) is float and value - value == 0 for value in found.values())

    def test_more_is_better_where_it_says_so(self, built: Any) -> None:
        """What is right in all rows is at least as good as what is wrong in some."""
        right = pd.DataFrame({label: (label == LABELS) * 1.0 for label in CLASSES})
        best = built.evaluate(LABELS, LABELS, right, CLASSES)
        found = built.evaluate(LABELS, PREDICTIONS, PROBABILITIES, CLASSES)
        for name, value in found.items():
            assert (best[name] > value) == built.higher_is_better(name)

    def test_single_metrics_can_be_asked_for(self, built: Any) -> None:
        """Those alone are measured, with the same result."""
        name = built.metric_names[-1]
        found = built.evaluate(LABELS, PREDICTIONS, PROBABILITIES, CLASSES, [name])
        every = built.evaluate(LABELS, PREDICTIONS, PROBABILITIES, CLASSES)
        assert found == {name: every[name]}

    def test_an_unknown_metric_is_refused(self, built: Any) -> None:
        """Also by the question which direction is better."""
        with pytest.raises(ValueError, match="no_such_metric"):
            built.evaluate(LABELS, PREDICTIONS, PROBABILITIES, CLASSES, ["no_such_metric"])
        with pytest.raises(ValueError, match="no_such_metric"):
            built.higher_is_better("no_such_metric")

    def test_a_regression_is_measured(self, build_part: Any) -> None:
        """Numbers that are closer are better, in each metric by its own direction."""
        if self.regression is None:
            pytest.skip("it measures no regression")
        evaluator = build_part(**self.regression)
        labels = pd.Series([1.0, 2.0, 4.0, 8.0])
        near, far = (evaluator.evaluate(labels, labels + by) for by in (0.1, 3.0))
        assert list(near) == evaluator.metric_names
        for name, value in near.items():
            assert (value > far[name]) == evaluator.higher_is_better(name)
