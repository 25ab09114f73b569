"""What every feature transformer can do."""

from __future__ import annotations

from pathlib import Path

from lolpop_graph.component.table import Matrix, Table
from lolpop_graph.integration import BaseComponent


class BaseFeatureTransformer(BaseComponent):
    """Learns from a table how its rows become numbers, and makes them so."""

    def fit(self, table: Table) -> None:
        """Learn from training rows alone, so that nothing of the test rows leaks in."""
        raise NotImplementedError

    def transform(self, table: Table) -> Matrix:
        """The features of all rows, of shape (n_rows, n_features)."""
        raise NotImplementedError

    @property
    def feature_names(self) -> list[str]:
        """The names of the matrix's columns, in order."""
        raise NotImplementedError

    def save(self, folder: Path) -> Path:
        """Write what was learnt to a file in `folder`, and return its path."""
        raise NotImplementedError

    def load(self, folder: Path) -> None:
        """Read what `save` wrote to `folder`."""
        raise NotImplementedError
