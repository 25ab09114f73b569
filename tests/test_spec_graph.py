"""The graph that a plan is: what nodes and edges tell, and what may not be done to it."""

from __future__ import annotations

import copy
import pickle
import sys
from typing import TYPE_CHECKING

import networkx as nx
import pytest

import lolpop_graph as lg
from tests.workflows import Desk, links

if TYPE_CHECKING:
    from pathlib import Path

TEXT = """\
component: {alpha: Toy, beta: Toy}
pipeline:
  gamma: OtherToy
gamma:
  component: {delta: Toy}
  config: {metric: f1}
"""


@pytest.fixture(name="plan")
def plan_of_the_text(tmp_path: Path) -> lg.Plan:
    """The plan of a small workflow."""
    return Desk(tmp_path).plan(TEXT)


def test_nodes_tell_what_they_are(plan: lg.Plan) -> None:
    """A node has its name, layer, class, config, group, parent and place."""
    node = plan.graph.nodes["runner.gamma"]
    assert (node["name"], node["layer"], node["layer_path"]) == (
        "gamma",
        "pipeline",
        "runner/pipeline",
    )
    assert (node["class_name"], dict(node["config"])) == ("OtherToy", {"metric": "f1"})
    assert (node["parent"], plan.graph.nodes["runner"]["parent"]) == ("runner", None)
    assert node["source"].line == 3
    assert node["source"].file.endswith("workflow.yaml")


def test_groups_are_told_apart(plan: lg.Plan) -> None:
    """Integrations of one section share a group, those of other sections have their own."""
    group = plan.graph.nodes(data="group")
    assert group["runner.alpha"] == group["runner.beta"]
    assert group["runner.alpha"] != group["runner.gamma.delta"]


def test_kinds_of_links(plan: lg.Plan) -> None:
    """Parents point to children, the injected to their receivers, and peers to each other."""
    assert links(plan, "peer") == {
        ("runner.alpha", "runner.beta"),
        ("runner.beta", "runner.alpha"),
    }
    assert ("runner.gamma", "runner.gamma.delta") in links(plan, "child")
    assert ("runner.alpha", "runner.gamma.delta") in links(plan, "sibling")


def test_construction_is_acyclic_and_peers_are_not(plan: lg.Plan) -> None:
    """Without the peers the graph is a DAG in which the order is topological."""
    ordering = nx.DiGraph([*links(plan, "child"), *links(plan, "sibling")])
    place = {path: number for number, path in enumerate(plan.order)}
    assert nx.is_directed_acyclic_graph(ordering)
    assert all(place[source] < place[target] for source, target in ordering.edges)
    assert not nx.is_directed_acyclic_graph(plan.graph)


def test_planning_imports_no_class(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The graph is complete although the module of its class would end the process."""
    (tmp_path / "deadly_module.py").write_text("raise SystemExit(13)\n")
    monkeypatch.syspath_prepend(tmp_path)
    graph = lg.plan({"component": {"alpha": "deadly_module:Toy"}}).graph
    assert graph.nodes["runner.alpha"]["class_name"] == "deadly_module:Toy"
    assert "deadly_module" not in sys.modules


def test_graph_refuses_changes(plan: lg.Plan) -> None:
    """Nodes and edges can be neither added nor removed."""
    with pytest.raises(nx.NetworkXError):
        plan.graph.add_edge("runner", "runner.new")
    with pytest.raises(nx.NetworkXError):
        plan.graph.remove_node("runner.alpha")


def test_writing_an_attribute_is_not_lost_silently(plan: lg.Plan) -> None:
    """Setting an attribute of a node is refused, or it stays."""
    try:
        plan.graph.nodes["runner"]["colour"] = "red"
    except (TypeError, AttributeError, nx.NetworkXError):
        return
    assert plan.graph.nodes["runner"]["colour"] == "red"


def test_copies_can_be_changed(plan: lg.Plan) -> None:
    """A plain DiGraph made of it is its owner's."""
    graph = nx.DiGraph(plan.graph)
    graph.add_edge("runner", "runner.new", kind="child")
    graph.nodes["runner"]["colour"] = "red"
    graph.edges["runner", "runner.alpha"]["weight"] = 3
    assert "runner.new" not in plan.graph
    assert "weight" not in plan.graph.edges["runner", "runner.alpha"]


def test_graph_can_be_pickled(plan: lg.Plan) -> None:
    """A graph survives a trip to another process."""
    again = pickle.loads(pickle.dumps(plan.graph))
    assert nx.utils.edges_equal(again.edges(data=True), plan.graph.edges(data=True))


def test_graph_can_be_copied_deeply(plan: lg.Plan) -> None:
    """A deep copy has the same links."""
    again = copy.deepcopy(plan.graph)
    assert nx.utils.edges_equal(again.edges(data=True), plan.graph.edges(data=True))


def test_algorithm_that_turns_the_graph(plan: lg.Plan) -> None:
    """Centrality, which reverses the graph on its way, gives what a plain copy gives."""
    assert nx.closeness_centrality(plan.graph) == nx.closeness_centrality(nx.DiGraph(plan.graph))


def test_framework_from_a_graph() -> None:
    """A framework given as a graph is the one that the tree would be."""
    tree = nx.DiGraph([("lab", "desk"), ("lab", "shelf"), ("shelf", "box")])
    conf = {"desk": {"a": "Toy"}, "shelf": {"b": "Toy"}, "b": {"box": {"c": "Toy"}}}
    plan = lg.plan(conf, framework=lg.Framework.from_graph(tree))
    assert list(plan.order) == ["lab", "lab.a", "lab.b", "lab.b.c"]
    assert links(plan, "sibling") == {("lab.a", "lab.b"), ("lab.a", "lab.b.c")}


def test_framework_with_a_cycle() -> None:
    """A cycle is named as an ordered path that ends where it begins."""
    graph = nx.DiGraph([("lab", "desk"), ("desk", "shelf"), ("shelf", "box"), ("box", "desk")])
    with pytest.raises(lg.WorkflowError) as caught:
        lg.Framework.from_graph(graph)
    assert _steps(caught.value) in [
        ["desk", "shelf", "box", "desk"],
        ["shelf", "box", "desk", "shelf"],
        ["box", "desk", "shelf", "box"],
    ]


def test_framework_with_several_roots() -> None:
    """All roots are named."""
    with pytest.raises(lg.WorkflowError) as caught:
        lg.Framework.from_graph(nx.DiGraph([("lab", "desk"), ("shop", "till"), ("bar", "stool")]))
    text = str(caught.value)
    assert all(root in text for root in ("lab", "shop", "bar"))
    assert "till" not in text


def test_framework_of_nothing() -> None:
    """A framework without a layer has no root."""
    with pytest.raises(lg.WorkflowError):
        lg.Framework.from_graph(nx.DiGraph())


def test_framework_that_contains_itself(tmp_path: Path) -> None:
    """A YAML alias to a layer around it is refused, and does not hang."""
    with pytest.raises(lg.WorkflowError):
        Desk(tmp_path).plan("integration_framework: {runner: &r {pipeline: *r}}\n")


def test_framework_with_a_shared_part(tmp_path: Path) -> None:
    """A YAML alias to a finished part stands for that part at both places."""
    plan = Desk(tmp_path).plan(
        "integration_framework: {runner: {left: &b {box: }, right: *b}}\n"
        "left: {x: Toy}\nright: {y: Toy}\nx: {box: {alpha: Toy}}\ny: {box: {beta: Toy}}\n"
    )
    assert list(plan.order) == ["runner", "runner.x", "runner.x.alpha", "runner.y", "runner.y.beta"]


def _steps(error: lg.WorkflowError) -> list[str]:
    sentence = error.faults[0].sentence
    words = [word.strip("`,.:;()\"'") for word in sentence.replace("→", " ").split()]
    return [word for word in words if word in {"lab", "desk", "shelf", "box"}]
