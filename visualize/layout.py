"""Where the members of a group stand: in a compact grid instead of one long row."""

from __future__ import annotations

from itertools import pairwise
from math import ceil, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from visualize.groups import Group, Integration


class Grid:
    """The rows of a group, each of them a chain in the direction in which the tree grows.

    `stacked` is the number of groups that stand above each other at the group's place in the
    tree: the more they are, the longer the rows, so that the whole picture stays compact.
    """

    def __init__(self, group: Group, stacked: int) -> None:
        """Arrange the members of a group; `entry` and `exit` are where its lines are tied."""
        self.rows = _rows(group, stacked)
        middle = self.rows[(len(self.rows) - 1) // 2]
        self.entry = middle[0].path
        self.exit = (self.rows[-1] if group.below else middle)[-1].path

    def lines(self, ids: Mapping[str, str]) -> Iterator[str]:
        """Yield the DOT lines that hold the rows straight and in order."""
        # Graphviz puts the first of such a chain last.
        heads = [ids[row[0].path] for row in reversed(self.rows)]
        if len(heads) > 1:
            yield f"{{rank=same; {' -> '.join(heads)} [style=invis]}}"
        for row in self.rows:
            for left, right in pairwise(row):
                yield f"{ids[left.path]} -> {ids[right.path]} [style=invis, weight=100]"


def _rows(group: Group, stacked: int) -> list[list[Integration]]:
    members = group.members
    # Members with groups of their own stand in one column, each beside what is below it.
    if group.below:
        return [[member] for member in members]
    # A box is about four times as wide as it is high.
    length = ceil(sqrt(len(members) * stacked) / 2)
    return [members[start : start + length] for start in range(0, len(members), length)]
