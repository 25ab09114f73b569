"""What every data connector can do."""

from __future__ import annotations

from lolpop_graph.component.table import Table
from lolpop_graph.integration import BaseComponent


class BaseDataConnector(BaseComponent):
    """Loads tables from somewhere, and saves them there."""

    def load(self, source: str) -> Table:
        """The table that `source` names: a file, a query, whatever the connector reads."""
        raise NotImplementedError

    def save(self, table: Table, target: str) -> str:
        """Write a table whole or not at all, in place of an older one; return where it is."""
        raise NotImplementedError
