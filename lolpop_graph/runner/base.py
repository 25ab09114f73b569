"""What the runners have in common: the way of a model from data to use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from typing import TYPE_CHECKING, Any, TypeVar

from lolpop_graph.component.model_repository.base import PRODUCTION
from lolpop_graph.integration import BaseRunner
from lolpop_graph.pipeline.base import MODEL_RUN

if TYPE_CHECKING:
    from lolpop_graph.component.metadata_tracker.base import BaseMetadataTracker
    from lolpop_graph.pipeline.deploy.tabular import DeployPipeline
    from lolpop_graph.pipeline.monitor.tabular import MonitorPipeline
    from lolpop_graph.pipeline.predict.tabular import PredictPipeline
    from lolpop_graph.pipeline.process.tabular import ProcessPipeline
    from lolpop_graph.pipeline.train.tabular import TrainPipeline

Returned = TypeVar("Returned")


class ModelRunner(BaseRunner):
    """Trains a model, brings it into use if it is better, predicts, and looks after it.

    The pipelines `process`, `train` and `predict` are needed; with `deploy` each new model is
    compared with the one in production, and with `monitor` recent predictions can be looked at.
    Each method is a tracked run of its own and returns numbers, ids and paths by name.
    """

    __REQUIRED_CONF__ = {
        "pipeline": ["process", "train", "predict"],
        "component": ["metadata_tracker"],
    }

    metadata_tracker: BaseMetadataTracker
    process: ProcessPipeline
    train: TrainPipeline
    predict: PredictPipeline

    def main(self) -> dict[str, Any]:
        """Do everything; return the metrics by name, the `run_id`, and where `predictions` are.

        With a pipeline `deploy` there are also `model_version` and whether it was `promoted`.
        Where it was not, the model in production predicts, unless other components than these
        have made it: then, with a warning, the new one does.
        """
        with self._tracked("main") as run_id:
            found = self._trained(run_id)
            model = run_id if found.get("promoted", True) else self._model_in_use(run_id)
            predictions = _waited_for(self.predict.run(model))
            return {**found, "run_id": run_id, "predictions": predictions}

    def retrain(self) -> dict[str, Any]:
        """Do the same without predicting: train on the data as they are now, deploy if better."""
        with self._tracked("retrain") as run_id:
            return {**self._trained(run_id), "run_id": run_id}

    def predict_with(self, run_id: str = PRODUCTION) -> dict[str, Any]:
        """Predict with the model of an earlier run, or the one in production, without training.

        Return the id of the run that made the model, and where the predictions are. Raises
        LookupError where there is no such model.
        """
        with self._tracked("predict_with") as tracked:
            predictions = _waited_for(self.predict.run(run_id))
            used = self.metadata_tracker.read_run(tracked).tags.get(MODEL_RUN, run_id)
            return {"run_id": used, "predictions": predictions}

    def deploy_with(self, run_id: str) -> dict[str, Any]:
        """Compare the model of an earlier run with the one in production, on today's test rows.

        Raises LookupError where there is no such run, before any work.
        """
        deploy = self._pipeline("deploy")
        with self._tracked("deploy_with"):
            self.metadata_tracker.read_run(run_id)
            _, test = self.process.run()
            return _deployed(deploy.run(run_id, test))

    def roll_back(self) -> dict[str, Any]:
        """Bring back into production what was there before; return its version and run."""
        found = self._pipeline("deploy").rollback()
        return {"model_version": found.version, "run_id": found.run_id}

    def monitor_predictions(self, run_id: str | None = None) -> dict[str, Any]:
        """Compare recent predictions with the reference of the model that made them.

        `run_id` is the run of that model, by default that of the newest predictions. Return
        whether they have `drifted`, what drifted (`drifted_checks`), and where the `report` is.
        """
        monitor = self._pipeline("monitor")
        with self._tracked("monitor_predictions"):
            report = monitor.run(run_id)
            return {
                "drifted": not report.passed,
                "drifted_checks": ", ".join(check.name for check in report.failed),
                "report": str(report.path or ""),
            }

    def _trained(self, run_id: str) -> dict[str, Any]:
        train, test = self.process.run()
        # What comes next loads the model, and so the training must be over.
        metrics = _waited_for(self.train.run(train, test))
        deploy: DeployPipeline | None = getattr(self, "deploy", None)
        if deploy is None:
            return dict(metrics)
        return metrics | _deployed(deploy.run(run_id, test))

    def _model_in_use(self, run_id: str) -> str:
        """What predicts after a model that was not promoted: the one in production, if it can."""
        try:
            _waited_for(self.predict.use(PRODUCTION))
        except LookupError as error:
            self.notify(f"{error}; the model that was not promoted predicts instead", "WARNING")
            return run_id
        return PRODUCTION

    def _pipeline(self, name: str) -> Any:
        found: DeployPipeline | MonitorPipeline | None = getattr(self, name, None)
        if found is None:
            message = f"this workflow declares no pipeline `{name}`"
            raise LookupError(message)
        return found

    @contextmanager
    def _tracked(self, method: str) -> Iterator[str]:
        with self.metadata_tracker.run(method, tags={"method": method}) as run_id:
            yield run_id


def _deployed(found: Any) -> dict[str, Any]:
    return {"model_version": found.version, "promoted": found.promoted}


def _waited_for(returned: Returned) -> Returned:
    """What a pipeline has returned, once it is there, and no reference to it.

    A pipeline in another process returns before its work is done. The tracked run must not end
    before it is, nor what depends on it begin.
    """
    return copy(returned)
