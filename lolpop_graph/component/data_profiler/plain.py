"""Tables described with pandas."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from lolpop_graph.component.data_profiler.profiling import DescribingDataProfiler
from lolpop_graph.component.report import as_json

if TYPE_CHECKING:
    from pandas import DataFrame


class PlainDataProfiler(DescribingDataProfiler):
    """Describes tables with nothing but pandas and NumPy, and writes the figures as JSON."""

    def _page(
        self,
        statistics: DataFrame,
        table: DataFrame,  # noqa: ARG002 - the figures say it all
    ) -> tuple[bytes, str]:
        figures = statistics.astype(object).where(statistics.notna(), None).to_dict("index")
        text = json.dumps(as_json(figures), indent=2, ensure_ascii=False, allow_nan=False)
        return f"{text}\n".encode(), "json"
