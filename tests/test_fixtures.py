"""The example workflows plan without a fault, build, and look as their golden files say."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import lolpop_graph as lg
import visualize

ROOT = Path(__file__).parent.parent
EXAMPLES = ["newspaper", "quickstart", "widgets"]
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


def test_readme_picture_shows_the_quickstart() -> None:
    """The picture in the README has the words of one that is drawn now."""
    drawn = visualize.render(visualize.to_dot(lg.plan(workflow_of("quickstart")).graph), "svg")
    kept = (ROOT / "docs" / "quickstart.svg").read_bytes()
    assert words_of(kept) == words_of(drawn)


def words_of(picture: bytes) -> list[str]:
    """The texts of an SVG."""
    return sorted(text.text or "" for text in ET.fromstring(picture).iter(f"{SVG}text"))
