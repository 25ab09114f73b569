"""What every data checker can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lolpop_graph.component.report import Report
from lolpop_graph.integration import BaseComponent

if TYPE_CHECKING:
    from pandas import DataFrame


class BaseDataChecker(BaseComponent):
    """Says whether a table is fit to be used."""

    def check(self, table: DataFrame, reference: DataFrame | None = None) -> Report:
        """Hold a table (n_rows, n_columns) against what the config asks for.

        `reference` is a table that is known to be good, such as the one that a model was trained
        with; it may have any number of rows. A table that is not fit raises nothing: the report
        has not passed. Neither table is changed.
        """
        raise NotImplementedError
