"""`explain`: every value that a key could have, in order, held against a look-up by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

import lolpop_graph as lg
from lolpop_graph.cli import main
from tests.configured import (
    ENVIRONMENT,
    KEYS,
    Configured,
    configured_workflow,
    layers_with,
    looked_up,
)
from tests.toys import exported

SEEDS = 1000
SAMPLE = 20
PARTS = '''"""Parts."""

import lolpop_graph as lg


class Vault(lg.BaseComponent):
    """Keeps what it is told."""

    __SECRET_CONF__ = ["host"]
    __DEFAULT_CONF__ = {
        "config": {
            "port": 1,
            "host": "inner.example.org",
        }
    }


class Safe(Vault):
    """Needs a depth."""

    __REQUIRED_CONF__ = {"config": ["depth", "port"]}
    __DEFAULT_CONF__ = {"config": {"Port": 2}}


class Sender:
    """None of ours."""

    def __init__(self, host, vault=None, port=25):
        self.host, self.vault, self.port = host, vault, port
'''
WORKFLOW = """\
config:
  plugin_paths: [parts.py]
  depth: 8
  Metric: f1
component: {vault: Safe}
pipeline:
  train: lolpop_graph:BasePipeline
  config: {metric: auc}
train:
  component: {mail: Sender, safe: Safe, lost: Nowhere}
  mail: {config: {host: h.example.org}}
  safe:
    config:
      rows: $train.config.rows
      address: "${env:LG_USER}@${train.config.domain}"
  config:
    rows: $config.depth
    domain: example.org
"""
SAFE = "runner.train.safe"


@pytest.fixture(name="folder")
def folder_with_a_workflow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a workflow and its parts."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LG_USER", "somebody")
    for name in ("DEPTH", "METRIC", "PORT"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "parts.py").write_text(PARTS, encoding="utf-8")
    (tmp_path / "workflow.yaml").write_text(WORKFLOW, encoding="utf-8")
    return tmp_path


def explained(path: str, key: str, *layers: Any, **options: Any) -> Any:
    """What the workflow of the current folder says of a key."""
    return lg.plan("workflow.yaml", *layers, **options).explain(path, key)


def planned(made: Configured) -> Any:
    """The plan of a workflow with configs."""
    return lg.plan(*made.layers, overrides=made.overrides, classes=exported())


@pytest.mark.parametrize("chunk", range(10))
def test_every_key_of_random_workflows(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The candidates of every key of every integration are those of a look-up by hand."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    for seed in range(chunk, SEEDS, 10):
        made = configured_workflow(seed)
        plan = planned(made)
        for key in KEYS:
            found = looked_up(made, key)
            assert set(found) == set(plan.order)
            for path, expected in found.items():
                answer = plan.explain(path, key)
                told = [(each.kind, each.where, each.value) for each in answer.candidates]
                assert told == expected, (seed, path, key)
                assert [each.wins for each in answer.candidates] == [True, *[False] * len(told)][
                    : len(told)
                ]
                assert (answer.winner is None) == (not expected)


@pytest.mark.parametrize("seed", range(0, SEEDS, 10))
def test_layers_of_random_workflows(seed: int) -> None:
    """Every value that a layer has is told, and what it replaces, from the highest layer down."""
    made = configured_workflow(seed)
    plan = planned(made)
    for path in plan.order:
        for answer in plan.explain_keys(path, classes=False):
            for each in answer.candidates:
                if each.kind == "environment" or "." in each.where.partition("/")[2]:
                    continue
                keys = tuple(each.setting.split("."))
                expected = layers_with(made, keys)
                assert [layer.value for layer in each.layers] == expected * (len(expected) > 1)


@pytest.mark.parametrize("seed", range(0, SEEDS, SAMPLE))
def test_winner_is_what_objects_get(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The value that wins is what `_get_config` of the built object returns, and None if none."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    made = configured_workflow(seed)
    plan = lg.plan(
        *made.layers,
        overrides=made.overrides,
        classes=exported(),
        skip_config_validation=True,
    )
    with plan.build() as workflow:
        for path, built in workflow.items():
            for key in KEYS:
                answer = plan.explain(path, key.upper())
                got = built._get_config(key, "nothing")
                if answer.winner and answer.winner.kind == "environment":
                    assert got == ENVIRONMENT[answer.winner.setting]
                else:
                    assert got == (answer.value if answer.winner else "nothing")


def test_random_workflows_have_teeth() -> None:
    """Layers, overrides, mappings that merge, hidden values and unset keys all occur often."""
    made = [configured_workflow(seed) for seed in range(0, SEEDS, 10)]
    answers = [
        answer
        for each in made
        for plan in [planned(each)]
        for path in plan.order
        for answer in (plan.explain(path, key) for key in KEYS)
    ]
    candidates = [each for answer in answers for each in answer.candidates]
    assert sum(len(answer.candidates) > 2 for answer in answers) > 500
    assert sum(not answer.candidates for answer in answers) > 100
    assert sum(any(not layer.counts for layer in each.layers) for each in candidates) > 100
    assert sum(any(layer.counts for layer in each.layers[1:]) for each in candidates) > 10


def test_places_of_every_kind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each candidate says where it stands: override, files, layer's config, class, environment."""
    (folder / "prod.yaml").write_text("train: {safe: {config: {port: 5}}}\n", encoding="utf-8")
    monkeypatch.setenv("PORT", "9")
    answer = explained(
        SAFE, "PORT", "prod.yaml", overrides={"pipeline.config.port": 4, "train.config.port": 3}
    )
    assert [(each.kind, each.value, str(each.place)) for each in answer.candidates] == [
        ("own", 5, "prod.yaml:1:25"),
        ("inherited", 3, "--set: train.config.port"),
        ("layer", 4, "--set: pipeline.config.port"),
        ("class", 2, "parts.py:22:36"),
        ("class", 1, "parts.py:12:13"),
        ("environment", "${env:PORT}", "None"),
    ]
    assert [each.key for each in answer.candidates][-3:] == ["Port", "port", "PORT"]


def test_what_layers_replace(folder: Path) -> None:
    """Below a value stands what it replaces: an override, an overlay, the file."""
    (folder / "prod.yaml").write_text("train: {config: {domain: b}}\n", encoding="utf-8")
    answer = explained(
        "runner.train",
        "domain",
        "prod.yaml",
        overrides={"train.config": {"domain": "c", "rows": 1}},
    )
    assert answer.value == "c"
    assert [(each.value, str(each.place), each.counts) for each in answer.winner.layers] == [
        ("c", "--set: train.config.domain", True),
        ("b", "prod.yaml:1:18", False),
        ("example.org", "workflow.yaml:18:5", False),
    ]


def test_mappings_are_made_of_layers(folder: Path) -> None:
    """Of a mapping with keys from several layers, each layer's part is told to count."""
    lower = {"train": {"config": {"params": {"a": 1, "b": 2}}}}
    answer = explained("runner.train", "params", lower, overrides={"train.config.params.b": 3})
    assert answer.value == {"a": 1, "b": 3}
    assert [(each.value, each.counts) for each in answer.winner.layers] == [
        ({"b": 3}, True),
        ({"a": 1, "b": 2}, True),
    ]


def test_a_layer_hides_what_is_below_its_null(folder: Path) -> None:
    """What stands below a block that a higher layer empties is no longer there at all."""
    answer = explained(
        "runner.train", "domain", {"train": None}, {"train": {"config": {"domain": 1}}}
    )
    assert (answer.value, answer.winner.layers) == (1, ())


def test_references_are_followed(folder: Path) -> None:
    """A reference shows what was written, each step that it leads over, and the places."""
    answer = explained(SAFE, "rows")
    assert answer.value == 8
    assert [
        (step.at, step.written, step.to, step.value, str(step.place))
        for step in answer.winner.references
    ] == [
        (
            "train.safe.config.rows",
            "$train.config.rows",
            "train.config.rows",
            8,
            "workflow.yaml:17:5",
        ),
        ("train.config.rows", "$config.depth", "config.depth", 8, "workflow.yaml:3:3"),
    ]


def test_references_within_a_text(folder: Path) -> None:
    """A text with references shows each; what is from the environment is shown as that."""
    answer = explained(SAFE, "address")
    assert answer.value == "${env:LG_USER}@${train.config.domain}"
    assert [(step.to, step.value) for step in answer.winner.references] == [
        ("env:LG_USER", "${env:LG_USER}"),
        ("train.config.domain", "example.org"),
    ]


def test_references_to_a_whole_config(folder: Path) -> None:
    """A config that is a reference, and what is in a value, are followed as well."""
    over = {
        "train": {"config": "$vault.config"},
        "vault": {"config": {"x": [0, {"y": "$config.depth"}], "rows": 1, "domain": 2}},
    }
    answer = explained("runner.train", "X", over)
    assert answer.value == [0, {"y": 8}]
    assert [(step.at, step.to) for step in answer.winner.references] == [
        ("train.config", "vault.config"),
        ("train.config.x.1.y", "config.depth"),
    ]


def test_default_of_the_environment(folder: Path) -> None:
    """Where a variable is not set, the default of the reference is the value."""
    answer = explained(SAFE, "v", {"train": {"config": {"v": "${env:LG_UNSET,d}"}}})
    (step,) = answer.winner.references
    assert (answer.value, step.to, step.value, step.place) == ("d", "env:LG_UNSET", "d", None)


def test_secrets_are_masked(folder: Path) -> None:
    """Secrets of any kind are masked, in lower layers and behind references too."""
    lower = {
        "config": {"host": "hunter-0", "password": "hunter-1", "pin": 8, "v": "db://me:hunter-2@h"}
    }
    over = {
        "config": {"password": "hunter-3", "v": "x", "w": "$config.pin", "host": "hunter-4"},
        "train": {"config": {"u": "${config.password}!", "s": lg.Secret("hunter-5")}},
    }
    plan = lg.plan("workflow.yaml", lower, over, overrides={"config.password": "hunter-6"})
    answers = [
        plan.explain(path, key) for path in plan.order for key in (*"uvws", "pin", "password")
    ]
    answers += [each for path in plan.order for each in plan.explain_keys(path)]
    said = repr([vars(each) for each in answers])
    said += json.dumps([each.as_dict() for each in answers])
    assert "hunter" not in said
    assert "inner.example.org" not in said
    assert plan.explain("runner", "w").value == "***"
    assert plan.explain(SAFE, "host").value == "***"


def test_secrets_of_classes_without_a_text() -> None:
    """A class that the call gives says itself what is secret, where its text does not."""
    hosts = ["host"]
    part = type("Part", (lg.BaseComponent,), {"__SECRET_CONF__": hosts})
    conf = {"component": {"part": "Part"}, "part": {"config": {"host": "hunter-1"}}}
    old = lg.plan(conf, classes=[part])
    new = lg.plan(conf, classes=[part], overrides={"part.config.host": "hunter-2"})
    assert "hunter" not in json.dumps(old.diff(new).as_dict(values=True))
    assert old.explain("runner.part", "host", classes=False).value == "***"


@pytest.mark.parametrize("start", ["", "raise ImportError\n"])
def test_secrets_of_classes_that_are_not_imported(folder: Path, start: str) -> None:
    """What the text of a class calls secret is masked, though the class is left out or broken."""
    (folder / "parts.py").write_text(f"{start}{PARTS}", encoding="utf-8")
    plan = lg.plan("workflow.yaml", {"config": {"host": "hunter-1"}})
    assert plan.explain(SAFE, "host", classes=False).value == "***"
    assert plan.explain(SAFE, "host").value == "***"
    for path in plan.order:
        answers = plan.explain_keys(path, classes=False)
        assert "hunter" not in repr([vars(each) for each in answers])


def test_an_explanation_is_shown_as_the_command_shows_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The text of an explanation is what the command prints; other spellings of a key are told."""
    answer = explained(SAFE, "METRIC")
    assert main(["explain", "workflow.yaml", SAFE, "METRIC"]) == 0
    assert capsys.readouterr().out == f"{answer}\n"
    lines = str(answer).splitlines()
    assert lines[0] == "metric of runner.train.safe (Safe) is auc"
    assert repr(answer) == f"<Explanation {lines[0]}>"
    assert [line.split("  ")[0] for line in lines[2:4]] == ["=>", "hidden"]
    assert "config of runner as Metric" in lines[3]


@pytest.mark.parametrize(
    "value", [3, "3", True, "true", None, "", "plain text", [1], "[1]", '"3"', {"a": 1}, '{"a": 1}']
)
def test_a_text_is_told_from_what_it_looks_like(value: object) -> None:
    """What stands for a value is YAML of that value: a text that looks like another is quoted."""
    plan = lg.plan({"config": {"key": value}})
    first = str(plan.explain("runner", "key", classes=False)).splitlines()[0]
    shown = yaml.safe_load(first.partition(" is ")[2])
    assert (shown, type(shown)) == (value, type(value))


def test_a_key_that_nothing_sets(folder: Path) -> None:
    """The answer names every place that was looked in, and a key that may be meant."""
    answer = explained("runner.vault", "deptth")
    assert (answer.winner, answer.value, answer.close) == (None, None, "depth")
    assert [(each.kind, each.setting) for each in answer.empty] == [
        ("own", "vault.config.deptth"),
        ("layer", "component.config.deptth"),
        ("inherited", "config.deptth"),
        ("layer", "runner.config.deptth"),
        ("class", "__DEFAULT_CONF__.config.deptth"),
        ("class", "__DEFAULT_CONF__.config.deptth"),
        ("environment", "DEPTTH"),
    ]


def test_settings_can_be_set(folder: Path) -> None:
    """Each place of the document that has nothing is one where an override makes it win."""
    for place in explained(SAFE, "new").empty:
        if place.kind in {"own", "layer", "inherited"}:
            answer = explained(SAFE, "new", overrides={place.setting: 1})
            assert (answer.value, answer.winner.where) == (1, place.where)


def test_required_keys_that_are_missing(folder: Path) -> None:
    """The list of keys has those that the class requires and nobody sets."""
    text = WORKFLOW.replace("  depth: 8\n", "").replace("$config.depth", "1")
    (folder / "workflow.yaml").write_text(text, encoding="utf-8")
    found = {each.key: each for each in lg.plan("workflow.yaml").explain_keys(SAFE)}
    assert found["depth"].required
    assert found["depth"].winner is None
    assert found["Port"].value == 2
    assert list(found)[:3] == ["rows", "address", "domain"]


def test_class_that_cannot_be_found(folder: Path) -> None:
    """The answer comes all the same, and says why the class's defaults are not in it."""
    answer = explained("runner.train.lost", "depth")
    assert answer.value == 8
    assert answer.fault.code == "LG501"
    assert "there is no class `Nowhere`" in answer.unknown
    assert explained(SAFE, "port").fault is None


def test_without_classes_nothing_is_imported(folder: Path) -> None:
    """`classes=False` imports no module, leaves the defaults out, and says so."""
    (folder / "parts.py").write_text("raise SystemExit\nclass Safe: pass\n", encoding="utf-8")
    answer = lg.plan("workflow.yaml").explain(SAFE, "port", classes=False)
    assert (answer.winner, answer.fault) == (None, None)
    assert "left out" in answer.unknown
    found = explained(SAFE, "port")
    assert found.fault.code == "LG502"


def test_foreign_classes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A class that is none of ours gets parameters: from integrations first, never from outside."""
    monkeypatch.setenv("PORT", "9")
    monkeypatch.setenv("VAULT", "9")
    answer = explained("runner.train.mail", "port")
    assert answer.candidates == ()
    assert "environment" not in {each.kind for each in answer.empty}
    assert "`port` has its own default" in answer.notes[0]
    (note,) = explained("runner.train.mail", "vault").notes
    assert note == "the constructor's parameter `vault` is the integration `runner.vault`"
    (note,) = explained("runner.train.mail", "metric").notes
    assert note == "the constructor of `Sender` has no parameter `metric`"


def test_unknown_path(folder: Path) -> None:
    """A path that the workflow does not have is a fault of the call."""
    with pytest.raises(lg.WorkflowError, match="LG703"):
        explained("runner.trian", "depth")


def test_command_shows_a_table(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The winner has a sign, the others are said to be hidden or replaced, and columns line up."""
    overlay = folder / "prod.yaml"
    overlay.write_text("train: {config: {rows: $config.depth, domain: d.example}}\n", "utf-8")
    line = f"explain workflow.yaml {SAFE} port --set train.config.port=3 --set config.port=x"
    assert main([*line.split(), "--overlay", "prod.yaml"]) == 0
    assert capsys.readouterr().out == (
        "port of runner.train.safe (Safe) is 3\n"
        "\n"
        "=>      3  config of runner.train   --set: train.config.port\n"
        "hidden  x  config of runner         --set: config.port\n"
        "hidden  2  default of Safe as Port  parts.py:22:36\n"
        "hidden  1  default of Vault         parts.py:12:13\n"
        "\n"
        "not set in\n"
        "  own config                              train.safe.config.port\n"
        "  config of layer runner.train/component  train.component.config.port\n"
        "  config of layer runner/pipeline         pipeline.config.port\n"
        "  config of layer runner                  runner.config.port\n"
        "  environment                             PORT\n"
    )
    assert (
        main(["explain", "workflow.yaml", "runner.train", "domain", "--overlay", "prod.yaml"]) == 0
    )
    assert capsys.readouterr().out.splitlines()[2:4] == [
        "=>        d.example    own config  prod.yaml:1:39",
        "replaced  example.org              workflow.yaml:18:5",
    ]


def test_command_lists_keys(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a key, every key in reach stands in a line of its own; with none, that is said."""
    assert main(["explain", "workflow.yaml", "runner.vault"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "runner.vault (Safe) reaches 5 keys"
    assert lines[3] == "depth         8             config of runner  workflow.yaml:3:3"
    Path("empty.yaml").write_text("{}\n", encoding="utf-8")
    assert main(["explain", "empty.yaml", "runner", "--no-classes"]) == 0
    assert capsys.readouterr().out.startswith("runner reaches no key\n")
    assert main(["explain", "empty.yaml", "runner", "--no-classes", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["keys"] == []
    assert said["unknown"].startswith("the defaults of classes are left out")


def test_command_that_finds_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """That nothing sets a key is an answer, with exit code 0; an unknown path is not, with 2."""
    assert main(["explain", "workflow.yaml", "runner.vault", "deptth"]) == 0
    said = capsys.readouterr().out
    assert "nothing sets it: did you mean `depth`?" in said
    assert "=>" not in said
    assert main(["explain", "workflow.yaml", "runner.vualt", "depth"]) == 2
    assert "LG703" in capsys.readouterr().err


@pytest.mark.parametrize("key", [["rows"], []])
def test_command_writes_json(
    folder: Path, key: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """`--json` writes what the functions return, and faults of the call as JSON too."""
    assert main(["explain", "workflow.yaml", SAFE, *key, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    plan = lg.plan("workflow.yaml")
    if key:
        assert said == json.loads(json.dumps(plan.explain(SAFE, "rows").as_dict()))
        assert said["candidates"][0]["references"][0]["place"]["line"] == 17
    else:
        assert [each["key"] for each in said["keys"]] == [
            each.key for each in plan.explain_keys(SAFE)
        ]
    assert main(["explain", "workflow.yaml", "runner.vualt", *key, "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["faults"][0]["code"] == "LG703"


def test_hostile_keys_and_values(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Control characters, long values and odd keys neither break lines nor raise."""
    value = {"a\x1b[31m\nb": "x\x00" * 500, "": ["y" * 5000]}
    Path("odd.yaml").write_text(f"config: {json.dumps(value)}\n", encoding="utf-8")
    for key in (*value, "=", "\udce9", "a b", "x" * 5000):
        assert main(["explain", "odd.yaml", "runner", key, "--no-classes"]) == 0
        said = capsys.readouterr().out
        assert "\x1b" not in said
        assert max(map(len, said.splitlines()[2:4])) < 200
    assert main(["explain", "odd.yaml", "runner", "--no-classes"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 6
