"""Graphs as data: what networkx reads back, and what can be drawn again from it."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from io import BytesIO
from random import Random
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest

import lolpop_graph as lg
from lolpop_graph.cli import main
from tests.test_hostile_pictures import graph_of
from tests.workflows import random_workflow
from visualize import ReadError, RenderError, draw, read_graph, to_dot
from visualize.graphml import as_written, legal

if TYPE_CHECKING:
    from pathlib import Path

WORKFLOWS = 200
DATA = ("json", "graphml")
CONF = {
    "component": {"tracker": "Tracker", "logger": "Logger"},
    "pipeline": {"train": "Train"},
    "train": {"component": {"model": "Model"}, "config": {"rate": 0.123456}},
    "tracker": {"config": {"folder": "/a/private/place", "password": "hunter2"}},
}


def as_data(graph: Any) -> tuple[Any, ...]:
    """What has to come back of a plan's graph: keys for configs, dictionaries for places."""
    nodes = {}
    for path, data in graph.nodes(data=True):
        nodes[path] = {**data, "config_keys": [*data["config"]], "source": data["source"].as_dict()}
        del nodes[path]["config"], nodes[path]["config_source"]
    links = [list(link) for link in graph.graph["group_links"]]
    edges = {(source, target): dict(data) for source, target, data in graph.edges(data=True)}
    return {"name": graph.graph["name"], "group_links": links}, nodes, edges


def links_of(graph: Any) -> dict[str, Any]:
    """What is written of a graph beside nodes and edges: its name, and links between groups."""
    kept = ("name", "group_links", "changed_links")
    return {key: graph.graph[key] for key in kept if key in graph.graph}


def found_in(graph: Any) -> tuple[Any, ...]:
    """The same of a graph that is read back."""
    edges = {(source, target): data for source, target, data in graph.edges(data=True)}
    return dict(graph.graph), dict(graph.nodes(data=True)), edges


def pictures(graph: Any) -> list[str]:
    """What is drawn of a graph, with each choice of links."""
    return [to_dot(graph, links=links) for links in ("groups", "all", "none")]


@pytest.mark.parametrize("seed", range(WORKFLOWS))
def test_networkx_reads_json_back_as_it_was(seed: int) -> None:
    """Nodes in order, their attributes, edges with their kinds and the graph's own are equal."""
    graph = lg.plan(random_workflow(seed).document).graph
    found = nx.node_link_graph(json.loads(draw(graph, "json")), edges="edges")
    assert type(found) is nx.DiGraph
    assert list(found) == list(graph)
    assert found_in(found) == as_data(graph)


@pytest.mark.parametrize("form", DATA)
def test_what_is_read_back_draws_the_same_pictures(form: str) -> None:
    """For each workflow and each choice of links, the DOT text is the same byte by byte."""
    for seed in range(WORKFLOWS):
        graph = lg.plan(random_workflow(seed).document).graph
        assert pictures(read_graph(draw(graph, form))) == pictures(graph)


@pytest.mark.parametrize("form", DATA)
def test_hostile_names_come_back_as_they_were(form: str) -> None:
    """Control characters, halves of characters and markup survive in ids and in attributes."""
    for seed in range(20):
        graph = graph_of(Random(seed))
        nx.relabel_nodes(graph, {"7": "7\0<&\"'\ud800\r\n\t\\u{41}\x85\uffff"}, copy=False)
        found = read_graph(draw(graph, form))
        assert dict(found.nodes(data=True)) == dict(graph.nodes(data=True))
        assert found.edges(data=True)._adjdict == graph.edges(data=True)._adjdict


def test_graphml_is_xml_whatever_the_names() -> None:
    """Each node and edge is one element, and networkx itself finds as many."""
    graph = graph_of(Random(3))
    content = draw(graph, "graphml")
    tags = [element.tag.rpartition("}")[2] for element in ET.fromstring(content).iter()]
    assert (tags.count("node"), tags.count("edge")) == (len(graph), len(graph.edges))
    found = nx.read_graphml(BytesIO(content))
    assert (len(found), len(found.edges)) == (len(graph), len(graph.edges))


def test_escapes_are_undone_one_by_one() -> None:
    """Each character of the basic plane, and what looks like an escape, comes back."""
    text = "".join(map(chr, range(0x10000))) + "\\u{41} \\u{5c} \\\\u{1} \\u \\{1}"
    assert as_written(legal(text)) == text
    assert legal("C:\\users\\u2\\{x}") == "C:\\users\\u2\\{x}"


def test_graphml_has_texts_and_numbers() -> None:
    """What networkx reads are texts and whole numbers; a place is spread over attributes."""
    graph = lg.plan("fixtures/quickstart/workflow.yaml").graph
    node = nx.read_graphml(BytesIO(draw(graph, "graphml"))).nodes["runner.train"]
    place = graph.nodes["runner.train"]["source"]
    assert (node["source_file"], node["source_line"], node["source_column"]) == (
        place.file, place.line, place.column,
    )  # fmt: skip
    assert json.loads(node["config_keys"]) == [*graph.nodes["runner.train"]["config"]]
    assert {type(value) for value in node.values()} == {str, int}


@pytest.mark.parametrize("form", DATA)
def test_no_value_and_no_object_is_written(form: str) -> None:
    """Of a built workflow the documented attributes are written, and of configs the keys."""
    names = ("Tracker", "Logger", "Train", "Model")
    classes = [type(name, (lg.BaseIntegration,), {}) for name in names]
    with lg.build(CONF, classes=classes) as workflow:
        content = draw(workflow.graph, form)
        found = read_graph(content)
    for private in (b"instance", b"private/place", b"hunter2", b"0x"):
        assert private not in content
    assert found.nodes["runner.tracker"]["config_keys"] == ["folder", "password"]
    assert {*found.nodes["runner"]} == {
        "name", "layer", "layer_path", "class_name", "group", "parent", "config_keys", "source",
    }  # fmt: skip


@pytest.mark.parametrize("form", DATA)
def test_fewer_links_are_written_where_fewer_are_wanted(form: str) -> None:
    """The tree with links between groups, or the tree alone, and the file says which."""
    graph = lg.plan(CONF).graph
    tree = {(u, v) for u, v, kind in graph.edges(data="kind") if kind == "child"}
    groups, none = (read_graph(draw(graph, form, links=links)) for links in ("groups", "none"))
    assert {*groups.edges} == {*none.edges} == tree
    assert groups.graph == {**links_of(graph), "links": "groups"}
    assert none.graph == {"name": "conf", "links": "none"}
    assert to_dot(groups) == to_dot(graph)


@pytest.mark.parametrize("form", DATA)
def test_a_part_is_written_with_what_is_above_it(form: str) -> None:
    """With `only` and `depth`, nodes are left out together with their links, one by one or not."""
    graph = lg.plan("fixtures/quickstart/workflow.yaml").graph
    part = read_graph(draw(graph, form, only=["runner.train.model_trainer", "runner.logger"]))
    assert list(part) == ["runner", "runner.logger", "runner.train", "runner.train.model_trainer"]
    assert {*part.edges} == {edge for edge in graph.edges if {*edge} <= {*part}}
    ids = set(dict(part.nodes(data="group")).values())
    assert part.graph["group_links"] == tuple(
        link for link in graph.graph["group_links"] if {*link[:2]} <= ids
    )
    top = read_graph(draw(graph, form, depth=2))
    assert {*top} == {path for path in graph if path.count(".") < 2}
    assert to_dot(top)
    with pytest.raises(ValueError, match=r"no node of the graph: 'runner\.x'"):
        draw(graph, form, only=["runner.x"])


@pytest.mark.parametrize("form", DATA)
def test_links_between_groups_are_derived_where_the_graph_has_none(form: str) -> None:
    """A graph of somebody's own draws the same picture after it was written for groups."""
    graph = nx.DiGraph(lg.plan(CONF).graph)
    del graph.graph["group_links"]
    assert to_dot(read_graph(draw(graph, form, links="groups"))) == to_dot(graph)


@pytest.mark.parametrize("form", DATA)
def test_changes_come_back(form: str) -> None:
    """What the graph of a comparison says of nodes, edges and links between groups is kept."""
    graph = nx.DiGraph(lg.plan(CONF).graph)
    graph.nodes["runner.train"]["change"] = "added"
    graph.edges["runner", "runner.train"]["change"] = "added"
    graph.graph["changed_links"] = {("runner/component", "runner/pipeline", "sibling"): "added"}
    found = read_graph(draw(graph, form))
    assert found.graph == links_of(graph)
    assert found.nodes["runner.train"]["change"] == "added"
    assert found.edges["runner", "runner.train"] == {"kind": "child", "change": "added"}


@pytest.mark.parametrize("form", DATA)
def test_too_many_links_are_refused_before_they_are_written(form: str) -> None:
    """Two millions of links are no file for a person's machine; those of groups are."""
    graph = lg.plan({"component": {f"part_{number}": "Part" for number in range(1_500)}}).graph
    with pytest.raises(RenderError, match=r"2,250,000 links, .*--links groups"):
        draw(graph, form)
    assert len(read_graph(draw(graph, form, links="groups"))) == 1_501


def test_a_file_is_read_by_its_path(tmp_path: Path) -> None:
    """A path as a text or as a Path, the content as a text or as bytes: all the same graph."""
    content = draw(lg.plan(CONF).graph, "json")
    path = tmp_path / "graph.json"
    path.write_bytes(content)
    graphs = [read_graph(source) for source in (path, str(path), content, content.decode())]
    assert all(found_in(graph) == found_in(graphs[0]) for graph in graphs)
    with pytest.raises(FileNotFoundError):
        read_graph(tmp_path / "missing.json")


@pytest.mark.parametrize(
    "content",
    [
        "{", "{}", '{"nodes": [], "edges": []}', "<", "<a/>", "<graphml/>", b"", b"\xff", b"{\xff}",
        '{"directed": true, "nodes": 1, "edges": []}',
        '{"directed": true, "nodes": [1], "edges": []}',
        '{"directed": true, "nodes": [{"id": [1]}], "edges": []}',
        '{"directed": true, "nodes": [{"id": "a"}, {"id": "a"}], "edges": []}',
        '{"directed": true, "nodes": [{"id": "a"}], "edges": [{"source": "a", "target": "b"}]}',
        '{"directed": true, "nodes": [], "edges": [], "graph": {"group_links": 1}}',
        '{"directed": true, "nodes": [], "edges": [], "graph": 1}',
        '{"a":' * 100_000,
        "<graphml><graph edgedefault='directed'><node id='\\u{999999}'/></graph></graphml>",
    ],
)  # fmt: skip
def test_what_is_no_graph_is_refused(content: str | bytes) -> None:
    """Whatever is wrong with a file, it is one error that says so."""
    with pytest.raises(ReadError):
        read_graph(content)


@pytest.mark.parametrize("form", DATA)
def test_draw_writes_data(form: str, tmp_path: Path) -> None:
    """The command writes every link into a file that ends so, and fewer where it is told to."""
    file = tmp_path / f"workflow.{form}"
    workflow = "fixtures/quickstart/workflow.yaml"
    assert main(["draw", workflow, "-o", str(file)]) == 0
    assert len(read_graph(file).edges) == len(lg.plan(workflow).graph.edges)
    assert main(["draw", workflow, "-o", str(file), "--links", "none"]) == 0
    assert len(read_graph(file).edges) == len(lg.plan(workflow).order) - 1
