"""Which integrations a tree has lines for, and what is said of those that are folded away."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final, NamedTuple

from lolpop_graph.model import Group, Integration

MOST_LINES: Final = 40
"""A longer tree is folded on a terminal, where a person reads it."""
_VOWELS: Final = "aeiou"


@dataclass(frozen=True, slots=True)
class Fold:
    """How much of a tree is shown; what says None is without a limit.

    `depth` is how many levels, the root being the first, `most` how many members of a group,
    `only` the paths that are shown, with all that is above them.
    """

    depth: int | None = None
    most: int | None = None
    only: Collection[str] | None = None

    def shown(self, group: Group) -> list[Integration]:
        """The members of a group that may be shown."""
        members = group.members.values()
        return [each for each in members if self.only is None or each.path in self.only]


class Row(NamedTuple):
    """A line of a tree: an integration, or those of a group that are folded away, in `words`.

    Words beside an integration say what is folded away below it. `first` and `last` are the
    places in the build order that the line stands for, counted from 1.
    """

    prefix: str
    integration: Integration | None
    words: str
    first: int
    last: int


def with_parents(paths: Collection[str]) -> frozenset[str]:
    """The paths, and all above them."""
    above = set(paths)
    for path in paths:
        while (path := path.rpartition(".")[0]) and path not in above:
            above.add(path)
    return frozenset(above)


def fitting(order: Sequence[Integration], fold: Fold) -> Fold:
    """The fold that shows the most of a tree in MOST_LINES, within what `fold` shows.

    Fewer members of each group are shown first, then fewer levels.
    """
    folds = [fold, *(replace(fold, most=most) for most in (12, 6, 3, 2, 1))]
    if fold.depth is None:
        folds += [replace(fold, most=1, depth=depth) for depth in (4, 3, 2)]
    return next((each for each in folds if _fits(order[0], each)), folds[-1])


def _fits(root: Integration, fold: Fold) -> bool:
    return sum(1 for _ in islice(rows(root, fold), MOST_LINES + 1)) <= MOST_LINES


def rows(root: Integration, fold: Fold) -> Iterator[Row]:
    """The lines of a tree, in build order."""
    yield from _rows(root, "", "", 1, fold)


def _rows(integration: Integration, first: str, rest: str, level: int, fold: Fold) -> Iterator[Row]:
    groups = [(group, members) for group in integration.groups if (members := fold.shown(group))]
    is_folded = fold.depth is not None and level >= fold.depth
    words = f"… {_counted(groups)}" if is_folded and groups else ""
    last = integration.end if words else integration.index + 1
    yield Row(first, integration, words, integration.index + 1, last)
    if is_folded:
        return
    parts = [part for group, members in groups for part in _parts(group, members, fold)]
    for number, part in enumerate(parts, start=1):
        is_last = number == len(parts)
        branch = rest + ("└─ " if is_last else "├─ ")
        if isinstance(part, Row):
            yield part._replace(prefix=branch)
        else:
            below = rest + ("   " if is_last else "│  ")
            yield from _rows(part, branch, below, level + 1, fold)


def _parts(group: Group, members: list[Integration], fold: Fold) -> Iterator[Integration | Row]:
    """The members that have lines of their own, and a line for those that have none."""
    # A line that stands for one member alone would save none.
    if fold.most is None or len(members) <= fold.most + 1:
        yield from members
        return
    yield from members[: fold.most]
    hidden = members[fold.most :]
    words = f"… {len(hidden):,} more {plural(group.layer.name, len(hidden))}{_each(hidden, fold)}"
    yield Row("", None, words, hidden[0].index + 1, hidden[-1].end)


def _each(hidden: list[Integration], fold: Fold) -> str:
    """What is below the members that are folded away: the same in each, or how much in all."""
    kinds = {
        tuple(
            (group.layer.name, len(found)) for group in each.groups if (found := fold.shown(group))
        )
        for each in hidden
    }
    within = sum(each.end - each.index - 1 for each in hidden)
    if not any(kinds):
        return ""
    (kind, *others) = kinds
    counted = ", ".join(f"{count:,} {plural(layer, count)}" for layer, count in kind)
    if not others and (fold.only is not None or within == len(hidden) * sum(n for _, n in kind)):
        return f", {counted} in each"
    return f", {within:,} integrations below" if fold.only is None else ""


def _counted(groups: list[tuple[Group, list[Integration]]]) -> str:
    """`20 components, 3 widgets`, and what is below these."""
    parts = [f"{len(found):,} {plural(group.layer.name, len(found))}" for group, found in groups]
    words = [
        f"{part}{_each(found, Fold())}" for part, (_, found) in zip(parts, groups, strict=True)
    ]
    return "; ".join(words)


def plural(layer: str, count: int) -> str:
    """The word for a number of integrations of a layer, as far as its name is an English word."""
    if count == 1 or not (layer.isascii() and layer[-1:].isalpha() and layer[-1:].islower()):
        return layer
    if layer.endswith("y") and layer[-2:-1] not in _VOWELS:
        return f"{layer[:-1]}ies"
    return f"{layer}es" if layer.endswith(("s", "x", "ch", "sh")) else f"{layer}s"
