"""Each rule of the wiring, and each sentence about it, on the smallest workflow that shows it."""

from __future__ import annotations

import pytest

import lolpop_graph as lg
from tests.toys import NAMES, reachable
from tests.workflows import Desk, links

PASSING = "pass_integration_to_siblings"
PEERS = "update_peer_integrations"
THREE_LAYERS = "integration_framework: {runner: {first: , second: {inner: }, third: }}\n"


def test_rule_1_declared_integrations_are_children(desk: Desk) -> None:
    """Each declared integration has the declaring one as its parent."""
    root = desk.root("component: {alpha: Toy}\npipeline: {beta: Toy}\n")
    assert root.alpha.parent is root
    assert root.beta.parent is root
    assert root.parent is None


def test_rule_1_order_written(desk: Desk) -> None:
    """Inside a section the order written counts, not the alphabet."""
    order = desk.plan("component: {gamma: Toy, alpha: Toy, beta: Toy}\n").order
    assert list(order) == ["runner", "runner.gamma", "runner.alpha", "runner.beta"]


def test_rule_1_layers_follow_the_framework(desk: Desk) -> None:
    """Between layers the framework's order counts, not the document's."""
    order = desk.plan("pipeline: {beta: Toy}\ncomponent: {alpha: Toy}\n").order
    assert list(order) == ["runner", "runner.alpha", "runner.beta"]


def test_rule_1_given_is_a_copy_as_the_layer_begins(desk: Desk) -> None:
    """A member is given what was passed before its layer, and nobody of its own group."""
    root = desk.root(
        THREE_LAYERS, "first: {alpha: Recorder}\nsecond: {beta: Recorder, gamma: Recorder}\n"
    )
    assert root.beta.had == {"alpha"}
    assert root.gamma.had == {"alpha"}


def test_rule_2_reachable_as_attribute(desk: Desk) -> None:
    """A child is an attribute of its parent, and what it is given is an attribute of the child."""
    root = desk.root("component: {alpha: Toy}\npipeline: {beta: Toy}\n")
    assert reachable(root) == {"alpha": root.alpha, "beta": root.beta}
    assert root.beta.alpha is root.alpha


def test_rule_2_own_layers_before_the_next_layer(desk: Desk) -> None:
    """What is below a member is built before the next layer of its parent begins."""
    order = desk.plan(
        THREE_LAYERS,
        "third: {gamma: Toy}\nsecond: {alpha: Toy, beta: Toy}\n"
        "alpha: {inner: {delta: Toy}}\nbeta: {inner: {delta: Toy}}\n",
    ).order
    assert list(order) == [
        "runner",
        "runner.alpha",
        "runner.alpha.delta",
        "runner.beta",
        "runner.beta.delta",
        "runner.gamma",
    ]


def test_rule_3_later_layers_and_everything_below(desk: Desk) -> None:
    """A finished group is given to later layers beside it and to everything below them."""
    root = desk.root(
        THREE_LAYERS,
        "first: {alpha: Toy}\nsecond: {beta: Toy}\nthird: {gamma: Toy}\n"
        "beta: {inner: {delta: Toy}}\n",
    )
    assert root.beta.alpha is root.alpha
    assert root.beta.delta.alpha is root.alpha
    assert reachable(root.gamma) == {"alpha": root.alpha, "beta": root.beta}
    assert reachable(root.alpha) == {}


def test_rule_3_what_is_below_a_group_is_not_passed_on(desk: Desk) -> None:
    """A later layer is given the group, and nothing that the group declares."""
    root = desk.root(
        THREE_LAYERS, "second: {beta: Toy}\nthird: {gamma: Toy}\nbeta: {inner: {delta: Toy}}\n"
    )
    assert set(reachable(root.gamma)) == {"beta"}


def test_rule_3_nothing_upwards(desk: Desk) -> None:
    """A parent reaches its children and none of their children."""
    root = desk.root("pipeline: {beta: Toy}\nbeta: {component: {delta: Toy}}\n")
    assert set(reachable(root)) == {"beta"}
    assert set(reachable(root.beta.delta)) == set()


@pytest.mark.parametrize("passes", [True, False])
@pytest.mark.parametrize("peers", [True, False])
def test_flags_in_all_combinations(desk: Desk, passes: bool, peers: bool) -> None:  # noqa: FBT001
    """The two flags are independent: one governs later layers, the other the group itself."""
    flags = f"{{{PASSING}: {str(passes).lower()}, {PEERS}: {str(peers).lower()}}}"
    root = desk.root(
        f"component: {{alpha: Toy, config: {flags}, beta: Toy}}\n"
        "pipeline: {gamma: Toy}\ngamma: {component: {delta: Toy}}\n"
    )
    passed = {"alpha", "beta"} if passes else set()
    assert set(reachable(root.alpha)) == ({"beta"} if peers else set())
    assert set(reachable(root.beta)) == ({"alpha"} if peers else set())
    assert set(reachable(root.gamma)) == passed | {"delta"}
    assert set(reachable(root.gamma.delta)) == passed


def test_flags_count_where_they_stand(desk: Desk) -> None:
    """A flag governs the section of the block that it stands in, and no other section."""
    root = desk.root(
        f"component: {{alpha: Toy, beta: Toy, config: {{{PEERS}: false}}}}\n"
        "pipeline: {gamma: Toy}\ngamma: {component: {delta: Toy, omega: Toy}}\n"
    )
    assert not hasattr(root.alpha, "beta")
    assert root.gamma.delta.omega is root.gamma.omega


def test_flags_in_the_config_of_an_integration_are_none(desk: Desk) -> None:
    """A flag in the root's config is a value like any other and switches nothing."""
    root = desk.root(f"component: {{alpha: Toy, beta: Toy}}\nconfig: {{{PEERS}: false}}\n")
    assert root.alpha.beta is root.beta


@pytest.mark.parametrize("flag", [PASSING, PEERS])
@pytest.mark.parametrize("value", ["1", "no", "off", "'true'", "", "[]", "{}"])
def test_flags_are_true_or_false(desk: Desk, flag: str, value: str) -> None:
    """Anything but true and false is refused as the value of a flag."""
    with pytest.raises(lg.WorkflowError) as caught:
        desk.plan(f"component:\n  alpha: Toy\n  config:\n    {flag}: {value}\n")
    (fault,) = caught.value.faults
    assert flag in fault.sentence
    assert fault.place.line == 4


def test_rule_4_default_for_a_layer_that_is_no_leaf(desk: Desk) -> None:
    """Components with widgets below them in the framework are no leaves, so no peers."""
    root = desk.root(
        "integration_framework: {runner: {component: {widget: }}}\ncomponent: {a: Toy, b: Toy}\n"
    )
    assert not hasattr(root.a, "b")


def test_rule_4_peers_come_when_the_layer_is_done(desk: Desk) -> None:
    """A constructor sees no peer yet, and what is below a member never sees its peers."""
    root = desk.root(
        f"pipeline: {{alpha: Recorder, beta: Recorder, config: {{{PEERS}: true}}}}\n"
        "beta: {component: {delta: Recorder}}\n"
    )
    assert root.beta.had == set()
    assert root.beta.alpha is root.alpha
    assert not hasattr(root.beta.delta, "alpha")


def test_rule_4_a_lonely_member_has_no_peers(desk: Desk) -> None:
    """A group of one links nothing."""
    assert links(desk.plan("component: {alpha: Toy}\n"), "peer") == set()


def test_rule_5_nearest_declaration_wins_inside(desk: Desk) -> None:
    """A pipeline's own tracker hides the runner's inside that pipeline, and only there."""
    root = desk.root(
        "component: {tracker: Toy}\npipeline: {alpha: Toy, beta: Toy}\n"
        "alpha: {component: {tracker: OtherToy, gamma: Toy}}\nbeta: {component: {gamma: Toy}}\n"
    )
    assert root.alpha.tracker is not root.tracker
    assert root.alpha.gamma.tracker is root.alpha.tracker
    assert root.beta.tracker is root.tracker
    assert root.beta.gamma.tracker is root.tracker


def test_rule_5_the_wrapper_keeps_what_it_was_given(desk: Desk) -> None:
    """The one that hides holds the hidden one under its own name, from its constructor on."""
    root = desk.root(
        "component: {tracker: Recorder}\npipeline: {alpha: Toy}\n"
        "alpha: {component: {tracker: Recorder}}\n"
    )
    assert root.alpha.tracker.got == {"tracker": root.tracker}
    assert root.alpha.tracker.tracker is root.tracker


def test_rule_5_wrappers_nest(desk: Desk) -> None:
    """Three declarations of a name, each inside the other, hold one another in turn."""
    root = desk.root(
        "integration_framework: {r: {c: , p: {c: , q: {c: }}}}\nc: {alpha: Toy}\np: {beta: Toy}\n"
        "beta: {c: {alpha: Toy}, q: {gamma: Toy}, gamma: {c: {alpha: Toy}}}\n"
    )
    inner = root.beta.gamma.alpha
    assert inner.alpha is root.beta.alpha
    assert inner.alpha.alpha is root.alpha
    assert not hasattr(inner.alpha.alpha, "alpha")


def test_rule_5_child_named_like_its_parent(desk: Desk) -> None:
    """A child may have its parent's name: it is held by the parent and holds nothing."""
    root = desk.root("pipeline: {alpha: Toy}\nalpha: {component: {alpha: Toy}}\n")
    assert root.alpha.alpha.parent is root.alpha
    assert not hasattr(root.alpha.alpha, "alpha")


def test_rule_5_own_child_before_peer(desk: Desk) -> None:
    """An own child is nearer than a peer of the same name."""
    root = desk.root(
        f"pipeline: {{alpha: Toy, beta: Toy, config: {{{PEERS}: true}}}}\n"
        "alpha: {component: {beta: Toy}}\n"
    )
    assert root.alpha.beta.parent is root.alpha
    assert root.beta.alpha is root.alpha


def test_rule_5_peer_before_what_is_given(desk: Desk) -> None:
    """A peer is nearer than what was given from outside, as soon as the layer is done."""
    root = desk.root(
        "component: {tracker: Toy}\npipeline: {alpha: Toy}\n"
        "alpha: {component: {gamma: Recorder, tracker: Toy}}\n"
    )
    assert root.alpha.gamma.got == {"tracker": root.tracker}
    assert root.alpha.gamma.tracker is root.alpha.tracker


def test_rule_5_a_hidden_name_is_not_given(desk: Desk) -> None:
    """What a block overwrites is no longer in what it passes on."""
    sibling = links(
        desk.plan(
            "integration_framework: {r: {c: , p: {c: , q: }}}\nc: {alpha: Toy}\np: {beta: Toy}\n"
            "beta: {c: {alpha: Toy}, q: {gamma: Toy}}\n"
        ),
        "sibling",
    )
    assert {source for source, target in sibling if target == "r.beta.gamma"} == {"r.beta.alpha"}


def test_rule_5_a_group_that_is_not_passed_hides_nothing_later(desk: Desk) -> None:
    """Without passing, later layers still get the one from outside."""
    root = desk.root(
        "integration_framework: {r: {c: , p: {c: , q: }}}\nc: {alpha: Toy}\np: {beta: Toy}\n"
        f"beta: {{c: {{alpha: Toy, config: {{{PASSING}: false}}}}, q: {{gamma: Toy}}}}\n"
    )
    assert root.beta.gamma.alpha is root.alpha


def test_rule_6_no_integration_holds_itself(desk: Desk) -> None:
    """Among peers each name is on all objects but the one that bears it."""
    root = desk.root("component: {alpha: Toy, beta: Toy, gamma: Toy}\n")
    for name in ("alpha", "beta", "gamma"):
        assert set(reachable(getattr(root, name))) == {"alpha", "beta", "gamma"} - {name}


def test_every_pipeline_component_has_all_runner_components(desk: Desk) -> None:
    """Every pipeline and every pipeline component has all runner components."""
    root = desk.root(
        "component: {alpha: Toy, beta: Toy}\npipeline: {gamma: Toy, omega: Toy}\n"
        "gamma: {component: {delta: Toy}}\nomega: {component: {kappa: Toy}}\n"
    )
    for holder in (root.gamma, root.omega, root.gamma.delta, root.omega.kappa):
        assert holder.alpha is root.alpha
        assert holder.beta is root.beta


def test_what_process_declares_is_invisible_from_train(desk: Desk) -> None:
    """A pipeline's components are seen neither by the next pipeline nor by the runner's ones."""
    root = desk.root(
        "component: {alpha: Toy}\npipeline: {beta: Toy, gamma: Toy}\n"
        "beta: {component: {delta: Toy}}\ngamma: {component: {omega: Toy}}\n"
    )
    for holder in (root, root.alpha, root.gamma, root.gamma.omega):
        assert not hasattr(holder, "delta")


def test_each_occurrence_of_a_layer_is_its_own(desk: Desk) -> None:
    """Components of the runner and of a pipeline share a layer's name and no group."""
    plan = desk.plan(
        "component: {alpha: Toy}\npipeline: {beta: Toy}\nbeta: {component: {gamma: Toy}}\n"
    )
    assert links(plan, "peer") == set()
    assert plan.graph.nodes["runner.alpha"]["layer_path"] == "runner/component"
    assert plan.graph.nodes["runner.beta.gamma"]["layer_path"] == "runner/pipeline/component"


def test_every_name_of_the_pool_can_be_declared(desk: Desk) -> None:
    """Any identifier that is not taken is a name, letters beyond ASCII included."""
    section = ", ".join(f"{name}: Toy" for name in NAMES)
    assert set(reachable(desk.root(f"component: {{{section}}}\n"))) == set(NAMES)
