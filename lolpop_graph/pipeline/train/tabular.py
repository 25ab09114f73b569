"""From training and test rows to a model, its metrics, and what there is to see of it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from lolpop_graph.component.problems import check_classes, is_regression
from lolpop_graph.component.table import column_of
from lolpop_graph.pipeline.base import TrackedPipeline

if TYPE_CHECKING:
    from lolpop_graph.component.feature_transformer.base import BaseFeatureTransformer
    from lolpop_graph.component.metrics_tracker.base import BaseMetricsTracker
    from lolpop_graph.component.model_evaluator.base import BaseModelEvaluator
    from lolpop_graph.component.model_trainer.base import BaseModelTrainer
    from lolpop_graph.component.settings import Settings
    from lolpop_graph.component.table import Column, Matrix, Table

_MODEL = "model"
REFERENCE = "reference"
"""The folder among a run's artifacts with the rows that later ones are compared with."""


class TrainPipeline(TrackedPipeline):
    """Learns features and a model from training rows, measures it on test rows, keeps both.

    Config: `target`, the column to predict; `reference_rows` (default 1000), how many of the
    test rows are kept with their predictions, for monitors to compare later ones with.

    Where the workflow declares them, a `hyperparameter_tuner` chooses the parameters, a
    `model_explainer` says what the model looks at, a `model_visualizer` draws its predictions,
    and a `model_checker` says whether it is good enough. Everything is kept among the run's
    artifacts: `model/`, `reference/`, `tuning/`, `explanation/`, `figures/`, `checks/`.
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
    __DEFAULT_CONF__ = {"config": {"reference_rows": 1000}}

    feature_transformer: BaseFeatureTransformer
    model_trainer: BaseModelTrainer
    model_evaluator: BaseModelEvaluator
    metrics_tracker: BaseMetricsTracker

    _run_id: str | None = None

    def _check_config(self, settings: Settings) -> None:
        settings.text("target")
        settings.whole("reference_rows", low=1)

    def run(self, train: Table, test: Table) -> dict[str, float]:
        """Fit, evaluate and record a model; return the metrics of the test rows by name.

        Raises CheckFailedError, after everything is recorded, for a model that is not good enough.
        """
        self.fit(train)
        metrics = self.evaluate(test)
        self.metadata_tracker.log_params(self.model_trainer.params)
        self.metrics_tracker.log_metrics(metrics)
        self.save()
        self.look_at(test)
        return metrics

    def fit(self, train: Table) -> None:
        """Learn the features, then the parameters and the model, from training rows alone."""
        self._run_id = None
        self.feature_transformer.fit(self._inputs(train))
        features, labels = self.features(train), self._labels(train)
        if not is_regression(self.problem_type):
            check_classes(labels)
        self._tune(features, labels)
        self.model_trainer.fit(features, labels)
        n_rows, n_features = features.shape
        name = self.model_trainer.params.get("estimator", self.model_trainer.name)
        self.log(f"fitted {name} to {n_rows} rows of {n_features} features")

    def evaluate(self, test: Table) -> dict[str, float]:
        """Metrics by name of rows that the model has not seen."""
        predictions, probabilities = self.predict_rows(test)
        labels = column_of(test, self._get_config("target"))
        return self.model_evaluator.evaluate(labels, predictions, probabilities, self.classes)

    def features(self, table: Table) -> Matrix:
        """What the model sees of the rows of a table: (n_rows, n_features)."""
        return self.feature_transformer.transform(self._inputs(table))

    def predict_rows(self, table: Table) -> tuple[Column, Matrix | None]:
        """Labels (n_rows,) and probabilities (n_rows, n_classes), None where there are none."""
        features = self.features(table)
        return self.model_trainer.predict(features), self.model_trainer.predict_proba(features)

    def predictions(self, table: Table) -> Table:
        """Columns `predicted_<target>`, and `probability_<class>` where the model has any."""
        labels, probabilities = self.predict_rows(table)
        found = pd.DataFrame({f"predicted_{self._get_config('target')}": labels})
        if probabilities is not None:
            found = pd.concat([found, probabilities.add_prefix("probability_")], axis=1)
        return found

    @property
    def classes(self) -> list[object]:
        """The labels that the columns of the probabilities stand for."""
        return self.model_trainer.classes

    def look_at(self, test: Table) -> None:
        """Explain, draw and check the model by rows that it has not seen; keep a reference."""
        predicted, probabilities = self.predict_rows(test)
        truth = column_of(test, self._get_config("target"))
        self._keep_reference(test)
        explainer = getattr(self, "model_explainer", None)
        if explainer is not None:
            found = explainer.explain(self.model_trainer, self.features(test), self._labels(test))
            self._keep_table(found.importances, "importances.csv", "explanation", index=True)
            self._keep_files(found.figures, "explanation")
        visualizer = getattr(self, "model_visualizer", None)
        if visualizer is not None:
            shown = [column.set_axis(self._rows_of(test)) for column in (truth, predicted)]
            self._keep_files(visualizer.draw(*shown, probabilities, self.classes), "figures")
        checker = getattr(self, "model_checker", None)
        if checker is not None:
            report = checker.check(truth, predicted, probabilities, self.classes)
            self._heed(report, "the model", "checks/model")

    @property
    def run_id(self) -> str | None:
        """The run that made the model which is in use; None for one that no run has kept."""
        return self._run_id

    def save(self) -> None:
        """Keep the features and the model with the active run, in its artifacts `model/`."""
        with tempfile.TemporaryDirectory() as folder:
            for path in self.save_files(Path(folder)):
                self.metadata_tracker.log_artifact(path, _MODEL)
        self._run_id = self.metadata_tracker.run_id

    def load(self, run_id: str) -> None:
        """Take over the features and the model of an earlier run of the same workflow.

        Raises LookupError where there is no such run, or other components than these made it.
        """
        with tempfile.TemporaryDirectory() as folder:
            files = self.metadata_tracker.fetch_artifacts(run_id, _MODEL, Path(folder))
            try:
                self.load_files(files, run_id)
            except FileNotFoundError as error:
                message = f"run {run_id!r} was made by other components than these: {error}"
                raise LookupError(message) from error

    def hold(self, run_id: str) -> None:
        """Have the model of a run in memory: load it, unless it is there; LookupError as `load`.

        In a call from another process it is loaded always: what an earlier call has left in this
        one may be of another day.
        """
        if self.run_id != run_id or self._is_called_from_afar:
            self.load(run_id)

    def save_files(self, folder: Path) -> list[Path]:
        """Write the features and the model to a folder, which is there; return the paths."""
        return [component.save(folder) for component in self._learnt]

    def load_files(self, folder: Path, run_id: str | None) -> None:
        """Take over the features and the model that `save_files` wrote in the run `run_id`.

        FileNotFoundError where other components than these have written it.
        """
        # Until all is loaded, the model is of no run.
        self._run_id = None
        for component in self._learnt:
            try:
                component.load(folder)
            except FileNotFoundError as error:
                lacking = Path(error.filename or "").name
                message = f"there is no {lacking}, which {type(component).__name__} reads"
                raise FileNotFoundError(message) from error
        self._run_id = run_id

    @contextmanager
    def restored(self) -> Iterator[None]:
        """Have the present model again after a `with` block, whatever is learnt or loaded in it."""
        run_id = self._run_id
        with tempfile.TemporaryDirectory() as present:
            self.save_files(Path(present))
            try:
                yield
            finally:
                self.load_files(Path(present), run_id)

    def higher_is_better(self, metric: str) -> bool:
        """Whether more of a metric is better; ValueError for one that is unknown."""
        return self.model_evaluator.higher_is_better(metric)

    @property
    def _learnt(self) -> tuple[BaseFeatureTransformer, BaseModelTrainer]:
        return self.feature_transformer, self.model_trainer

    def _inputs(self, table: Table) -> Table:
        """The columns that features are made of."""
        return table

    def _labels(self, table: Table) -> Column:
        """What the model learns to predict from the rows of a table."""
        return column_of(table, self._get_config("target"))

    def _rows_of(self, table: Table) -> pd.Index:
        """What the rows of a table are called where they are drawn."""
        return table.index

    def _tune(self, features: Matrix, labels: Column) -> None:
        tuner = getattr(self, "hyperparameter_tuner", None)
        if tuner is None:
            return
        found = tuner.tune(features, labels)
        self._keep_table(found.trials, "trials.csv", "tuning")
        self.metrics_tracker.log_metric("tuning_score", found.score)

    def _keep_reference(self, test: Table) -> None:
        rows = test.sample(min(len(test), self._get_config("reference_rows")), random_state=0)
        predictions = self.predictions(rows)
        others = rows.drop(columns=predictions.columns, errors="ignore")
        known = pd.concat([others, predictions], axis=1).sort_index()
        self._keep_table(known, f"{REFERENCE}.csv", REFERENCE)
