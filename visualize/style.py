"""Tables of how layers, kinds of edges and changes are drawn; the colours are those of a theme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FONT = "Helvetica,Arial,sans-serif"


@dataclass(frozen=True)
class LayerStyle:
    """How the integrations of one layer are drawn: a colour by its name in a theme, and a shape.

    `style` is Graphviz's, and `brackets` are the same shape in Mermaid.
    """

    colour: str
    shape: str
    style: str
    brackets: tuple[str, str]


@dataclass(frozen=True)
class EdgeStyle:
    """How one kind of edge is drawn, between integrations and between groups.

    `mutual` kinds link the members of one group with each other: between groups they are no line
    but a `mark` in the group's heading. Who is linked by a kind that `gives` has the source under
    its name, so that nearer ones hide those farther away. `partial` is the style of a line that
    holds for its group and not for everything below it, `within` of one that holds for a part of
    what is folded. `mermaid` is the line in Mermaid.
    """

    colour: str
    meaning: tuple[str, ...]
    group_meaning: tuple[str, ...]
    style: str = "solid"
    penwidth: str = "1"
    arrowhead: str = "normal"
    arrowtail: str = "none"
    mutual: bool = False
    gives: bool = True
    mark: str = ""
    mermaid: str = "-->"
    partial: EdgeStyle | None = None
    within: EdgeStyle | None = None


# The shapes are those that are hardly larger than their text.
_SHARP = ("box", "filled", ("[", "]"))
_ROUND = ("box", "filled,rounded", ("(", ")"))
_NOTE = ("note", "filled", (">", "]"))
_TAB = ("tab", "filled", ("[/", "\\]"))
_FOLDER = ("folder", "filled", ("[(", ")]"))
_CUT = ("box", "filled,diagonals", ("{{", "}}"))

LAYERS: dict[str, LayerStyle] = {
    "runner": LayerStyle("amber", *_ROUND),
    "pipeline": LayerStyle("blue", *_ROUND),
    "component": LayerStyle("green", *_SHARP),
    "widget": LayerStyle("pink", *_NOTE),
    "decorator": LayerStyle("orange", *_TAB),
}

_OTHER_COLOURS = ("orange", "violet", "yellow", "pink", "grey")
_OTHER_SHAPES = (_ROUND, _NOTE, _SHARP, _FOLDER, _CUT, _TAB)

SIGNS: dict[str, str] = {
    "added": "+",
    "removed": "\u2212",
    "changed": "~",
    "failed": "\u2717",
    "unreached": "?",
    "warned": "!",
    "passed": "\u2713",
}
"""What stands before a change or a verdict, so that it can be told without colour."""

CHANGES = {"added": ("added",), "removed": ("removed",), "changed": ("changed",)}
"""The words for changes in a legend, in its order."""

UNTESTED = "untested"
VERDICTS = {
    "failed": ("a hook failed",),
    "unreached": ("a hook was not reached",),
    "warned": ("a hook warned",),
    "passed": ("all hooks passed",),
    UNTESTED: ("no hook",),
}
"""The words for what hooks found in a legend, in its order; what has none is plain."""

DASHED = frozenset(("removed", "unreached"))
"""What has a dashed border: it is not there, or was not called."""

CHILD = "child"
HIDING = ("of those with one name", "the nearest is given")

EDGES: dict[str, EdgeStyle] = {
    CHILD: EdgeStyle(
        colour="tree",
        meaning=("is the parent of",),
        group_meaning=("is the parent of", "the group"),
        arrowhead="none",
        mermaid="---",
    ),
    "sibling": EdgeStyle(
        colour="given",
        meaning=("is given to",),
        group_meaning=("is given to the group", "and to all below it"),
        penwidth="1.6",
        mermaid="==>",
        partial=EdgeStyle(
            colour="given",
            meaning=("is given to",),
            group_meaning=("is given to the group,", "not to all below it"),
            style="dashed",
            penwidth="1.6",
            arrowhead="empty",
            mermaid="-.->",
        ),
        within=EdgeStyle(
            colour="given",
            meaning=("is given to a part", "of what is folded"),
            group_meaning=("is given to a part", "of what is folded"),
            style="dashed",
            penwidth="1.6",
            arrowhead="odot",
            mermaid="-.-o",
        ),
    ),
    "peer": EdgeStyle(
        colour="peers",
        meaning=("are given to", "each other"),
        group_meaning=("peers: the members", "are given to each other"),
        style="dotted",
        penwidth="1.4",
        arrowhead="vee",
        arrowtail="vee",
        mutual=True,
        mark="peers",
        mermaid="<-.->",
    ),
    "decorates": EdgeStyle(
        colour="wraps",
        meaning=("wraps methods of",),
        group_meaning=("wraps methods of members", "of the group and all below it"),
        penwidth="1.4",
        arrowhead="diamond",
        gives=False,
        mermaid="--x",
        partial=EdgeStyle(
            colour="wraps",
            meaning=("wraps methods of",),
            group_meaning=("wraps methods of members", "of the group alone"),
            style="dashed",
            penwidth="1.4",
            arrowhead="odiamond",
            gives=False,
            mermaid="-.-x",
        ),
        within=EdgeStyle(
            colour="wraps",
            meaning=("wraps methods of a part", "of what is folded"),
            group_meaning=("wraps methods of a part", "of what is folded"),
            style="dashed",
            penwidth="1.4",
            arrowhead="odot",
            gives=False,
            mermaid="-.-o",
        ),
    ),
}


def layer_styles(layers: Iterable[str]) -> Mapping[str, LayerStyle]:
    """Return a style for each layer: its own, or the next of the palette as the layers appear.

    There are as many shapes as colours and one more, so that thirty layers differ in one of both.
    """
    chosen: dict[str, LayerStyle] = {}
    others = 0
    for layer in dict.fromkeys(layers):
        if layer in LAYERS:
            chosen[layer] = LAYERS[layer]
        else:
            shape = _OTHER_SHAPES[others % len(_OTHER_SHAPES)]
            chosen[layer] = LayerStyle(_OTHER_COLOURS[others % len(_OTHER_COLOURS)], *shape)
            others += 1
    return chosen


def edge_style(kind: str) -> EdgeStyle:
    """Return the style of a kind of edge; a kind without one is drawn grey, under its own name."""
    if kind in EDGES:
        return EDGES[kind]
    words = (kind,)
    partly = (kind, "in a part of it")
    within = EdgeStyle("other", partly, partly, "dashed", mermaid="-.-o")
    return EdgeStyle("other", words, words, arrowhead="vee", within=within)
