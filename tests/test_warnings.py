"""What is no error and worth knowing: warnings and notes, and faults that are told once."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import pytest

import lolpop_graph as lg
from lolpop_graph import faults
from lolpop_graph.cli import main
from lolpop_graph.document import Conf
from lolpop_graph.errors import Severity
from tests.toys import Toy, exported


class Hungry(lg.BaseComponent):
    """Requires a config key that shells set as well."""

    __REQUIRED_CONF__ = {"config": ["path"]}


class NoBase:
    """Declares what nothing reads."""

    __REQUIRED_CONF__ = {"config": ["target"]}


def notes_of(conf: Conf, *classes: type) -> list[lg.Fault]:
    """What `validate` says of a workflow, its classes looked at."""
    return lg.validate(conf, classes=[*exported(), *classes], find_classes=True)


def test_environment_that_answers_a_requirement_is_told() -> None:
    """A required key that only the shell answers is a warning, not a silent value."""
    (note,) = notes_of({"component": {"reader": "Hungry"}}, Hungry)
    assert isinstance(note, faults.KeyFromEnvironment)
    assert "environment variable PATH" in note.sentence
    assert notes_of({"component": {"reader": "Hungry"}, "config": {"Path": "x"}}, Hungry) == []


def test_class_without_a_base_class_is_told() -> None:
    """Requirements in a class that inherits no base class are a warning."""
    (note,) = notes_of({"component": {"a": "NoBase", "b": "NoBase"}}, NoBase)
    assert isinstance(note, faults.DeclaresInVain)


def test_flag_in_the_wrong_config_is_told_in_any_case() -> None:
    """A layer's flag in an integration's config is a warning, however it is written."""
    conf = {"component": {"a": "Toy"}, "config": {"Update_Peer_Integrations": False}}
    (note,) = notes_of(conf)
    assert (note.code, note.severity) == ("LG310", Severity.WARNING)


def test_hidden_names_are_notes() -> None:
    """An integration that hides another one is a note, which names both."""
    conf = {
        "component": {"a": "Toy"},
        "pipeline": {"p": "Toy"},
        "p": {"component": {"a": "Toy"}},
    }
    (note,) = lg.plan(conf).notes
    assert (note.code, note.severity) == ("LG309", Severity.NOTE)
    assert "`runner.p.a`" in note.sentence
    assert "`runner.a`" in note.sentence


def test_commands_show_warnings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every command that plans a workflow shows its warnings, and goes on."""
    path = tmp_path / "workflow.yaml"
    path.write_text("config: {update_peer_integrations: true}\n", encoding="utf-8")
    assert main(["plan", str(path)]) == 0
    assert "warning LG310" in capsys.readouterr().err


def test_misspelt_key_is_suggested() -> None:
    """A required key that is missing is told with the key that is nearly it."""
    conf = {"component": {"reader": "Needs"}, "config": {"tagret": 1}}
    needs = type("Needs", (lg.BaseComponent,), {"__REQUIRED_CONF__": {"config": ["target"]}})
    (fault,) = notes_of(conf, needs)
    assert fault.cure == "is that what `tagret` is meant to be?"


def test_module_that_fails_is_told_once(tmp_path: Path) -> None:
    """Two classes of one plug-in that does not import are one fault, at its file and line."""
    (tmp_path / "broken.py").write_text("class A: pass\nclass B: pass\n1 / 0\n")
    workflow = tmp_path / "workflow.yaml"
    workflow.write_text("config: {plugin_paths: [broken.py]}\ncomponent: {a: A, b: B}\n")
    (fault,) = lg.validate(workflow, find_classes=True)
    assert isinstance(fault, faults.ImportFailed)
    assert f"({tmp_path / 'broken.py'}:3)" in fault.sentence


def test_build_graph_has_what_orders_the_build() -> None:
    """Peers are not in it, and its topological order is the build order."""
    plan = lg.plan({"component": {"a": "Toy", "b": "Toy"}, "pipeline": {"p": "Toy"}})
    assert not plan.build_graph.has_edge("runner.a", "runner.b")
    assert plan.graph.has_edge("runner.a", "runner.b")
    place = plan.order.index
    assert list(nx.lexicographical_topological_sort(plan.build_graph, key=place)) == plan.order
    assert nx.descendants(plan.build_graph, "runner.a") == {"runner.p"}


def test_config_is_lent_to_nobody() -> None:
    """What a reader does to a value that it was given reaches no other reader."""
    with lg.build({"config": {"items": [{"a": 1}]}}, root_class=Toy) as workflow:
        workflow.root._get_config("items")[0]["a"] = 99
        assert workflow.root._get_config("items") == [{"a": 1}]


def test_objects_in_a_config_stay_themselves() -> None:
    """What is no mapping and no list is handed over as it is, at any depth."""
    thing = object()
    with lg.build({"config": {"deep": {"in": [thing]}}}, root_class=Toy) as workflow:
        assert workflow.root._get_config("deep") == {"in": [thing]}


def test_fault_with_a_wrong_field_is_refused() -> None:
    """A fault made without its data, or with other data, fails when it is made."""
    with pytest.raises(TypeError, match="lacks, or has no, fields"):
        faults.TagRefused(tagg="!x")  # type: ignore[call-arg]


@pytest.mark.parametrize("key", ["plugin_paths", "Plugin_Paths", "search_paths"])
def test_places_to_search_below_nothing_are_idle(key: str) -> None:
    """A component searches nothing of its own; a pipeline with components does."""
    config = {"config": {key: []}}
    conf = {
        "pipeline": {"train": "A"},
        "train": {**config, "component": {"m": "B"}, "m": config},
        "component": {"c": "B"},
        "c": config,
    }
    found = [fault for fault in lg.validate(conf) if fault.code == "LG310"]
    assert [str(fault.place) for fault in found] == [
        f"conf: c.config.{key}",
        f"conf: train.m.config.{key}",
    ]


def test_colons_without_a_blank_are_told(tmp_path: Path) -> None:
    """What braces make a key of is told, without what may be its value."""
    file = tmp_path / "w.yaml"
    text = "component: {config: {b:2}}\nconfig: {rounds:3, password:hunter2, at: 1:30, x:y: z}\n"
    file.write_text(text, encoding="utf-8")
    found = [fault for fault in lg.validate(file) if fault.code == "LG314"]
    assert [fault.cure for fault in found] == [
        "write `b: ...`", "write `rounds: ...`", "write `password: ...`",
    ]  # fmt: skip
    assert "hunter2" not in "".join(map(str, found))
    shown = "config: {rounds:..., ***, at: ..., x:...: ...}"
    assert found[1].place.snippet.startswith(shown)
