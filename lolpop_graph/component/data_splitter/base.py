"""What every data splitter can do."""

from __future__ import annotations

from lolpop_graph.component.table import Table
from lolpop_graph.integration import BaseComponent


class BaseDataSplitter(BaseComponent):
    """Parts a table into two."""

    def split(self, table: Table) -> tuple[Table, Table]:
        """The rows to learn from, and the rows to judge by; none is in both."""
        raise NotImplementedError
