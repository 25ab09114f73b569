"""From a source to training and test rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lolpop_graph.pipeline.base import TrackedPipeline

if TYPE_CHECKING:
    from lolpop_graph.component.data_connector.base import BaseDataConnector
    from lolpop_graph.component.data_splitter.base import BaseDataSplitter
    from lolpop_graph.component.settings import Settings
    from lolpop_graph.component.table import Table

TRAINING = "training"


class ProcessPipeline(TrackedPipeline):
    """Loads a table, records where it came from, makes it ready, looks at it, and splits it.

    Config: `train_data`, what the data connector is asked for. Where the workflow declares
    them, a `data_transformer` makes new rows and columns, a `data_checker` says whether they
    are fit to be used, and a `data_profiler` describes them; the latter two's files are kept
    among the run's artifacts, below `checks/` and `profiles/`.
    """

    __REQUIRED_CONF__ = {"config": ["train_data"], "component": ["data_connector", "data_splitter"]}

    data_connector: BaseDataConnector
    data_splitter: BaseDataSplitter

    def _check_config(self, settings: Settings) -> None:
        settings.text("train_data")

    def run(self) -> tuple[Table, Table]:
        """Training rows and test rows; CheckFailedError where they are not fit to be used."""
        source = self._get_config("train_data")
        table = self.prepare(self.data_connector.load(source), source, TRAINING)
        train, test = self.data_splitter.split(table)
        self.log(f"{source}: {len(train)} training rows, {len(test)} test rows")
        return train, test

    def prepare(self, table: Table, source: str, context: str) -> Table:
        """The same steps for every table, so that new rows are treated as those learnt from.

        `source` is where the table was loaded from, `context` what it is for: `training`,
        `prediction`. Raises CheckFailedError.
        """
        self.metadata_tracker.log_dataset(table, source, context)
        transformer = getattr(self, "data_transformer", None)
        if transformer is not None:
            table = transformer.transform(table)
        self._look_at(table, context)
        return table

    def _look_at(self, table: Table, context: str) -> None:
        profiler = getattr(self, "data_profiler", None)
        if profiler is not None:
            self._keep_files([profiler.profile(table).path], f"profiles/{context}")
        checker = getattr(self, "data_checker", None)
        if checker is not None:
            self._heed(checker.check(table), f"the {context} data", f"checks/{context}")
