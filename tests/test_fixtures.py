"""The example workflows plan without a fault, build, and look as their golden files say."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import lolpop_graph as lg
import visualize
from benchmarks.workload import Size, document

ROOT = Path(__file__).parent.parent
EXAMPLES = ["classification", "newspaper", "quickstart", "regression", "time_series", "widgets"]
SVG = "{http://www.w3.org/2000/svg}"


def workflow_of(name: str) -> Path:
    """The workflow file of an example."""
    return ROOT / "fixtures" / name / "workflow.yaml"


@pytest.mark.parametrize("name", EXAMPLES)
def test_nothing_is_wrong(name: str) -> None:
    """Neither the document nor a class of an example is at fault."""
    assert lg.validate(workflow_of(name), find_classes=True) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_everything_is_built(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every integration that an example declares becomes an object in its place."""
    monkeypatch.chdir(tmp_path)
    plan = lg.plan(workflow_of(name))
    with plan.build() as workflow:
        assert list(workflow) == plan.order
        for path in plan.order[1:]:
            parent, _, last = path.rpartition(".")
            assert getattr(workflow[parent], last) is workflow[path]


@pytest.mark.parametrize("name", EXAMPLES)
def test_picture(name: str, pytestconfig: pytest.Config) -> None:
    """An example is drawn byte for byte as its golden file has it."""
    golden = workflow_of(name).with_name("expected.dot")
    drawn = visualize.to_dot(lg.plan(workflow_of(name)).graph)
    if pytestconfig.getoption("--update-golden"):
        golden.write_text(drawn, encoding="utf-8")
    assert drawn == golden.read_text(encoding="utf-8")


KEPT = {
    "quickstart": ("quickstart", {}),
    "pictures/newspaper": ("newspaper", {}),
    "pictures/depth": ("quickstart", {"depth": 2}),
    "pictures/only": ("quickstart", {"only": "below:train or metrics_tracker"}),
    "pictures/dark": ("quickstart", {"direction": "TB", "theme": "dark"}),
    "pictures/folded": ("", {}),
}
"""The pictures of README and guide: of which example, or of the benchmark, and how."""


@pytest.mark.parametrize("name", KEPT)
def test_pictures_of_the_guide_are_those_that_are_drawn(
    name: str, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    """A picture in the documentation has the words and colours of one that is drawn now."""
    example, view = KEPT[name]
    if example:
        plan = lg.plan(workflow_of(example))
    else:
        path = tmp_path / "workflow.yaml"
        path.write_text(document(Size(20, 50, 20)), encoding="utf-8")
        plan = lg.plan(path)
    only = {"only": plan.select(view["only"]).paths} if "only" in view else {}
    drawn = visualize.draw(plan.graph, "svg", **{**view, **only})
    kept = ROOT / "docs" / f"{name}.svg"
    if pytestconfig.getoption("--update-golden"):
        kept.write_bytes(drawn)
    assert words_of(kept.read_bytes()) == words_of(drawn)
    assert colours_of(kept.read_bytes()) == colours_of(drawn)


def colours_of(picture: bytes) -> set[str]:
    """The colours of an SVG."""
    elements = ET.fromstring(picture).iter()
    return {str(element.get("fill")).lower() for element in elements} - {"none"}


def words_of(picture: bytes) -> list[str]:
    """The texts of an SVG."""
    return sorted(text.text or "" for text in ET.fromstring(picture).iter(f"{SVG}text"))
