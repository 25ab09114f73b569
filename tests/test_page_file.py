"""The text of the HTML page: hostile names stay text, and values stay out."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from random import Random
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest

import lolpop_graph as lg
from tests.browser import Opened, written
from tests.test_hostile_pictures import graph_of
from visualize import RenderError, draw

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

HOSTILE = (
    "<img src=x onerror=alert(1)>", "</script><script>alert(2)</script>", "<!--<script>", "]]>",
    "\"'`", "{data}{script}", "\u202egnp.exe", "a\u2028b\u2029c\u0000d", "x" * 3_000, "&lt;b&gt;",
    "__proto__", "constructor", "\ud800", "名前🎈",
)  # fmt: skip


def graph_with(names: tuple[str, ...]) -> nx.DiGraph:
    """A root with an integration for each name, which also is its class, and one of each layer."""
    graph = nx.DiGraph(name=names[0])
    common = {"config": {}, "source": None}
    graph.add_node("r", name="r", layer="r", layer_path="r", class_name=None, parent=None,
                   group="r", **common)  # fmt: skip
    for i, name in enumerate(names):
        own = {"name": name, "layer": name, "class_name": name, "config": {name: "value"}}
        graph.add_node(f"r.{name}", **own, layer_path=f"r/{i}", parent="r", group=f"r/{name}")
        graph.add_edge("r", f"r.{name}", kind="child")
    return graph


class Parts(HTMLParser):
    """The elements of a page, and the text of its scripts."""

    def __init__(self, page: str) -> None:
        """Read a page."""
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        """Note a text within a script."""
        if self.tags and self.tags[-1] == "script":
            self.texts.append(data)


def test_markup_in_names_adds_no_element() -> None:
    """The elements are the same whatever the names are, and the data reads as it was."""
    tame = Parts(draw(graph_with(("a",)), "html").decode())
    wild = Parts(draw(graph_with(HOSTILE), "html").decode())
    assert wild.tags == tame.tags
    data = json.loads(max(wild.texts, key=lambda text: text.startswith("{")))
    assert [node[0] for node in data["nodes"][1:]] == [*HOSTILE]


def test_nothing_is_inline_or_from_elsewhere() -> None:
    """No handler, style or address of another page stands in the markup."""
    page = draw(graph_with(("a",)), "html").decode()
    attributes = Parts(page).attributes
    assert not [
        name for name, _ in attributes if name.startswith("on") or name in {"style", "src", "href"}
    ]
    assert not re.findall(r"https?://(?!www\.w3\.org/2000/svg)", page)
    (policy,) = [
        value for name, value in attributes if name == "content" and "default-src" in (value or "")
    ]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_the_same_graph_gives_the_same_page() -> None:
    """Nothing in a page depends on when or where it was made."""
    assert draw(graph_with(HOSTILE), "html") == draw(graph_with(HOSTILE), "html")


def test_no_value_is_in_it() -> None:
    """Neither values of a config nor secrets get into a page, wherever they are set."""
    conf = {
        "component": {"a": "A", "config": {"b": "value-one"}},
        "a": {"config": {"password": "value-two", "deep": {"key": ["value-three"]}}},
        "config": {"c": "value-four", "place": {"file": "value-five", "line": 1, "column": 2}},
    }
    for graph in (lg.plan(conf).graph, nx.DiGraph(lg.plan(conf).graph), _without_places(conf)):
        assert "value-" not in draw(graph, "html").decode()


def _without_places(conf: Any) -> nx.DiGraph:
    graph = nx.DiGraph(lg.plan(conf).graph)
    for _, data in graph.nodes(data=True):
        del data["config_source"]
    return graph


def test_hostile_names_stay_text(browser: Browser, tmp_path: Path) -> None:
    """In the picture, the tree, the details and the search they are shown as they are written."""
    window = Opened(browser, written(graph_with(HOSTILE), tmp_path))
    window.page.evaluate("() => { window.alert = () => { document.title = 'ran' } }")
    window.page.fill("#query", "r.")
    for _ in HOSTILE:
        window.press("Enter")
        assert window.page.locator("#panel h2").count() == 1
    assert window.page.title() != "ran"
    assert window.page.locator("img, #tree script, #panel script").count() == 0
    window.page.fill("#query", "<img")
    window.press("Enter")
    assert window.page.inner_text("#panel h2") == HOSTILE[0]
    window.page.fill("#query", "gnp")
    window.press("Enter")
    assert window.page.inner_text("#panel h2") == "\ufffdgnp.exe"
    window.close()


@pytest.mark.parametrize("seed", range(3))
def test_random_hostile_graphs_open(seed: int, browser: Browser, tmp_path: Path) -> None:
    """Whatever names, classes and layers are, all integrations are in the tree."""
    graph = graph_of(Random(seed))
    window = Opened(browser, written(graph, tmp_path))
    window.page.select_option("#level", "all")
    window.settle()
    assert f"{len(graph)} integrations shown" in window.said()
    window.close()


def test_a_graph_that_was_read_back_is_drawn(tmp_path: Path) -> None:
    """A page can be made of what was written as JSON, with keys and places."""
    from visualize import read_graph  # noqa: PLC0415 - for this test alone

    conf = tmp_path / "workflow.yaml"
    conf.write_text("component: {a: A}\na: {config: {rate: 1}}\n", encoding="utf-8")
    page = draw(read_graph(draw(lg.plan(conf).graph, "json")), "html").decode()
    assert all(text in page for text in ('"rate"', '"A"', "workflow.yaml"))


def test_an_unknown_path_is_refused() -> None:
    """A view that names what is not there is an error and no empty page."""
    with pytest.raises(ValueError, match="nobody"):
        draw(graph_with(("a",)), "html", only=["nobody"])


def test_without_graphviz_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Positions come from Graphviz; what Graphviz lacks is told as for any picture."""
    monkeypatch.setattr("visualize.page.layout.render", _missing)
    with pytest.raises(RenderError):
        draw(graph_with(("a",)), "html")


def _missing(*_: object) -> bytes:
    raise RenderError("no Graphviz was found to draw with")
