"""From training and test rows to a model and its metrics."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from lolpop_graph.integration import BasePipeline

if TYPE_CHECKING:
    from lolpop_graph.component.feature_transformer.base import BaseFeatureTransformer
    from lolpop_graph.component.metadata_tracker.base import BaseMetadataTracker
    from lolpop_graph.component.metrics_tracker.base import BaseMetricsTracker
    from lolpop_graph.component.model_evaluator.base import BaseModelEvaluator
    from lolpop_graph.component.model_trainer.base import BaseModelTrainer
    from lolpop_graph.component.table import Column, Matrix, Table

_ARTIFACTS = "model"


class TrainPipeline(BasePipeline):
    """Learns features and a model from training rows, measures it on test rows, keeps both.

    Config: `target`, the column to predict.
    """

    __REQUIRED_CONF__ = {
        "config": ["target"],
        "component": [
            "feature_transformer",
            "model_trainer",
            "model_evaluator",
            "metadata_tracker",
            "metrics_tracker",
        ],
    }

    feature_transformer: BaseFeatureTransformer
    model_trainer: BaseModelTrainer
    model_evaluator: BaseModelEvaluator
    metadata_tracker: BaseMetadataTracker
    metrics_tracker: BaseMetricsTracker

    def run(self, train: Table, test: Table) -> dict[str, float]:
        """Fit, evaluate and record a model; return the metrics of the test rows by name."""
        self.fit(train)
        metrics = self.evaluate(test)
        self.metadata_tracker.log_params(self.model_trainer.params)
        self.metrics_tracker.log_metrics(metrics)
        self.save()
        return metrics

    def fit(self, train: Table) -> None:
        """Learn the features, then the model, from training rows alone."""
        self.feature_transformer.fit(train)
        features = self.feature_transformer.transform(train)
        self.model_trainer.fit(features, train[self._get_config("target")])
        n_rows, n_features = features.shape
        name = self.model_trainer.params.get("estimator", self.model_trainer.name)
        self.log(f"fitted {name} to {n_rows} rows of {n_features} features")

    def evaluate(self, test: Table) -> dict[str, float]:
        """Metrics by name of rows that the model has not seen."""
        predictions, probabilities = self.predict_rows(test)
        labels = test[self._get_config("target")]
        return self.model_evaluator.evaluate(labels, predictions, probabilities, self.classes)

    def predict_rows(self, table: Table) -> tuple[Column, Matrix | None]:
        """Labels (n_rows,) and probabilities (n_rows, n_classes), None where there are none."""
        features = self.feature_transformer.transform(table)
        return self.model_trainer.predict(features), self.model_trainer.predict_proba(features)

    @property
    def classes(self) -> list[object]:
        """The labels that the columns of the probabilities stand for."""
        return self.model_trainer.classes

    def save(self) -> None:
        """Keep the features and the model with the active run, in its artifacts `model/`."""
        with tempfile.TemporaryDirectory() as folder:
            for component in (self.feature_transformer, self.model_trainer):
                self.metadata_tracker.log_artifact(component.save(Path(folder)), _ARTIFACTS)

    def load(self, run_id: str) -> None:
        """Take over the features and the model of an earlier run of the same workflow."""
        with tempfile.TemporaryDirectory() as folder:
            saved = self.metadata_tracker.fetch_artifacts(run_id, _ARTIFACTS, Path(folder))
            for component in (self.feature_transformer, self.model_trainer):
                component.load(saved)
