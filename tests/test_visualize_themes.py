"""Colours: that they can be read on each other, in both themes, and told apart without them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from visualize.style import LAYERS, SIGNS, layer_styles
from visualize.themes import THEMES, Paint, Theme
from visualize.view import THEME_NAMES

TEXT, SIGN = 4.5, 3.0


def luminance(colour: str) -> float:
    """The relative luminance of a colour, as WCAG 2 defines it."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def paints(theme: Theme) -> Iterator[Paint]:
    """Every colouring of a box."""
    yield theme.plain
    yield from theme.boxes.values()
    yield from theme.changes.values()


@pytest.mark.parametrize("name", THEMES)
def test_text_can_be_read(name: str) -> None:
    """What is written has the contrast that WCAG asks for, wherever it stands."""
    theme = THEMES[name]
    pairs = [(theme.text, theme.page), (theme.muted, theme.page), (theme.muted, theme.area)]
    pairs += [(theme.text, paint.fill) for paint in paints(theme)]
    pairs += [(theme.muted, theme.plain.fill)]
    # A root is painted the other way round.
    pairs += [(theme.page, paint.border) for paint in theme.boxes.values()]
    for pair in pairs:
        assert contrast(*pair) >= TEXT, pair


@pytest.mark.parametrize("name", THEMES)
def test_borders_and_lines_stand_out(name: str) -> None:
    """A border or a line has the contrast that WCAG asks of what is no text."""
    theme = THEMES[name]
    pairs = [(border, area) for _, border in paints(theme) for area in (theme.page, theme.area)]
    pairs += [paint for paint in paints(theme) if paint != theme.plain]
    pairs += [(line, area) for line in theme.lines.values() for area in (theme.page, theme.area)]
    for pair in pairs:
        assert contrast(*pair) >= SIGN, pair


def test_themes_paint_the_same_things() -> None:
    """Each theme has a colour for whatever has one in the other, and the choices are the themes."""
    light, dark = THEMES["light"], THEMES["dark"]
    assert tuple(THEMES) == THEME_NAMES
    assert light.boxes.keys() == dark.boxes.keys()
    assert light.lines.keys() == dark.lines.keys()
    assert light.changes.keys() == dark.changes.keys() == SIGNS.keys()


def test_the_layers_that_come_with_it_differ_in_shape_next_to_each_other() -> None:
    """Neighbours in the tree can be told apart by their shape alone, in print as well."""
    shapes = {layer: (style.shape, style.style) for layer, style in LAYERS.items()}
    assert shapes["pipeline"] != shapes["component"] != shapes["widget"]
    assert {style.colour for style in layer_styles("abcdefgh").values()} <= set(
        THEMES["light"].boxes
    )
