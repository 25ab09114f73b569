"""What every metrics tracker has to keep."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

import pandas as pd
import pytest

from lolpop_graph.testing.conformance import Conformance, travelled


class MetricsTrackerConformance(Conformance):
    """A metrics tracker keeps numbers of the run that the metadata tracker beside it has active.

    Say in `peers` which `metadata_tracker` that is; a suite for each proves that they go together.
    """

    part_type = "metrics_tracker"

    def test_numbers_are_kept_by_step(self, built: Any) -> None:
        """Sorted by name and step, those of one step in the order recorded."""
        with built.metadata_tracker.run() as run_id:
            built.log_metric("loss", 0.5)
            built.log_metric("loss", 0.25, step=2)
            built.log_metric("loss", 0.125, 1)
            built.log_metrics({"auc": 1, "a/b c-d.e_f": -2e300}, step=7)
        found = built.read_metrics(run_id)
        expected = [
            ("a/b c-d.e_f", 7, -2e300),
            ("auc", 7, 1.0),
            ("loss", 0, 0.5),
            ("loss", 1, 0.125),
            ("loss", 2, 0.25),
        ]
        pd.testing.assert_frame_equal(
            found, pd.DataFrame(expected, columns=["name", "step", "value"])
        )

    def test_each_run_has_its_own(self, built: Any) -> None:
        """A second run begins with none, and leaves those of the first alone."""
        runs = []
        for value in (1.0, 2.0):
            with built.metadata_tracker.run() as run_id:
                built.log_metric("loss", value)
                runs.append(run_id)
        found = [built.read_metrics(run_id)["value"].tolist() for run_id in runs]
        assert found == [[1.0], [2.0]]

    def test_a_run_without_any_has_none(self, built: Any) -> None:
        """An empty table, with its columns."""
        with built.metadata_tracker.run() as run_id:
            pass
        found = built.read_metrics(run_id)
        assert list(found.columns) == ["name", "step", "value"]
        assert found.empty

    def test_nothing_is_logged_outside_a_run(self, built: Any) -> None:
        """Rather than to a run that nobody began."""
        with pytest.raises(RuntimeError, match="no run is active"):
            built.log_metric("loss", 0.5)

    def test_another_one_reads_them(self, built: Any, build_part: Any) -> None:
        """While the run is active as well."""
        with built.metadata_tracker.run() as run_id:
            built.log_metric("loss", 0.5)
            assert build_part().read_metrics(run_id)["value"].tolist() == [0.5]

    def test_calls_from_afar_are_recorded(self, built: Any, build_part: Any) -> None:
        """With the run of the process that called, among the numbers that it records itself."""
        others = [build_part(), build_part()]
        with built.metadata_tracker.run() as run_id:
            for number, other in enumerate(others):
                with ExitStack() as stack:
                    for here, there in (
                        (built.metadata_tracker, other.metadata_tracker),
                        (built, other),
                    ):
                        if hasattr(here, "remote_context"):
                            context = travelled(here.remote_context())
                            stack.enter_context(there.in_remote_context(context))
                    other.log_metric("loss", number, step=number)
            built.log_metric("loss", 2, step=2)
        assert built.read_metrics(run_id)["value"].tolist() == [0.0, 1.0, 2.0]
