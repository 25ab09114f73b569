"""A classification from data to predictions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lolpop_graph.integration import BaseRunner

if TYPE_CHECKING:
    from lolpop_graph.component.metadata_tracker.base import BaseMetadataTracker
    from lolpop_graph.pipeline.predict.tabular import PredictPipeline
    from lolpop_graph.pipeline.process.tabular import ProcessPipeline
    from lolpop_graph.pipeline.train.tabular import TrainPipeline


class ClassificationRunner(BaseRunner):
    """Processes data, trains a model, measures it and predicts, all in one tracked run."""

    __REQUIRED_CONF__ = {
        "pipeline": ["process", "train", "predict"],
        "component": ["metadata_tracker"],
    }

    metadata_tracker: BaseMetadataTracker
    process: ProcessPipeline
    train: TrainPipeline
    predict: PredictPipeline

    def main(self) -> dict[str, float | str]:
        """Do everything; return the metrics by name, the `run_id`, and where `predictions` are."""
        with self.metadata_tracker.run() as run_id:
            train, test = self.process.run()
            metrics = self.train.run(train, test)
            predictions = self.predict.run()
        return {**metrics, "run_id": run_id, "predictions": predictions}

    def predict_with(self, run_id: str) -> dict[str, float | str]:
        """Predict with the model of an earlier run instead of training one."""
        self.train.load(run_id)
        return {"run_id": run_id, "predictions": self.predict.run()}
