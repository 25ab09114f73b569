"""Folding: what is shown, what stands for what is not, and that nothing goes unsaid."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lolpop_graph as lg
from tests.test_visualize_dot import grown, link, small, widgets, workflow
from visualize import RenderError, View, to_dot
from visualize.fold import READABLE
from visualize.scene import Scene, read_scene

if TYPE_CHECKING:
    import networkx as nx


def boxes(scene: Scene) -> dict[str, list[str]]:
    """The paths in each box, by the id of its cluster."""
    return {
        cluster.id: [
            " ".join(member.path for column in box.columns for member in column)
            for box in cluster.boxes
        ]
        for cluster in scene.clusters
    }


def lines(scene: Scene) -> set[tuple[str, str, str]]:
    """The ends of each line, and its dash."""
    return {
        (*(end.box.id if end.box else end.cluster.id for end in line[:2]), line.style.style)
        for line in scene.lines
    }


def many(pipelines: int = 50, components: int = 20) -> nx.DiGraph:
    """Many similar pipelines, each with components of the same names and classes."""
    nodes: dict[str, tuple[str, str | None]] = {"r": ("runner", None), "r.log": ("component", "r")}
    nodes |= {f"r.p{i}": ("pipeline", "r") for i in range(pipelines)}
    for i in range(pipelines):
        nodes |= {f"r.p{i}.c{j}": ("component", f"r.p{i}") for j in range(components)}
    graph = workflow(nodes)
    graph.graph["group_links"] = [
        ("r/component", "r/pipeline", "sibling"),
        *[("r/component", f"r.p{i}/component", "sibling") for i in range(pipelines)],
        *[(f"r.p{i}/component",) * 2 + ("peer",) for i in range(pipelines)],
    ]
    return graph


def test_depth_is_how_many_levels_are_drawn() -> None:
    """Each level more shows what the one before counted."""
    one, two, three = (read_scene(small(), View(depth=depth)) for depth in (1, 2, 3))
    assert boxes(one) == {"runner": ["runner"]}
    (box,) = one.folded.boxes
    assert box.folded == {"component": 5, "pipeline": 2}
    assert list(boxes(two)) == ["runner", "runner/component", "runner/pipeline"]
    assert [box.folded for box in two.clusters[2].boxes] == [{"component": 1}, {"component": 2}]
    assert boxes(three) == boxes(read_scene(small(), View()))
    assert [scene.hidden for scene in (one, two, three)] == [7, 3, 0]


def test_a_collapsed_integration_stands_for_what_is_below_it() -> None:
    """Its box says what it folds, and only its own; lines to what is folded lead to the box."""
    graph = small()
    graph.remove_edge("runner.logger", "runner.process")
    graph.remove_edge("runner.metadata_tracker", "runner.process")
    for path in ("runner.logger", "runner.metadata_tracker"):
        graph.remove_edge(path, "runner.train")
    scene = read_scene(graph, View(collapse=["runner.train"]))
    assert "runner.process/component" in boxes(scene)
    assert "runner.train/component" not in boxes(scene)
    assert lines(scene) == {
        ("runner/component", "runner.train", "dashed"),
        ("runner/component", "runner.process/component", "solid"),
    }
    dot = to_dot(graph, collapse=["runner.train"])
    assert "train\\nMyPipeline\\n» 2 \N{MULTIPLICATION SIGN} component" in dot
    assert "folded: 2 of\\l8 integrations" in dot
    assert "of what is folded" in dot


def test_a_collapsed_group_is_one_box() -> None:
    """Its members are counted and named in one box, and what is below them is counted in it."""
    scene = read_scene(small(), View(collapse=["runner/pipeline"]))
    assert boxes(scene)["runner/pipeline"] == ["runner.process runner.train"]
    dot = to_dot(small(), collapse=["runner/pipeline"])
    assert "2 \N{MULTIPLICATION SIGN} pipeline\\nprocess, train\\n» 3" in dot
    assert scene.hidden == 5


def test_what_is_selected_is_drawn_with_what_leads_to_it() -> None:
    """The way down to it is muted, and everything else is counted."""
    only = {"runner.train.model_trainer", "runner.logger"}
    scene = read_scene(small(), View(only=only))
    assert boxes(scene) == {
        "runner": ["runner"],
        "runner/component": ["runner.logger"],
        "runner/pipeline": ["runner.train"],
        "runner.train/component": ["runner.train.model_trainer"],
    }
    assert [box.first.context for box in scene.folded.boxes] == [True, False, True, False]
    dot = to_dot(small(), only=only)
    assert 'label="component of train · peers · 1 of 2"' in dot
    assert "left out: 4 of\\l8 integrations" in dot


def test_nothing_selected_draws_nothing_and_says_so() -> None:
    """An empty selection is a picture of what is left out."""
    assert "left out: 8 of\\l8 integrations" in to_dot(small(), only=[])


@pytest.mark.parametrize("field", ["only", "collapse"])
def test_what_is_not_there_is_refused(field: str) -> None:
    """A path of nothing is an error, not a picture without it."""
    with pytest.raises(ValueError, match=r"'runner\.trian'"):
        to_dot(small(), **{field: ["runner.train", "runner.trian"]})


def test_similar_pipelines_are_drawn_once() -> None:
    """Fifty pipelines alike are one box with one group below it, and the picture says so."""
    scene = read_scene(many(), View())
    assert [len(cluster.boxes) for cluster in scene.clusters] == [1, 1, 1, 20]
    assert lines(scene) == {("r/component", "r/pipeline", "solid")}
    dot = to_dot(many())
    assert "p0, …, p49\\n50 \N{MULTIPLICATION SIGN} MyPipeline" in dot
    assert 'label="component of each of the 50 · peers"' in dot
    assert "folded: 1,050 of\\l1,052 integrations\\ldepth 3 shows them" in dot
    assert "folded" not in to_dot(many(), depth=3)


@pytest.mark.parametrize(
    ("path", "attribute", "value"),
    [
        ("r.p7", "class_name", "Other"),
        ("r.p7.c3", "class_name", "Other"),
        ("r.p7.c3", "name", "other"),
        ("r.p7.c3", "change", "changed"),
    ],
)
def test_what_differs_is_drawn_on_its_own(path: str, attribute: str, value: str) -> None:
    """One pipeline with another class, name or change within is not among those that are alike."""
    graph = many()
    graph.nodes[path][attribute] = value
    assert [len(c.boxes) for c in read_scene(graph, View()).clusters] == [1, 1, 2, 20, 20]


def test_what_is_linked_otherwise_is_drawn_on_its_own() -> None:
    """One pipeline whose components are given nothing is not among those that are alike."""
    graph = many()
    links = graph.graph["group_links"]
    links.remove(("r/component", "r.p7/component", "sibling"))
    scene = read_scene(graph, View())
    assert [len(cluster.boxes) for cluster in scene.clusters] == [1, 1, 2, 20, 20]
    assert lines(scene) == {
        ("r/component", "r/pipeline", "dashed"),
        ("r/component", "r.p0/component", "solid"),
    }


def test_a_group_of_thousands_is_drawn_by_class() -> None:
    """Where nothing is alike below, a large group is a few boxes and one for the rest."""
    graph = workflow({"r": ("r", None)} | {f"r.a{i}": ("a", "r") for i in range(2000)})
    for i in range(2000):
        graph.nodes[f"r.a{i}"]["class_name"] = f"C{i % 200}"
    scene = read_scene(graph, View())
    assert len(scene.clusters[1].boxes) == 40
    assert "1,610 \N{MULTIPLICATION SIGN} a" in to_dot(graph)
    assert scene.hidden == 2000


@pytest.mark.parametrize("wide", [2, 3, 9])
def test_every_shape_of_tree_is_folded_until_it_can_be_read(wide: int) -> None:
    """Deep or wide, and nowhere alike, a picture has no more boxes than can be read."""
    nodes: dict[str, tuple[str, str | None]] = {"r": ("l0", None)}
    level = ["r"]
    while len(nodes) < 2000:
        level = [f"{path}.n{i}" for path in level for i in range(wide)]
        depth = level[0].count(".")
        nodes |= {path: (f"l{depth}", path.rpartition(".")[0]) for path in level}
    graph = workflow(nodes)
    for path, data in graph.nodes(data=True):
        data["class_name"] = path
    scene = read_scene(graph, View())
    assert 1 < sum(1 for _ in scene.folded.boxes) <= READABLE


def counted(scene: Scene) -> int:
    """How many integrations the boxes stand for, with what they fold."""
    return sum(
        len(box.columns) * len(box.columns[0]) + sum(box.folded.values())
        for box in scene.folded.boxes
    )


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 99), st.sampled_from("ab")), max_size=14), st.data())
def test_folding_loses_neither_integrations_nor_links(
    tree: list[tuple[int, str]], data: st.DataObject
) -> None:
    """Each integration is in one box or counted by one, each link a line, a mark or in a box."""
    graph = grown(tree)
    groups = sorted({group for _, group in graph.nodes(data="group")})
    some = st.sampled_from(groups)
    links = data.draw(st.sets(st.tuples(some, some, st.sampled_from(["sibling", "peer"]))))
    graph.graph["group_links"] = links
    collapse = data.draw(st.sets(st.sampled_from([*graph, *groups]), max_size=3))
    depth = data.draw(st.none() | st.integers(1, 4))
    scene = read_scene(graph, View(collapse=collapse, depth=depth))
    assert counted(scene) == len(graph)
    drawn = {line[:2] for line in scene.lines}
    ends = scene.folded.ends
    for source, target, kind in links:
        one, other = ends[source], ends[target]
        is_inside = one.cluster is other.cluster and (one.box or other.box)
        above = {ends[source] for source in groups_above(graph, target)}
        assert (
            is_inside
            or one.cluster.id in scene.marks
            or kind == "peer"
            or any((one, end) in drawn for end in above)
        )
    to_dot(graph, collapse=collapse, depth=depth)


def groups_above(graph: nx.DiGraph, group: str) -> list[str]:
    """A group and those above it, up to the root's."""
    found = [group]
    while parent := parent_of(graph, found[-1]):
        found.append(graph.nodes[parent]["group"])
    return found


def parent_of(graph: nx.DiGraph, group: str) -> str | None:
    """The parent of a group's members."""
    return next(d["parent"] for _, d in graph.nodes(data=True) if d["group"] == group)


def test_millions_of_links_are_not_looked_at_one_by_one() -> None:
    """Who asks for each of 25 million links is told to ask for those of groups."""
    graph = lg.plan({"component": {f"c{number}": "C" for number in range(5000)}}).graph
    with pytest.raises(RenderError, match="--links groups"):
        to_dot(graph, links="all")
    assert "5,000 \N{MULTIPLICATION SIGN} C" in to_dot(graph)


def test_all_links_are_merged_between_boxes() -> None:
    """Drawn one by one, the links of what is folded are one line for each pair of boxes."""
    dot = to_dot(many(3, 2), links="all", depth=2)
    assert len(re.findall(r"^n\d+ -> n\d+ ", dot, re.MULTILINE)) == 4
    graph = widgets()
    link(graph, "runner/component", "runner.tracker/widget", "sibling")
    scene = read_scene(graph, View(links="all", depth=2))
    assert lines(scene) == {("runner.tracker", "runner.train", "solid")}
