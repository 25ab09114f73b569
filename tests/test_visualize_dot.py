"""Pictures as DOT text: what is drawn, what is left out, and that it stays the same."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visualize import render, to_dot
from visualize.groups import Group, read_groups, read_links, topmost
from visualize.style import EDGES, layer_styles
from visualize.text import LONGEST, columns, plain
from visualize.themes import THEMES

GOLDEN = Path(__file__).parent / "golden"
SVG = "{http://www.w3.org/2000/svg}"

SMALL = {
    "runner": ("runner", None),
    "runner.metadata_tracker": ("component", "runner"),
    "runner.logger": ("component", "runner"),
    "runner.process": ("pipeline", "runner"),
    "runner.train": ("pipeline", "runner"),
    "runner.process.data_loader": ("component", "runner.process"),
    "runner.train.data_splitter": ("component", "runner.train"),
    "runner.train.model_trainer": ("component", "runner.train"),
}
SMALL_GROUP_LINKS = [
    ("runner", "runner/component", "child"),
    ("runner/component", "runner/component", "peer"),
    ("runner/component", "runner/pipeline", "sibling"),
    ("runner.process/component", "runner.process/component", "peer"),
    ("runner/component", "runner.process/component", "sibling"),
    ("runner.train/component", "runner.train/component", "peer"),
    ("runner/component", "runner.train/component", "sibling"),
]


def workflow(nodes: dict[str, tuple[str, str | None]]) -> nx.DiGraph:
    """Make a graph of (layer, parent) by path, with edges to the parents alone."""
    graph = nx.DiGraph()
    for path, (layer, parent) in nodes.items():
        above = graph.nodes[parent]["layer_path"] + "/" if parent else ""
        graph.add_node(
            path,
            name=path.rpartition(".")[2],
            layer=layer,
            layer_path=above + layer,
            class_name=f"my_company.parts:My{layer.title()}",
            parent=parent,
            group=f"{parent}/{layer}" if parent else layer,
            config={"password": "sesame"},
            source=None,
        )
        if parent:
            graph.add_edge(parent, path, kind="child")
    return graph


def link(graph: nx.DiGraph, source: str, target: str, kind: str) -> None:
    """Add an edge from every member of one group to every other member of another."""
    members = {
        group: [n for n, g in graph.nodes(data="group") if g == group] for group in (source, target)
    }
    graph.add_edges_from(
        ((s, t) for s in members[source] for t in members[target] if s != t), kind=kind
    )


def small() -> nx.DiGraph:
    """Make the small workflow with all its links as edges."""
    graph = workflow(SMALL)
    for source, target, kind in SMALL_GROUP_LINKS[1:]:
        link(graph, source, target, kind)
    return graph


def widgets() -> nx.DiGraph:
    """Make a workflow of four layers, one of them without a style of its own."""
    graph = workflow(
        {
            "runner": ("runner", None),
            "runner.tracker": ("component", "runner"),
            "runner.tracker.viewer": ("widget", "runner.tracker"),
            "runner.train": ("pipeline", "runner"),
            "runner.train.trainer": ("component", "runner.train"),
            "runner.train.tracker": ("component", "runner.train"),
            "runner.train.trainer.chart": ("widget", "runner.train.trainer"),
            "runner.train.trainer.table": ("widget", "runner.train.trainer"),
        }
    )
    for target in ("runner/pipeline", "runner.train/component", "runner.train.trainer/widget"):
        link(graph, "runner/component", target, "sibling")
    link(graph, "runner.train.trainer/widget", "runner.train.trainer/widget", "peer")
    return graph


def partial() -> nx.DiGraph:
    """Make the small workflow, but give `process`'s components nothing."""
    graph = small()
    below = "runner.process.data_loader"
    graph.remove_edges_from([edge for edge in graph.in_edges(below) if edge[0] != "runner.process"])
    return graph


def blue_lines(dot: str) -> list[str]:
    """Return the lines that say what is given to a group, legend excluded."""
    return [line for line in dot.splitlines() if "ltail=" in line]


def cluster(dot: str, heading: str) -> str:
    """Return the id of the box with a heading."""
    found = re.search(rf'subgraph (\w+) {{\n  label="{re.escape(heading)}[" ]', dot)
    assert found, heading
    return found[1]


@pytest.mark.parametrize(
    ("name", "graph", "links"),
    [
        ("groups", small(), "groups"),
        ("all", small(), "all"),
        ("none", small(), "none"),
        ("widgets", widgets(), "groups"),
        ("partial", partial(), "groups"),
    ],
)
def test_a_picture_is_the_golden_one(
    name: str, graph: nx.DiGraph, links: str, pytestconfig: pytest.Config
) -> None:
    """Each way of drawing gives the DOT text on record, byte for byte."""
    golden = GOLDEN / f"{name}.dot"
    dot = to_dot(graph, links=links).encode()
    if pytestconfig.getoption("--update-golden"):
        golden.write_bytes(dot)
    assert dot == golden.read_bytes()


def test_declared_group_links_draw_the_same_picture_as_the_edges() -> None:
    """A graph that declares its group links looks like one whose edges are counted."""
    declared = workflow(SMALL)
    declared.graph["group_links"] = iter(SMALL_GROUP_LINKS)
    assert to_dot(declared) == to_dot(small())


def test_edges_are_not_read_where_group_links_are_declared() -> None:
    """A graph of millions of edges is drawn from its groups."""

    class NoEdges(nx.DiGraph):
        @property
        def edges(self) -> None:
            raise AssertionError

        def adjacency(self) -> None:
            raise AssertionError

    graph = NoEdges()
    graph.add_nodes_from(workflow(SMALL).nodes(data=True))
    graph.graph["group_links"] = SMALL_GROUP_LINKS
    assert to_dot(graph) == to_dot(small())


def test_one_line_stands_for_a_group_and_all_below_it() -> None:
    """What is given to the pipelines and to all below them is one line."""
    dot = to_dot(small())
    (line,) = blue_lines(dot)
    assert f"ltail={cluster(dot, 'component of runner')}" in line
    assert f"lhead={cluster(dot, 'pipeline of runner')}" in line
    assert "style=solid" in line


def test_a_line_that_does_not_hold_below_says_so() -> None:
    """Where one group below is given nothing, the line is dashed and the others get their own."""
    dot = to_dot(partial())
    by_target = {re.search(r"lhead=(\w+)", line)[1]: line for line in blue_lines(dot)}
    assert "style=dashed" in by_target.pop(cluster(dot, "pipeline of runner"))
    assert "style=solid" in by_target.pop(cluster(dot, "component of train"))
    assert not by_target
    assert "not to all below it" in dot


def grown(tree: list[tuple[int, str]]) -> nx.DiGraph:
    """Return a root `r` with `n0`, `n1`, ... below it: of each, which one before is its parent."""
    nodes: dict[str, tuple[str, str | None]] = {"r": ("r", None)}
    for i, (parent, layer) in enumerate(tree):
        nodes[f"n{i}"] = (layer, list(nodes)[parent % len(nodes)])
    return workflow(nodes)


@given(st.lists(st.tuples(st.integers(0, 99), st.sampled_from("ab")), max_size=9), st.data())
def test_what_is_drawn_claims_neither_more_nor_less_than_the_links(
    tree: list[tuple[int, str]], data: st.DataObject
) -> None:
    """Read as the legend says, the lines of any picture are exactly the links of its groups."""
    graph = grown(tree)
    groups = read_groups(graph)
    group = st.sampled_from(list(groups))
    links = data.draw(st.sets(st.tuples(group, group, st.just("sibling"))))
    graph.graph["group_links"] = links
    claimed = set()
    for (source, target, kind), whole in topmost(read_links(graph, groups), groups):
        below = under(groups[target]) if whole else [target]
        claimed.update((source, group, kind) for group in below)
    assert claimed == links


def under(group: Group) -> list[str]:
    """List a group and all below it."""
    return [group.id, *(name for below in group.below for name in under(below))]


def test_the_legend_shows_only_what_occurs() -> None:
    """Layers are explained, and peers and hidden names where there are some; a lone box is not."""
    assert "is given to" not in to_dot(small(), links="none")
    assert re.search(r'^  l\d+ \[label="pipeline"', to_dot(small(), links="none"), re.MULTILINE)
    assert "not to all below it" not in to_dot(small())
    assert "nearest" not in to_dot(small())
    assert "nearest" in to_dot(widgets())
    alone = workflow({"runner": ("runner", None)})
    assert "legend" not in to_dot(alone)


def test_the_legend_stands_below_the_root() -> None:
    """The picture comes first and what explains it last."""
    heights = {
        str(text.text).replace("\xa0", " "): float(text.get("y", "nan"))
        for text in ET.fromstring(render(to_dot(small()), "svg")).iter(f"{SVG}text")
    }
    assert heights["runner"] < heights["is the parent of"]


def test_peers_are_a_word_in_the_heading() -> None:
    """A group of several peers says so, a group of one does not."""
    dot = to_dot(small())
    assert 'label="component of train · peers"' in dot
    assert 'label="component of process"' in dot


def test_all_links_are_drawn_one_by_one_and_peers_once() -> None:
    """With all links there is a line for each edge, and one for each pair of peers."""
    graph = small()
    kinds = [kind for _, _, kind in graph.edges(data="kind")]
    lines = re.findall(r"^n\d+ -> n\d+ ", to_dot(graph, links="all"), re.MULTILINE)
    assert len(lines) == kinds.count("child") + kinds.count("sibling") + kinds.count("peer") / 2


@pytest.mark.parametrize("links", ["groups", "all", "none"])
def test_values_are_never_drawn(links: str) -> None:
    """No key and no value of a configuration is in a picture."""
    dot = to_dot(small(), links=links)
    assert "password" not in dot
    assert "sesame" not in dot


def test_every_layer_has_a_style() -> None:
    """Layers without a style of their own get different ones, in the order they appear."""
    styles = layer_styles(["runner", "étape", "2nd-stage", "étape"])
    assert list(styles) == ["runner", "étape", "2nd-stage"]
    assert styles["étape"] == layer_styles(["étape"])["étape"]
    many = layer_styles(str(number) for number in range(30)).values()
    assert len({(style.colour, style.shape, style.style) for style in many}) == 30
    (first, second, third, *_) = many
    assert len({first.brackets, second.brackets, third.brackets}) == 3


def test_every_kind_of_edge_is_told_apart_without_colour() -> None:
    """Kinds differ in line style or arrow heads, not in colour alone."""
    looks = {(style.style, style.arrowhead, style.arrowtail) for style in EDGES.values()}
    assert len(looks) == len(EDGES)


@pytest.mark.parametrize("links", ["groups", "all"])
def test_an_unknown_kind_of_edge_is_drawn_under_its_name(links: str) -> None:
    """A kind that has no row in the table is a grey line that the legend names."""
    graph = small()
    graph.add_edge("runner.process", "runner.train.data_splitter", kind="rumour")
    dot = to_dot(graph, links=links)
    grey = THEMES["light"].lines["other"]
    assert ">rumour<" in dot
    assert len([line for line in dot.splitlines() if "->" in line and grey in line]) == 1


def test_long_text_keeps_its_ends() -> None:
    """A long name is cut in the middle, where two of them differ least."""
    text = plain("first" + "x" * 500 + "last")
    assert len(text) <= LONGEST
    assert text.startswith("first")
    assert text.endswith("last")


def test_wide_characters_count_double() -> None:
    """Chinese text takes twice the room of English text."""
    assert columns("训练") == columns("four")


HOSTILE = st.one_of(
    st.sampled_from(
        [
            'a"b', "back\\slash", "end\\", "<b>bold</b>", "<<b>html</b>>", "\\N\\G\\L\\E", "]",
            '}; x [URL="javascript:alert(1)"', "two\nlines", "nul\0", "a & b", "100%", "--", "/*",
            "javascript:alert(1)", "<script>", "\ud800", "\u202eevil", "étape 训练 🚂", "x" * 5000,
            "", "&lt;b&gt;", "&#0;",
        ]
    ),
    st.text(max_size=30),
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.lists(HOSTILE, min_size=len(SMALL), max_size=len(SMALL)))
def test_hostile_text_is_text(names: list[str]) -> None:
    """Whatever names, classes and layers are, Graphviz draws each node once and links nowhere."""
    graph = small()
    layers = dict(zip(("runner", "component", "pipeline"), names, strict=False))
    for node, name in zip(graph.nodes.values(), names, strict=True):
        node.update(name=name, class_name=name, layer=layers[node["layer"]])
    svg = render(to_dot(graph), "svg").decode()
    drawn = [g for g in ET.fromstring(svg).iter(f"{SVG}g") if g.get("class") == "node integration"]
    assert len(drawn) == len(SMALL)
    elements = list(ET.fromstring(svg).iter())
    assert not {f"{SVG}a", f"{SVG}script", f"{SVG}image"} & {element.tag for element in elements}
    assert not [key for element in elements for key in element.attrib if "href" in key]


@pytest.mark.parametrize(
    "name", ['a"b', "back\\slash", "\\N", "<b>x</b>", "a & b", "R&D;", "]", "étape 训练", "end\\"]
)
def test_text_appears_as_written(name: str) -> None:
    """What a name says is what can be read in the picture."""
    graph = small()
    graph.nodes["runner.train"]["name"] = name
    svg = render(to_dot(graph), "svg")
    texts = [text.text for text in ET.fromstring(svg).iter(f"{SVG}text")]
    assert name in [str(text).replace("\xa0", " ") for text in texts]
