"""Mermaid: the same picture as a flowchart, within what Mermaid draws, and hostile text as text."""

from __future__ import annotations

import re
from random import Random

import pytest

from tests.test_hostile_pictures import GRAPHS, graph_of
from tests.test_visualize_dot import partial, small, widgets, workflow
from tests.test_visualize_fold import many
from visualize import draw
from visualize.mermaid import MOST_CHARACTERS, MOST_EDGES
from visualize.view import THEME_NAMES

# The lines that are written, for lack of a parser of Mermaid in Python. What is written of hostile
# names was read by Mermaid 11 itself, in a browser, when this grammar was made.
LABEL = r'"(?:[^"<>`\\&;\[\]{}()|#\x00-\x1f]|[#]\d+;|<br/>)+"'
BOX = (
    rf"\w+(?:\[{LABEL}\]|\({LABEL}\)|>{LABEL}\]|\[/{LABEL}\\\]|\[\({LABEL}\)\]|\{{\{{{LABEL}\}}\}})"
)
LINE = r"(?:---|==>|-\.->|-\.-o|<-\.->|-->)"
GRAMMAR = re.compile(
    rf"""\s*(?:
        subgraph\ \w+\[{LABEL}\] | end | direction\ (?:LR|TB) | flowchart\ (?:LR|TB)
        | {BOX}:::\w+
        | \w+\ {LINE}(?:\|{LABEL}\|)?\ \w+
        | {BOX}:::words\ {LINE}\ {BOX}:::words
        | classDef\ \w+\ (?:[a-z-]+:[\#\w]+,?)+
        | class\ [\w,]+\ frame
        | linkStyle\ [\d,]+\ stroke:\#\w+,color:\#\w+
    )""",
    re.VERBOSE,
)


def lines_of(text: bytes) -> list[str]:
    """The lines of a flowchart, each of which the grammar above knows."""
    first, *lines = text.decode().splitlines()
    assert first == '%%{init: {"theme": "base"}}%%'
    assert [line for line in lines if not GRAMMAR.fullmatch(line)] == []
    return [line.strip() for line in lines]


def edges(lines: list[str]) -> list[str]:
    """The lines that are links."""
    return [line for line in lines if re.search(rf" {LINE}", line)]


def test_a_flowchart_has_boxes_frames_lines_and_a_legend() -> None:
    """Groups are frames that name what they are, linked with each other."""
    lines = lines_of(draw(small(), "mmd", direction="TB"))
    assert lines[0] == "flowchart TB"
    assert 'n0("runner<br/>MyRunner"):::root' in lines
    assert 'subgraph g1["component of runner · peers"]' in lines
    assert 'n1["metadata_tracker<br/>MyComponent"]:::layer1' in lines
    assert "g1 ==> g2" in lines
    assert "n0 --- g1" in lines
    assert 'k2("pipeline"):::layer2' in lines


@pytest.mark.parametrize("theme", THEME_NAMES)
@pytest.mark.parametrize("links", ["groups", "all", "none"])
def test_every_way_of_drawing_is_a_flowchart(links: str, theme: str) -> None:
    """Themes, links, selections and foldings give lines that the grammar knows."""
    for graph in (small(), widgets(), partial()):
        graph.nodes["runner.train"]["change"] = "added"
        graph.nodes["runner"]["change"] = "removed"
        graph.graph["changed_links"] = {
            ("runner/component", "runner/pipeline", "sibling"): "changed"
        }
        lines = lines_of(draw(graph, "mmd", links=links, theme=theme))
        assert (links == "groups") == any('|"#126;"|' in line for line in lines)
        lines_of(draw(graph, "mmd", links=links, depth=2, collapse=["runner/component"]))
        lines_of(draw(graph, "mmd", links=links, only=["runner.train"]))
        lines_of(draw(graph, "mmd", links=links, only=[]))


def test_markdown_has_the_same_in_a_fence() -> None:
    """What stands in the fence is what stands in the other file."""
    fenced = draw(small(), "md").decode()
    assert fenced == f"```mermaid\n{draw(small(), 'mmd').decode()}```\n"
    assert fenced.count("```") == 2


def test_lines_are_coloured_by_number() -> None:
    """Each line has the colour of its kind, also in the legend."""
    lines = lines_of(draw(small(), "mmd"))
    styled = [line for line in lines if line.startswith("linkStyle")]
    numbers = [int(n) for line in styled for n in line.split()[1].split(",")]
    assert sorted(numbers) == list(range(len(edges(lines))))
    given = [i for i, line in enumerate(edges(lines)) if "==>" in line]
    assert f"linkStyle {','.join(map(str, given))} stroke:#0072B2,color:#1F2933" in styled


@pytest.mark.parametrize("view", [{}, {"depth": 9}, {"links": "all", "depth": 9}])
def test_a_flowchart_is_folded_to_what_mermaid_draws(view: dict[str, object]) -> None:
    """However large the graph and whatever is asked for, Mermaid's limits hold, and it says so."""
    unlike = workflow({"r": ("r", None)} | {f"r.a{i}": ("a", "r") for i in range(3000)})
    for i, path in enumerate(unlike):
        unlike.nodes[path]["class_name"] = f"C{i}" * 12
    for graph in (unlike, many(600, 3)):
        text = draw(graph, "mmd", **view)
        assert len(text.decode()) <= MOST_CHARACTERS
        assert len(edges(lines_of(text))) <= MOST_EDGES
        assert b"folded: " in text
        assert (b"folded to what Mermaid draws" in text) == bool(view)


def test_hostile_names_are_text() -> None:
    """A thousand graphs' worth of quotes, tags, links and Mermaid's own words stay in labels."""
    for seed in range(GRAPHS):
        graph = graph_of(Random(seed))
        lines = lines_of(draw(graph, "mmd", depth=9, links=("groups", "all")[seed % 2]))
        assert sum(line.startswith("n") and ":::" in line for line in lines) == len(graph)
