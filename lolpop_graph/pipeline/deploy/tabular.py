"""From a trained model to the one in production, if it is better."""

from __future__ import annotations

import json
import math
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lolpop_graph.pipeline.base import TrackedPipeline

if TYPE_CHECKING:
    from lolpop_graph.component.model_repository.base import BaseModelRepository, ModelVersion
    from lolpop_graph.component.settings import Settings
    from lolpop_graph.component.table import Table
    from lolpop_graph.pipeline.train.tabular import TrainPipeline


@dataclass(frozen=True)
class Deployment:
    """What came of a comparison with the model in production.

    `metric` of the new version is `value`, that of the version in production `production_value`
    on the same rows (None where there was none, or none that could be asked), and `gain` is how
    much better the new one is, whichever way the metric points.
    """

    model_name: str
    version: str
    metric: str
    value: float
    production_version: str | None
    production_value: float | None
    promoted: bool
    reason: str
    gain: float | None = None


class DeployPipeline(TrackedPipeline):
    """Registers a model that `train` has learnt, and promotes it if it beats what is in use.

    Config: `model_name`; `promotion_metric`, one of the model evaluator's metrics, and
    `minimal_gain` (default 0), by how much it has to be better: a model that gains exactly so
    much is promoted. Both models are measured on the same rows. Where rows are split at random,
    the older model may have learnt some of them from an earlier state of the data, which makes
    it look better than it is; a split by time has no such rows.

    A version in production that cannot be measured, since other components have made it, is
    compared by the metric that it was registered with.
    """

    __REQUIRED_CONF__ = {
        "config": ["model_name", "promotion_metric"],
        "pipeline": ["train"],
        "component": ["model_repository", "metadata_tracker"],
    }
    __DEFAULT_CONF__ = {"config": {"minimal_gain": 0.0}}

    model_repository: BaseModelRepository
    train: TrainPipeline

    def _check_config(self, settings: Settings) -> None:
        """The metric is compared after training; that it is none is told before."""
        settings.text("model_name")
        settings.number("minimal_gain")
        measured = self.train.model_evaluator.metric_names
        settings.choice("promotion_metric", measured)

    def run(self, run_id: str, test: Table) -> Deployment:
        """Register the model of a run and compare it on test rows.

        `run_id` is the run that made the model, which is loaded unless `train` holds it. Raises
        LookupError where there is no such model, ValueError where the metric is none of those
        that the model evaluator measures.
        """
        self.train.hold(run_id)
        metrics = self.train.evaluate(test)
        value = self._value(metrics)
        name = self._get_config("model_name")
        champion = self.model_repository.find(name)
        known = None if champion is None else self._value_of(champion, test)
        with tempfile.TemporaryDirectory() as folder:
            self.train.save_files(Path(folder))
            version = self.model_repository.register(name, Path(folder), run_id, metrics)
        found = Deployment(
            model_name=name,
            version=version,
            metric=self._get_config("promotion_metric"),
            value=value,
            production_version=None if champion is None else champion.version,
            production_value=known,
            **self._verdict(value, champion, known),
        )
        if found.promoted:
            self.model_repository.promote(name, version)
        self._record(found)
        return found

    def rollback(self) -> ModelVersion:
        """Bring back into production what was there before; LookupError if nothing was."""
        name = self._get_config("model_name")
        found = self.model_repository.rollback(name)
        self.notify(f"{name}: rolled back to version {found.version}", "WARNING")
        return found

    def _verdict(
        self, value: float, champion: ModelVersion | None, known: float | None
    ) -> dict[str, Any]:
        """Whether a model of this value is promoted, the reason, and the gain if there is one."""
        metric, least = self._get_config("promotion_metric"), self._get_config("minimal_gain")
        if math.isnan(value):
            return {"promoted": False, "reason": f"its {metric} is no number"}
        if champion is None:
            return {"promoted": True, "reason": "nothing was in production"}
        if known is None:
            reason = f"version {champion.version} in production has no {metric} to compare with"
            return {"promoted": False, "reason": reason}
        gain = value - known if self.train.higher_is_better(metric) else known - value
        comparison = f"{metric} {value:.4g} against {known:.4g} of version {champion.version}"
        word = "reaches" if gain >= least else "does not reach"
        reason = f"{comparison} {word} the minimal gain {least:g}"
        return {"promoted": gain >= least, "reason": reason, "gain": gain}

    def _value(self, metrics: dict[str, float]) -> float:
        metric = self._get_config("promotion_metric")
        if metric not in metrics:
            message = f"`promotion_metric` is {metric!r}; measured are {', '.join(metrics)}"
            raise ValueError(message)
        return metrics[metric]

    def _value_of(self, version: ModelVersion, test: Table) -> float | None:
        """The metric of a version on test rows; where it cannot be had, as it was registered."""
        with tempfile.TemporaryDirectory() as folder:
            files = self.model_repository.fetch(version.name, version.version, Path(folder))
            try:
                with self.train.restored():
                    self.train.load_files(files, version.run_id)
                    return self._value(self.train.evaluate(test))
            except (FileNotFoundError, KeyError) as error:
                # Other parts have made it, or it has learnt from columns that are gone.
                self.log(f"version {version.version} cannot be measured now: {error}", "WARNING")
        return version.metrics.get(self._get_config("promotion_metric"))

    def _record(self, found: Deployment) -> None:
        self.metadata_tracker.log_tag("model_version", found.version)
        self.metadata_tracker.log_tag("promoted", str(found.promoted).lower())
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "comparison.json"
            path.write_text(json.dumps(asdict(found), indent=2) + "\n", encoding="utf-8")
            self._keep_files([path], "deployment")
        verdict = "promoted" if found.promoted else "not promoted"
        self.notify(f"{found.model_name} {found.version} {verdict}: {found.reason}", "INFO")
