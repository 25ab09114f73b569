"""Tables in files and in DuckDB: what comes back is what was saved, and queries only read."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lolpop_graph import WorkflowError
from lolpop_graph.component.data_connector.duckdb import DuckDBDataConnector
from lolpop_graph.component.data_connector.local import LocalDataConnector

TYPED = pd.DataFrame(
    {
        "whole": [1, -(2**62)],
        "true": [True, False],
        "time": pd.to_datetime(["2024-02-29 12:00:00.123456789", None]),
        "zoned": pd.to_datetime(["2024-02-29", "2025-01-01"]).tz_localize("UTC").as_unit("us"),
        "gap": ["", None],
    }
)
"""What CSV cannot tell: whole numbers, truth values, times, and no text from an empty one."""

FRUIT = pd.DataFrame({"fruit": ["apple", "pear", "apple"], "price": [1.5, 2.0, 2.5]})


def alone(cls: type[Any], folder: Path, **config: Any) -> Any:
    """A connector outside of any workflow."""
    return cls(conf={"config": {"data_folder": str(folder), **config}}, is_standalone=True)


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
NAMES = st.lists(TEXTS.filter(bool), min_size=1, max_size=4, unique_by=str.lower)
NUMBERS = st.floats(allow_infinity=False)


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    """Tables of numbers and texts with whatever names and values there are."""
    rows = draw(st.integers(1, 4))
    return pd.DataFrame(
        {
            name: draw(
                st.lists(draw(st.sampled_from([TEXTS, NUMBERS])), min_size=rows, max_size=rows)
            )
            for name in draw(NAMES)
        }
    )


def as_csv_has_it(table: pd.DataFrame) -> pd.DataFrame:
    """What CSV makes of texts that all look like numbers, or are all empty: numbers."""

    def read(column: pd.Series) -> pd.Series:
        try:
            if any("_" in value for value in column):
                return column
            return column.replace("", "nan").astype(float)
        except ValueError:
            return column

    return table.assign(
        **{name: read(column) for name, column in table.items() if column.dtype == object}
    )


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(table=tables(), name=TEXTS.filter(str.strip))
@example(table=pd.DataFrame({"a\rb": [1.0, np.nan], "c": ["\r", "\r\n,"]}), name="a")
def test_hostile_tables_come_back(tmp_path: Path, table: pd.DataFrame, name: str) -> None:
    """From CSV, Parquet and a table in DuckDB, and both connectors read the same in a file."""
    local, database = (alone(cls, tmp_path) for cls in (LocalDataConnector, DuckDBDataConnector))
    with database:
        for target, expected in (("t.csv", as_csv_has_it(table)), ("t.parquet", table)):
            local.save(table, target)
            pd.testing.assert_frame_equal(local.load(target), expected)
            pd.testing.assert_frame_equal(database.load(target), local.load(target))
        database.save(table, name)
        pd.testing.assert_frame_equal(database.load(name), table)
        assert database.tables() == [name]


@pytest.mark.parametrize("target", ["t.parquet", "t"])
def test_types_are_kept(tmp_path: Path, target: str) -> None:
    """Parquet and DuckDB know more types than CSV."""
    with alone(DuckDBDataConnector, tmp_path, database="d.db") as connector:
        connector.save(TYPED, target)
        pd.testing.assert_frame_equal(connector.load(target), TYPED)


@pytest.mark.parametrize("cls", [LocalDataConnector, DuckDBDataConnector])
class TestFiles:
    """What both connectors say of files."""

    def test_columns_can_be_kept_as_text(self, tmp_path: Path, cls: type[Any]) -> None:
        """An id keeps its zeros."""
        (tmp_path / "t.csv").write_text("\ufeffid,n\n007,7\n", encoding="utf-8")
        loaded = alone(cls, tmp_path, text_columns=["id"]).load("t.csv")
        assert loaded.to_dict("list") == {"id": ["007"], "n": [7.0]}

    def test_text_columns_are_a_list(self, tmp_path: Path, cls: type[Any]) -> None:
        """One name is not taken for its letters."""
        with pytest.raises(WorkflowError, match=r"`text_columns` of .* must be a list"):
            alone(cls, tmp_path, text_columns="id")

    @pytest.mark.parametrize("name", ["t.csv", "t.parquet"])
    def test_what_is_no_table_is_refused(self, tmp_path: Path, cls: type[Any], name: str) -> None:
        """The error names the file."""
        (tmp_path / name).write_bytes(b"caf\xe9\n")
        with pytest.raises(ValueError, match=rf"{name}: this is no t"):
            alone(cls, tmp_path).load(name)

    @pytest.mark.parametrize("name", ["t.csv", "t.parquet"])
    def test_names_that_are_no_texts_are_refused(
        self, tmp_path: Path, cls: type[Any], name: str
    ) -> None:
        """A number is no name of a column, and nothing is written."""
        with pytest.raises(ValueError, match="a name of its own, which is a text: 0 is none"):
            alone(cls, tmp_path).save(pd.DataFrame([[1]]), name)
        assert not list(tmp_path.iterdir())

    def test_mixed_columns_are_refused_by_parquet(self, tmp_path: Path, cls: type[Any]) -> None:
        """Its columns are of one type."""
        with pytest.raises(ValueError, match=r"t\.parquet: .*column a"):
            alone(cls, tmp_path).save(pd.DataFrame({"a": [1, "x"]}), "t.parquet")


class TestQueries:
    """What DuckDB is asked."""

    @pytest.fixture
    def connector(self, tmp_path: Path) -> Any:
        """A connector with a table, a view and a sequence, and with a file beside them."""
        connector = alone(DuckDBDataConnector, tmp_path, database="fruit.db")
        connector.save(FRUIT, "fruit")
        connector.save(FRUIT, "fruit.csv")
        connector.connection.execute("CREATE VIEW cheap AS FROM fruit WHERE price < 2")
        connector.connection.execute("CREATE SEQUENCE numbers")
        with connector:
            yield connector

    def test_a_query_makes_a_table(self, connector: Any) -> None:
        """Of tables, and of files in the data folder."""
        query = "SELECT fruit, sum(price) AS total FROM {} GROUP BY ALL ORDER BY ALL"
        for source in ("fruit", "'fruit.csv'", "'*.csv'"):
            found = connector.load(query.format(source))
            assert found.to_dict("list") == {"fruit": ["apple", "pear"], "total": [4.0, 2.0]}

    def test_views_and_names_in_other_case_are_tables(self, connector: Any) -> None:
        """As everywhere in DuckDB."""
        assert connector.load("cheap").to_dict("list") == {"fruit": ["apple"], "price": [1.5]}
        pd.testing.assert_frame_equal(connector.load("FRUIT"), FRUIT)

    def test_types_are_those_of_numpy(self, connector: Any) -> None:
        """Whole numbers with gaps become numbers with nan, truth values objects with None."""
        found = connector.load("FROM (VALUES (1, true, 2), (NULL, NULL, 3)) AS t(n, b, i)")
        assert [dtype.str for dtype in found.dtypes] == ["<f8", "|O", "<i4"]
        assert np.isnan(found["n"][1])
        assert found["b"].tolist() == [True, None]

    def test_tables_can_be_pivoted(self, connector: Any) -> None:
        """PIVOT is two statements in DuckDB, and reads all the same."""
        assert connector.load("PIVOT fruit ON fruit USING sum(price)").to_dict("list") == {
            "apple": [4.0],
            "pear": [2.0],
        }

    @pytest.mark.parametrize(
        "query",
        [
            "DROP TABLE fruit",
            "SELECT 1; DROP TABLE fruit",
            "INSERT INTO fruit VALUES ('fig', 1)",
            "WITH f AS (SELECT 'fig', 1) INSERT INTO fruit FROM f",
            "COPY fruit TO 'stolen.csv'",
            "ATTACH 'other.db' AS other",
            "SET memory_limit = '1GB'",
            "COMMIT; DROP TABLE fruit",
        ],
    )
    def test_a_query_changes_nothing(
        self, connector: Any, tmp_path: Path, query: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Neither tables nor files nor settings."""
        monkeypatch.chdir(tmp_path)
        before = sorted(tmp_path.iterdir())
        with pytest.raises(ValueError, match="a query is one SELECT and changes nothing"):
            connector.load(query)
        pd.testing.assert_frame_equal(connector.load("fruit"), FRUIT)
        assert sorted(tmp_path.iterdir()) == before

    def test_a_select_changes_nothing_either(self, connector: Any) -> None:
        """It may call what writes, and is stopped; the next query is answered."""
        with pytest.raises(ValueError, match="read-only"):
            connector.load("SELECT nextval('numbers')")
        assert connector.load("SELECT 1 AS one").to_dict("list") == {"one": [1]}

    def test_variables_of_ours_are_no_tables(self, connector: Any) -> None:
        """DuckDB would look for them."""
        with pytest.raises(ValueError, match="FRUIT_OF_OURS does not exist"):
            connector.load("SELECT * FROM FRUIT_OF_OURS")

    @pytest.mark.parametrize(
        ("source", "error", "said"),
        [
            ("friut", KeyError, "no table 'friut'; the database has cheap, fruit"),
            ("", KeyError, "no table ''"),
            ("SELEC 1", ValueError, "this is no SQL query: .*SELEC"),
            ("-- only a comment", ValueError, "this is nothing"),
            ("SELECT weight FROM fruit", ValueError, "cannot be answered: .*weight"),
            ("FROM 'none.csv'", ValueError, r"cannot be answered: .*none\.csv"),
        ],
    )
    def test_what_cannot_be_answered_is_said(
        self, connector: Any, source: str, error: type[Exception], said: str
    ) -> None:
        """With the tables that there are, or in DuckDB's words."""
        with pytest.raises(error, match=said):
            connector.load(source)


FRUIT_OF_OURS = FRUIT


class TestDatabases:
    """Where DuckDB keeps tables."""

    def test_a_file_outlives_the_connector(self, tmp_path: Path) -> None:
        """Below the data folder, its own folder included; `close` lets go of it."""
        with alone(DuckDBDataConnector, tmp_path, database="deep/d.db") as connector:
            connector.save(FRUIT, "fruit")
            held = connector.connection
        with pytest.raises(duckdb.ConnectionException):
            held.execute("SELECT 1")
        for is_read_only in (True, False):
            config = {"database": "deep/d.db", "read_only": is_read_only}
            with alone(DuckDBDataConnector, tmp_path, **config) as connector:
                pd.testing.assert_frame_equal(connector.load("fruit"), FRUIT)

    def test_two_connectors_share_a_file(self, tmp_path: Path) -> None:
        """One saves what the other loads, as two components of a workflow do."""
        one, other = (alone(DuckDBDataConnector, tmp_path, database="d.db") for _ in range(2))
        with one, other:
            one.save(FRUIT, "fruit")
            pd.testing.assert_frame_equal(other.load("fruit"), FRUIT)

    def test_what_is_kept_in_memory_alone_is_said(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Unless the config says that it shall be."""
        with caplog.at_level(logging.WARNING):
            alone(DuckDBDataConnector, tmp_path, database=":memory:").save(FRUIT, "fruit")
            alone(DuckDBDataConnector, tmp_path).save(FRUIT, "fruit.csv")
            assert not caplog.messages
            alone(DuckDBDataConnector, tmp_path).save(FRUIT, "fruit")
        assert caplog.messages == ["table 'fruit' is kept in memory alone: no `database` is set"]

    @pytest.mark.parametrize(
        ("config", "said"),
        [
            ({"database": 7}, "`database` of .* must be a text"),
            ({"database": "d.db", "read_only": "d.db"}, "`read_only` of .* must be true or false"),
            ({"read_only": True}, "`read_only` needs a `database`"),
        ],
    )
    def test_a_wrong_config_is_told_early(
        self, tmp_path: Path, config: dict[str, Any], said: str
    ) -> None:
        """When the workflow is built, and without making a file."""
        with pytest.raises(WorkflowError, match=said):
            alone(DuckDBDataConnector, tmp_path, **config)
        assert not list(tmp_path.iterdir())

    def test_what_is_no_database_is_refused(self, tmp_path: Path) -> None:
        """And left as it is."""
        (tmp_path / "d.db").write_text("text " * 1000, encoding="utf-8")
        with pytest.raises(OSError, match=r"d\.db: .*not a valid DuckDB database"):
            alone(DuckDBDataConnector, tmp_path, database="d.db").load("fruit")

    @pytest.mark.parametrize(
        ("table", "target", "said"),
        [
            (pd.DataFrame({"a": [1], "A": [2]}), "t", "apart by case: 'a', 'A'"),
            (pd.DataFrame({"a": [1, "x"]}), "t", "column a"),
            (FRUIT, "v", "table 'v' cannot be saved: .*View"),
            (FRUIT, "", "table '' cannot be saved"),
        ],
    )
    def test_what_cannot_be_saved_is_said(
        self, tmp_path: Path, table: pd.DataFrame, target: str, said: str
    ) -> None:
        """And nothing is changed."""
        with alone(DuckDBDataConnector, tmp_path, database="d.db") as connector:
            connector.save(FRUIT, "t")
            connector.connection.execute("CREATE VIEW v AS SELECT 1 AS one")
            with pytest.raises(ValueError, match=said):
                connector.save(table, target)
            pd.testing.assert_frame_equal(connector.load("t"), FRUIT)
            assert connector.tables() == ["t", "v"]
