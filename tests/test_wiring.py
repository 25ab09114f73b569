"""Random workflows, built by the library, are link by link what the oracle says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lolpop_graph as lg
from tests.oracle import Wiring, wire
from tests.toys import NAMES, Recorder, reachable
from tests.workflows import Workflow, random_workflow

if TYPE_CHECKING:
    from pathlib import Path

WORKFLOWS = 2_000
BATCHES = 20
ALGORITHM_STEP = 5
"""The algorithms of networkx are slow beside the rest: every fifth workflow is enough for them."""


@dataclass
class Case:
    """One workflow, what the library makes of it, and what it should have made."""

    workflow: Workflow
    expected: Wiring
    plan: Any

    @cached_property
    def built(self) -> Any:
        """The objects of the workflow, made when the first test asks for them."""
        return lg.build(self.workflow.document, classes=[Recorder])

    @property
    def graph(self) -> nx.DiGraph:
        """The graph under test."""
        return self.plan.graph


def make_case(seed: int) -> Case:
    """Plan the workflow of a seed, and ask the oracle about it."""
    workflow = random_workflow(seed)
    expected = wire(workflow.document, workflow.framework)
    return Case(workflow, expected, lg.plan(workflow.document, classes=[Recorder]))


@pytest.fixture(name="cases", scope="module", params=range(BATCHES))
def batch_of_cases(request: pytest.FixtureRequest) -> list[Case]:
    """A share of the workflows, made once for all tests of the share."""
    size = WORKFLOWS // BATCHES
    return [make_case(seed) for seed in range(request.param * size, (request.param + 1) * size)]


def objects_of(case: Case, names: dict[str, str]) -> dict[str, object]:
    """The objects that stand at the paths under these names."""
    return {name: case.built[path] for name, path in names.items()}


def identities(objects: dict[str, object]) -> dict[str, int]:
    """Which object each name holds, whatever `==` may mean to it."""
    return {name: id(held) for name, held in objects.items()}


def naive_graph(case: Case) -> nx.DiGraph:
    """A graph of the oracle's links, added one by one to the nodes of the plan."""
    graph = nx.DiGraph(**case.graph.graph)
    graph.add_nodes_from((path, case.graph.nodes[path]) for path in case.expected.order)
    for source, target, kind in case.expected.links:
        graph.add_edge(source, target, kind=kind)
    return graph


def test_attributes_are_the_oracles(cases: list[Case]) -> None:
    """Every name of the pool, on every object, is the object the oracle names, or nothing."""
    for case in cases:
        for path in case.expected.order:
            expected = identities(objects_of(case, case.expected.attributes(path)))
            integration = case.built[path]
            assert identities(reachable(integration)) == expected, (case.workflow.seed, path)
            assert {name for name in NAMES if hasattr(integration, name)} == set(expected)


def test_absent_names_raise_attribute_error(cases: list[Case]) -> None:
    """A name that is not wired is an AttributeError that names the attribute."""
    for case in cases:
        for path in case.expected.order:
            for name in set(NAMES) - set(case.expected.attributes(path)):
                with pytest.raises(AttributeError, match=name):
                    getattr(case.built[path], name)


def test_dir_lists_the_wired_names(cases: list[Case]) -> None:
    """`dir` knows the same names as `getattr`, each once."""
    for case in cases:
        for path in case.expected.order:
            listed = [name for name in dir(case.built[path]) if name in NAMES]
            assert listed == sorted(case.expected.attributes(path)), (case.workflow.seed, path)


def test_constructors_reach_what_they_are_given(cases: list[Case]) -> None:
    """In `__init__` an integration reaches exactly what it is given: no peer and no child."""
    for case in cases:
        for path in case.expected.order:
            given_objects = identities(objects_of(case, case.expected.given[path]))
            integration = case.built[path]
            assert identities(integration.got) == given_objects, (case.workflow.seed, path)
            assert integration.had == set(given_objects), (case.workflow.seed, path)


def test_no_integration_holds_itself(cases: list[Case]) -> None:
    """No attribute of an integration is that integration."""
    for case in cases:
        for path in case.expected.order:
            integration = case.built[path]
            assert all(held is not integration for held in reachable(integration).values())


def test_order_is_the_oracles(cases: list[Case]) -> None:
    """Paths come in the oracle's order, in the plan and on every further plan."""
    for case in cases:
        assert list(case.plan.order) == case.expected.order, case.workflow.seed
        again = lg.plan(case.workflow.document, classes=[Recorder])
        assert list(again.order) == case.expected.order


def test_objects_are_made_in_the_order_of_the_plan(cases: list[Case]) -> None:
    """The constructors run one after the other in the order that the plan announced."""
    for case in cases:
        serials = [case.built[path].serial for path in case.expected.order]
        assert serials == sorted(serials), case.workflow.seed


def test_order_is_the_sorted_topology(cases: list[Case]) -> None:
    """Ties of the `child` and `sibling` links are broken by the place in the document."""
    for case in cases:
        ordering = case.graph.edge_subgraph(
            (source, target)
            for source, target, kind in case.graph.edges(data="kind")
            if kind != "peer"
        )
        graph = nx.DiGraph(ordering)
        graph.add_nodes_from(case.graph)
        position = case.expected.position.__getitem__
        by_position = nx.lexicographical_topological_sort(graph, key=position)
        assert list(by_position) == list(case.plan.order), case.workflow.seed


def test_links_are_the_oracles(cases: list[Case]) -> None:
    """The edges of the plan, with their kinds, are the oracle's links, each once."""
    for case in cases:
        links = list(case.graph.edges(data="kind"))
        assert set(links) == case.expected.links, case.workflow.seed
        assert len(links) == len(case.expected.links)
        assert case.graph.number_of_edges() == case.graph.size() == len(links)


def test_graph_equals_one_built_edge_by_edge(cases: list[Case]) -> None:
    """No function of networkx tells the plan's graph from one of plain dictionaries."""
    for case in cases:
        naive = naive_graph(case)
        assert nx.utils.graphs_equal(naive, nx.DiGraph(case.graph)), case.workflow.seed
        assert nx.utils.edges_equal(naive.edges(data=True), case.graph.edges(data=True))
        assert nx.utils.nodes_equal(naive.nodes(data=True), case.graph.nodes(data=True))
        assert dict(case.graph.in_degree()) == dict(naive.in_degree())
        assert dict(case.graph.out_degree()) == dict(naive.out_degree())
        assert dict(case.graph.degree()) == dict(naive.degree())


def test_neighbours_are_those_of_the_naive_graph(cases: list[Case]) -> None:
    """Rows of the adjacency agree one by one, in both directions."""
    for case in cases:
        naive = naive_graph(case)
        for path in case.expected.order:
            assert set(case.graph.successors(path)) == set(naive.successors(path))
            assert set(case.graph.predecessors(path)) == set(naive.predecessors(path))
            assert dict(case.graph.adj[path]) == dict(naive.adj[path])
            assert dict(case.graph.pred[path]) == dict(naive.pred[path])
            assert case.graph.in_degree(path) == naive.in_degree(path)
            assert case.graph.out_degree(path) == naive.out_degree(path)
            assert len(case.graph.adj[path]) == len(naive.adj[path])


def test_has_edge_asks_for_every_pair(cases: list[Case]) -> None:
    """`has_edge` and `in` are right about every pair of nodes, linked or not."""
    for case in cases[::ALGORITHM_STEP]:
        naive = naive_graph(case)
        for source in naive:
            for target in naive:
                linked = naive.has_edge(source, target)
                assert case.graph.has_edge(source, target) is linked
                assert (target in case.graph.adj[source]) is linked
                assert (source in case.graph.pred[target]) is linked
                if linked:
                    assert case.graph.edges[source, target] == naive.edges[source, target]


def test_algorithms_agree_with_the_naive_graph(cases: list[Case]) -> None:
    """Algorithms of networkx give the same on the plan's graph as on plain dictionaries."""
    for case in cases[::ALGORITHM_STEP]:
        graph, naive = case.graph, naive_graph(case)
        root = case.expected.order[0]
        assert nx.descendants(graph, root) == nx.descendants(naive, root)
        assert nx.ancestors(graph, case.expected.order[-1]) == nx.ancestors(
            naive, case.expected.order[-1]
        )
        assert nx.is_directed_acyclic_graph(graph) is nx.is_directed_acyclic_graph(naive)
        strong = {frozenset(part) for part in nx.strongly_connected_components(graph)}
        assert strong == {frozenset(part) for part in nx.strongly_connected_components(naive)}
        lengths = nx.single_source_shortest_path_length
        assert dict(lengths(graph, root)) == dict(lengths(naive, root))


def test_views_agree_with_the_naive_graph(cases: list[Case]) -> None:
    """Views of the plan's graph hold the links that views of the naive graph hold."""
    same = nx.utils.edges_equal
    for case in cases[::ALGORITHM_STEP]:
        graph, naive = case.graph, naive_graph(case)
        half = case.expected.order[::2]
        assert same(graph.subgraph(half).edges(data=True), naive.subgraph(half).edges(data=True))
        assert same(graph.reverse(copy=False).edges(data=True), naive.reverse().edges(data=True))
        undirected = graph.to_undirected(as_view=True)
        assert set(map(frozenset, undirected.edges)) == set(map(frozenset, naive.edges))


def test_copies_agree_with_the_naive_graph(cases: list[Case]) -> None:
    """Copies and exports of the plan's graph hold the same links."""
    same = nx.utils.edges_equal
    for case in cases[::ALGORITHM_STEP]:
        graph, naive = case.graph, naive_graph(case)
        assert same(nx.DiGraph(graph).edges(data=True), naive.edges(data=True))
        assert same(graph.copy().edges(data=True), naive.edges(data=True))
        again = nx.node_link_graph(nx.node_link_data(graph, edges="links"), edges="links")
        assert same(again.edges(data=True), naive.edges(data=True))


def test_turned_copies_agree_with_the_naive_graph(cases: list[Case]) -> None:
    """Reversed, directed and undirected copies, which networkx makes by deep copies, agree."""
    same = nx.utils.edges_equal
    for case in cases[::ALGORITHM_STEP]:
        graph, naive = case.graph, naive_graph(case)
        assert same(graph.reverse().edges(data=True), naive.reverse().edges(data=True))
        assert same(graph.to_directed().edges(data=True), naive.edges(data=True))
        undirected = graph.to_undirected()
        assert set(map(frozenset, undirected.edges)) == set(map(frozenset, naive.edges))


def test_yaml_text_means_the_same_as_the_dictionary(cases: list[Case], tmp_path: Path) -> None:
    """A file with the same document gives the same order and the same links."""
    for case in cases:
        file = tmp_path / "workflow.yaml"
        file.write_text(case.workflow.text(), encoding="utf-8")
        plan = lg.plan(file, classes=[Recorder])
        assert list(plan.order) == case.expected.order, case.workflow.seed
        assert set(plan.graph.edges(data="kind")) == case.expected.links


def test_framework_may_come_as_an_object(cases: list[Case]) -> None:
    """`framework=` means the same as the key in the document."""
    for case in cases[::ALGORITHM_STEP]:
        document = dict(case.workflow.document)
        document.pop("integration_framework", None)
        framework = lg.Framework.from_tree(case.workflow.framework)
        plan = lg.plan(document, classes=[Recorder], framework=framework)
        assert list(plan.order) == case.expected.order, case.workflow.seed
        assert set(plan.graph.edges(data="kind")) == case.expected.links


@settings(max_examples=100, deadline=None, derandomize=True)
@given(seed=st.integers(min_value=WORKFLOWS, max_value=WORKFLOWS * 1_000))
def test_any_seed_plans_like_the_oracle(seed: int) -> None:
    """Seeds beyond the usual ones give no other answer."""
    workflow = random_workflow(seed)
    expected = wire(workflow.document, workflow.framework)
    plan = lg.plan(workflow.document, classes=[Recorder])
    assert list(plan.order) == expected.order
    assert set(plan.graph.edges(data="kind")) == expected.links


@pytest.mark.parametrize(
    ("text", "column"),
    [("runner: Nowhere", 9), ("runner: {app: Nowhere}", 15), ("runner: !!str Nowhere", 9)],
)
def test_the_roots_class_stands_where_it_is_written(tmp_path: Path, text: str, column: int) -> None:
    """What is wrong with the root's class is shown at the class, in both ways to write it."""
    file = tmp_path / "w.yaml"
    file.write_text(f"config: {{}}\n{text}\n", encoding="utf-8")
    (fault,) = lg.validate(file, find_classes=True)
    assert (fault.code, fault.place.line, fault.place.column) == ("LG501", 2, column)


def test_a_constructor_that_wants_a_peer_is_told_when_that_comes() -> None:
    """The peer is there, but later, and the cure is not to declare it once more."""

    class Wants:
        def __init__(self, tool: object) -> None:
            self.tool = tool

    conf = {"component": {"tool": "Tool", "it": "Wants"}}
    (fault,) = lg.validate(
        conf, classes=[Wants, type("Tool", (lg.BaseComponent,), {})], find_classes=True
    )
    assert fault.code == "LG508"
    assert "`runner.it` has `runner.tool` only after it was called" in fault.sentence
    assert "in a layer that comes before this one" in fault.cure
    for receiver in (Wants, type("Line", (lg.BasePipeline, Wants), {})):
        moved = {"component": {"tool": "Tool"}, "pipeline": {"it": receiver.__name__}}
        with lg.build(moved, classes=[receiver, type("Tool", (lg.BaseComponent,), {})]) as workflow:
            assert workflow["runner.it"].tool is workflow["runner.tool"]
