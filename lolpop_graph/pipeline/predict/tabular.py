"""From new rows to stored predictions."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from lolpop_graph.component.model_repository.base import PRODUCTION
from lolpop_graph.pipeline.base import MODEL_RUN, TrackedPipeline

if TYPE_CHECKING:
    from lolpop_graph.component.data_connector.base import BaseDataConnector
    from lolpop_graph.component.model_repository.base import BaseModelRepository
    from lolpop_graph.component.settings import Settings
    from lolpop_graph.component.table import Table
    from lolpop_graph.pipeline.process.tabular import ProcessPipeline
    from lolpop_graph.pipeline.train.tabular import TrainPipeline


class PredictPipeline(TrackedPipeline):
    """Predicts new rows with the pipelines `process` and `train` beside it.

    Pipelines know each other if their layer says `update_peer_integrations: true`. Config:
    `target`; `new_data`, what the data connector is asked for; `predictions`, what the
    prediction store is told to save to; `model_name`, where the model is to be the one that a
    `model_repository` has in production.
    """

    __REQUIRED_CONF__ = {
        "config": ["target", "new_data", "predictions"],
        "pipeline": ["process", "train"],
        "component": ["data_connector", "prediction_store"],
    }

    data_connector: BaseDataConnector
    prediction_store: BaseDataConnector
    process: ProcessPipeline
    train: TrainPipeline

    def _check_config(self, settings: Settings) -> None:
        settings.text("new_data")
        settings.text("predictions")

    def run(self, model: str | None = None) -> str:
        """Predict every new row, save rows and predictions, and return where they are.

        `model` is the id of a run, or `production`; None stands for what `train` has just
        learnt. Raises LookupError where there is no such model, and ValueError for None in a
        call from another process, where `train` has learnt nothing.
        """
        if model is not None:
            self.use(model)
        elif self._is_called_from_afar:
            message = (
                "what `train` has learnt may be in another process: say whose model predicts, "
                "`predict.run(run_id)`"
            )
            raise ValueError(message)
        path = self.prediction_store.save(self.predicted(), self._get_config("predictions"))
        self.metadata_tracker.log_tag("predictions", path)
        self.metadata_tracker.log_tag(MODEL_RUN, self.train.run_id or "")
        self.log(f"predictions saved to {path}")
        return path

    def predicted(self) -> Table:
        """The new rows, the columns that were predicted first."""
        table = self.new_rows()
        predictions = self.train.predictions(table)
        others = table.drop(columns=predictions.columns, errors="ignore")
        return pd.concat([predictions, others], axis=1)

    def new_rows(self) -> Table:
        """The rows to be predicted, made ready as those that the model has learnt from."""
        source = self._get_config("new_data")
        return self.process.prepare(self.data_connector.load(source), source, "prediction")

    def use(self, model: str) -> str:
        """Let `train` have the model of a run, or the one in `production`; return its run's id.

        Raises LookupError where there is no such model.
        """
        if model == PRODUCTION:
            return self._use_production()
        self.train.hold(model)
        return model

    def _use_production(self) -> str:
        repository: BaseModelRepository | None = getattr(self, "model_repository", None)
        if repository is None:
            message = "there is no `model_repository`, and so no model in production"
            raise LookupError(message)
        name = self._get_config("model_name")
        found = repository.find(name, PRODUCTION)
        if found is None:
            message = f"no version of the model {name!r} is in production: run `main` or `retrain`"
            raise LookupError(message)
        with tempfile.TemporaryDirectory() as folder:
            files = repository.fetch(name, found.version, Path(folder))
            try:
                self.train.load_files(files, found.run_id)
            except FileNotFoundError as error:
                message = f"{name} {found.version} was made by other components than these: {error}"
                raise LookupError(message) from error
        self.log(f"using {name} {found.version} of run {found.run_id}")
        return found.run_id
