"""The look-up order of a config key, step by step, and what must be configured."""

from __future__ import annotations

import pytest

import lolpop_graph as lg
from tests.toys import JOURNAL, BareForeign, exported
from tests.workflows import Desk

STEPS = ("own", "its layer", "parent", "parent's layer", "root")


def metric_from(step: str, cls: str = "DefaultingChild") -> str:
    """A document that sets the metric at a step of the look-up and at all later ones."""
    later = STEPS[STEPS.index(step) :] if step in STEPS else ()
    values = {name: f"{{metric: {name}}}" if name in later else "{}" for name in STEPS}
    return f"""\
pipeline: {{beta: Toy, config: {values["parent's layer"]}}}
beta:
  component: {{delta: {cls}, config: {values["its layer"]}}}
  delta: {{config: {values["own"]}}}
  config: {values["parent"]}
config: {values["root"]}
"""


@pytest.mark.parametrize("step", STEPS)
def test_lookup_stops_at_the_first_hit(
    desk: Desk, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every step wins over all that come after it, the class's default and environment too."""
    monkeypatch.setenv("METRIC", "environment")
    assert desk.root(metric_from(step)).beta.delta._get_config("metric", "default") == step


def test_lookup_in_the_class(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the workflow does not set, the nearest class sets, before the environment."""
    monkeypatch.setenv("METRIC", "environment")
    delta = desk.root(metric_from("class")).beta.delta
    assert delta._get_config("metric") == "derived"
    assert delta._get_config("depth") == 3


def test_lookup_in_the_environment(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment variable of the key's name in capitals comes last."""
    monkeypatch.setenv("METRIC", "environment")
    delta = desk.root(metric_from("environment", "Toy")).beta.delta
    assert delta._get_config("metric", "default") == "environment"


def test_lookup_ends_with_the_default(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is nowhere is the caller's default, or None."""
    monkeypatch.delenv("METRIC", raising=False)
    delta = desk.root(metric_from("nowhere", "Toy")).beta.delta
    assert delta._get_config("metric", "default") == "default"
    assert delta._get_config("metric") is None


def test_class_defaults_of_the_parent_are_its_own(desk: Desk) -> None:
    """A class's defaults are for its own objects and not for what is below them."""
    root = desk.root("pipeline: {beta: Defaulting}\nbeta: {component: {delta: Toy}}\n")
    assert root.beta._get_config("depth") == 3
    assert root.beta.delta._get_config("depth") is None


@pytest.mark.parametrize("null", ["null", "~", ""])
def test_explicit_null_is_a_value(desk: Desk, null: str) -> None:
    """A key set to nothing is set: the search ends there."""
    root = desk.root(
        f"component: {{delta: Defaulting}}\ndelta:\n  config:\n    metric: {null}\n"
        "config: {metric: f1}\n"
    )
    assert root.delta._get_config("metric", "default") is None


@pytest.mark.parametrize("written", ["metric", "METRIC", "Metric"])
@pytest.mark.parametrize("asked", ["metric", "METRIC", "mEtRiC"])
def test_keys_are_case_insensitive(desk: Desk, written: str, asked: str) -> None:
    """However a key is written and asked for, it is the same key."""
    assert desk.root(f"config: {{{written}: auc}}\n")._get_config(asked) == "auc"


def test_class_defaults_are_case_insensitive(desk: Desk) -> None:
    """Case does not count for the defaults of a class either."""
    assert desk.root("component: {a: Defaulting}\n").a._get_config("DEPTH") == 3


def test_set_config_sets_its_own(desk: Desk) -> None:
    """What is set at run time is seen by the integration and below it, and nowhere else."""
    root = desk.root(metric_from("root", "Toy"), "component: {alpha: Toy}\n")
    root.beta._set_config("Metric", "set")
    assert root.beta._get_config("metric") == "set"
    assert root.beta.delta._get_config("metric") == "set"
    assert root._get_config("metric") == "root"
    assert root.alpha._get_config("metric") == "root"


def test_falsy_values_are_values(desk: Desk) -> None:
    """False, nought and an empty text end the search as any other value does."""
    root = desk.root("component: {a: Defaulting}\na: {config: {metric: '', depth: 0}}\n")
    assert root.a._get_config("metric", "default") == ""
    assert root.a._get_config("depth", 8) == 0


def test_overrides_change_single_values(desk: Desk) -> None:
    """A dotted path and a value replace what the document says."""
    overrides = {"beta.config.metric": "auc"}
    root = desk.root(metric_from("parent", "Toy"), overrides=overrides)
    assert root.beta.delta._get_config("metric") == "auc"
    assert root._get_config("metric") == "root"


def test_layered_documents_merge() -> None:
    """Of several documents the later wins, mappings merge and lists are replaced."""
    base = {"component": {"a": "Toy"}, "config": {"metric": "f1", "depth": 1, "rows": [1, 2]}}
    prod = {"config": {"metric": "auc", "rows": [3]}}
    with lg.build([base, prod], classes=exported()) as workflow:
        root = workflow.root
        found = [root._get_config(key) for key in ("metric", "depth", "rows")]
    assert found == ["auc", 1, [3]]


def test_required_conf_is_reported_all_at_once(desk: Desk) -> None:
    """All that all integrations miss is one error, before the first object is made."""
    with pytest.raises(lg.WorkflowError) as caught:
        desk.build("component: {j: Journalist}\npipeline: {a: Demanding, b: Demanding}\n")
    sentences = [fault.sentence for fault in caught.value.faults]
    for path in ("runner.a", "runner.b"):
        for missing in ("target", "tracker"):
            assert any(path in text and missing in text for text in sentences), sentences
    assert JOURNAL == []


def test_required_conf_uses_the_same_lookup(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that only the environment has is there, and so is an integration that is given."""
    monkeypatch.setenv("TARGET", "churned")
    root = desk.root("component: {tracker: Toy}\npipeline: {a: Demanding}\n")
    assert root.a._get_config("target") == "churned"


def test_required_conf_accepts_null(desk: Desk) -> None:
    """An explicit null satisfies a requirement, for it is a value."""
    root = desk.root(
        "component: {tracker: Toy}\npipeline: {a: Demanding}\nconfig: {target: null}\n"
    )
    assert root.a._get_config("target", "default") is None


def test_required_integration_may_be_an_own_child(desk: Desk) -> None:
    """An integration that is declared below satisfies the requirement as well."""
    root = desk.root(
        "pipeline: {a: Demanding}\na: {component: {tracker: Toy}}\nconfig: {target: t}\n"
    )
    assert root.a.tracker.parent is root.a


def test_required_integration_of_the_wrong_layer(desk: Desk) -> None:
    """A pipeline called `tracker` is not the component that is required."""
    with pytest.raises(lg.WorkflowError, match="tracker"):
        desk.build("pipeline: {a: Demanding, tracker: Toy}\nconfig: {target: t}\n")


@pytest.mark.parametrize("cls", ["Toy", "OtherToy"])
def test_required_class_is_allowed(desk: Desk, cls: str) -> None:
    """One of the classes listed satisfies the requirement."""
    assert desk.root(f"component: {{tracker: {cls}}}\npipeline: {{a: Choosy}}\n").a.tracker


def test_required_class_is_another(desk: Desk) -> None:
    """A class that is not listed does not."""
    with pytest.raises(lg.WorkflowError, match="tracker"):
        desk.build("component: {tracker: Recorder}\npipeline: {a: Choosy}\n")


def test_required_conf_can_be_skipped(desk: Desk) -> None:
    """`skip_config_validation=True` turns the check off."""
    root = desk.root("pipeline: {a: Demanding}\n", skip_config_validation=True)
    assert root.a._get_config("target") is None


def test_replace_puts_an_object_in_its_place(desk: Desk) -> None:
    """An object given for a path stands there for everybody, and nothing is made for it."""
    double = BareForeign()
    workflow = desk.build(
        "component: {tracker: Bomb, alpha: Toy}\npipeline: {beta: Recorder}\n",
        replace={"runner.tracker": double},
    )
    assert workflow["runner.tracker"] is double
    assert workflow.root.tracker is double
    assert workflow.root.alpha.tracker is double
    assert workflow.root.beta.got["tracker"] is double


def test_replace_of_an_unknown_path(desk: Desk) -> None:
    """A path that is not in the workflow is an error that names it."""
    with pytest.raises((lg.WorkflowError, ValueError, KeyError), match=r"runner\.typo"):
        desk.build("component: {alpha: Toy}\n", replace={"runner.typo": BareForeign()})
