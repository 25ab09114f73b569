"""What every model checker has to keep."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from lolpop_graph.testing.conformance import Build, Conformance, travelled

N_ROWS = 120


def classified(classes: list[Any], wrong: int = 0) -> tuple[Any, ...]:
    """Labels, predictions of which the first `wrong` are another class, probabilities, classes."""
    places = np.arange(N_ROWS) % len(classes)
    found = np.where(np.arange(N_ROWS) < wrong, (places + 1) % len(classes), places)
    chances = np.full((N_ROWS, len(classes)), 0.1 / (len(classes) - 1))
    chances[np.arange(N_ROWS), found] = 0.9
    index = pd.RangeIndex(5, 5 + N_ROWS)
    labels, predictions = (
        pd.Series([classes[place] for place in each], index) for each in (places, found)
    )
    return labels, predictions, pd.DataFrame(chances, index, classes), classes


def numbered(error: float) -> tuple[pd.Series, pd.Series]:
    """Labels from 0, and predictions that are all wrong by `error`."""
    labels = pd.Series(np.arange(N_ROWS, dtype=np.float64))
    return labels, labels + error


class ModelCheckerConformance(Conformance):
    """A checker tells good models from bad ones by the thresholds that it is given."""

    part_type = "model_checker"

    @pytest.mark.parametrize(
        "classes", [["no", "yes"], [0, 1], [False, True], ["$x_1$", "</script>", "c"]]
    )
    def test_a_classification(self, build_part: Build, classes: list[Any]) -> None:
        """It passes where metrics are high enough, fails below, for any number of classes."""
        metrics = {"accuracy", "f1", "precision", "recall", "roc_auc"}
        checker = build_part(thresholds={name: {"min": 0.8} for name in metrics})
        good = checker.check(*classified(classes, wrong=6))
        assert good.passed, str(good)
        bad = checker.check(*classified(classes, wrong=60))
        assert not bad.passed
        assert metrics <= {check.name for check in bad.failed}

    def test_a_regression(self, build_part: Build) -> None:
        """It passes where errors are low enough, and fails above."""
        metrics = ["mae", "rmse", "max_error"]
        checker = build_part(thresholds={name: {"max": 3} for name in metrics})
        assert checker.check(*numbered(2.0)).passed
        report = checker.check(*numbered(4.0))
        assert [check.name for check in report.failed] == metrics
        assert [check.value for check in report.failed] == pytest.approx([4.0, 4.0, 4.0])

    def test_one_class_is_positive(self, build_part: Build) -> None:
        """The recall of one class alone is another one than that of both."""
        labels, predictions, probabilities, classes = classified(["no", "yes"])
        given = labels, predictions.where(labels == "no", "no"), probabilities, classes
        config = {"thresholds": {"recall": {"min": 0.4}}, "better_than_constant": False}
        assert build_part(**config).check(*given).passed
        assert not build_part(**config, positive_label="yes").check(*given).passed

    def test_what_cannot_be_had_fails(self, build_part: Build) -> None:
        """A metric of probabilities fails without any, and one of errors for classes."""
        labels, predictions, _, classes = classified(["no", "yes"])
        checker = build_part(thresholds={"roc_auc": {"min": 0.1}, "mae": {"max": 9}})
        report = checker.check(labels, predictions, None, classes)
        assert {check.name for check in report.failed} == {"roc_auc", "mae"}

    def test_rows_without_one_of_the_classes(self, build_part: Build) -> None:
        """A few rows may not have every class that the model knows."""
        *given, classes = classified(["no", "yes", "maybe"])
        checker = build_part(thresholds={"accuracy": {"min": 1}})
        assert checker.check(*(each.head(1) for each in given), classes).passed

    def test_a_constant_is_no_model(self, built: Any) -> None:
        """Without any threshold, a model has to know more than which answer is the commonest."""
        labels, predictions, _, classes = classified(["no", "yes"])
        numbers = numbered(0.0)[0]
        assert built.check(labels, predictions, None, classes).passed
        assert not built.check(labels, pd.Series("no", labels.index), None, classes).passed
        assert not built.check(numbers, numbers * 0 + numbers.mean()).passed

    def test_what_does_not_belong_together_is_refused(self, built: Any) -> None:
        """Rows are needed, and as many predictions as labels."""
        labels, predictions = numbered(0.0)
        for given in ((labels, predictions.head(1)), (labels.head(0), predictions.head(0))):
            with pytest.raises(ValueError, match="labels"):
                built.check(*given)

    def test_the_report_is_written(self, built: Any) -> None:
        """Its file is there to be read, and a second one stands beside it."""
        first, second = (built.check(*numbered(1.0)) for _ in range(2))
        assert first.path.stat().st_size > 0
        assert first.path != second.path
        assert travelled(first) == first
