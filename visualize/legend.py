"""The legend of a picture as DOT: one row for each way of drawing that occurs in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from visualize.paint import box_attributes, line_attributes, root_attributes
from visualize.style import SIGNS
from visualize.text import columns, left_aligned, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from visualize.scene import Scene
    from visualize.themes import Theme
    from visualize.words import Sample

_INCHES_PER_LETTER = 0.062
_NODE = 'class="legend"'


def legend(rows: list[Sample], scene: Scene, theme: Theme) -> Iterator[str]:
    """Yield the DOT lines of a legend; none for no rows.

    Graphviz puts what comes first last: before the clusters, the legend stands below them.
    """
    if not rows:
        return
    yield "subgraph cluster_legend {"
    yield f'  label=""; style=""; color="{theme.frame}"; margin=6'
    width = max(columns(line) for sample in rows for line in sample.words) * _INCHES_PER_LETTER
    for i, sample in enumerate(rows):
        yield from (f"  {line}" for line in _row(f"l{i}", sample, width, scene, theme))
    order = [f"l{i}" for i in range(len(rows))]
    if scene.view.direction == "LR":
        yield f"  {{rank=same; {' -> '.join(reversed(order))} [style=invis]}}"
    else:
        yield f"  {' -> '.join(order)} [style=invis, weight=100]"
    yield "}"


def _row(row: str, sample: Sample, width: float, scene: Scene, theme: Theme) -> Iterator[str]:
    line = "style=invis" if sample.line is None else line_attributes(sample.line, theme)
    rank = "" if scene.view.direction == "LR" else "rank=same; "
    yield f"{row} [{_sample(sample, scene, theme)}, {_NODE}]"
    yield (
        f"{row}w [label={left_aligned(*sample.words)}, shape=plaintext, height=0.2, {_NODE}, "
        f'width={width + 0.16:.2f}, margin="0.08,0", fontsize=9, fontcolor="{theme.muted}"]'
    )
    # In a row of its own, only the length keeps a line from being as short as its arrow.
    length = 2 if sample.layer is None and sample.change is None else 1
    yield f"{{{rank}{row} -> {row}w [{line}, minlen={length if rank else 1}]}}"


def _sample(sample: Sample, scene: Scene, theme: Theme) -> str:
    small = 'width=0.4, height=0.2, margin="0.02,0", fontsize=9'
    if sample.layer is not None:
        style = scene.layers[sample.layer]
        of_layer = root_attributes if sample.layer == scene.clusters[0].layer else box_attributes
        look = of_layer(style, None, theme, is_plain=scene.compares)
        return f'label="", {small}, {look}'
    if sample.change is not None:
        style = scene.layers[scene.clusters[0].layer]
        look = box_attributes(style, sample.change, theme, is_plain=True)
        return f"label={quoted(SIGNS[sample.change])}, {small}, {look}"
    # A line begins at a node without a width, so that nothing is empty in front of it.
    return 'label="", width=0.01, height=0.2, shape=plaintext'
