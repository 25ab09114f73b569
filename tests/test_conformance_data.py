"""The suites of the types of parts that hold, change and split data, over every part we bring."""

from __future__ import annotations

from lolpop_graph.component.data_connector.local import LocalDataConnector
from lolpop_graph.testing import DataConnectorConformance


class TestLocalCsv(DataConnectorConformance):
    """CSV files."""

    part = LocalDataConnector


class TestLocalParquet(DataConnectorConformance):
    """Parquet files."""

    part = LocalDataConnector
    target = "deep/table.parquet"
    other_target = "other.PARQUET"
