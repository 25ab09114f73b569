"""The legend of a picture as DOT: one row for each way of drawing that occurs in it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from visualize.paint import box_attributes, root_attributes
from visualize.style import SIGNS
from visualize.text import columns, left_aligned, plain, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from visualize.scene import Scene
    from visualize.style import EdgeStyle
    from visualize.themes import Theme
    from visualize.words import Sample

_INCHES_PER_LETTER = 0.07
_STROKES = {"solid": "\u2014" * 3, "dashed": "\u2013 \u2013 \u2013", "dotted": "\u00b7" * 6}
_HEADS = {
    "normal": "\u25b6",
    "empty": "\u25b7",
    "odot": "\u25cb",
    "diamond": "\u25c6",
    "odiamond": "\u25c7",
    "vee": ">",
    "none": "",
}
_ROW = 'class="legend", fontsize=9, height=0.22'


def legend(rows: list[Sample], scene: Scene, theme: Theme) -> Iterator[str]:
    """Yield the DOT lines of a legend; none for no rows.

    Graphviz puts what comes first last: before the clusters, the legend stands below them.
    """
    if not rows:
        return
    yield "subgraph cluster_legend {"
    yield f'  label=""; style=""; color="{theme.frame}"; margin=6'
    boxes = [sample for sample in rows if sample.layer is not None or sample.change is not None]
    width = 0.2 + _INCHES_PER_LETTER * max(
        (columns(line) for sample in boxes for line in sample.words), default=0
    )
    for i, sample in enumerate(rows):
        look = _box(sample, width, scene, theme) if sample in boxes else _words(sample, theme)
        yield f"  l{i} [{look}, {_ROW}]"
    order = [f"l{i}" for i in range(len(rows))]
    if scene.view.direction == "LR":
        yield f"  {{rank=same; {' -> '.join(reversed(order))} [style=invis]}}"
    else:
        yield f"  {' -> '.join(order)} [style=invis, weight=100]"
    yield "}"


def _box(sample: Sample, width: float, scene: Scene, theme: Theme) -> str:
    """Return a box that looks like those that it stands for, with their name in it."""
    root = scene.clusters[0].layer
    style = scene.layers[sample.layer or root]
    is_root = sample.change is None and sample.layer == root
    of_layer = root_attributes if is_root else box_attributes
    look = of_layer(style, sample.change, theme, is_plain=scene.compares or bool(sample.change))
    sign = SIGNS.get(sample.change or "")
    text = " ".join([*([sign] if sign else []), *sample.words])
    return f'label={quoted(text)}, width={width:.2f}, margin="0.06,0.02", {look}'


def _words(sample: Sample, theme: Theme) -> str:
    """Return words without a box, beside a stroke where they explain a line."""
    look = f'shape=plaintext, fontcolor="{theme.muted}", margin="0.02,0.02"'
    if sample.line is None:
        return f"label={left_aligned(*sample.words)}, {look}"
    words = "".join(f'{escape(plain(line))}<BR ALIGN="LEFT"/>' for line in sample.words)
    stroke = f'<FONT COLOR="{theme.lines[sample.line.colour]}">{_stroke(sample.line)}</FONT>'
    cells = f'<TD>{stroke}</TD><TD ALIGN="LEFT" BALIGN="LEFT">{words}</TD>'
    table = f'<TABLE BORDER="0" CELLSPACING="0" CELLPADDING="1"><TR>{cells}</TR></TABLE>'
    return f"label=<{table}>, {look}"


def _stroke(style: EdgeStyle) -> str:
    """Return a line with its head as text: one that is drawn would be as long as a root is wide."""
    return escape(_STROKES[style.style] + _HEADS[style.arrowhead])
