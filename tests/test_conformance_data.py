"""The suites of the types of parts that hold, change and split data, over every part we bring."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from lolpop_graph.component.data_connector.duckdb import DuckDBDataConnector
from lolpop_graph.component.data_connector.local import LocalDataConnector
from lolpop_graph.component.data_splitter.sklearn import SklearnDataSplitter
from lolpop_graph.component.data_transformer.duckdb import DuckDBDataTransformer
from lolpop_graph.component.data_transformer.python import PythonDataTransformer
from lolpop_graph.component.feature_transformer.sklearn import SklearnFeatureTransformer
from lolpop_graph.testing import (
    DataConnectorConformance,
    DataSplitterConformance,
    DataTransformerConformance,
    FeatureTransformerConformance,
)

if TYPE_CHECKING:
    import pandas as pd


class TestLocalCsv(DataConnectorConformance):
    """CSV files."""

    part = LocalDataConnector


class TestLocalParquet(DataConnectorConformance):
    """Parquet files."""

    part = LocalDataConnector
    target = "deep/table.parquet"
    other_target = "other.PARQUET"


class TestDuckDBCsv(DataConnectorConformance):
    """The same CSV files, by the other connector."""

    part = DuckDBDataConnector


class TestDuckDBMemory(DataConnectorConformance):
    """Tables in memory, one of them with a name that SQL would stumble over."""

    part = DuckDBDataConnector
    target = 'a "table"; DROP TABLE other --'
    other_target = "other"


class TestDuckDBFile(DataConnectorConformance):
    """Tables in a database file, in a folder that is made."""

    part = DuckDBDataConnector
    config = {"database": "deep/data.duckdb"}
    target = "select"
    other_target = "other"


def add_rank(table: pd.DataFrame, by: str) -> pd.DataFrame:
    """A function as users write them; it changes the table that it is given."""
    table["rank"] = table[by].rank()
    return table


class TestPython(DataTransformerConformance):
    """A function that changes what it is given."""

    part = PythonDataTransformer
    config = {"function": add_rank, "function_params": {"by": "n"}}


class TestDuckDBQuery(DataTransformerConformance):
    """A query with every column and one more."""

    part = DuckDBDataTransformer
    config = {"query": 'SELECT *, n * 2 AS "double" FROM data ORDER BY n'}


class TestDuckDBQueryFile(DataTransformerConformance):
    """The same from a file."""

    part = DuckDBDataTransformer

    def settings(self, folder: Path) -> dict[str, Any]:
        """With the file written."""
        file = folder / "query.sql"
        file.write_text("-- what is left\nSELECT text FROM data;\n", encoding="utf-8")
        return {"query_file": str(file)}


class TestStratified(DataSplitterConformance):
    """The default method."""

    part = SklearnDataSplitter
    config = {"target": "label"}


class TestRandom(DataSplitterConformance):
    """Without a target."""

    part = SklearnDataSplitter
    config = {"method": "random", "test_size": 7}


class TestTime(DataSplitterConformance):
    """By texts that are dates."""

    part = SklearnDataSplitter
    config = {"method": "time", "time_column": "day"}


class TestDefaultFeatures(FeatureTransformerConformance):
    """Numbers scaled, texts encoded."""

    part = SklearnFeatureTransformer


class TestFeaturesByRecipe(FeatureTransformerConformance):
    """Entries by names and by kind, steps after one another, and the rest as it is."""

    part = SklearnFeatureTransformer
    config = {
        "transformers": [
            {
                "columns": ["size"],
                "steps": [
                    "impute.SimpleImputer",
                    {
                        "estimator": "preprocessing.MinMaxScaler",
                        "params": {"feature_range": [0, 2]},
                    },
                ],
            },
            {"kind": "text", "steps": "preprocessing.OneHotEncoder"},
        ],
        "remainder": "passthrough",
    }
