"""What only comes of a misspelt key is not told, and all else is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import lolpop_graph as lg
from lolpop_graph.errors import Severity
from lolpop_graph.text import one_letter_apart, suggestion
from tests.toys import exported


class Measured(lg.BaseComponent):
    """Has defaults for two keys that are one letter apart."""

    __DEFAULT_CONF__ = {"config": {"metric": "f1", "metrics": []}}


def told(*confs: Any, **options: Any) -> list[tuple[str, str]]:
    """The code and the cure of each fault of a workflow."""
    classes = [*exported(), Measured]
    found = lg.validate(*confs, classes=classes, find_classes=True, **options)
    return [(fault.code, fault.cure) for fault in found]


def test_references_into_a_misspelt_block_are_not_told() -> None:
    """A block that is misspelt is told once, however many references lead into it."""
    conf = {
        "component": {"tracker": "Toy"},
        "trakcer": {"config": {"uri": "x"}},
        "config": {"one": "$tracker.config.uri", "two": "${tracker.config.uri}/y"},
    }
    assert told(conf) == [("LG302", "did you mean `tracker`?")]


def test_other_references_are_told_beside_a_misspelt_block() -> None:
    """A reference that is misspelt itself is a fault of its own."""
    conf = {
        "component": {"tracker": "Toy"},
        "trakcer": {"config": {"uri": "x"}},
        "config": {"one": "$tracker.config.uri", "metric": "f1", "two": "$config.metrc"},
    }
    assert sorted(told(conf)) == [
        ("LG302", "did you mean `tracker`?"),
        ("LG401", "did you mean `metric`?"),
    ]


def test_overlay_of_a_misspelt_block_is_not_told() -> None:
    """What an overlay sets in a block is no fault because the block is misspelt below."""
    lower = {"pipeline": {"train": "Toy"}, "trian": {"component": {"trainer": "Toy"}}}
    upper = {"train": {"trainer": {"config": {"depth": 8}}}}
    assert told(lower, upper) == [("LG302", "did you mean `train`?")]


def test_misspelt_framework_is_told_alone() -> None:
    """What a document has in its own layers is not measured by the default ones."""
    conf = {
        "integration_framewrok": {"plant": {"line": None}},
        "plant": "Toy",
        "line": {"first": "Nowhere"},
    }
    assert told(conf) == [("LG302", "did you mean `integration_framework`?")]


def test_layer_misspelt_in_the_framework_is_told_once(tmp_path: Path) -> None:
    """Sections that wait for one misspelt layer are one fault; misspelt sections are one each."""
    framework = {"runner": {"pipeline": {"comopnent": None}}}
    blocks = {name: {"component": {"a": "Toy"}} for name in ("one", "two", "three")}
    conf = {"pipeline": dict.fromkeys(blocks, "Toy"), **blocks}
    once = [("LG301", "did you mean `comopnent`?")]
    file = tmp_path / "workflow.yaml"
    file.write_text(json.dumps({**conf, "integration_framework": framework}), encoding="utf-8")
    assert told(file) == once
    right = {"runner": {"pipeline": {"componemt": None}}}
    blocks["one"] = {"componemt": {"a": "Toy"}}
    document = {**conf, **blocks, "integration_framework": right}
    file.write_text(json.dumps(document, indent=1), encoding="utf-8")
    assert told(file) == [("LG301", "did you mean `componemt`?")] * 2


@pytest.mark.parametrize("key", ["plugin_pahts", "Plugin_path"])
def test_classes_that_a_misspelt_setting_hides_are_not_told(key: str) -> None:
    """The setting is then an error, for `validate` and a build alike."""
    conf = {"config": {key: ["parts.py"]}, "component": {"a": "Hidden", "b": "Hidden"}}
    (fault,) = lg.validate(conf, find_classes=True)
    assert (fault.code, fault.severity) == ("LG311", Severity.ERROR)
    with pytest.raises(lg.WorkflowError) as caught:
        lg.build(conf)
    assert [str(each) for each in caught.value.faults] == [str(fault)]


def test_misspelt_setting_that_hides_nothing_is_a_warning() -> None:
    """A workflow whose classes are all found can be built with it."""
    conf = {"config": {"plugin_path": ["parts.py"]}, "component": {"a": "Toy"}}
    (fault,) = lg.validate(conf, classes=exported(), find_classes=True)
    assert fault.severity is Severity.WARNING
    lg.build(conf, classes=exported()).close()


def test_names_that_messages_go_to_are_known() -> None:
    """A name like `logger` is told, unless a real one can be reached."""
    assert told({"component": {"Logger": "Toy"}}) == [("LG312", "did you mean `logger`?")]
    assert told({"component": {"notifer": "Toy"}}) == [("LG312", "did you mean `notifier`?")]
    assert told({"component": {"logger": "Toy", "logger2": "Toy"}}) == []


def test_name_that_an_overlay_adds_is_told_where_it_is_like_another() -> None:
    """A series is meant, and so are two names of one layer."""
    lower = {"component": {"tracker": "Toy"}}
    assert told(lower, {"component": {"trakcer": "Toy"}}) == [("LG313", "did you mean `tracker`?")]
    assert told(lower, {"component": {"tracker2": "Toy"}}) == []
    both = {"component": {"tracker": "Toy", "tracer": "Toy"}}
    assert told(both) == told(both, {"component": {"tracer": "OtherToy"}}) == []


def test_key_that_an_overlay_adds_is_told_where_it_is_like_another() -> None:
    """Keys that are declared, or stand in one layer, or replace one, are meant."""
    lower = {"component": {"a": "Measured"}, "config": {"folder": "x", "metric": "f1"}}
    assert told(lower, {"config": {"fodler": "y"}}) == [("LG606", "did you mean `folder`?")]
    assert told(lower, overrides={"config.foldr": "y"}) == [("LG606", "did you mean `folder`?")]
    assert told(lower, {"config": {"metrics": []}}) == []
    both = {"config": {"folder": "x", "folders": "y"}}
    assert told(both) == told(both, {"config": {"folders": "z"}}) == []


def test_environment_variable_is_suggested(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is set and nearly of that name is named, and `env` itself as well."""
    monkeypatch.setenv("TRACKING_URI", "x")
    conf = {"config": {"a": "${env:TRACKNG_URI}", "b": "${evn:TRACKING_URI}"}}
    cures = [cure for _, cure in told(conf)]
    assert cures == ["did you mean `TRACKING_URI`?", "did you mean `env`, as in `${env:NAME}`?"]


def test_plugin_path_is_suggested(tmp_path: Path) -> None:
    """What is there under nearly that name is named, and nothing outside the folder is."""
    (tmp_path / "inner" / "plugins").mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    file = tmp_path / "inner" / "workflow.yaml"
    file.write_text("config: {plugin_paths: [plugin]}\n", encoding="utf-8")
    assert told(file) == [("LG506", "did you mean `plugins`?")]
    file.write_text("config: {plugin_paths: [../outsid]}\n", encoding="utf-8")
    assert told(file) == [("LG506", "")]


def test_what_is_one_letter_off_comes_first() -> None:
    """Of several similar names, the one that a single slip leads from is suggested."""
    assert suggestion("trian", ["training", "train"]) == "train"
    assert suggestion("no", ["on", "now_or_never"]) == "on"
    assert suggestion("Train", ["trained", "train"]) == "train"
    assert suggestion("abcdef", ["uvwxyz"]) is None


def test_one_letter_apart() -> None:
    """A letter replaced, left out, put in or swapped; two slips, and short names, say nothing."""
    names = ("metric", "target")
    for typo in ("metrik", "metrc", "metricc", "mertic", "METRIC"):
        assert one_letter_apart(typo, names) == "metric"
    for other in ("mtrik", "etricm", "met", "tar"):
        assert one_letter_apart(other, names) is None
