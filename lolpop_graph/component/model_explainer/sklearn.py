"""What a model looks at, by scikit-learn's inspection."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from sklearn.inspection import partial_dependence, permutation_importance
from sklearn.metrics import get_scorer_names

from lolpop_graph.component.figures import DEFAULTS, FORMATS, content
from lolpop_graph.component.folders import OUTPUT_FOLDER
from lolpop_graph.component.model_explainer.base import BaseModelExplainer, Explanation
from lolpop_graph.component.model_explainer.drawing import (
    Dependence,
    draw_dependence,
    draw_importances,
)
from lolpop_graph.component.model_explainer.wrapped import wrapped
from lolpop_graph.component.outputs import Outputs
from lolpop_graph.component.settings import Settings

if TYPE_CHECKING:
    from pandas import DataFrame, Series

    from lolpop_graph.component.model_trainer.base import BaseModelTrainer

_GRID = 40
_MIDDLE = (0.05, 0.95)


class SklearnModelExplainer(BaseModelExplainer):
    """Explains any model trainer by permutation importance and partial dependence.

    The importance of a feature is how much worse a score gets when its values are shuffled
    (L. Breiman, "Random Forests", 2001); partial dependence is the mean prediction when a feature
    has one value for all rows (J. H. Friedman, "Greedy Function Approximation", 2001), drawn
    from the 5th to the 95th percentile. Features that say the same share what they are worth.

    Config: `scoring`, a scorer of scikit-learn (default `accuracy`, and for a regression
    `neg_mean_absolute_error`, so that importances are in the unit of the labels);
    `n_repeats` (default 5), how often each feature is shuffled; `max_rows` (default 1000), a
    random sample of more rows; `partial_dependence_features` (default 6), how many of the most
    important features are drawn; `random_state` (default 0), the seed of all that is random;
    `figure_format`, `png` (default) or `svg`;
    `output_folder` (default `lolpop_output`), below which `reports/` gets the figures.
    """

    __DEFAULT_CONF__ = {
        "config": {
            **DEFAULTS,
            "scoring": None,
            "n_repeats": 5,
            "max_rows": 1000,
            "partial_dependence_features": 6,
            "random_state": 0,
            "output_folder": OUTPUT_FOLDER,
        }
    }

    def setup(self) -> None:
        """Read the config; raises ValueError with all that is wrong with it."""
        with Settings(self._get_config) as settings:
            self._scoring = settings.choice("scoring", get_scorer_names())
            self._repeats = settings.whole("n_repeats", low=1) or 5
            self._max_rows = settings.whole("max_rows", low=1)
            self._n_drawn = settings.whole("partial_dependence_features") or 0
            self._seed = settings.whole("random_state")
            self._kind = settings.choice("figure_format", FORMATS) or FORMATS[0]
            self._folder = settings.text("output_folder") or OUTPUT_FOLDER

    def explain(
        self, model_trainer: BaseModelTrainer, features: DataFrame, labels: Series
    ) -> Explanation:
        """Explain a fitted trainer on features (n_rows, n_features) and true labels (n_rows,).

        Raises ValueError where there are no rows or features, or features and labels differ in
        length, OSError where a figure cannot be written.
        """
        if not len(features) == len(labels) > 0 or not features.shape[1]:
            message = f"features of shape {features.shape} and {len(labels)} labels: rows and"
            message += " features are needed, and a label for each row"
            raise ValueError(message)
        features, labels = self._sample(features, labels)
        estimator = wrapped(model_trainer, features.columns)
        default = "accuracy" if model_trainer.classes else "neg_mean_absolute_error"
        scoring = self._scoring or default
        importances = self._importances(estimator, features, labels, scoring)
        first = importances.index[: self._n_drawn]
        dependences = [_dependence(estimator, features, name) for name in first]
        figures = self._draw(importances, scoring, dependences, model_trainer.classes)
        most, drawn = importances.index[:3], ", ".join(map(str, figures))
        self.log(f"most important: {', '.join(map(str, most))}; figures: {drawn}")
        return Explanation(importances, figures)

    def _sample(self, features: DataFrame, labels: Series) -> tuple[DataFrame, Series]:
        if self._max_rows is None or len(features) <= self._max_rows:
            return features, labels
        # By place, since an index may have labels that stand twice.
        rows = pd.Series(range(len(features))).sample(self._max_rows, random_state=self._seed)
        return features.iloc[rows.to_numpy()], labels.iloc[rows.to_numpy()]

    def _importances(
        self, estimator: Any, features: DataFrame, labels: Series, scoring: str
    ) -> DataFrame:
        found = permutation_importance(
            estimator,
            features,
            labels.to_numpy(),
            scoring=scoring,
            n_repeats=self._repeats,
            random_state=self._seed,
        )
        figures = {"importance": found.importances_mean, "std": found.importances_std}
        table = pd.DataFrame(figures, index=features.columns)
        return table.sort_values("importance", ascending=False, kind="stable")

    def _draw(
        self,
        importances: DataFrame,
        scoring: str,
        dependences: list[Dependence],
        classes: list[Any],
    ) -> list[Path]:
        figures = {"importance": draw_importances(importances, scoring)}
        if dependences:
            figures["partial_dependence"] = draw_dependence(dependences, classes)
        outputs = Outputs(self, self._folder)
        return [
            outputs.write(content(figure, self._kind), self._kind, name)
            for name, figure in figures.items()
        ]


def _dependence(estimator: Any, features: DataFrame, name: str) -> Dependence:
    """The mean prediction along the values of one feature, of rows that have one."""
    known = features[features[name].notna()]
    if known.empty:
        return Dependence(name, [], [], known[name])
    low, high = known[name].quantile(_MIDDLE)
    # Where most rows have the same value, there is nothing between the percentiles.
    ends = _MIDDLE if low < high else (0, 1)
    found = partial_dependence(
        estimator,
        known,
        [name],
        kind="average",
        grid_resolution=_GRID,
        percentiles=ends,
        method="brute",
    )
    return Dependence(name, found["grid_values"][0], found["average"], known[name])
