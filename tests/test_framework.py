"""The tree of layers: from a document, a graph or Python, and what is wrong with some."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import networkx as nx
import pytest

import lolpop_graph as lg
from lolpop_graph.model import Place

DEFAULT = {"runner": {"component": None, "pipeline": {"component": None}}}


def fault_of(tree: object) -> lg.Fault:
    """The one fault of a framework that is a tree, a graph, or the text of one."""
    read = lg.Framework.from_graph if isinstance(tree, nx.Graph) else lg.Framework.from_tree
    with pytest.raises(lg.WorkflowError) as caught:
        read(tree)
    (fault,) = caught.value.faults
    return fault


def fault_in(folder: Path, text: str) -> lg.Fault:
    """The one fault of a file with this framework."""
    file = folder / "workflow.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(lg.WorkflowError) as caught:
        lg.plan(file)
    (fault,) = caught.value.faults
    return fault


def test_the_default_is_the_one_of_the_document() -> None:
    """A workflow that names no framework has runner, component, pipeline and its component."""
    assert lg.Framework.default().as_tree() == DEFAULT
    assert lg.plan({}).framework == lg.Framework.from_tree(DEFAULT)


def test_a_tree_is_read_back() -> None:
    """Tree, graph and text are three views of the same layers, in the same order."""
    tree = {"z": {"b": {"z2": None, "a": None}, "a": {"b": {"a": None}}}}
    framework = lg.Framework.from_tree(tree)
    assert framework.as_tree() == tree
    assert lg.Framework.from_graph(framework.to_graph()).as_tree() == tree
    assert str(framework).splitlines() == ["z", "  b", "    z2", "    a", "  a", "    b", "      a"]
    assert framework.names() == {"z", "b", "z2", "a"}
    assert [layer.is_leaf for layer in framework.layers()] == [
        False, False, True, True, False, False, True,
    ]  # fmt: skip


def test_names_are_as_yaml_writes_them() -> None:
    """Keys that are no text are the text that a file would have for them."""
    framework = lg.Framework.from_tree({True: {None: {1: None, 0.5: {}}}})
    assert framework.as_tree() == {"true": {"null": {"1": None, "0.5": None}}}


@pytest.mark.parametrize("seed", range(50))
def test_random_trees_survive_graphs(seed: int) -> None:
    """A random tree is the same after it was a graph, and a graph of its own layers."""
    tree = {"root": random_tree(Random(seed), 4)}
    framework = lg.Framework.from_tree(tree)
    graph = framework.to_graph()
    assert nx.is_arborescence(graph)
    assert lg.Framework.from_graph(graph) == framework
    assert lg.Framework.from_tree(framework.as_tree()) == framework


def random_tree(rng: Random, levels: int) -> dict[str, Any] | None:
    """Up to three layers, each with a tree below it."""
    if not levels:
        return None
    names = rng.sample(["a", "b", "on", "7", "étape"], rng.randint(0, 3))
    return {name: random_tree(rng, levels - 1) for name in names} or None


def test_a_layer_with_two_parents_occurs_twice() -> None:
    """A graph that is no tree but has no cycle is spread out."""
    graph = nx.DiGraph([("r", "a"), ("r", "b"), ("a", "c"), ("b", "c"), ("c", "d")])
    framework = lg.Framework.from_graph(graph)
    assert framework.as_tree() == {"r": {"a": {"c": {"d": None}}, "b": {"c": {"d": None}}}}


def test_nodes_can_be_anything() -> None:
    """A node is named by its attribute, else by itself, and is never taken for another one."""
    graph = nx.DiGraph([(-1, -2), (-2, (3, 4))])
    graph.add_node((3, 4), name="leaf")
    assert lg.Framework.from_graph(graph).as_tree() == {"-1": {"-2": {"leaf": None}}}
    graph.add_node(-1, name="top")
    assert lg.Framework.from_graph(graph).as_tree() == {"top": {"-2": {"leaf": None}}}


@pytest.mark.parametrize("kind", [nx.Graph, nx.MultiGraph])
def test_graphs_without_direction_are_a_wrong_call(kind: type) -> None:
    """A graph that says nothing of up and down is no fault of a workflow."""
    with pytest.raises(TypeError, match="directed"):
        lg.Framework.from_graph(kind([("a", "b")]))


@pytest.mark.parametrize(
    ("edges", "steps"),
    [
        ([("r", "a"), ("a", "b"), ("b", "a")], "a -> b -> a"),
        ([("a", "b"), ("b", "c"), ("c", "a")], "a -> b -> c -> a"),
        ([("a", "a")], "a -> a"),
        ([("r", "a"), ("x", "y"), ("y", "x")], "x -> y -> x"),
        ([("leaf", "leaf2"), ("x", "y"), ("y", "x"), ("x", "leaf")], "x -> y -> x"),
    ],
)
def test_cycles_are_ordered_paths(edges: list[tuple[str, str]], steps: str) -> None:
    """A cycle is named from one of its layers round to it again, wherever it lies."""
    fault = fault_of(nx.DiGraph(edges))
    assert fault.code == "LG203"
    assert fault.sentence == f"the integration framework goes round in a circle: {steps}"


@pytest.mark.parametrize("seed", range(30))
def test_random_cycles_follow_the_edges(seed: int) -> None:
    """Each step of a reported cycle is an edge of the graph."""
    rng = Random(seed)
    graph = nx.gn_graph(12, seed=seed).reverse()
    nodes = rng.sample(sorted(graph.nodes), 4)
    nx.add_cycle(graph, nodes)
    fault = fault_of(graph)
    steps = [int(step) for step in fault.sentence.rpartition(": ")[2].split(" -> ")]
    assert steps[0] == steps[-1]
    assert all(graph.has_edge(*edge) for edge in pairwise(steps))


def test_all_roots_are_named() -> None:
    """A graph with several roots, or with nodes beside the tree, gets them all told."""
    graph = nx.DiGraph([("a", "b"), ("c", "d")])
    fault = fault_of(graph)
    assert fault.sentence == "the integration framework has 2 roots, `a` and `c`; one is allowed"
    graph.add_node("e")
    fault = fault_of(graph)
    assert fault.sentence == (
        "the integration framework has 3 roots, `a`, `c` and `e`; one is allowed"
    )


@pytest.mark.parametrize("tree", [None, {}, nx.DiGraph()])
def test_empty_frameworks_are_refused(tree: object) -> None:
    """No layer at all is a fault with a cure."""
    fault = fault_of(tree)
    assert fault.code == "LG201"
    assert fault.cure


@pytest.mark.parametrize("tree", ["runner", ["runner"], 5, 0.5, True, {"runner"}])
def test_what_is_no_mapping_is_refused(tree: object) -> None:
    """A framework that is a text or a list is a fault, at the top and below."""
    words = {
        str: "a text", list: "a list", int: "a number", float: "a number", bool: "true or false",
    }.get(type(tree), "a Python set")  # fmt: skip
    top, below = fault_of(tree), fault_of({"runner": {"component": tree}})
    assert (top.code, below.code) == ("LG107", "LG107")
    assert top.sentence == f"the integration framework must be a mapping and is {words}"
    assert below.sentence == f"the layer `component` must be a mapping and is {words}"


def test_names_that_are_taken_are_refused() -> None:
    """The document's own keys, the root's name below it, and twins are no layers."""
    twins = nx.DiGraph([("r", 1), ("r", 2)])
    nx.set_node_attributes(twins, {1: "same", 2: "same"}, "name")
    trees = [
        {"config": None}, {"r": {"config": None}}, {"r": {"a": {"integration_framework": None}}},
        {"r": {"r": None}}, {"r": {1: None, "1": None}}, twins,
    ]  # fmt: skip
    found = [fault_of(tree) for tree in trees]
    assert [fault.code for fault in found] == ["LG204"] * len(trees)
    needed = "that is a key that the document needs"
    root = "that is the root layer, whose class the document names under that key"
    beside = "that is another layer beside it"
    assert [fault.sentence.partition(": ")[2] for fault in found] == [
        needed, needed, needed, root, beside, beside,
    ]  # fmt: skip


def test_the_name_of_the_root_may_come_again_further_down() -> None:
    """Only directly below itself is the root's name taken."""
    tree = {"r": {"a": {"r": None}}}
    assert lg.Framework.from_tree(tree).as_tree() == tree


def test_trees_that_contain_themselves_are_refused() -> None:
    """A Python dictionary within itself is a cycle."""
    tree: dict[str, Any] = {"runner": {"component": {}}}
    tree["runner"]["component"]["widget"] = tree["runner"]
    assert fault_of(tree).sentence.endswith(": component -> widget -> component")


def test_size_and_depth_have_limits() -> None:
    """Frameworks that nobody could draw are refused."""
    wide = {"r": {f"l{number}": None for number in range(10_001)}}
    deep: dict[str, Any] = {}
    for number in range(150):
        deep = {f"l{number}": deep}
    bomb = nx.DiGraph((f"l{n}", f"{side}{n}") for n in range(40) for side in "ab")
    bomb.add_edges_from((f"{side}{n}", f"l{n + 1}") for n in range(40) for side in "ab")
    found = [fault_of(tree) for tree in (wide, deep, bomb)]
    assert {fault.code for fault in found} == {"LG106"}
    assert found[0].sentence == "the document has more than 10,000 layers"
    assert found[1].sentence == "the document has more than 100 levels of layers"


@pytest.mark.parametrize(
    "tree",
    [
        None, "runner", {"a": None, "b": None}, {"a": "b"}, {"r": {"config": None}},
        {"r": {f"l{number}": None for number in range(10_001)}},
    ],
)  # fmt: skip
def test_faults_of_a_tree_stand_where_the_caller_says(tree: object) -> None:
    """A tree from Python has the one place that it is given with."""
    place = Place("layers.py", 3, 1)
    with pytest.raises(lg.WorkflowError) as caught:
        lg.Framework.from_tree(tree, place)
    (fault,) = caught.value.faults
    assert str(fault.place) == "layers.py:3:1"


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("integration_framework:\n", "LG201", (1, 1)),
        ("config: {}\nintegration_framework: runner\n", "LG107", (2, 24)),
        ("integration_framework:\n  a:\n  b:\n", "LG202", (3, 3)),
        ("integration_framework: {a: {b: &b {c: *b}}}\n", "LG203", (1, 36)),
        ("integration_framework: {a: {b: x}}\n", "LG107", (1, 32)),
        ("integration_framework: {a: {config: }}\n", "LG204", (1, 29)),
    ],
)
def test_faults_in_files_have_exact_places(
    tmp_path: Path, text: str, code: str, place: tuple[int, int]
) -> None:
    """A fault of a framework stands at the layer that is to blame."""
    fault = fault_in(tmp_path, text)
    assert (fault.code, (fault.place.line, fault.place.column)) == (code, place)


def test_faults_in_overlays_show_the_overlay(tmp_path: Path) -> None:
    """A second root that an overlay brings is shown in the overlay."""
    lower, upper = tmp_path / "lower.yaml", tmp_path / "upper.yaml"
    lower.write_text("integration_framework: {a: {b: }}\n", encoding="utf-8")
    upper.write_text("integration_framework:\n  c: {}\n", encoding="utf-8")
    with pytest.raises(lg.WorkflowError) as caught:
        lg.plan(lower, upper)
    (fault,) = caught.value.faults
    assert (fault.code, fault.place.file, fault.place.line) == ("LG202", str(upper), 2)


def test_framework_and_references_are_reported_together(tmp_path: Path) -> None:
    """A bad framework does not keep bad references from being found."""
    file = tmp_path / "workflow.yaml"
    file.write_text("config: {x: $nowhere}\nintegration_framework: {}\n", encoding="utf-8")
    assert [fault.code for fault in lg.validate(file)] == ["LG401", "LG201"]


def test_calls_may_bring_a_framework() -> None:
    """A framework, a tree or a graph given to the call counts instead of the document's."""
    tree = {"app": {"part": None}}
    framework = lg.Framework.from_tree(tree)
    for given in (framework, tree, framework.to_graph()):
        plan = lg.plan({"part": {"a": "Toy"}}, framework=given)
        assert plan.order == ["app", "app.a"]


def test_equal_frameworks_are_equal() -> None:
    """Two frameworks with the same layers are equal, and others are not."""
    one, two = lg.Framework.from_tree(DEFAULT), lg.Framework.default()
    assert one == two
    assert hash(one) == hash(two)
    assert one != lg.Framework.from_tree({"runner": None})
    assert one != DEFAULT
