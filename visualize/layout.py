"""Where the boxes of a cluster stand: in a compact grid instead of one long row."""

from __future__ import annotations

from itertools import pairwise
from math import ceil, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from visualize.fold import Box, Cluster
    from visualize.view import Direction

_ASPECT = 4
"""A box is about four times as wide as it is high."""


class Grid:
    """The rows of a cluster, each of them a chain in the direction in which the tree grows.

    `beside` is the number of clusters that stand beside each other at its place in the tree, across
    that direction: the more they are, the longer the rows, so that the whole picture stays compact.
    """

    def __init__(self, cluster: Cluster, beside: int, direction: Direction) -> None:
        """Arrange the boxes of a cluster; `entry` and `exit` are where its lines are tied."""
        self.rows = _rows(cluster, beside, direction)
        middle = self.rows[(len(self.rows) - 1) // 2]
        self.entry = middle[0]
        self.exit = (self.rows[-1] if cluster.below else middle)[-1]
        self._is_reversed = direction == "LR"

    def lines(self, ids: Mapping[Box, str]) -> Iterator[str]:
        """Yield the DOT lines that hold the rows straight and in order."""
        # Graphviz puts the first of such a chain last where the tree grows to the right.
        rows = reversed(self.rows) if self._is_reversed else self.rows
        heads = [ids[row[0]] for row in rows]
        if len(heads) > 1:
            yield f"{{rank=same; {' -> '.join(heads)} [style=invis]}}"
        for row in self.rows:
            for left, right in pairwise(row):
                yield f"{ids[left]} -> {ids[right]} [style=invis, weight=100]"


def _rows(cluster: Cluster, beside: int, direction: Direction) -> list[Sequence[Box]]:
    boxes = cluster.boxes
    # Those with clusters of their own stand in one line, each beside what is below it.
    if cluster.below:
        return [[box] for box in boxes]
    aspect = 1 / _ASPECT if direction == "LR" else _ASPECT
    length = ceil(sqrt(len(boxes) * beside * aspect))
    return [boxes[start : start + length] for start in range(0, len(boxes), length)]
