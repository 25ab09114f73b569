"""The oracle agrees with what the rules say in so many words, before it judges anything else."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.oracle import Wiring, wire
from tests.workflows import random_workflow

SEEDS = 300


@pytest.fixture(name="default")
def default_wiring() -> Wiring:
    """The default framework with two pipelines, a component inside one, and two outside."""
    return wire(
        {
            "runner": "R",
            "pipeline": {"process": "P", "train": "P"},
            "component": {"metadata_tracker": "M", "metrics_tracker": "M"},
            "process": {"component": {"cleaner": "C"}},
            "train": {"component": {"metadata_tracker": "M", "trainer": "T"}},
        }
    )


def test_runner_components_know_each_other(default: Wiring) -> None:
    """The two attributes that both documents name exist, both ways."""
    first = default.attributes("runner.metadata_tracker")
    second = default.attributes("runner.metrics_tracker")
    assert first == {"metrics_tracker": "runner.metrics_tracker"}
    assert second == {"metadata_tracker": "runner.metadata_tracker"}


def test_pipelines_have_the_runner_components(default: Wiring) -> None:
    """A pipeline is given the runner's components and no other pipeline."""
    assert default.attributes("runner.process") == {
        "metadata_tracker": "runner.metadata_tracker",
        "metrics_tracker": "runner.metrics_tracker",
        "cleaner": "runner.process.cleaner",
    }


def test_nothing_leaks_between_pipelines(default: Wiring) -> None:
    """What `process` declares is invisible from `train` and from the runner's components."""
    holders = [path for path in default.order if "cleaner" in default.attributes(path)]
    assert holders == ["runner.process"]


def test_wrapper_keeps_what_it_hides(default: Wiring) -> None:
    """The tracker that hides the runner's holds that one under its own name."""
    assert default.attributes("runner.train.metadata_tracker")["metadata_tracker"] == (
        "runner.metadata_tracker"
    )
    assert default.attributes("runner.train.trainer")["metadata_tracker"] == (
        "runner.train.metadata_tracker"
    )


def test_order_is_depth_first(default: Wiring) -> None:
    """An integration comes before its layers, and they before the next member."""
    assert default.order == [
        "runner",
        "runner.metadata_tracker",
        "runner.metrics_tracker",
        "runner.process",
        "runner.process.cleaner",
        "runner.train",
        "runner.train.metadata_tracker",
        "runner.train.trainer",
    ]


def test_links_of_a_small_workflow() -> None:
    """Every link of a component beside a pipeline with one component is known by heart."""
    wiring = wire({"component": {"a": "A"}, "pipeline": {"p": "P"}, "p": {"component": {"b": "B"}}})
    assert wiring.links == {
        ("runner", "runner.a", "child"),
        ("runner", "runner.p", "child"),
        ("runner.p", "runner.p.b", "child"),
        ("runner.a", "runner.p", "sibling"),
        ("runner.a", "runner.p.b", "sibling"),
    }


@pytest.mark.parametrize("seed", range(0, SEEDS, 10))
def test_generated_workflows_survive_yaml(seed: int) -> None:
    """The text of a generated workflow reads, without any typing of scalars, as its dictionary."""
    workflow = random_workflow(seed)
    loaded = yaml.load(workflow.text(), Loader=yaml.BaseLoader)
    assert loaded == _texts(workflow.document)
    assert list(loaded) == list(workflow.document)


def test_generated_workflows_hide_names_often() -> None:
    """Hiding, both flags, four levels and repeated layers all occur: the generator has teeth."""
    wirings = [wire(w.document, w.framework) for w in map(random_workflow, range(SEEDS))]
    hiding = sum(any(_hides(wiring, path) for path in wiring.order) for wiring in wirings)
    assert hiding > SEEDS // 5
    assert max(len(wiring.order) for wiring in wirings) >= 30
    assert max(path.count(".") for wiring in wirings for path in wiring.order) == 3


def test_generator_is_deterministic() -> None:
    """A seed means the same workflow every time."""
    assert random_workflow(5) == random_workflow(5)


def _hides(wiring: Wiring, path: str) -> bool:
    return bool(set(wiring.children[path]) & set(wiring.given[path]))


def _texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _texts(inner) if inner != {} else {} for key, inner in value.items()}
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else value
