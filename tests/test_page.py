"""The HTML page as it is clicked through in a browser, at 21, 143 and 2,011 integrations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest
from axe_playwright_python.sync_playwright import Axe

import lolpop_graph as lg
from benchmarks.workload import Size, document
from tests.browser import Opened, written
from visualize.style import SIGNS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SIZES = {21: Size(5, 3, 4), 143: Size(10, 12, 10), 2_011: Size(30, 36, 54)}
HIDING = {
    "component": {"tracker": "Tracker", "logger": "Logger", "config": {"level": "info"}},
    "pipeline": {"train": "Train", "config": {"pass_integration_to_siblings": False}},
    "train": {
        "component": {"tracker": "Nearer", "model": "Model"},
        "config": {"metric": "f1", "Level": "debug"},
        "model": {"config": {"metric": "auc", "password": "hunter2"}},
    },
    "config": {"metric": "r2", "target": "churned"},
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[int, tuple[Path, Any]]:
    """The page and the graph of each size."""
    made = {}
    for number, size in SIZES.items():
        folder = tmp_path_factory.mktemp(str(number))
        conf = folder / "workflow.yaml"
        conf.write_text(document(size), encoding="utf-8")
        graph = lg.plan(conf).graph
        made[number] = written(graph, folder), graph
    return made


@pytest.fixture
def opened(
    browser: Browser, files: dict[int, tuple[Path, Any]], tmp_path: Path
) -> Iterator[Callable[..., Opened]]:
    """Opens the page of a size or of a graph; in the end nothing may have gone wrong in it."""
    windows = []

    def of(what: Any, view: dict[str, Any] | None = None, **options: Any) -> Opened:
        file = files[what][0] if isinstance(what, int) else written(what, tmp_path, **view or {})
        windows.append(Opened(browser, file, **options))
        return windows[-1]

    yield of
    for window in windows:
        window.close()


# Opening ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", SIZES)
def test_it_opens_from_the_disk(number: int, opened: Callable[..., Opened]) -> None:
    """Without a network it says what the workflow is, and shows as many boxes as can be read."""
    window = opened(number)
    assert window.page.inner_text("#title") == "workflow.yaml"
    assert window.page.inner_text("#counts").startswith(f"{number:,} integrations")
    assert 21 <= len(window.names()) <= 150
    assert window.page.locator("#boxes .group").count() >= 3


def test_everything_is_small_and_can_be_unfolded(
    files: dict[int, tuple[Path, Any]], opened: Callable[..., Opened]
) -> None:
    """2,011 integrations are less than 1.5 MB, and all of them can be on one picture."""
    assert files[2_011][0].stat().st_size < 1_500_000
    window = opened(2_011)
    window.page.select_option("#level", "all")
    window.settle()
    assert "2,011 integrations shown" in window.said()
    assert (
        window.page.locator("#boxes .group.far").count()
        == len(window.page.locator("#boxes .afar").all())
        == 39
    )


def test_a_policy_lets_nothing_else_run(opened: Callable[..., Opened]) -> None:
    """A script, a style or a picture that is added to the page is refused."""
    window = opened(21)
    window.page.evaluate(
        """() => {
            const script = document.createElement("script");
            try { script.text = "document.title = 'run'"; } catch { }
            document.body.append(script);
            const image = new Image(); image.src = "data:image/gif;base64,R0lGODlhAQABAAAAACw=";
            document.body.append(image);
        }"""
    )
    window.settle()
    assert window.page.title() != "run"
    assert any("Content Security Policy" in text for text in window.wrong)
    window.wrong.clear()


# The picture --------------------------------------------------------------------------------------


def middle(window: Opened) -> tuple[float, float]:
    """The middle of the picture."""
    box = window.page.locator("#picture").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def eye(window: Opened) -> tuple[float, float, float]:
    """Where the window onto the picture is: x, y and scale."""
    return tuple(
        window.page.evaluate(
            """() => {
                const { baseVal } = document.getElementById("world").transform;
                const { e, f, a } = baseVal.consolidate().matrix;
                return [e, f, a];
            }"""
        )
    )


def test_dragging_moves_it(opened: Callable[..., Opened]) -> None:
    """The picture goes with the pointer, and letting go selects nothing."""
    window = opened(21)
    x, y = middle(window)
    before = eye(window)
    window.page.mouse.move(x, y)
    window.page.mouse.down()
    window.page.mouse.move(x + 120, y - 70, steps=4)
    window.page.mouse.up()
    after = eye(window)
    assert after == pytest.approx((before[0] + 120, before[1] - 70, before[2]), rel=1e-3)
    assert window.page.locator("#panel").is_hidden()


def test_the_wheel_zooms_about_the_pointer(opened: Callable[..., Opened]) -> None:
    """What is under the pointer stays there."""
    window = opened(21)
    box = window.node("tool_3")
    spot = box.bounding_box()
    window.page.mouse.move(spot["x"], spot["y"])
    window.page.mouse.wheel(0, -300)
    window.settle()
    grown = box.bounding_box()
    assert grown["width"] > 1.3 * spot["width"]
    assert (grown["x"], grown["y"]) == pytest.approx((spot["x"], spot["y"]), abs=3)


def test_buttons_and_keys_zoom(opened: Callable[..., Opened]) -> None:
    """Both ways in and out, and back to all of it; arrows move the picture."""
    window = opened(143)
    first = eye(window)
    window.page.click("#zoom-in")
    window.press("+")
    assert eye(window)[2] == pytest.approx(first[2] * 1.3**2, rel=1e-3)
    window.page.click("#zoom-out")
    window.press("-")
    assert eye(window) == pytest.approx(first, rel=1e-3, abs=0.1)
    window.page.focus("#picture")
    window.press("ArrowRight", "ArrowDown")
    assert eye(window)[:2] == pytest.approx((first[0] - 80, first[1] - 80), abs=0.1)
    window.page.click("#zoom-fit")
    assert eye(window) == pytest.approx(first, rel=1e-3, abs=0.1)


@pytest.mark.parametrize("direction", ["LR", "TB"])
def test_nothing_overlaps(direction: str, opened: Callable[..., Opened]) -> None:
    """Whatever is folded, no two groups overlap, and everything fits in the window."""
    graph = lg.plan(HIDING).graph
    window = opened(graph, {"direction": direction})
    for state in (
        "",
        "level=none",
        "level=1",
        "g=runner.train%2Fcomponent",
        "g=runner%2Fcomponent",
    ):
        window.go(state)
        window.page.click("#zoom-fit")
        window.settle()
        boxes = [each.bounding_box() for each in window.page.locator("#boxes .group").all()]
        area = window.page.locator("#picture").bounding_box()
        for i, one in enumerate(boxes):
            assert area["x"] <= one["x"]
            assert one["x"] + one["width"] <= area["x"] + area["width"]
            for other in boxes[:i]:
                apart_x = (
                    one["x"] >= other["x"] + other["width"] or other["x"] >= one["x"] + one["width"]
                )
                apart_y = (
                    one["y"] >= other["y"] + other["height"]
                    or other["y"] >= one["y"] + one["height"]
                )
                assert apart_x or apart_y


def test_unfolding_goes_to_what_is_unfolded(opened: Callable[..., Opened]) -> None:
    """What a click unfolds is in the window, and so is where it was clicked."""
    window = opened(2_011)
    window.node("line_30").locator(".badge").click()
    window.settle()
    area = window.page.locator("#picture").bounding_box()
    for seen in (window.node("line_30"), window.node("part_0"), window.node("part_53")):
        box = seen.bounding_box()
        assert area["x"] <= box["x"] <= area["x"] + area["width"] - box["width"]
        assert area["y"] <= box["y"] <= area["y"] + area["height"] - box["height"]


# Folding ------------------------------------------------------------------------------------------


def test_a_group_folds_at_a_click(opened: Callable[..., Opened]) -> None:
    """A folded group is a small box with a count; a click brings its members back."""
    window = opened(21)
    heading = window.group("component of line_1").locator(".heading")
    assert window.node("part_0").count() == 3
    heading.click()
    window.settle()
    assert window.node("part_0").count() == 2
    folded = window.group("component of line_1")
    assert folded.locator(".count").text_content() == "4"
    folded.locator(".heading").click()
    window.settle()
    assert window.node("part_0").count() == 3


def test_what_is_below_an_integration_folds(opened: Callable[..., Opened]) -> None:
    """The sign in its box hides its groups; its box says how many integrations that are."""
    window = opened(21)
    window.node("line_1").locator(".badge").click()
    window.settle()
    assert window.group("component of line_1").count() == 0
    assert window.node("line_1").locator(".below").text_content() == "4"
    window.node("line_1").locator(".badge").click()
    window.settle()
    assert window.group("component of line_1").count() == 1


def test_folding_keeps_the_order(opened: Callable[..., Opened]) -> None:
    """What stays is where it was, or nearer to the rest, and in the same order."""
    window = opened(21)
    titles = [f"component of line_{i}" for i in range(3)]
    window.group(titles[1]).locator(".heading").click()
    window.settle()
    tops = [window.group(title).bounding_box()["y"] for title in titles]
    assert tops == sorted(tops)


def test_folding_to_a_level(opened: Callable[..., Opened]) -> None:
    """Nothing, one level, two, everything, and what the page begins with."""
    window = opened(143)
    shown = {}
    for level in ("none", "1", "2", "all", "auto"):
        window.page.select_option("#level", level)
        window.settle()
        shown[level] = int(window.said().split(" ")[0])
    assert shown == {"none": 1, "1": 1, "2": 23, "all": 143, "auto": 143}
    window.press("Shift+F")
    assert window.names() == ["runner"]


def test_a_view_says_what_it_begins_with(opened: Callable[..., Opened]) -> None:
    """Depth, collapsed parts, links and theme are those of the view, and so is what is there."""
    graph = lg.plan(HIDING).graph
    window = opened(graph, {"depth": 2, "links": "none", "theme": "dark"})
    assert sorted(window.names()) == ["logger", "runner", "tracker", "train"]
    assert window.page.locator("#lines .k1").count() == 0
    assert window.page.get_attribute("html", "data-theme") == "dark"
    window = opened(graph, {"collapse": ["runner/component"]})
    assert window.group("component of runner").locator(".count").text_content() == "2"
    assert window.node("model").count() == 1
    window = opened(graph, {"only": ["runner.train.model"]})
    assert sorted(window.names()) == ["model", "runner", "train"]
    window.go("at=runner.train.model")
    assert "a part of the workflow" in window.page.inner_text("#panel > .note")


def test_changes_are_told_by_a_sign(opened: Callable[..., Opened]) -> None:
    """The graph of a comparison shows what was added, changed and no longer given."""
    graph = nx.DiGraph(lg.plan(HIDING).graph)
    graph.nodes["runner.logger"]["change"] = "added"
    graph.nodes["runner.train"]["change"] = "changed"
    link = ("runner/component", "runner/pipeline", "sibling")
    graph.graph["changed_links"] = {link: "removed"}
    window = opened(graph)
    assert {"+ logger", "~ train", "tracker"} <= set(window.names())
    assert window.page.locator("#lines .k1.removed").count() == 1
    rows = window.page.locator("#changes p").all_inner_texts()
    assert [" ".join(row.split()) for row in rows] == [
        "+ added 1",
        f"{SIGNS['removed']} removed 0",
        "~ changed 1",
    ]
    window.go("at=runner.logger")
    assert "added" in window.page.inner_text("#panel .facts")


def test_a_comparison_counts_no_links(opened: Callable[..., Opened]) -> None:
    """It has the links of two workflows, which are not counted even where none of them changed."""
    old, new = (lg.plan(HIDING, overrides={"config.metric": value}) for value in ("r2", "mae"))
    window = opened(old.diff(new).graph())
    assert window.page.inner_text("#counts") == "6 integrations · 4 groups"


def test_the_root_is_turned_round(opened: Callable[..., Opened]) -> None:
    """The root is filled with its border, as in other pictures, and so is its sample."""
    window = opened(21)
    boxes = "#drawing .root .box, #layers .root .box"
    looks = window.page.locator(boxes).evaluate_all(
        "all => all.map(box => [getComputedStyle(box).fill, getComputedStyle(box).stroke])"
    )
    assert len(looks) == 2
    assert all(fill == stroke for fill, stroke in looks)


# Kinds --------------------------------------------------------------------------------------------


def test_kinds_are_switched(opened: Callable[..., Opened]) -> None:
    """Lines of the tree, of what is given, and the mark of peers go and come back."""
    window = opened(21)
    counts = {0: 5, 1: 1}
    for kind, count in counts.items():
        lines = window.page.locator(f"#lines .k{kind}")
        assert lines.count() == count
        window.page.uncheck(f"#kind-{kind}")
        assert lines.count() == 0
        window.page.check(f"#kind-{kind}")
        assert lines.count() == count
    peers = window.page.locator("#boxes .count", has_text="peers")
    assert peers.count() == 4
    window.page.uncheck("#kind-2")
    window.settle()
    assert peers.count() == 0


def test_a_line_says_what_it_means(opened: Callable[..., Opened]) -> None:
    """Whoever points at a line reads from where it leads to where, and that it holds below."""
    window = opened(21)
    title = window.page.locator("#lines .k1 title").text_content()
    assert title == (
        "component of runner is given to the group and to all below it: pipeline of runner"
    )


# Details ------------------------------------------------------------------------------------------


def given(graph: Any, path: str, kind: str) -> list[str]:
    """The predecessors of one kind, sorted."""
    return sorted(u for u, _, found in graph.in_edges(path, data="kind") if found == kind)


def shows(window: Opened, graph: Any, path: str) -> None:
    """Compare what the details of an integration say with the graph."""
    window.go(f"at={path}")
    assert window.at() == path
    assert sorted(window.panel("Is given")) == given(graph, path, "sibling")
    assert sorted(window.panel("Peers")) == given(graph, path, "peer")
    children = sorted(v for _, v, kind in graph.out_edges(path, data="kind") if kind == "child")
    assert sorted(window.panel("Children")) == children
    receivers = {v for _, v, kind in graph.out_edges(path, data="kind") if kind == "sibling"}
    groups = sorted({graph.nodes[path]["group"] for path in receivers})
    assert sorted(window.panel("Is given to")) == groups


def test_details_are_those_of_the_graph(
    files: dict[int, tuple[Path, Any]], opened: Callable[..., Opened]
) -> None:
    """What each integration is given, its peers, children, receivers: all 21, some of 143."""
    for number, step in ((21, 1), (143, 29)):
        window, graph = opened(number), files[number][1]
        for path in list(graph)[::step]:
            shows(window, graph, path)


def test_nearer_names_hide(opened: Callable[..., Opened]) -> None:
    """What is given, and to whom, respects names that are declared nearer; hidden ones are told."""
    conf = {
        "integration_framework": {"lab": {"a": None, "b": {"c": None, "d": None}}},
        "a": {"x": "A", "y": "A"},
        "b": {"deep": "B"},
        "deep": {"c": {"x": "C"}, "d": {"z": "D"}},
    }
    graph = lg.plan(conf).graph
    window = opened(graph)
    for path in graph:
        shows(window, graph, path)
    window.go("at=lab.deep.z")
    hidden = window.page.locator("#panel .items .hides")
    assert hidden.inner_text().split() == ["x", "hidden", "by", "lab.deep.x"]


def test_what_is_left_out_hides_as_well(opened: Callable[..., Opened]) -> None:
    """A page of a part says of a name that a nearer one hides, which the page does not show."""
    conf = {
        "integration_framework": {"lab": {"a": None, "b": {"c": None, "d": None}}},
        "a": {"x": "A", "y": "A"},
        "b": {"deep": "B"},
        "deep": {"c": {"x": "C", "w": "C"}, "d": {"z": "D"}},
    }
    for also in ([], ["lab.deep.w"]):  # the nearer group is left out, or a part of it
        window = opened(lg.plan(conf).graph, {"only": ["lab.x", "lab.y", "lab.deep.z", *also]})
        window.go("at=lab.deep.z")
        assert sorted(window.panel("Is given")) == sorted(["lab.y", *also])
        hidden = window.page.locator("#panel .items .hides")
        assert hidden.inner_text().split() == ["x", "hidden", "by", "lab.deep.x"]
        window.go("at=lab.x")
        assert "lab.deep/d" not in window.panel("Is given to")
        window.go("at=lab.y")
        assert "lab.deep/d" in window.panel("Is given to")


def test_config_keys_with_their_places(opened: Callable[..., Opened], tmp_path: Path) -> None:
    """Each key with where its value comes from, in look-up order, and no value anywhere."""
    conf = tmp_path / "workflow.yaml"
    conf.write_text(
        "component:\n  tool: Tool\n  config: {level: verysecretvalue}\n"
        "tool:\n  config:\n    rate: 0.123456\nconfig: {rate: 0.654321, target: churned}\n",
        encoding="utf-8",
    )
    window = opened(lg.plan(conf).graph)
    window.go("at=runner.tool")
    keys = window.page.locator("#panel .keys li").all_inner_texts()
    assert [" ".join(key.split()) for key in keys] == [
        "rate workflow.yaml:6:5",
        "level workflow.yaml:3:12",
        "rate set nearer, in tool workflow.yaml:7:10",
        "target workflow.yaml:7:26",
    ]
    froms = window.page.locator("#panel .part:first-of-type h4").all_inner_texts()
    assert froms == ["Its own", "Layer component of runner", "Inherited from runner"]
    assert "environment" in window.page.inner_text("#panel .note")
    content = window.page.content()
    assert not [v for v in ("verysecretvalue", "0.123456", "0.654321", "churned") if v in content]


def test_the_rule_is_told(opened: Callable[..., Opened], tmp_path: Path) -> None:
    """By which rule something is given stands beside it, with its place."""
    conf = tmp_path / "workflow.yaml"
    conf.write_text("component: {a: A, b: B}\npipeline: {p: P}\n", encoding="utf-8")
    plan = lg.plan(conf)
    window = opened(plan.graph)
    window.go("at=runner.p")
    rule = plan.why_groups("runner/component", "runner/pipeline", "sibling")
    said = window.page.inner_text("#panel .rule")
    assert rule.sentence in said
    assert "workflow.yaml:1:1" in said


def test_clicking_selects_and_lets_go(opened: Callable[..., Opened]) -> None:
    """A click shows details and marks what is given; one beside it, or Escape, ends that."""
    window = opened(21)
    window.node("line_0").locator(".name").click()
    window.settle()
    assert window.at() == "runner.line_0"
    roles = {
        name: window.node(name).first.get_attribute("class")
        for name in ("line_0", "tool_1", "line_2")
    }
    assert {name: text.split()[-1] for name, text in roles.items()} == {
        "line_0": "selected", "tool_1": "given", "line_2": "other",
    }  # fmt: skip
    window.press("Escape")
    assert window.page.locator("#panel").is_hidden()
    window.node("tool_0").locator(".name").click()
    assert window.at() == "runner.tool_0"
    window.page.click("#close-panel")
    assert window.page.locator("#panel").is_hidden()


# Search -------------------------------------------------------------------------------------------


def test_search_as_you_type(opened: Callable[..., Opened]) -> None:
    """Names come before paths; Enter goes from one to the next and unfolds what hides it."""
    window = opened(2_011)
    window.press("/")
    window.page.keyboard.type("line_7")
    assert window.page.inner_text("#found") == "55 found"
    assert window.said() == "55 found"
    assert window.page.locator(".result").first.inner_text().split()[0] == "line_7"
    window.press("Enter")
    assert window.page.inner_text("#found") == "1 of 55"
    assert window.at() == "runner.line_7"
    window.press("Enter")
    assert window.said() == "2 of 55: runner.line_7.part_0"
    assert window.node("part_0").first.is_visible()
    window.press("Shift+Enter", "Shift+Enter")
    assert window.page.inner_text("#found") == "55 of 55"
    window.press("Escape")
    assert window.page.input_value("#query") == ""
    assert window.page.locator("#results").is_hidden()


@pytest.mark.parametrize(
    ("typed", "count"),
    [("Nearer", 1), ("pipeline", 1), ("runner.train.", 2), ("PASSWORD", 1), ("churned", 0)],
)
def test_search_finds(typed: str, count: int, opened: Callable[..., Opened]) -> None:
    """By class, layer, path and config key, in any case, and never by a value."""
    window = opened(lg.plan(HIDING).graph)
    window.page.fill("#query", typed)
    assert window.page.locator(".result").count() == count
    assert window.said() == (f"{count} found" if count else "nothing found")


# Links to share -----------------------------------------------------------------------------------


def test_a_link_brings_it_all_back(opened: Callable[..., Opened]) -> None:
    """Selection, folds and kinds are in the address, and are there again in another window."""
    window = opened(143)
    window.group("component of line_1").locator(".heading").click()
    window.node("line_3").locator(".name").click()
    window.page.uncheck("#kind-1")
    window.settle()
    address = window.page.url
    window.page.click("#zoom-fit")
    window.settle()
    names = window.names()
    window.page.click("#copy")
    again = opened(143)
    again.open(address)
    assert again.at() == "runner.line_3"
    again.page.click("#zoom-fit")
    again.settle()
    assert again.page.locator("#kind-1").is_checked() is False
    assert again.group("component of line_1").locator(".count").text_content() == "10"
    assert sorted(again.names()) == sorted(names)
    assert again.page.url == address


def test_a_link_by_hand_shows_its_item(opened: Callable[..., Opened]) -> None:
    """An address that says nothing of folds unfolds what hides the integration that it names."""
    window = opened(2_011)
    window.go("at=runner.line_9.part_3")
    assert window.page.locator("#drawing .node.selected .name").text_content() == "part_3"


def test_a_link_that_leads_nowhere_is_harmless(opened: Callable[..., Opened]) -> None:
    """What an address names and is not there is passed over."""
    window = opened(21)
    for state in (
        "at=nobody&g=x&n=y&kind=z&level=99",
        "%%%",
        "at=%F0%9F",
        "level=-1",
        "constructor",
    ):
        window.go(state)
        assert len(window.names()) == 21
        assert window.page.locator("#panel").is_hidden()


def test_back_goes_back(opened: Callable[..., Opened]) -> None:
    """The browser's own button returns to what was selected before."""
    window = opened(21)
    for name in ("tool_0", "tool_1"):
        window.node(name).locator(".name").click()
    assert window.at() == "runner.tool_1"
    window.page.go_back()
    window.settle()
    assert window.at() == "runner.tool_0"


# Without a pointer, and without eyes --------------------------------------------------------------


def test_keyboard_alone(opened: Callable[..., Opened]) -> None:
    """From the top of the page to a selection deep in the tree, and out again."""
    window = opened(143)
    page = window.page
    page.focus("#tree")
    window.press("Home", "ArrowDown", "ArrowLeft", "ArrowDown", "ArrowRight")
    row = page.locator(f"#{page.get_attribute('#tree', 'aria-activedescendant')}")
    assert row.get_attribute("aria-label") == "line_0, Line"
    assert row.get_attribute("aria-level") == "3"
    assert row.get_attribute("aria-expanded") == "true"
    window.press("l", "i", "n", "e", "_", "7")
    window.press("ArrowLeft")
    assert window.said() == "line_7 folded"
    assert window.group("component of line_7").count() == 0
    window.press("*", "Enter")
    assert window.at() == "runner.line_7"
    assert window.said() == "runner.line_7 selected"
    assert page.locator(".row[aria-selected=true]").get_attribute("aria-label") == "line_7, Line"
    window.press("End")
    row = page.locator(f"#{page.get_attribute('#tree', 'aria-activedescendant')}")
    assert row.get_attribute("aria-label") == "part_9, Part"
    assert row.is_visible()
    page.focus("#picture")
    window.press("Escape")
    assert page.locator("#panel").is_hidden()


def test_everything_is_reached_by_tab(opened: Callable[..., Opened]) -> None:
    """Each control has the focus once, with an outline that shows it."""
    window = opened(21)
    window.go("at=runner.line_0")
    reached = []
    for _ in range(60):
        window.page.keyboard.press("Tab")
        focused = window.page.evaluate(
            """() => {
                const { id, tagName } = document.activeElement;
                return [id || tagName, getComputedStyle(document.activeElement).outlineStyle];
            }"""
        )
        if focused[0] == "BODY":
            break
        reached.append(focused)
    wanted = {"show-side", "level", "zoom-out", "zoom-fit", "zoom-in", "copy", "theme", "help",
              "query", "tree", "picture", "kind-0", "kind-1", "kind-2", "close-panel"}  # fmt: skip
    assert wanted <= {name for name, _ in reached}
    assert {name for name, outline in reached if outline == "none"} <= {"tree"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 800), (390, 780)])
def test_axe_finds_nothing(
    scheme: str, size: tuple[int, int], opened: Callable[..., Opened]
) -> None:
    """In both themes, wide and narrow: with details, without, while searching, with help."""
    width, height = size
    window = opened(
        lg.plan(HIDING).graph, color_scheme=scheme, viewport={"width": width, "height": height}
    )
    states = [
        lambda: None,
        lambda: window.go("at=runner.train.model"),
        lambda: window.go("at=runner%2Fcomponent&group=1"),
        lambda: (window.go(""), window.press("/"), window.page.keyboard.type("t")),
        lambda: (window.press("Escape"), window.page.evaluate("document.activeElement.blur()")),
        lambda: window.press("?"),
    ]
    for reach in states:
        reach()
        found = Axe().run(window.page).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


def test_the_theme_follows_and_is_switched(opened: Callable[..., Opened]) -> None:
    """Dark where the system is dark, until the switch says otherwise."""
    window = opened(21, color_scheme="dark")
    paper = "getComputedStyle(document.querySelector('header')).backgroundColor"
    dark = window.page.evaluate(paper)
    window.page.click("#theme")
    light = window.page.evaluate(paper)
    assert (dark, light) == ("rgb(27, 32, 38)", "rgb(255, 255, 255)")
    assert window.page.get_attribute("#theme", "aria-pressed") == "false"


def test_a_narrow_window(opened: Callable[..., Opened]) -> None:
    """On a telephone the tree is behind a button, and nothing is wider than the screen."""
    window = opened(21, viewport={"width": 390, "height": 780}, has_touch=True)
    assert window.page.locator("#tree").is_hidden()
    window.page.click("#show-side")
    assert window.page.locator("#tree").is_visible()
    window.page.click("#show-side")
    window.node("tool_0").locator(".name").tap()
    window.settle()
    assert window.at() == "runner.tool_0"
    assert window.page.evaluate("document.documentElement.scrollWidth") <= 390
