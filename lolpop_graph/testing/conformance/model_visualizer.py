"""What every model visualizer has to keep."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from lolpop_graph.testing.conformance import Conformance
from lolpop_graph.testing.conformance.model_checker import classified, numbered


class ModelVisualizerConformance(Conformance):
    """A visualizer draws what there is, however little, and whatever names it has."""

    part_type = "model_visualizer"

    @pytest.mark.parametrize(
        "classes",
        [["no", "yes"], [0, 1, 2], ["$x_1$", "</b>", "_" * 90], list("abcdefghijkl")],
    )
    def test_a_classification(self, built: Any, classes: list[Any]) -> None:
        """Two, three and many classes, with hostile names, are files that hold something."""
        figures = built.draw(*classified(classes, wrong=9))
        assert figures
        assert all(path.stat().st_size > 0 for path in figures)

    def test_without_probabilities_there_is_less(self, built: Any) -> None:
        """Labels alone are drawn as well."""
        labels, predictions, probabilities, classes = classified(["no", "yes"])
        fewer = built.draw(labels, predictions, None, classes)
        assert 0 < len(fewer) < len(built.draw(labels, predictions, probabilities, classes))

    def test_dates_give_a_forecast(self, built: Any) -> None:
        """A regression is drawn, and over time where the labels have dates."""
        labels, predictions = numbered(1.0)
        fewer = built.draw(labels, predictions)
        labels.index = pd.date_range("2024-01-01", periods=len(labels))
        assert 0 < len(fewer) < len(built.draw(labels, predictions))

    def test_one_row_is_no_error(self, built: Any) -> None:
        """Of one row there is something to see."""
        *given, classes = classified(["no", "yes"])
        assert built.draw(*(each.head(1) for each in given), classes)
        assert built.draw(*(each.head(1) for each in numbered(1.0)))

    def test_figures_stand_side_by_side(self, built: Any) -> None:
        """No figure takes the place of an earlier one."""
        first, second = (built.draw(*numbered(1.0)) for _ in range(2))
        assert not {*first} & {*second}
        assert all(path.is_file() for path in (*first, *second))

    def test_rows_are_needed(self, built: Any) -> None:
        """No rows, or other predictions than there are labels, are refused."""
        labels, predictions = numbered(1.0)
        for given in ((labels.head(0), predictions.head(0)), (labels, predictions.head(1))):
            with pytest.raises(ValueError, match="labels"):
                built.draw(*given)
