"""What data profilers have in common; they differ in what they write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lolpop_graph.component.data_profiler.base import BaseDataProfiler, Profile
from lolpop_graph.component.folders import OUTPUT_FOLDER
from lolpop_graph.component.measured import refuse_double
from lolpop_graph.component.outputs import Outputs
from lolpop_graph.component.settings import Settings
from lolpop_graph.component.statistics import describe

if TYPE_CHECKING:
    from pandas import DataFrame


class DescribingDataProfiler(BaseDataProfiler):
    """Describes tables by the figures that `Profile` names, and writes a file that shows them.

    Config: `output_folder` (default `lolpop_output`), below which `reports/` gets the file.
    """

    __DEFAULT_CONF__ = {"config": {"output_folder": OUTPUT_FOLDER}}

    def setup(self) -> None:
        """Read the config; raises ValueError with all that is wrong with it."""
        with Settings(self._get_config) as settings:
            self._folder = settings.text("output_folder") or OUTPUT_FOLDER

    def profile(self, table: DataFrame) -> Profile:
        """Describe a table (n_rows, n_columns), which may be without rows.

        Raises ValueError for a table of which two columns have the same name, OSError where the
        file cannot be written.
        """
        refuse_double(table)
        statistics = describe(table)
        path = Outputs(self, self._folder).write(*self._page(statistics, table))
        self.log(f"profile of {table.shape[0]:,} rows and {table.shape[1]:,} columns: {path}")
        return Profile(statistics, path)

    def _page(self, statistics: DataFrame, table: DataFrame) -> tuple[bytes, str]:
        """The content of the file, and its type."""
        raise NotImplementedError
