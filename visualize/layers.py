"""A framework's tree of layers -> DOT text: a small picture in the looks of the large ones."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from visualize.paint import box_attributes, line_attributes, root_attributes
from visualize.style import CHILD, FONT, edge_style, layer_styles
from visualize.text import quoted
from visualize.themes import THEMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    import networkx as nx

    from visualize.themes import Theme


_MEANING = "an arrow: is given to the next layer and all below it"


def layers_to_dot(tree: nx.DiGraph[str], *, theme: str = "light") -> str:
    """Return the picture of a tree of layers as DOT text; `theme` is that of a `View`.

    A node has the attribute `name`; an edge leads from a layer to each directly below it, in the
    order of the framework. What a layer declares is passed to the one that an arrow leads to.
    """
    colours = THEMES[theme]
    names = {node: str(data["name"]) for node, data in tree.nodes(data=True)}
    styles = layer_styles(names.values())
    ids = {node: f"n{number}" for number, node in enumerate(tree)}
    lines = list(_defaults(colours))
    for node, name in names.items():
        attributes = box_attributes if tree.in_degree(node) else root_attributes
        look = attributes(styles[name], None, colours)
        lines.append(f"{ids[node]} [label={quoted(name)}, {look}]")
    branch = line_attributes(edge_style(CHILD), colours)
    passed = line_attributes(edge_style("sibling"), colours)
    for node in tree:
        below = list(tree.successors(node))
        lines += [f"{ids[node]} -> {ids[child]} [{branch}]" for child in below]
        for first, second in pairwise(below):
            lines.append(f"{{rank=same; {ids[first]} -> {ids[second]} [{passed}]}}")
    if any(passed in line for line in lines):
        lines.append(f"label={quoted(_MEANING)}")
    return "\n".join(["digraph {", *lines, "}", ""])


def _defaults(colours: Theme) -> Iterator[str]:
    yield (
        "graph [rankdir=TB, ordering=out, nodesep=0.4, ranksep=0.3, pad=0.1, "
        f'bgcolor="{colours.page}", fontname="{FONT}", fontsize=9, fontcolor="{colours.muted}"]'
    )
    yield (
        f'node [fontname="{FONT}", fontsize=10, fontcolor="{colours.text}", height=0.3, '
        'margin="0.12,0.05"]'
    )
    yield "edge [arrowsize=0.7]"
