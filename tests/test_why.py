"""Why an integration has another one: each rule in words, and all of them against the rules."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

import pytest

import lolpop_graph as lg
from lolpop_graph.cli import main
from lolpop_graph.questions.why.links import find_link
from tests.oracle import wire
from tests.toys import NAMES
from tests.workflows import Desk, Workflow, random_workflow

ROOT = Path(__file__).parent.parent
QUICKSTART = ROOT / "fixtures" / "quickstart" / "workflow.yaml"
DOCUMENT = """\
component:
  config: {pass_integration_to_siblings: true}
  tracker: Tracker
  logger: Logger
pipeline:
  train: Train
  check: Check
train:
  component:
    config: {update_peer_integrations: false}
    tracker: Tracker
    trainer: Trainer
    metrics: Metrics
  trainer: {config: {password: hunter2}}
check:
  component: {report: Report}
"""


@pytest.fixture(name="desk")
def desk_fixture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk in a folder that is the current one."""
    monkeypatch.chdir(tmp_path)
    return Desk(Path())


@pytest.mark.parametrize(
    ("receiver", "name", "expected", "words"),
    [
        ("", "logger", "child child", "declared in the block of the document"),
        ("train", "trainer", "child child", "an integration has what its own block declares"),
        ("train", "logger", "sibling sibling", "`component` comes before `pipeline` below"),
        ("train.trainer", "logger", "sibling sibling", "all below them, here 1 level down"),
        ("tracker", "logger", "peer peer", "`component` is a leaf of the framework"),
        ("train.tracker", "tracker", "wraps sibling", "keeps it under that name to wrap it"),
        ("train", "runner.tracker", "hidden sibling", "has the same name and is its own child"),
        ("train", "check", "apart None", "`pipeline` is no leaf of the framework"),
        ("train.trainer", "metrics", "apart None", "`update_peer_integrations: false` is set"),
        ("train.trainer", "check", "beside None", "members of a group are not given to what is"),
        ("logger", "train", "later None", "`pipeline` comes after `component` below `runner`"),
        ("train.trainer", "report", "inside None", "could be given no more than `runner.check`"),
        ("train", "report", "inside None", "what is in a block is not passed on to others"),
        ("", "trainer", "below None", "nothing is passed upwards"),
        ("train", "runner", "above None", "has its parent as `parent`"),
        ("train.trainer", "runner", "above None", "`runner` is an ancestor of"),
        ("train", "train", "itself None", "no integration holds itself"),
    ],
)
def test_rules_in_words(desk: Desk, receiver: str, name: str, expected: str, words: str) -> None:
    """Each rule has a word for programs and a sentence for people."""
    plan = desk.plan(DOCUMENT)
    why = plan.why(f"runner.{receiver}".rstrip("."), name)
    assert f"{why.rule} {why.kind}" == expected
    assert words.replace("the block of the document", "the document") in why.sentence
    assert why.is_held == (why.rule in {"child", "sibling", "peer", "wraps"})


def test_the_lines_that_caused_it(desk: Desk) -> None:
    """The declarations, the flag and the layers are shown where they are written."""
    framework = "integration_framework: {runner: {component: , pipeline: {component: }}}\n"
    why = desk.plan(framework, DOCUMENT).why("runner.train.trainer", "logger")
    assert [(line.what, line.place.line) for line in why.lines] == [
        ("declares `runner.logger`", 5),
        ("declares `runner.train`", 7),
        ("says what is passed", 3),
        ("orders the layer `component`", 1),
        ("orders the layer `pipeline`", 1),
    ]
    flag = why.lines[2].place
    assert flag.snippet == "  config: {pass_integration_to_siblings: true}"
    assert flag.snippet[flag.caret - 1 :] == "true}"


def test_the_switch_that_would_remove_it(desk: Desk) -> None:
    """The setting, where it belongs, and how many others lose it as well."""
    plan = desk.plan(DOCUMENT)
    why = plan.why("runner.train", "logger")
    assert why.change == (
        "`pass_integration_to_siblings: false` in `component.config` of the document "
        "(workflow.yaml:2) would remove it, for all 2 members of `runner/component` and 6 receivers"
    )
    (switch,) = why.switches
    keys = ("component", "config", "pass_integration_to_siblings")
    assert (switch.keys, switch.key, switch.value) == (keys, keys[-1], False)
    assert plan.why("runner.tracker", "logger").change.endswith("would remove it, both ways")


@pytest.mark.parametrize(
    ("receiver", "name", "change"),
    [
        (
            "train",
            "check",
            "`update_peer_integrations: true` in `pipeline.config` of the document ",
        ),
        ("train", "check", " (workflow.yaml:5) would link them, both ways"),
        ("train.trainer", "metrics", "` of the block of `runner.train` (workflow.yaml:10) would"),
        ("train.trainer", "metrics", "would link them, for all 3 members of the group"),
        ("logger", "train", "an `integration_framework` in the document with `pipeline` before `c"),
        ("logger", "train", "`component` below `runner` would link them, for all that these laye"),
        ("train.trainer", "report", ""),
        ("train", "runner.tracker", ""),
    ],
)
def test_the_switch_that_would_link_them(desk: Desk, receiver: str, name: str, change: str) -> None:
    """Where a setting would link two, it is named; where none would, none is."""
    found = desk.plan(DOCUMENT).why(f"runner.{receiver}", name).change
    assert change in found
    assert bool(change) == bool(found)


def test_what_would_be_left_is_told(desk: Desk) -> None:
    """Where something farther has the name, taking the nearer one away leaves that."""
    text = DOCUMENT.replace("update_peer_integrations: false", "update_peer_integrations: true")
    why = desk.plan(text).why("runner.train.trainer", "tracker")
    assert (why.source, why.instead) == ("runner.train.tracker", "runner.tracker")
    assert why.change.endswith("; it would have `runner.tracker` instead")
    assert desk.plan(text).why("runner.train.trainer", "runner.tracker").instead == why.source


def test_a_setting_of_the_call_is_named(desk: Desk) -> None:
    """A flag that the call has set is to be changed there, under the key that it has."""
    overrides = {"pipeline.config.Update_Peer_Integrations": True}
    why = desk.plan(DOCUMENT, overrides=overrides).why("runner.train", "check")
    assert why.change.startswith("`Update_Peer_Integrations: false` in `pipeline.config` of the")
    assert "(--set) would remove it" in why.change
    assert lg.plan({}).why("runner", "runner").lines == ()


def test_hidden_names_are_told_beside_the_one_that_hides(desk: Desk) -> None:
    """A name that several have is answered for the one that is reached, then for the others."""
    why = desk.plan(DOCUMENT).why("runner.train.trainer", "tracker")
    assert (why.source, why.rule) == ("runner.tracker", "sibling")
    (other,) = why.others
    assert (other.source, other.rule, other.is_held) == ("runner.train.tracker", "apart", False)
    names = {f"c{number}": {"component": {"x": "X"}} for number in range(9)}
    conf = {"component": {"y": "Y"}, "pipeline": dict.fromkeys(names, "P"), **names}
    many = lg.plan(conf).why("runner.y", "x")
    assert (many.is_held, len(many.others), many.more) == (False, 5, 3)


@pytest.mark.parametrize(
    ("receiver", "name", "route"),
    [
        ("runner", "trainer", "self.train.trainer"),
        ("runner.train", "report", "self.parent.check.report"),
        ("runner.train.trainer", "report", "self.parent.parent.check.report"),
        ("runner.train.trainer", "metrics", "self.parent.metrics"),
        ("runner.train.trainer", "train", "self.parent"),
        ("runner.train", "runner.tracker", "self.parent.tracker"),
        ("runner.logger", "runner", "self.parent"),
    ],
)
def test_there_is_a_way_in_code(desk: Desk, receiver: str, name: str, route: str) -> None:
    """What is not an attribute is reached by the parents."""
    assert desk.plan(DOCUMENT).why(receiver, name).route == route


def test_the_way_is_the_shortest(desk: Desk) -> None:
    """What a parent has as attribute is taken from there, not from farther up."""
    overrides = {"pipeline.config.update_peer_integrations": True}
    plan = desk.plan(DOCUMENT, overrides=overrides)
    assert plan.why("runner.train.trainer", "check").route == "self.parent.check"


def test_a_framework_of_the_call_is_not_looked_for_in_the_document(desk: Desk) -> None:
    """Where the call gives the layers, those that the document names decide nothing."""
    framework: dict[str, Any] = {"runner": {"component": None, "pipeline": {"component": None}}}
    text = "integration_framework: {runner: {pipeline: {component: }, component: }}\n"
    why = desk.plan(text, DOCUMENT, framework=framework).why("runner.logger", "train")
    assert [line.what for line in why.lines] == [
        "declares `runner.train`",
        "declares `runner.logger`",
    ]
    assert "in the framework that the call gives would link them" in why.change


def test_of_several_the_nearest_is_told_first() -> None:
    """What is linked but hidden comes before what is not, and near relations before far ones."""
    below = {"component": {"x": "X"}}
    conf: dict[str, Any] = {
        "component": {"z": "Z"},
        "pipeline": {"p": "P", "q": "P"},
        "p": below,
        "q": {"component": {"x": "X", "y": "Y", "config": {"update_peer_integrations": False}}},
    }
    why = lg.plan(conf).why("runner.q.y", "x")
    assert [why.source, *(other.source for other in why.others)] == ["runner.q.x", "runner.p.x"]
    conf["component"]["x"] = "X"
    why = lg.plan(conf).why("runner.q", "x")
    told = [why.source, *(other.source for other in why.others)]
    assert told == ["runner.q.x", "runner.x", "runner.p.x"]


def test_the_other_way_round(desk: Desk) -> None:
    """Where the source has the receiver, that is said."""
    why = desk.plan(DOCUMENT).why("runner.logger", "train")
    assert why.reverse == (
        "the other way round, `runner.train` has `logger`: it is `runner.logger`, given to it"
    )
    assert desk.plan(DOCUMENT).why("runner.train", "logger").reverse == ""


def test_a_dictionary_has_places_without_lines() -> None:
    """Without a file, places are the keys that lead to them."""
    conf = {"component": {"a": "A"}, "pipeline": {"p": "P"}}
    why = lg.plan(conf).why("runner.p", "a")
    assert [str(line.place) for line in why.lines] == ["conf: component.a", "conf: pipeline.p"]
    assert "would remove it" in why.change


def test_values_never_show(desk: Desk) -> None:
    """Lines are shown without their values, secrets included."""
    text = DOCUMENT.replace("trainer: Trainer", "trainer: Trainer  # hunter2")
    plan = desk.plan(text.replace("    trainer:", '    "trainer":'))
    for path in plan.order:
        for name in plan.order:
            assert "hunter2" not in json.dumps(plan.why(path, name).as_dict(), default=str)
            assert all("hunter2" not in x.place.snippet for x in plan.why(path, name).lines)


def test_an_answer_is_shown_in_a_line(desk: Desk) -> None:
    """What a shell shows of an answer is its headline."""
    answer = desk.plan(DOCUMENT).why("runner.train", "logger")
    assert repr(answer) == f"<Why {answer.headline}>"


def test_what_is_no_text_is_no_path(desk: Desk) -> None:
    """A fault can be shown, whatever was given for a path."""
    with pytest.raises(lg.WorkflowError, match="this workflow has no integration `None`"):
        desk.plan(DOCUMENT).why(None, "logger")  # type: ignore[arg-type]


def test_what_is_not_there_is_the_calls_fault(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    """An unknown path and an unknown name are faults of the call, with what was meant."""
    desk.plan(DOCUMENT)
    for arguments, told in (
        (["runner.trian", "logger"], ("LG703", "did you mean `runner.train`?")),
        (["train", "logger"], ("LG703", "did you mean `runner.train`?")),
        (["lab.train", "logger"], ("LG703", "did you mean `runner.train`?")),
        (["runner.train", "loger"], ("LG804", "did you mean `logger`?")),
        (["runner.train", "runner.loger"], ("LG703", "did you mean `runner.logger`?")),
    ):
        assert main(["why", "workflow.yaml", *arguments]) == 2
        errors = capsys.readouterr().err
        assert all(word in errors for word in told)


def test_command_says_it_all(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """The headline, the sentence, the lines with carets, the switch, and the way in code."""
    desk.plan(DOCUMENT)
    assert main(["why", "workflow.yaml", "runner.train", "check"]) == 0
    assert capsys.readouterr().out == (
        "`runner.train` does not have `runner.check` as its attribute `check`\n"
        "  Both are members of the group `runner/pipeline`, which do not see each other: "
        "`pipeline` is no leaf of the framework.\n\n"
        "  workflow.yaml:7:3: declares `runner.check`\n"
        "      7 |   check: Check\n"
        "            ^\n"
        "  workflow.yaml:6:3: declares `runner.train`\n"
        "      6 |   train: Train\n"
        "            ^\n"
        "  `update_peer_integrations: true` in `pipeline.config` of the document "
        "(workflow.yaml:5) would link them, both ways.\n"
        "  In its code, `self.parent.check` is what leads there.\n"
    )
    assert main(["why", "workflow.yaml", "runner.train", "check", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["rule"], answer["kind"], answer["is_held"]) == ("apart", None, False)
    assert answer["headline"].startswith("`runner.train` does not have `runner.check`")
    assert answer["switches"][0]["keys"] == ["pipeline", "config", "update_peer_integrations"]


# Groups -----------------------------------------------------------------------------------------


def test_the_rule_of_a_line_between_groups(desk: Desk) -> None:
    """A picture can tell of each of its lines which rule it follows, and where that stands."""
    plan = desk.plan(DOCUMENT)
    given = plan.why_groups("runner/component", "runner.train/component", "sibling")
    assert given.sentence == (
        "`component` comes before `pipeline` below `runner` in the framework, and what a layer has "
        "built is passed to the layers after it and to all below them, here 1 level down"
    )
    assert (given.place.line, given.place.snippet.strip()[:7]) == (2, "config:")
    peers = plan.why_groups("runner/component", "runner/component", "peer")
    assert peers.sentence.endswith("see each other: `component` is a leaf of the framework")
    assert peers.place.line == 1


@pytest.mark.parametrize("seed", range(100))
def test_every_line_between_groups_has_a_rule(seed: int) -> None:
    """Whatever the workflow, each link between groups has a sentence and a place."""
    plan: Any = lg.plan(random_workflow(seed).document)
    for source, target, kind in plan.graph.graph["group_links"]:
        rule = plan.why_groups(source, target, kind)
        assert rule.sentence
        assert rule.place.trail


# Against the rules ------------------------------------------------------------------------------


def planned(workflow: Workflow) -> Any:
    """The plan of a random workflow."""
    return lg.plan(workflow.document)


@pytest.mark.parametrize("start", range(0, 1000, 100))
def test_every_pair_is_explained_as_the_rules_say(start: int) -> None:
    """Of every pair, the kind is that of the edge, and what is held is what the rules give."""
    seen = set()
    for seed in range(start, start + 100):
        workflow = random_workflow(seed)
        wiring = wire(workflow.document, workflow.framework)
        plan = planned(workflow)
        kinds = {(target, source): kind for source, target, kind in wiring.links if kind != "child"}
        kinds |= {(source, child): kind for source, child, kind in wiring.links if kind == "child"}
        for receiver in plan.integrations:
            held = {*wiring.attributes(receiver.path).values()}
            for source in plan.integrations:
                link = find_link(receiver, source)
                assert link.kind == kinds.get((receiver.path, source.path))
                assert link.is_held == (source.path in held)
                hiding = link.hiding.path if link.hiding else None
                assert hiding in {None, wiring.attributes(receiver.path).get(source.name)}
                seen.add(link.rule)
    assert len(seen) == 13


@pytest.mark.parametrize("seed", range(0, 1000, 7))
def test_every_name_is_answered_for_what_is_held(seed: int) -> None:
    """Asked for a name, the answer is about the one that the receiver has, and speaks of it."""
    workflow = random_workflow(seed)
    wiring = wire(workflow.document, workflow.framework)
    plan = planned(workflow)
    for path in plan.order:
        for name in wiring.names() & {*NAMES}:
            why = plan.why(path, name)
            held = wiring.attributes(path).get(name)
            assert why.is_held == (held is not None)
            assert held in {None, why.source}
            assert why.sentence
            assert json.dumps(why.as_dict())


def flipped(document: dict[str, Any], keys: tuple[str, ...], value: Any) -> dict[str, Any]:
    """A copy of a document with one setting changed."""
    changed = copy.deepcopy(document)
    block = changed
    for key in keys[:-1]:
        block[key] = dict(block.get(key) or {})
        block = block[key]
    block[keys[-1]] = value
    return changed


@pytest.mark.parametrize("start", range(0, 1000, 100))
def test_switches_do_what_they_say(start: int) -> None:
    """With the switches of an answer set, the document links what it did not, or the reverse."""
    tried = set()
    for seed in range(start, start + 100):
        workflow, rng = random_workflow(seed), Random(seed)
        plan = planned(workflow)
        for _ in range(60):
            receiver, source = rng.choices(plan.order, k=2)
            why = plan.why(receiver, source)
            if not why.switches or why.source != source:
                continue
            document = workflow.document
            for switch in why.switches:
                document = flipped(document, switch.keys, switch.value)
            found = lg.plan(document).integration(receiver).reach(why.name)
            assert (found is not None and found.path == source) != why.is_held
            assert not why.is_held or (found.path if found else None) == why.instead
            assert (source in wire(document).attributes(receiver).values()) != why.is_held
            tried.add(why.rule)
    assert tried >= {"sibling", "peer", "apart", "later", "withheld", "hidden"}


@pytest.mark.parametrize("seed", range(0, 200, 5))
def test_no_switch_is_kept_back(seed: int) -> None:
    """Where no switch is named, no flag of any section would change the answer."""
    workflow = random_workflow(seed)
    plan = planned(workflow)
    answers = [plan.why(receiver, source) for receiver in plan.order for source in plan.order]
    held = {(why.receiver, why.source): why.is_held for why in answers if not why.switches}
    for integration in plan.integrations:
        for group in integration.groups:
            for key in ("pass_integration_to_siblings", "update_peer_integrations"):
                for value in (True, False):
                    steps = integration.path.split(".")[1:]
                    keys = (*steps, group.layer.name, "config", key)
                    wiring = wire(flipped(workflow.document, keys, value))
                    attributes = {p: {*wiring.attributes(p).values()} for p in wiring.order}
                    for (receiver, source), was in held.items():
                        assert (source in attributes[receiver]) == was


def test_one_answer_among_ten_thousand_takes_milliseconds() -> None:
    """What is asked of one pair costs no walk along the links."""
    conf = {
        "component": {f"c{number}": "C" for number in range(5_000)},
        "pipeline": {f"p{number}": "P" for number in range(2_500)},
        **{f"p{n}": {"component": {"tracker": "T", "other": "T"}} for n in range(2_500)},
    }
    plan: Any = lg.plan(conf)
    plan.why("runner", "c1")
    begin = perf_counter()
    for number in range(10):
        assert plan.why(f"runner.p{number}.tracker", "other").is_held
        assert plan.why(f"runner.p{number}.tracker", f"runner.c{number}").is_held
    assert perf_counter() - begin < 0.5
