"""Colours, light and dark: tints of Okabe and Ito's, told apart by colour-blind readers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Paint(NamedTuple):
    """The colours of a box: its area, and its border, which lines of the same meaning share."""

    fill: str
    border: str


@dataclass(frozen=True)
class Theme:
    """The colours of one theme; boxes and lines are painted by the names that `style` gives them.

    `plain` is what has no colour of its own: what stands around a selection or around changes.
    """

    page: str
    text: str
    muted: str
    area: str
    frame: str
    plain: Paint
    boxes: Mapping[str, Paint] = field(repr=False)
    lines: Mapping[str, str] = field(repr=False)
    changes: Mapping[str, Paint] = field(repr=False)


THEMES: dict[str, Theme] = {
    "light": Theme(
        page="#FFFFFF",
        text="#1F2933",
        muted="#52606D",
        area="#F8F9FA",
        frame="#B8C0C9",
        plain=Paint("#F1F3F5", "#7B8794"),
        boxes={
            "amber": Paint("#FFE7BF", "#8F5B00"),
            "blue": Paint("#D3EBF9", "#0F6299"),
            "green": Paint("#D5F0E6", "#00694C"),
            "pink": Paint("#F5DFEC", "#8F3F70"),
            "yellow": Paint("#FBF6C8", "#6E6500"),
            "orange": Paint("#FBDCCB", "#9A4300"),
            "violet": Paint("#DCE3F7", "#2F4B9B"),
            "grey": Paint("#E4E7EA", "#4A5560"),
        },
        lines={
            "tree": "#7B8794",
            "given": "#0072B2",
            "peers": "#A3527F",
            "wraps": "#B35900",
            "other": "#4A5560",
        },
        changes={
            "added": Paint("#C9EFE0", "#00694C"),
            "removed": Paint("#FBD9CC", "#B03A00"),
            "changed": Paint("#FFF1B8", "#7A5F00"),
            "passed": Paint("#C9EFE0", "#00694C"),
            "failed": Paint("#FBD9CC", "#B03A00"),
            "warned": Paint("#FFF1B8", "#7A5F00"),
            "unreached": Paint("#E6DDF3", "#5B3E96"),
        },
    ),
    "dark": Theme(
        page="#15191E",
        text="#F1F3F5",
        muted="#AEB8C2",
        area="#1D232A",
        frame="#56616D",
        plain=Paint("#2A313A", "#7F8B97"),
        boxes={
            "amber": Paint("#4A3408", "#F2B84B"),
            "blue": Paint("#12374E", "#6CBDEB"),
            "green": Paint("#0F3D30", "#4CC9A0"),
            "pink": Paint("#472338", "#E79AC6"),
            "yellow": Paint("#3B3705", "#E3D64A"),
            "orange": Paint("#4C2610", "#F59A66"),
            "violet": Paint("#232F55", "#9DB2F2"),
            "grey": Paint("#343C45", "#B4BEC8"),
        },
        lines={
            "tree": "#8A96A3",
            "given": "#6CBDEB",
            "peers": "#E79AC6",
            "wraps": "#F59A66",
            "other": "#B4BEC8",
        },
        changes={
            "added": Paint("#0F4535", "#4CC9A0"),
            "removed": Paint("#54230E", "#FF9466"),
            "changed": Paint("#463B00", "#F0D84A"),
            "passed": Paint("#0F4535", "#4CC9A0"),
            "failed": Paint("#54230E", "#FF9466"),
            "warned": Paint("#463B00", "#F0D84A"),
            "unreached": Paint("#37285A", "#BBA2F0"),
        },
    ),
}
