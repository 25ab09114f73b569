"""What pipelines have in common: files kept with the run, and checks that are heeded."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from lolpop_graph.component.settings import Settings
from lolpop_graph.integration import BasePipeline

if TYPE_CHECKING:
    from lolpop_graph.component.metadata_tracker.base import BaseMetadataTracker
    from lolpop_graph.component.report import Report
    from lolpop_graph.component.table import Table

MODEL_RUN = "model_run_id"
"""The tag of a run that used a model: the id of the run that made it."""
_STOP, _WARN = "stop", "warn"


class CheckFailedError(RuntimeError):
    """A check has failed, and the workflow says `on_failed_check: stop`."""

    def __init__(self, message: str, report: Report) -> None:
        """Keep the report that did not pass as `report`."""
        super().__init__(message, report)
        self.report = report

    def __str__(self) -> str:
        """The message alone."""
        return str(self.args[0])


class TrackedPipeline(BasePipeline):
    """Keeps what its components make with the active run, and heeds the checks that fail.

    Config: `on_failed_check`, which is `stop` (the default: CheckFailedError is raised and the
    run has failed) or `warn`. Both notify.
    """

    __REQUIRED_CONF__ = {"component": ["metadata_tracker"]}
    __DEFAULT_CONF__ = {"config": {"on_failed_check": _STOP}}

    metadata_tracker: BaseMetadataTracker

    def setup(self) -> None:
        """Look at the config; ValueError with what is wrong, before any work is done."""
        with Settings(self._get_config) as settings:
            settings.choice("on_failed_check", [_STOP, _WARN])
            self._check_config(settings)

    def _check_config(self, settings: Settings) -> None:
        """Look at the config keys of one pipeline."""

    @property
    def _is_called_from_afar(self) -> bool:
        """Whether another process has called, which knows nothing of what is in memory here."""
        # A tracker of the user's own may not say so.
        return getattr(self.metadata_tracker, "begun_elsewhere", False)

    def _keep_files(self, files: Iterable[Path | None], folder: str) -> None:
        """Copy files that were written, if any, to a folder of the run's artifacts."""
        for path in files:
            if path is not None:
                self.metadata_tracker.log_artifact(path, folder)

    def _keep_table(self, table: Table, name: str, folder: str, *, index: bool = False) -> None:
        """Keep a table as the CSV file `name` in a folder of the run's artifacts."""
        with tempfile.TemporaryDirectory() as temporary:
            path = Path(temporary) / name
            table.to_csv(path, index=index)
            self.metadata_tracker.log_artifact(path, folder)

    def _heed(self, report: Report, subject: str, folder: str) -> None:
        """Keep the file of a report; where the check failed, notify, and stop if config says so."""
        self._keep_files([report.path], folder)
        if report.passed:
            return
        stops = self._get_config("on_failed_check") == _STOP
        found = "; ".join(f"{check.name}: {check.message}" for check in report.failed)
        message = f"{subject} did not pass: {found}"
        self.notify(message, "ERROR" if stops else "WARNING")
        if stops:
            raise CheckFailedError(message, report)
