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
    ("field", "choices"), [("links", "groups, all, none"), ("direction", "LR, TB")]
)
def test_what_is_no_choice_is_refused(field: str, choices: str) -> None:
    """The error names the choices, whatever was given instead."""
    for wrong in ("gruops", None, ["groups"]):
        with pytest.raises(ValueError, match=f"{field} must be one of {choices}, not "):
            View(**{field: wrong})


def test_changes_have_signs() -> None:
    """What was added, removed or changed can be told without colour, also between groups."""
    graph = small()
    graph.nodes["runner.train"]["change"] = "added"
    graph.nodes["runner.logger"]["change"] = "removed"
    graph.graph["changed_links"] = {("runner/component", "runner/pipeline", "sibling"): "changed"}
    dot = to_dot(graph)
    for text in ('label="+ train', 'label="\u2212 logger', 'label="~"'):
        assert text in dot
