"""What every data checker has to keep."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lolpop_graph.testing.conformance import Build, Conformance, travelled

N_ROWS = 200
HOSTILE = "größe $x_1$ </script><b>"


def table() -> pd.DataFrame:
    """A table with columns of every kind, and names that are easily spoilt."""
    random = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "id": np.arange(N_ROWS),
            HOSTILE: random.normal(size=N_ROWS),
            "colour": random.choice(["red", "blue"], N_ROWS),
            "ripe": random.choice([True, False], N_ROWS),
            "day": pd.date_range("2024-01-01", periods=N_ROWS),
        }
    )


def spoilt(column: str, value: Any) -> pd.DataFrame:
    """The table with another value in the first half of a column."""
    values = [value] * (N_ROWS // 2) + table()[column].tolist()[N_ROWS // 2 :]
    return table().assign(**{column: values})


class DataCheckerConformance(Conformance):
    """A checker says of clear cases what anyone would, and raises nothing for bad tables."""

    part_type = "data_checker"

    def test_a_table_that_is_fit_passes(self, build_part: Build) -> None:
        """All that is asked for is there; the report is true, and its file is there to be read."""
        checker = build_part(
            min_rows=N_ROWS,
            max_missing_share=0,
            required_columns=["id", HOSTILE],
            unique_columns=["id"],
            allowed_values={"colour": ["red", "blue"]},
            ranges={HOSTILE: {"min": -10, "max": 10}, "id": {"min": 0}},
        )
        report = checker.check(table())
        assert report.passed, str(report)
        assert report.path is not None
        assert report.path.stat().st_size > 0
        assert travelled(report) == report

    @pytest.mark.parametrize(
        ("config", "given"),
        [
            ({"min_rows": N_ROWS + 1}, table()),
            ({"max_missing_share": 0.1}, spoilt("colour", None)),
            ({"max_missing_share": {"colour": 0.1}}, spoilt("colour", None)),
            ({"required_columns": ["absent"]}, table()),
            ({"unique_columns": ["id"]}, spoilt("id", 7)),
            ({"unique_columns": ["absent"]}, table()),
            ({"allowed_values": {"colour": ["red", "blue"]}}, spoilt("colour", "green")),
            ({"ranges": {HOSTILE: {"max": 10}}}, spoilt(HOSTILE, 11.0)),
            ({"ranges": {"colour": {"max": 10}}}, table()),
        ],
    )
    def test_a_table_that_is_not_fit_fails(
        self, build_part: Build, config: dict[str, Any], given: pd.DataFrame
    ) -> None:
        """Each rule fails for a table that breaks it, and one check says so."""
        report = build_part(**config).check(given)
        assert not report.passed
        assert len(report.failed) == 1, str(report)

    def test_missing_values_break_no_other_rule(self, build_part: Build) -> None:
        """A value that is not there is neither out of range, nor not allowed, nor a double."""
        given = spoilt(HOSTILE, None)
        given.loc[0, "colour"] = None
        checker = build_part(
            allowed_values={"colour": ["red", "blue"]},
            ranges={HOSTILE: {"min": -10, "max": 10}},
            unique_columns=[HOSTILE],
        )
        report = checker.check(given)
        assert report.passed, str(report)

    def test_a_reference_is_compared(self, build_part: Build) -> None:
        """Columns that are gone, of another kind, or that have drifted are told."""
        checker = build_part(max_drifted_share=0.1)
        moved = table()
        moved[HOSTILE] += 5
        assert checker.check(table(), table()).passed
        assert not checker.check(table().drop(columns="colour"), table()).passed
        assert not checker.check(table().assign(id="text"), table()).passed
        assert not checker.check(moved, table()).passed

    @pytest.mark.parametrize("rows", [0, 1])
    def test_few_rows_are_no_error(self, build_part: Build, rows: int) -> None:
        """A table with one row or none is checked like any other."""
        checker = build_part(min_rows=1, max_missing_share=0.5, ranges={"id": {"min": 0}})
        assert checker.check(table().head(rows)).passed is bool(rows)

    def test_tables_stay_as_they_are(self, build_part: Build) -> None:
        """Neither the table nor the reference is changed."""
        given, reference = table(), table()
        build_part(max_missing_share=0, max_drifted_share=1).check(given, reference)
        pd.testing.assert_frame_equal(given, table())
        pd.testing.assert_frame_equal(reference, table())

    def test_reports_stand_side_by_side(self, built: Any) -> None:
        """No report takes the place of an earlier one."""
        paths = [built.check(table()).path for _ in range(3)]
        assert len({*paths}) == len(paths)
        assert all(path.is_file() for path in paths)

    def test_a_report_is_json(self, build_part: Build) -> None:
        """What was found can be kept by programs."""
        report = build_part(max_missing_share=0).check(table().head(0))
        assert json.loads(report.to_json())["passed"] is report.passed
