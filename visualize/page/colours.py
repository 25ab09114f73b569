"""The style rules that bring the colours of layers, links and changes into the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from visualize.style import edge_style
from visualize.themes import THEMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from visualize.style import LayerStyle
    from visualize.themes import Theme


def colour_rules(styles: Mapping[str, LayerStyle], kinds: Iterable[str]) -> str:
    """Return the rules: classes `l0`, `l1` ... for the layers in order, `k0` ... for the kinds."""
    colours = [edge_style(kind).colour for kind in kinds]
    return "\n".join(
        rule
        for name, theme in THEMES.items()
        for rule in _rules(f':root[data-theme="{name}"]', theme, styles.values(), colours)
    )


def _rules(
    root: str, theme: Theme, styles: Iterable[LayerStyle], kinds: Iterable[str]
) -> Iterator[str]:
    changes = "".join(f"--{name}:{paint.border};" for name, paint in theme.changes.items())
    yield f"{root}{{--ink:{theme.text};--soft:{theme.muted};--on-root:{theme.page};{changes}}}"
    for i, style in enumerate(styles):
        paint = theme.boxes[style.colour]
        yield f"{root} .l{i}{{--fill:{paint.fill};--line:{paint.border}}}"
    for i, colour in enumerate(kinds):
        yield f"{root} .k{i}{{--kind:{theme.lines[colour]}}}"
