"""A framework's tree of layers -> DOT text: a small picture in the looks of the large ones."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from visualize.paint import box_attributes, line_attributes, root_attributes
from visualize.style import CHILD, FONT, edge_style, layer_styles
from visualize.text import quoted
from visualize.themes import THEMES

if TYPE_CHECKING:
    import networkx as nx


def layers_to_dot(tree: nx.DiGraph[str], *, theme: str = "light") -> str:
    """Return the picture of a tree of layers as DOT text; `theme` is that of a `View`.

    A node has the attribute `name`; an edge leads from a layer to each directly below it, in the
    order of the framework. What a layer declares is passed to the one that an arrow leads to.
    """
    colours = THEMES[theme]
    styles = layer_styles(data["name"] for _, data in tree.nodes(data=True))
    ids = {node: f"n{number}" for number, node in enumerate(tree)}
    lines = [
        f'graph [rankdir=TB, ordering=out, nodesep=0.4, ranksep=0.3, pad=0.1, fontname="{FONT}", '
        f'bgcolor="{colours.page}"]',
        f'node [fontname="{FONT}", fontsize=10, fontcolor="{colours.text}", height=0.3, '
        'margin="0.12,0.05"]',
        "edge [arrowsize=0.7]",
    ]
    for node, name in tree.nodes(data="name"):
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
    return "\n".join(["digraph {", *lines, "}", ""])
