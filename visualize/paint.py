"""The looks of boxes and lines as attributes of DOT, in the colours of a theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from visualize.style import DASHED, UNTESTED

if TYPE_CHECKING:
    from visualize.style import EdgeStyle, LayerStyle
    from visualize.themes import Paint, Theme


def paint(style: LayerStyle, change: str | None, theme: Theme, *, is_plain: bool) -> Paint:
    """Return the colours of a box: those of its change, of its layer or, if `is_plain`, none."""
    if change is not None and change in theme.changes:
        return theme.changes[change]
    return theme.plain if is_plain else theme.boxes[style.colour]


def box_attributes(
    style: LayerStyle, change: str | None, theme: Theme, *, is_plain: bool = False
) -> str:
    """Return the DOT attributes of a box of a layer, without brackets."""
    colours = paint(style, change, theme, is_plain=is_plain)
    dashed = ",dashed" if change in DASHED else ""
    width = "1" if change in {None, UNTESTED} else "2"
    return (
        f'shape={style.shape}, style="{style.style}{dashed}", fillcolor="{colours.fill}", '
        f'color="{colours.border}", penwidth={width}'
    )


def root_attributes(
    style: LayerStyle, change: str | None, theme: Theme, *, is_plain: bool = False
) -> str:
    """Return the DOT attributes of a root: the colours of its layer turned round."""
    colours = paint(style, change, theme, is_plain=is_plain)
    return (
        f'shape={style.shape}, style="{style.style}", fillcolor="{colours.border}", '
        f'color="{colours.border}", fontcolor="{theme.page}", fontsize=12, penwidth=2'
    )


def line_attributes(style: EdgeStyle, theme: Theme, change: str | None = None) -> str:
    """Return the DOT attributes of a line in the style, without brackets."""
    changed = theme.changes.get(change or "")
    colour = theme.lines[style.colour] if changed is None else changed.border
    return (
        f'dir=both, color="{colour}", style={style.style}, penwidth={style.penwidth}, '
        f"arrowhead={style.arrowhead}, arrowtail={style.arrowtail}"
    )
