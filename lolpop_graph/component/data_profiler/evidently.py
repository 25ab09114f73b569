"""Tables described with Evidently."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lolpop_graph.component.data_profiler.profiling import DescribingDataProfiler
from lolpop_graph.component.needs import need

if TYPE_CHECKING:
    from pandas import DataFrame

need("evidently")


class EvidentlyDataProfiler(DescribingDataProfiler):
    """Describes tables with Evidently's summary, and writes it as a page of HTML."""

    def _page(self, statistics: DataFrame, table: DataFrame) -> tuple[bytes, str]:
        from evidently.presets import DataSummaryPreset  # noqa: PLC0415 - takes seconds

        from lolpop_graph.component.evidently_pages import EvidentlyPage  # noqa: PLC0415 - seconds

        page = EvidentlyPage(self.path)
        # Evidently has nothing to say of tables without rows, and fails for columns without values.
        filled = table[[name for name in table.columns if statistics["distinct"][name]]]
        if not filled.empty:
            page.run([DataSummaryPreset()], filled)
        return page.html(), "html"
