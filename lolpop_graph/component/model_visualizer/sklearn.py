"""Figures of predictions, by scikit-learn and matplotlib."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from lolpop_graph.component.figures import DEFAULTS, FORMATS, content
from lolpop_graph.component.folders import OUTPUT_FOLDER
from lolpop_graph.component.model_checker.metrics import outcome
from lolpop_graph.component.model_visualizer.base import BaseModelVisualizer
from lolpop_graph.component.model_visualizer.classification import classification_figures
from lolpop_graph.component.model_visualizer.regression import regression_figures
from lolpop_graph.component.outputs import Outputs
from lolpop_graph.component.settings import Settings

if TYPE_CHECKING:
    from pandas import DataFrame, Series


class SklearnModelVisualizer(BaseModelVisualizer):
    """Draws predictions.

    Of a classification: the confusion matrix, and where there are probabilities the ROC curve,
    precision over recall, and calibration (ten bins of equal width), of two classes those of the
    second, of more each against the rest. Of a regression: predicted over true values, residuals,
    and where the index of the labels has dates the forecast over time.

    Config: `positive_label`, the class whose curves are drawn; `figure_format`, `png` (default)
    or `svg`; `output_folder` (default `lolpop_output`), below which `reports/` gets the figures.
    """

    __DEFAULT_CONF__ = {
        "config": {**DEFAULTS, "positive_label": None, "output_folder": OUTPUT_FOLDER}
    }

    def setup(self) -> None:
        """Read the config; raises ValueError with all that is wrong with it."""
        with Settings(self._get_config) as settings:
            self._kind = settings.choice("figure_format", FORMATS) or FORMATS[0]
            self._folder = settings.text("output_folder") or OUTPUT_FOLDER

    def draw(
        self,
        labels: Series,
        predictions: Series,
        probabilities: DataFrame | None = None,
        classes: list[Any] | None = None,
    ) -> list[Path]:
        """Draw true and predicted labels (both (n_rows,)), and return the files written.

        `probabilities` has shape (n_rows, n_classes), its columns being `classes`, or is None;
        `classes` is empty or None for a regression. A figure that these rows cannot give, such
        as the ROC curve of a class that none of them has, is left out. Raises ValueError where
        there are no rows or shapes do not belong together, OSError where files cannot be written.
        """
        positive = self._get_config("positive_label")
        given = outcome(labels, predictions, probabilities, classes, positive)
        outputs = Outputs(self, self._folder)
        drawn = (
            regression_figures(given, labels.index)
            if given.is_regression
            else classification_figures(given)
        )
        paths = [
            outputs.write(content(figure, self._kind), self._kind, name) for name, figure in drawn
        ]
        self.log(f"figures: {', '.join(map(str, paths))}")
        return paths
