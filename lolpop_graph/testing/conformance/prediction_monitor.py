"""What every prediction monitor has to keep."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from lolpop_graph.testing.conformance import Build, Conformance, travelled

HOSTILE = "größe $x_1$ </script><b>"


def drawn(seed: int, rows: int = 400, shift: float = 0.0, share: float = 0.5) -> pd.DataFrame:
    """Numbers around `shift`, and texts and booleans of which a `share` is the first one."""
    random = np.random.default_rng(seed)
    chances = [share, 1 - share]
    return pd.DataFrame(
        {
            HOSTILE: random.normal(shift, size=rows),
            "colour": random.choice(["red", "blue"], rows, p=chances),
            "ripe": random.choice([True, False], rows, p=chances),
            "count": random.poisson(5 + 2 * shift, rows),
        }
    )


class PredictionMonitorConformance(Conformance):
    """A monitor tells samples of the same population from those of another one."""

    part_type = "prediction_monitor"

    @pytest.mark.parametrize(("method", "rows"), [("auto", 400), ("auto", 2000), ("psi", 2000)])
    def test_the_same_population(self, build_part: Build, method: str, rows: int) -> None:
        """Chance alone is no drift."""
        report = build_part(drift_method=method).monitor(drawn(1, rows), drawn(2, rows))
        assert report.passed, str(report)

    @pytest.mark.parametrize("method", ["test", "psi"])
    def test_another_population(self, build_part: Build, method: str) -> None:
        """Where every column has changed, the report says so, of each of them."""
        report = build_part(drift_method=method).monitor(drawn(1, shift=2, share=0.95), drawn(2))
        assert not report.passed
        drifted = {check.name for check in report.checks if not check.passed and not check.counts}
        assert drifted == {f"drift of {name}" for name in drawn(1).columns}

    def test_the_share_decides(self, build_part: Build) -> None:
        """One of four columns that has drifted passes where a quarter may, and not where fewer."""
        moved = drawn(1).assign(**{HOSTILE: drawn(1)[HOSTILE] + 3})
        quarter, fewer = (build_part(max_drifted_share=share) for share in (0.25, 0.24))
        rest = build_part(max_drifted_share=0, ignored_columns=[HOSTILE])
        passed = [each.monitor(moved, drawn(2)).passed for each in (quarter, fewer, rest)]
        assert passed == [True, False, True]

    def test_columns_that_are_gone(self, built: Any) -> None:
        """A column without values, or that is not there, cannot be without drift."""
        assert not built.monitor(drawn(1).drop(columns="count"), drawn(2)).passed
        assert not built.monitor(drawn(1).assign(count=np.nan), drawn(2)).passed

    def test_what_cannot_be_compared_is_left_out(self, built: Any) -> None:
        """Dates move on, and names are all different: neither is drift."""
        days = {"day": pd.date_range("2024", periods=400), "name": [f"n{i}" for i in range(400)]}
        later = {"day": pd.date_range("2034", periods=400), "name": [f"m{i}" for i in range(400)]}
        report = built.monitor(drawn(1).assign(**later), drawn(2).assign(**days))
        assert report.passed, str(report)

    @pytest.mark.parametrize("rows", [0, 1])
    def test_too_few_rows_fail(self, built: Any, rows: int) -> None:
        """Nobody can tell, which is no pass."""
        assert not built.monitor(drawn(1).head(rows), drawn(2)).passed
        assert not built.monitor(drawn(1), drawn(2).head(rows)).passed

    def test_missing_and_infinite_values(self, built: Any) -> None:
        """Neither hurts."""
        given = drawn(1)
        given.loc[:20, HOSTILE] = np.nan
        given.loc[30:31, HOSTILE] = [np.inf, -np.inf]
        assert built.monitor(given, drawn(2)).passed

    def test_tables_stay_as_they_are(self, built: Any) -> None:
        """Neither table is changed, and the report is written."""
        current, reference = drawn(1), drawn(2)
        report = built.monitor(current, reference)
        assert report.path.stat().st_size > 0
        assert travelled(report) == report
        pd.testing.assert_frame_equal(current, drawn(1))
        pd.testing.assert_frame_equal(reference, drawn(2))
