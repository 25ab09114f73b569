"""The choices that all formats share, and what is refused."""

from __future__ import annotations

import pytest

from tests.test_visualize_dot import small
from visualize import View, draw, to_dot


def test_a_view_is_given_whole_or_by_its_fields() -> None:
    """A view and the same choices as keywords give the same picture, and not both at once."""
    view = View(links="none", direction="TB")
    assert draw(small(), "dot", view) == draw(small(), "dot", links="none", direction="TB")
    assert to_dot(small(), view) != to_dot(small())
    with pytest.raises(TypeError, match="not both: links"):
        to_dot(small(), view, links="none")
    with pytest.raises(TypeError, match="linsk"):
        to_dot(small(), linsk="none")


@pytest.mark.parametrize(
    ("field", "words", "wrong"),
    [
        ("links", "must be one of groups, all, none, not ", ["gruops", 1, ["groups"]]),
        ("direction", "must be one of LR, TB, not ", ["lr", None]),
        ("theme", "must be one of light, dark, not ", ["", None]),
        ("depth", "must be a whole number from 1", [0, -1, "3", 2.0, True]),
        ("show", "must be some of class, config-keys, source, not 'keys'", [["class", "keys"]]),
        ("show", "must be a collection of texts", ["class", None, 3]),
        ("only", "must be a collection of texts", ["runner", 3]),
        ("only", "must hold texts alone", [["runner", None]]),
        ("collapse", "must be a collection of texts", ["runner", None]),
    ],
)
def test_what_is_no_choice_is_refused(field: str, words: str, wrong: list[object]) -> None:
    """The error names the field and the choices, whatever was given instead."""
    for value in wrong:
        with pytest.raises(ValueError, match=f"{field} {words}"):
            View(**{field: value})


def test_a_view_keeps_what_it_was_given() -> None:
    """A collection may be read once, or be changed later."""
    show = ["source"]
    view = View(show=show, only=iter_once("runner"))
    show.append("nothing")
    assert view.show == {"source"}
    assert view.only == {"runner"}
    assert hash(view) == hash(View(show=["source"], only={"runner"}))


def iter_once(*paths: str) -> dict[str, None]:
    """A collection that is no set."""
    return dict.fromkeys(paths)


def test_boxes_show_what_is_asked_for() -> None:
    """Class, keys and place are each shown if wanted, and never a value."""
    graph = small()
    graph.nodes["runner.train"]["source"] = "flows/workflow.yaml:12:3"
    shown = to_dot(graph, show=["class", "config-keys", "source"])
    assert "train\\nMyPipeline\\nconfig: password\\nworkflow.yaml:12:3" in shown
    assert "sesame" not in shown
    bare = to_dot(graph, show=[])
    assert 'label="train"' in bare
    assert "MyPipeline" not in bare


def test_changes_have_signs() -> None:
    """What was added, removed or changed can be told without colour, also between groups."""
    graph = small()
    graph.nodes["runner.train"]["change"] = "added"
    graph.nodes["runner.logger"]["change"] = "removed"
    graph.graph["changed_links"] = {("runner/component", "runner/pipeline", "sibling"): "changed"}
    dot = to_dot(graph)
    for text in ('label="+ train', 'label="\u2212 logger', 'label="~"'):
        assert text in dot
