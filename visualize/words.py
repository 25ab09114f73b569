"""What stands in the boxes and above the clusters of a picture, and in its legend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from visualize.style import CHILD, HIDING, SIGNS, EdgeStyle, edge_style
from visualize.text import columns, plain

if TYPE_CHECKING:
    from visualize.fold import Box, Cluster
    from visualize.scene import Mark, Scene
    from visualize.view import View

_NAMES = 3
_WIDTH = 36
_KEY_LINES = 3


class Sample(NamedTuple):
    """A row of a legend: the words that explain a line, a layer, a change, or a word."""

    words: tuple[str, ...]
    line: EdgeStyle | None = None
    layer: str | None = None
    change: str | None = None


def title(box: Box, layer: str) -> str:
    """Return the name of a box: that of its integration, or what its integrations share."""
    names = box.names
    if len(names) == 1:
        return names[0]
    if not box.alike:
        return f"{len(names):,} \N{MULTIPLICATION SIGN} {layer}"
    return _listed(names)


def _listed(names: list[str]) -> str:
    """Return the names where they are few, else the first and the last."""
    return ", ".join(names if len(names) <= _NAMES else [names[0], "…", names[-1]])


def lines_of(box: Box, layer: str, view: View) -> Iterator[str]:
    """Yield the lines of a box: its name with the sign of a change, its details, what it folds."""
    yield " ".join([*_sign(box.first.change if box.alike else None), title(box, layer)])
    yield from _details(box, layer, view)
    if box.folded:
        below = ", ".join(
            f"{count:,} \N{MULTIPLICATION SIGN} {name}" for name, count in box.folded.items()
        )
        changes = "".join(f" {SIGNS.get(c, c)}{n:,}" for c, n in box.changes.items())
        yield f"» {below}{changes}"


def _sign(change: str | None) -> list[str]:
    return [] if change is None else [SIGNS.get(change, change)]


def _details(box: Box, layer: str, view: View) -> Iterator[str]:
    if not box.alike:
        yield _listed(box.names)
        return
    count = len(box.columns)
    class_name = short_class(box.first.class_name) if "class" in view.show else ""
    if count > 1:
        yield f"{count:,} \N{MULTIPLICATION SIGN} {class_name or layer}"
    elif class_name:
        yield class_name
    yield from box.first.hooks
    if "config-keys" in view.show and box.first.keys:
        yield from _wrapped(box.first.keys)
    if "source" in view.show and box.first.source and box.is_one:
        yield box.first.source.replace("\\", "/").rpartition("/")[2]


def _wrapped(keys: Sequence[str]) -> Iterator[str]:
    """Yield keys in a few lines of a box's width, and how many more there are."""
    rows: list[list[str]] = [[]]
    for key in map(plain, keys):
        if rows[-1] and columns(", ".join([*rows[-1], key])) > _WIDTH:
            rows.append([])
        rows[-1].append(key)
    shown = [", ".join(row) for row in rows[:_KEY_LINES]]
    rest = sum(map(len, rows[_KEY_LINES:]))
    lines = [*shown, f"and {rest:,} more"] if rest else shown
    yield f"config: {lines[0]}"
    yield from lines[1:]


def short_class(name: str | None) -> str:
    """Return a class's own name, without its module; nothing for none."""
    if not name or "$" in name:
        return name or ""
    return name.replace(":", ".").rpartition(".")[2]


def heading(cluster: Cluster, mark: Mark | None) -> str:
    """Return what a cluster says of itself: layer, parent, peers, and how many are left out."""
    whose = ""
    if cluster.parent is not None:
        times = len(cluster.groups)
        name = cluster.parent.first.name
        whose = f" of {name}" if times == 1 else f" of each of the {times:,}"
    group = cluster.groups[0]
    shown = len(group.members)
    word = "" if mark is None else " ".join([*_sign(mark.change), mark.style.mark])
    left = f"{shown:,} of {shown + group.left_out:,}" if group.left_out else ""
    return " · ".join(part for part in (f"{cluster.layer}{whose}", word, left) if part)


def samples(scene: Scene) -> list[Sample]:
    """Return the rows of a legend, each once: layers, changes, lines, words; none for a tree."""
    lines = [Sample(line.words(), line.style) for line in scene.lines]
    tree = edge_style(CHILD)
    one_by_one = scene.view.links == "all"
    branches = [Sample(tree.meaning if one_by_one else tree.group_meaning, tree)]
    rows = [
        *[Sample((layer,), layer=layer) for layer in scene.layers_shown],
        *[Sample(words, change=change) for change, words in scene.changes.items()],
        *branches * bool(scene.branches),
        *lines,
        *[Sample(mark.style.group_meaning) for mark in scene.marks.values()],
        *[Sample(HIDING)] * scene.hides,
        *[Sample(tuple(caption)) for caption in scene.captions()],
    ]
    return list(dict.fromkeys(rows))
