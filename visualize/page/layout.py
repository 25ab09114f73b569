"""Where the groups of a page stand: Graphviz places them, the grid inside is arithmetic."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from math import ceil, sqrt
from typing import TYPE_CHECKING

from visualize.render import render
from visualize.text import columns as letters
from visualize.words import short_class

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from visualize.groups import Group

CELL_HEIGHT = 42
GAP = 10
PADDING = 12
HEADING = 30
_LETTER, _LEAST, _MOST = 7.9, 112, 240
_BADGE, _COUNTS, _WIDEST = 38, 104, 260
"""Room for the sign that unfolds what is below, for counts behind a title, and for titles."""
_ASPECT = 1.5
_ONE_COLUMN = 14
"""Members with something below them stand in one column while it is no longer than this."""
_SHELF = 6
"""More leaf groups than this below one group stand in rows and columns of their own."""
_PIXELS = 72
_BETWEEN_RANKS, _BETWEEN_GROUPS = 96, 30


@dataclass
class Box:
    """A group's rectangle, in pixels, and how many cells of which width its rows have."""

    columns: int
    cell: int
    width: float
    height: float
    x: float = 0.0
    y: float = 0.0


@dataclass
class _Block:
    """What Graphviz places as one node: a group, or the leaf groups of a shelf."""

    groups: list[Group]
    boxes: list[Box]
    across: int = 1
    width: float = field(init=False)
    height: float = field(init=False)

    def __post_init__(self) -> None:
        self._widths = [max(b.width for b in self.boxes[i :: self.across]) for i in self._columns()]
        self._heights = [max(box.height for box in row) for row in self._rows()]
        self.width = sum(self._widths) + _BETWEEN_GROUPS * (self.across - 1)
        self.height = sum(self._heights) + _BETWEEN_GROUPS * (len(self._heights) - 1)

    def _columns(self) -> range:
        return range(self.across)

    def _rows(self) -> Iterator[list[Box]]:
        for start in range(0, len(self.boxes), self.across):
            yield self.boxes[start : start + self.across]

    def put(self, left: float, top: float) -> None:
        """Give each box its place, the block's corner being at (left, top)."""
        y = top
        for row, height in zip(self._rows(), self._heights, strict=True):
            x = left
            for box, width in zip(row, self._widths, strict=False):
                box.x, box.y = round(x), round(y)
                x += width + _BETWEEN_GROUPS
            y += height + _BETWEEN_GROUPS


def place(groups: Mapping[str, Group], direction: str) -> tuple[dict[str, Box], list[list[str]]]:
    """Return each group's box, and the shelves: the ids of groups that share one frame.

    `direction` is that of a View. Raises RenderError where Graphviz cannot place them.
    """
    boxes = {group.id: _box(group) for group in groups.values()}
    blocks = list(_blocks(groups.values(), boxes))
    _put(blocks, direction)
    shelves = [[group.id for group in block.groups] for block in blocks if len(block.groups) > 1]
    return boxes, shelves


def _box(group: Group) -> Box:
    cell = _cell(group)
    count = len(group.members)
    has_below = any(member.groups for member in group.members)
    columns = _columns(count, cell, has_below=has_below)
    cell = max(cell, ceil(_heading(group) / columns) - GAP)
    rows = ceil(count / columns)
    width = columns * cell + (columns - 1) * GAP
    height = rows * CELL_HEIGHT + (rows - 1) * GAP
    if is_bare(group):
        return Box(columns, cell, width, height)
    return Box(columns, cell, width + 2 * PADDING, height + HEADING + PADDING)


def is_bare(group: Group) -> bool:
    """Return whether a group is one root that is named after its layer, so that it needs no box."""
    return group.parent is None and [m.name for m in group.members] == [group.layer]


def _cell(group: Group) -> int:
    """Return a width at which the longest name and class of a group can be read."""
    texts = (text for m in group.members for text in (m.name, short_class(m.class_name)))
    badge = _BADGE * any(member.groups for member in group.members)
    wanted = max(letters(text) for text in texts) * _LETTER + 2 * PADDING + badge
    return round(min(_MOST, max(_LEAST, wanted)))


def _heading(group: Group) -> float:
    """Return the room that the words above a group take, if they are not extreme."""
    whose = "" if group.parent is None else f" of {group.parent.name}"
    return 0 if is_bare(group) else min(_WIDEST, letters(group.layer + whose) * _LETTER) + _COUNTS


def _columns(count: int, cell: int, *, has_below: bool) -> int:
    if has_below and count <= _ONE_COLUMN:
        return 1
    return max(1, round(sqrt(count * _ASPECT * (CELL_HEIGHT + GAP) / (cell + GAP))))


def _blocks(groups: Iterable[Group], boxes: Mapping[str, Box]) -> Iterator[_Block]:
    """Yield the blocks, a shelf at the place of its first group."""
    shelves: dict[tuple[str, str], list[Group]] = defaultdict(list)
    listed = list(groups)
    above = {below.id: group.id for group in listed for below in group.below}
    for group in listed:
        if not group.below and group.id in above:
            shelves[above[group.id], group.layer_path].append(group)
    for group in listed:
        shelf = shelves.get((above.get(group.id, ""), group.layer_path), [])
        if group.below or len(shelf) <= _SHELF:
            yield _Block([group], [boxes[group.id]])
        elif shelf[0] is group:
            inside = [boxes[each.id] for each in shelf]
            yield _Block(shelf, inside, _across(inside))


def _across(boxes: Sequence[Box]) -> int:
    """Return how many boxes stand side by side in a shelf that is a little wider than high."""
    width = sum(box.width + _BETWEEN_GROUPS for box in boxes) / len(boxes)
    height = sum(box.height + _BETWEEN_GROUPS for box in boxes) / len(boxes)
    return max(1, round(sqrt(len(boxes) * _ASPECT * height / width)))


def _put(blocks: Sequence[_Block], direction: str) -> None:
    """Put the blocks where Graphviz has them, those of one rank in line with each other."""
    centres = _centres(render("\n".join(_dot(blocks, direction)), "plain").decode())
    is_across = direction == "LR"
    fronts: dict[float, float] = {}
    for block, centre in zip(blocks, centres, strict=True):
        rank = round(centre[0] if is_across else centre[1])
        front = rank - (block.width if is_across else block.height) / 2
        fronts[rank] = min(front, fronts.get(rank, front))
    left = min(x - block.width / 2 for block, (x, _) in zip(blocks, centres, strict=True))
    top = min(y - block.height / 2 for block, (_, y) in zip(blocks, centres, strict=True))
    for block, (x, y) in zip(blocks, centres, strict=True):
        if is_across:
            block.put(fronts[round(x)] - left, y - block.height / 2 - top)
        else:
            block.put(x - block.width / 2 - left, fronts[round(y)] - top)


def _dot(blocks: Sequence[_Block], direction: str) -> Iterator[str]:
    number = {group.id: i for i, block in enumerate(blocks) for group in block.groups}
    yield (
        f"digraph {{ graph [rankdir={direction}, splines=none, ordering=out, nslimit=4, "
        f"nodesep={_inches(_BETWEEN_GROUPS)}, ranksep={_inches(_BETWEEN_RANKS)}]"
        'node [shape=box, fixedsize=true, label=""]'
    )
    for i, block in enumerate(blocks):
        yield f"n{i} [width={_inches(block.width)}, height={_inches(block.height)}]"
    for i, block in enumerate(blocks):
        below = dict.fromkeys(number[b.id] for group in block.groups for b in group.below)
        yield from (f"n{i} -> n{target}" for target in below)
    yield "}"


def _inches(pixels: float) -> str:
    return f"{pixels / _PIXELS:.3f}"


def _centres(plain: str) -> list[tuple[float, float]]:
    """Return where the nodes are, in their order, from what Graphviz says in its plain format."""
    found: dict[int, tuple[float, float]] = {}
    for line in plain.splitlines():
        words = line.split()
        if words[0] == "node":
            found[int(words[1][1:])] = (float(words[2]) * _PIXELS, -float(words[3]) * _PIXELS)
    return [found[i] for i in range(len(found))]
