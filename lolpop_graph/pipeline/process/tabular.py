"""From a source to training and test rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lolpop_graph.integration import BasePipeline

if TYPE_CHECKING:
    from lolpop_graph.component.data_connector.base import BaseDataConnector
    from lolpop_graph.component.data_splitter.base import BaseDataSplitter
    from lolpop_graph.component.metadata_tracker.base import BaseMetadataTracker
    from lolpop_graph.component.table import Table


class ProcessPipeline(BasePipeline):
    """Loads a table, records where it came from, and splits it.

    Config: `train_data`, what the data connector is asked for.
    """

    __REQUIRED_CONF__ = {
        "config": ["train_data"],
        "component": ["data_connector", "data_splitter", "metadata_tracker"],
    }

    data_connector: BaseDataConnector
    data_splitter: BaseDataSplitter
    metadata_tracker: BaseMetadataTracker

    def run(self) -> tuple[Table, Table]:
        """Training rows and test rows."""
        source = self._get_config("train_data")
        table = self.data_connector.load(source)
        self.metadata_tracker.log_dataset(table, source, "training")
        train, test = self.data_splitter.split(table)
        self.log(f"{source}: {len(train)} training rows, {len(test)} test rows")
        return train, test
