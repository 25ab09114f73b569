"""Metrics as lines of a file."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from lolpop_graph.component.folders import is_file_name, output_folder
from lolpop_graph.component.metadata_tracker.local import LocalMetadataTracker
from lolpop_graph.component.metrics_tracker.base import BaseMetricsTracker

if TYPE_CHECKING:
    from lolpop_graph.component.metadata_tracker.base import BaseMetadataTracker

_FILE = "metrics.jsonl"


class LocalMetricsTracker(BaseMetricsTracker):
    """Records metrics in `<output_folder>/runs/<run id>/metrics.jsonl`, a line for each number.

    The run is that of the metadata tracker beside it, whichever that is; beside a
    LocalMetadataTracker the file is in the folder of its run. Lines are added in one go, so that
    several processes may write to the same run, and a line that a crash has cut short is passed
    over. Config: `output_folder` (default `lolpop_output`).
    """

    __REQUIRED_CONF__ = {"component": ["metadata_tracker"]}
    __DEFAULT_CONF__ = {"config": {"output_folder": "lolpop_output"}}

    metadata_tracker: BaseMetadataTracker

    def log_metric(self, name: str, value: float, step: int = 0) -> None:
        """Record one number; RuntimeError if no run is active."""
        self.log_metrics({name: value}, step)

    def log_metrics(self, metrics: Mapping[str, float], step: int = 0) -> None:
        """Record several numbers of the same step; infinite ones and nan are kept too."""
        path = self._path(self.metadata_tracker.run_id)
        now = datetime.now(UTC).isoformat()
        # As texts those numbers that JSON does not have.
        lines = [
            json.dumps({"name": str(name), "step": int(step), "value": _plain(value), "time": now})
            for name, value in metrics.items()
        ]
        _append(path, "".join(f"{line}\n" for line in lines).encode())

    def read_metrics(self, run_id: str) -> pd.DataFrame:
        """The metrics of a run; see `BaseMetricsTracker.read_metrics`."""
        try:
            text = self._path(run_id).read_text(encoding="utf-8")
        except FileNotFoundError:
            text = ""
        rows = [json.loads(line) for line in text.splitlines() if _is_whole(line)]
        table = pd.DataFrame(
            [(row["name"], row["step"], float(row["value"])) for row in rows],
            columns=["name", "step", "value"],
        )
        return table.sort_values(["name", "step"], kind="stable", ignore_index=True)

    def _path(self, run_id: str) -> Path:
        tracker = self.metadata_tracker
        if isinstance(tracker, LocalMetadataTracker):
            return tracker.run_folder(run_id) / _FILE
        if not is_file_name(run_id):
            message = f"{run_id!r} cannot be the name of a folder, and metrics are kept in one"
            raise ValueError(message)
        return output_folder(self._get_config("output_folder")) / "runs" / run_id / _FILE


def _plain(value: float) -> float | str:
    number = float(value)
    return number if abs(number) < float("inf") else str(number)


def _is_whole(line: str) -> bool:
    return line.startswith("{") and line.endswith("}")


def _append(path: Path, content: bytes) -> None:
    """Add lines with a single call of the system, on a line of their own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o666)
    try:
        size = os.lseek(descriptor, 0, os.SEEK_END)
        if size and os.lseek(descriptor, size - 1, os.SEEK_SET) and os.read(descriptor, 1) != b"\n":
            # What a crash has cut short must not swallow the line that follows.
            content = b"\n" + content
        os.write(descriptor, content)
    finally:
        os.close(descriptor)
