"""What every data profiler can do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lolpop_graph.integration import BaseComponent

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True)
class Profile:
    """A description of a table.

    `statistics` has a row for each column of the table, by its name and in its order; its columns
    are `kind` (number, text, boolean, date or other), `rows`, `missing`, `missing_share`,
    `distinct`, `most_common` and `most_common_share`, and for numbers `mean`, `std`, `min`, `25%`,
    `50%`, `75%` and `max`, missing elsewhere. `path` is the file that shows it, if one was written.
    """

    statistics: DataFrame
    path: Path | None = None


class BaseDataProfiler(BaseComponent):
    """Describes a table column by column."""

    def profile(self, table: DataFrame) -> Profile:
        """Describe a table (n_rows, n_columns), which is not changed; it may be without rows."""
        raise NotImplementedError
