"""Pictures of hostile names: Graphviz draws each integration once, as text and nothing else."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Any

import networkx as nx
import pytest

import lolpop_graph as lg
from visualize import render, to_dot

GRAPHS, NODES = 50, 100
SVG = "{http://www.w3.org/2000/svg}"
EXPECTED = {
    f"{SVG}{name}"
    for name in ("svg", "g", "title", "polygon", "polyline", "ellipse", "path", "text")
}
ATTRIBUTES = {
    "width", "height", "viewBox", "id", "class", "transform", "fill", "stroke", "points", "d",
    "cx", "cy", "rx", "ry", "x", "y", "text-anchor", "font-family", "font-size", "stroke-width",
    "stroke-dasharray", "{http://www.w3.org/XML/1998/namespace}space", "fill-opacity",
    "stroke-opacity", "font-weight",
}  # fmt: skip
PARTS = (
    '"', "'", "\\", "\\\\", '\\"', "\\N", "\\G", "\\L", "\\E", "\\T", "\\H", "\\l", "\\r", "\\n",
    "<", ">", "<b>", "</b>", "<<TABLE>>", "<<TABLE><TR><TD>x</TD></TR></TABLE>>",
    "<IMG SRC='/etc/passwd'/>", "&", "&amp;", "&lt;script&gt;", "&#0;", "&#x1;", "&bogus;", "]]>",
    "<![CDATA[", "-->", "<!--", "<?xml?>", "<!DOCTYPE x>", "<script>alert(1)</script>",
    "<a href='x'>", "href=x", 'href="javascript:alert(1)"', "URL=x", '", URL="javascript:alert(1)',
    '" URL="x', "target=_blank", "tooltip=x", "image=x", "shape=none", "];", "}", "{", "};",
    "subgraph cluster_x {", "x -> y;", "node [URL=x]", "digraph {", "/*", "*/", "//", "#", ";",
    ",", "|", "{a|b}", ":", ":n", "->", "--", "=", "+", "\n", "\r", "\t", "\0", "\x01", "\x1b[31m",
    "\x7f", "\x85", "\xa0", "\xad", "\u2028", "\u2029", "\u200b", "\u200d", "\u202e", "\u2066",
    "\ufeff", "\ufffe", "\uffff", "\U0001fffe", "\ue000", "\ud800", "\udfff", "\u0300" * 50, "é",
    "名前", "🎈", "👩‍👩‍👧", "النص", "%s", "%n", "${x}", "$HOME", "`id`", "$(id)", "~", "../",
    "http://x", "javascript:alert(1)", "x" * 10_000, "\\" * 999, '"' * 99, "&" * 99, "<" * 99,
    "\n" * 99, " " * 99, "", " ", "a", "A1", "on",
)  # fmt: skip


def label(rng: Random) -> str:
    """A hostile text: one part, a few of them together, or any characters."""
    dice = rng.random()
    if dice < 0.3:
        return rng.choice(PARTS)
    if dice < 0.8:
        return "".join(rng.choice(PARTS) for _ in range(rng.randint(2, 5)))
    return "".join(
        chr(rng.choice((rng.randint(0, 127), rng.randint(0, 0x10FFFF)))) for _ in range(12)
    )


def graph_of(rng: Random) -> nx.DiGraph:
    """A graph of three layers and groups of up to ten, in which every text is hostile."""
    layers = [label(rng) for _ in range(3)]
    graph = nx.DiGraph()
    graph.add_node("0", name=label(rng), class_name=label(rng), layer=layers[0],
                   layer_path="r", parent=None, group="r")  # fmt: skip
    for number in range(1, NODES):
        parent = 0 if number <= 10 else (number - 1) // 10
        depth = 1 if parent == 0 else 2
        graph.add_node(
            str(number), name=label(rng), class_name=rng.choice((None, label(rng), label(rng))),
            layer=layers[depth], layer_path="r" + "/x" * depth, parent=str(parent),
            group=f"{label(rng) if number % 10 == 1 else ''}{parent}",
        )  # fmt: skip
        first = graph.nodes[str(max(1, number - (number - 1) % 10))]["group"]
        graph.nodes[str(number)]["group"] = first
        graph.add_edge(str(parent), str(number), kind="child")
        if (number - 1) % 10:
            graph.add_edge(str(number - 1), str(number), kind="peer")
            graph.add_edge(str(number), str(number - 1), kind="peer")
        elif number > 10:
            graph.add_edge("1", str(number), kind="sibling")
    return graph


def check_picture(svg: bytes, nodes: int) -> None:
    """The picture is well-formed, has every node once, and nothing that is no drawing."""
    assert not any(word in svg for word in (b"<script", b"<a ", b"<image", b"<!ENTITY"))
    elements = list(ET.fromstring(svg).iter())
    assert {element.tag for element in elements} <= EXPECTED
    assert {key for element in elements for key in element.attrib} <= ATTRIBUTES
    classes = Counter(element.get("class") for element in elements)
    assert classes["node integration"] == nodes


def test_thousands_of_hostile_names_are_drawn_as_text() -> None:
    """Five thousand names, and as many classes, through Graphviz itself, in each way of drawing."""

    def drawn(seed: int) -> int:
        graph = graph_of(Random(seed))
        check_picture(
            render(to_dot(graph, links=("groups", "all", "none")[seed % 3]), "svg"), NODES
        )
        return len(graph)

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(drawn, range(GRAPHS))) == GRAPHS * NODES


def hostile_layers() -> Iterator[Any]:
    """Frameworks whose layers have hostile names, as far as Graphviz can be given them."""
    rng = Random(1)
    for _ in range(12):
        names = list(dict.fromkeys(label(rng) for _ in range(6)))
        yield [name for name in names if name not in {"config", "integration_framework"}]


@pytest.mark.parametrize("links", ["groups", "all"])
def test_hostile_layers_of_a_workflow_are_drawn_as_text(links: str) -> None:
    """From the document to the picture: layers and classes may have any text."""
    rng = Random(2)
    for names in hostile_layers():
        root, *layers = names
        conf: dict[str, Any] = {"integration_framework": {root: dict.fromkeys(layers)}}
        for number, layer in enumerate(layers):
            classes = (f"x{label(rng)}".replace("$", "$$") for _ in range(3))
            conf[layer] = {f"a{number}_{at}": name for at, name in enumerate(classes)}
        plan = lg.plan(conf)
        check_picture(render(to_dot(plan.graph, links=links), "svg"), len(plan.order))


def test_a_name_of_a_million_letters_costs_nothing() -> None:
    """Only what is shown of a name is looked at."""
    conf = {"component": {f"a{number}": "x\u202e" * 500_000 for number in range(20)}}
    assert len(to_dot(lg.plan(conf).graph)) < 20_000


def test_files_are_never_read_for_a_picture(tmp_path: Path) -> None:
    """A name that would be an image in Graphviz's own language is a name."""
    image = tmp_path / "image.png"
    image.write_bytes(b"\x89PNG\r\n\x1a\n")
    conf = {"component": {"a": f'x", image="{image}', "b": f"<<IMG SRC='{image}'/>>"}}
    svg = render(to_dot(lg.plan(conf).graph), "svg")
    check_picture(svg, 3)
    assert b"<image" not in svg
