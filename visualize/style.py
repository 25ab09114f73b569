"""Tables of how layers and kinds of edges are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FONT = "Helvetica,Arial,sans-serif"
TEXT_COLOUR = "#1F2933"
MUTED_COLOUR = "#52606D"
GROUP_FILL = "#F8F9FA"


@dataclass(frozen=True)
class LayerStyle:
    """How the integrations of one layer are drawn."""

    fill: str
    border: str
    style: str = "filled"
    penwidth: str = "1"


@dataclass(frozen=True)
class EdgeStyle:
    """How one kind of edge is drawn, between integrations and between groups.

    `mutual` kinds link the members of one group with each other: between groups they are no line
    but a `mark` in the group's heading. `partial` is the style of a line that holds for its group
    and not for everything below it.
    """

    colour: str
    meaning: tuple[str, ...]
    group_meaning: tuple[str, ...]
    style: str = "solid"
    penwidth: str = "1"
    arrowhead: str = "normal"
    arrowtail: str = "none"
    mutual: bool = False
    mark: str = ""
    partial: EdgeStyle | None = None


LAYERS: dict[str, LayerStyle] = {
    "runner": LayerStyle("#FFE7BF", "#9C6500", "filled,rounded", "2"),
    "pipeline": LayerStyle("#D3EBF9", "#0F6299", "filled,rounded"),
    "component": LayerStyle("#D5F0E6", "#00694C"),
}

# Tints of Okabe and Ito's colours: told apart by colour-blind readers, and by lightness in print.
OTHER_LAYERS: tuple[LayerStyle, ...] = (
    LayerStyle("#F5DFEC", "#8F3F70", "filled,rounded"),
    LayerStyle("#FBF6C8", "#6E6500"),
    LayerStyle("#FBDCCB", "#9A4300", "filled,rounded"),
    LayerStyle("#DCE3F7", "#2F4B9B"),
    LayerStyle("#E9EBED", "#4A5560", "filled,rounded"),
)

SIGNS: dict[str | None, str] = {"added": "+ ", "removed": "\u2212 ", "changed": "~ "}
"""What stands before a change, so that it can be told without colour."""

CHILD = "child"
HIDING = ("of those with one name", "the nearest is given")

EDGES: dict[str, EdgeStyle] = {
    CHILD: EdgeStyle(
        colour="#7B8794",
        meaning=("is the parent of",),
        group_meaning=("is the parent of", "the group"),
        arrowhead="none",
    ),
    "sibling": EdgeStyle(
        colour="#0072B2",
        meaning=("is given to",),
        group_meaning=("is given to the group", "and to all below it"),
        penwidth="1.6",
        partial=EdgeStyle(
            colour="#0072B2",
            meaning=("is given to",),
            group_meaning=("is given to the group,", "not to all below it"),
            style="dashed",
            penwidth="1.6",
            arrowhead="empty",
        ),
    ),
    "peer": EdgeStyle(
        colour="#A3527F",
        meaning=("are given to", "each other"),
        group_meaning=("peers: the members", "are given to each other"),
        style="dotted",
        penwidth="1.4",
        arrowhead="vee",
        arrowtail="vee",
        mutual=True,
        mark="peers",
    ),
}


def layer_styles(layers: Iterable[str]) -> Mapping[str, LayerStyle]:
    """Return a style for each layer: its own, or the next of the palette as the layers appear."""
    others = [layer for layer in dict.fromkeys(layers) if layer not in LAYERS]
    chosen = {name: OTHER_LAYERS[i % len(OTHER_LAYERS)] for i, name in enumerate(others)}
    return LAYERS | chosen


def edge_style(kind: str) -> EdgeStyle:
    """Return the style of a kind of edge; raise ValueError for a kind that has none."""
    if kind not in EDGES:
        msg = f"no style for edges of kind {kind!r}: must be one of {', '.join(EDGES)}"
        raise ValueError(msg)
    return EDGES[kind]


def line_attributes(style: EdgeStyle) -> str:
    """Return the DOT attributes of a line in the style, without brackets."""
    return (
        f'dir=both, color="{style.colour}", style={style.style}, penwidth={style.penwidth}, '
        f"arrowhead={style.arrowhead}, arrowtail={style.arrowtail}"
    )
