"""Random splits by scikit-learn."""

from __future__ import annotations

from sklearn.model_selection import train_test_split

from lolpop_graph.component.data_splitter.base import BaseDataSplitter
from lolpop_graph.component.table import Table, column_of


class SklearnDataSplitter(BaseDataSplitter):
    """Draws test rows at random, with each class as frequent in both parts as in the whole.

    Config: `target`, the column of the classes; `test_size`, the share of the rows (0 to 1)
    or their number; `random_state`, the seed; `stratify: false` for targets that are no
    classes.
    """

    __REQUIRED_CONF__ = {"config": ["target"]}
    __DEFAULT_CONF__ = {"config": {"test_size": 0.2, "random_state": 0, "stratify": True}}

    def split(self, table: Table) -> tuple[Table, Table]:
        """Training and test rows; ValueError if a class is too small to be in both."""
        labels = column_of(table, self._get_config("target"))
        train, test = train_test_split(
            table,
            test_size=self._get_config("test_size"),
            random_state=self._get_config("random_state"),
            stratify=labels if self._get_config("stratify") else None,
        )
        return train, test
