"""From new rows to stored predictions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from lolpop_graph.integration import BasePipeline

if TYPE_CHECKING:
    from lolpop_graph.component.data_connector.base import BaseDataConnector
    from lolpop_graph.component.table import Table
    from lolpop_graph.pipeline.train.tabular import TrainPipeline


class PredictPipeline(BasePipeline):
    """Predicts new rows with what the pipeline `train` beside it has learnt.

    Pipelines know each other if their layer says `update_peer_integrations: true`. Config:
    `target`; `new_data`, what the data connector is asked for; `predictions`, what the
    prediction store is told to save to.
    """

    __REQUIRED_CONF__ = {
        "config": ["target", "new_data", "predictions"],
        "pipeline": ["train"],
        "component": ["data_connector", "prediction_store"],
    }

    data_connector: BaseDataConnector
    prediction_store: BaseDataConnector
    train: TrainPipeline

    def run(self) -> str:
        """Predict every new row, save rows and predictions, and return where they are."""
        table = self.data_connector.load(self._get_config("new_data"))
        predictions = self.predictions(table)
        found = pd.concat(
            [predictions, table.drop(columns=predictions.columns, errors="ignore")], axis=1
        )
        path = self.prediction_store.save(found, self._get_config("predictions"))
        self.log(f"predictions saved to {path}")
        return path

    def predictions(self, table: Table) -> Table:
        """Columns `predicted_<target>`, and `probability_<class>` where the model has any."""
        labels, probabilities = self.train.predict_rows(table)
        found = pd.DataFrame({f"predicted_{self._get_config('target')}": labels})
        if probabilities is not None:
            found = pd.concat([found, probabilities.add_prefix("probability_")], axis=1)
        return found
