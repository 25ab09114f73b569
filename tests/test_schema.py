"""`schema`: a schema that accepts what is in order, and refuses what `validate` reports."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import jsonschema
import pytest

import lolpop_graph as lg
from lolpop_graph.cli import main
from lolpop_graph.document import read_document
from tests.toys import exported
from tests.workflows import random_workflow

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures"
VALID = {
    "quickstart": ("workflow.yaml", "prod.yaml"),
    "widgets": ("workflow.yaml",),
    "newspaper": ("workflow.yaml",),
}
WRONG = (
    "class_is_none",
    "class_unknown",
    "config_of_text",
    "flag_neither_true_nor_false",
    "framework_empty",
    "framework_layer_called_config",
    "framework_layer_like_its_root",
    "framework_layer_of_a_list",
    "framework_of_text",
    "framework_of_two_roots",
    "many_at_once",
    "name_no_identifier",
    "name_taken",
    "overlay",
    "plugin_path_of_a_number",
    "root_twice",
    "root_without_a_class",
    "section_of_a_list",
    "section_unknown",
)
"""The fixtures of faults that a schema can tell, whatever a workflow declares."""
SEEDS = 300
VALUES = (None, 5, "Toy", "toy", "", [], ["Toy"], {}, {"alpha": "Toy"}, {"config": 1}, True, "$a")
KEYS = ("class", "log", "2nd", "with-dash", "_x", "omega2", "widget", "component", "config", "été2")
PARTS = '''
import lolpop_graph as lg
from abroad import Elsewhere

class Base(lg.BaseComponent):
    """Inherited."""
    __DEFAULT_CONF__ = {"config": {"port": 25, "when": Elsewhere.now(), "password": "hunter2"}}
    __SECRET_CONF__ = ["pin"]

class Part(Base):
    """Does one thing.

    And says more of it.
    """
    __REQUIRED_CONF__ = {"config": ["target"]}
    __OPTIONAL_CONF__ = ["colour"]

    def act(self):
        return self._get_config("speed")
'''


def instance(*confs: Any) -> Any:
    """What an editor checks: a document as it is written, keys as text."""
    return read_document(confs).root


def problems(schema: dict[str, Any], document: Any) -> list[str]:
    """What a schema says against a document."""
    validator = jsonschema.Draft7Validator(schema)
    return [
        f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(document)
    ]


@cache
def default_schema() -> dict[str, Any]:
    """The schema of the default framework, with the toys for classes."""
    return lg.plan({}, classes=exported()).schema()


@pytest.mark.parametrize("name", VALID)
@pytest.mark.parametrize("closed", [False, True])
def test_fixtures_pass(name: str, closed: bool) -> None:  # noqa: FBT001 - a parameter
    """Each example and each of its overlays is in order, under the schema of both together."""
    files = [FIXTURES / name / file for file in VALID[name]]
    for confs in (files, files[:1]):
        schema = lg.plan(*confs).schema(closed=closed)
        jsonschema.Draft7Validator.check_schema(schema)
        for file in files:
            assert problems(schema, instance(file)) == []


def test_fixtures_pass_check_jsonschema(tmp_path: Path) -> None:
    """A well-known checker, which reads YAML by itself, says the same of the files."""
    for name, files in VALID.items():
        workflow = FIXTURES / name / "workflow.yaml"
        assert main(["schema", str(workflow), "-o", str(tmp_path / "s.json")]) == 0
        checker = [sys.executable, "-m", "check_jsonschema"]
        meta = [*checker, "--check-metaschema", str(tmp_path / "s.json")]
        subprocess.run(meta, check=True, capture_output=True)
        paths = [str(FIXTURES / name / file) for file in files]
        command = [*checker, "--schemafile", str(tmp_path / "s.json")]
        subprocess.run([*command, *paths], check=True, capture_output=True)
        wrong = FIXTURES / "faults" / "section_unknown" / "workflow.yaml"
        assert subprocess.run([*command, wrong], check=False, capture_output=True).returncode == 1


@pytest.mark.parametrize("name", WRONG)
def test_faults_are_refused(name: str) -> None:
    """What is wrong with the structure of a document is told by the schema as well."""
    assert problems(default_schema(), instance(FIXTURES / "faults" / name / "workflow.yaml"))


def test_unknown_blocks_are_refused_where_it_is_closed() -> None:
    """Names that nothing declares are refused by a closed schema, and by no other one."""
    wrong = instance(FIXTURES / "faults" / "block_unknown" / "workflow.yaml")
    plan = lg.plan({"pipeline": {"train": "ToyPipeline"}}, classes=exported())
    assert problems(plan.schema(), wrong) == []
    assert len(problems(plan.schema(closed=True), wrong)) == 1
    assert problems(plan.schema(closed=True), {"train": {"config": {"a": 1}}}) == []


def test_blocks_are_those_of_their_layer() -> None:
    """The block of a name that is declared has the sections of its layer, and no others."""
    wrong = instance(FIXTURES / "faults" / "section_of_a_leaf" / "workflow.yaml")
    schema = lg.plan({"component": {"tracker": "Toy"}}, classes=exported()).schema()
    assert problems(schema, wrong)
    assert problems(schema, {"tracker": {"config": {}}}) == []


@pytest.mark.parametrize("seed", range(SEEDS))
def test_random_workflows_pass(seed: int, tmp_path: Path) -> None:
    """A workflow passes its own schema, open or closed, and that of its framework alone."""
    workflow = random_workflow(seed)
    path = tmp_path / "workflow.yaml"
    path.write_text(workflow.text(), encoding="utf-8")
    document = instance(path)
    plan = lg.plan(path, classes=exported())
    for schema in (plan.schema(), plan.schema(closed=True)):
        assert problems(schema, document) == []
    bare = lg.plan({"integration_framework": workflow.framework}, classes=exported())
    assert problems(bare.schema(), document) == []


def changed(rng: Random, document: dict[str, Any]) -> None:
    """Change one thing in a document: another value, another key, or one key more."""
    places = list(_mappings(document))
    mapping = rng.choice(places)
    keys = [key for key in mapping if key != "integration_framework"]
    key = rng.choice(keys) if keys else "config"
    kind = rng.choice(["value", "key", "more"])
    if kind == "value":
        mapping[key] = rng.choice(VALUES)
    elif kind == "key":
        mapping[rng.choice(KEYS)] = mapping.pop(key, None)
    else:
        mapping[rng.choice(KEYS)] = rng.choice(VALUES)


def _mappings(value: Any) -> Any:
    if isinstance(value, dict):
        yield value
        for key, below in value.items():
            if key != "integration_framework":
                yield from _mappings(below)


@pytest.mark.parametrize("seed", range(2 * SEEDS))
def test_changed_workflows_are_told_as_validate_tells_them(seed: int, tmp_path: Path) -> None:
    """What the schema refuses is at fault; what is at fault by its shape is refused."""
    workflow = random_workflow(seed)
    plan = lg.plan(workflow.document, classes=exported())
    changed(Random(seed), workflow.document)
    faults = [
        fault
        for fault in lg.validate(workflow.document, classes=exported(), find_classes=True)
        if fault.severity == "error"
    ]
    said = problems(plan.schema(), instance(workflow.document))
    if said:
        assert faults, (said, workflow.document)
    codes = {fault.code for fault in faults}
    if codes & {"LG303", "LG304", "LG306", "LG307"}:
        assert said, (list(map(str, faults)), workflow.document)


@pytest.mark.parametrize(
    "document",
    [
        {"component": {"a": "my_company.parts:Part"}},
        {"component": {"a": "my_company.parts.Part"}},
        {"component": {"a": "$config.tracker"}},
        {"component": {"a": "${config.prefix}Toy"}},
        {"component": "$pipeline", "train": "$other", "config": "${other.config}"},
        {"component": {"config": {"Update_PEER_integrations": "$config.flag"}}},
        {"runner": {"boss": "Toy", "config": {"update_peer_integrations": False}}},
        {"runner": None, "config": {"PLUGIN_paths": ["a.py"]}},
        {"component": {"été": "Toy", "a1": "Toy", "\U0001d465": "Toy"}},
        {"config": {"class": 1, "log": [2], "integration_framework": None}},
    ],
)
def test_what_is_allowed(document: dict[str, Any]) -> None:
    """Classes in full, references for anything, keys of any case, and other alphabets pass."""
    assert problems(default_schema(), document) == []


@pytest.mark.parametrize(
    "document",
    [
        {"component": {"a": "Tyo"}},
        {"component": {"a": "two words"}},
        {"component": {"config": {"UPDATE_peer_integrations": "yes"}}},
        {"runner": {"one": "Toy", "two": "Toy"}},
        {"runner": "Runer"},
        {"config": {"Plugin_Paths": 7}},
        {"config": "text"},
        {"pipelines": {"train": "Toy"}},
        {"train": {"widget": {"a": "Toy"}}},
        {"component": {"config": 1}},
        [],
        "text",
    ],
)
def test_what_is_not(document: Any) -> None:
    """Classes that nobody has, flags that are none, and sections of no layer are refused."""
    assert problems(default_schema(), document)


def test_classes_of_each_place_are_suggested(tmp_path: Path) -> None:
    """A layer suggests the classes of all plug-ins that its sections have, with what they say."""
    for name in ("One", "Two"):
        text = f'class {name}:\n    """Is {name}."""\n'
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    path = tmp_path / "workflow.yaml"
    path.write_text(
        "pipeline: {a: Toy, b: Toy}\n"
        "a: {component: {c: One, config: {plugin_paths: One.py}}}\n"
        "b: {component: {c: Two, config: {plugin_paths: Two.py}}}\n",
        encoding="utf-8",
    )
    schema = lg.plan(path, classes=exported()).schema()
    suggested = schema["definitions"]["layer3.class"]["anyOf"][0]
    said = dict(zip(suggested["enum"], suggested["enumDescriptions"], strict=True))
    assert said | {"One": "Is One.", "Two": "Is Two.", "Toy": "Does nothing at all."} == said
    assert problems(schema, instance(path)) == []


def test_keys_are_described_and_nothing_is_imported(tmp_path: Path) -> None:
    """A config has the keys that its class declares or reads, as the text of the class has them."""
    (tmp_path / "parts.py").write_text(f"raise SystemExit\n{PARTS}", encoding="utf-8")
    path = tmp_path / "workflow.yaml"
    path.write_text("component: {a: Part}\nconfig: {plugin_paths: parts.py}\n", encoding="utf-8")
    schema = lg.plan(path).schema()
    block = schema["definitions"][schema["properties"]["a"]["$ref"].rpartition("/")[2]]
    assert block["description"] == "Part: Does one thing."
    said = {
        key: each["description"]
        for key, each in block["properties"]["config"]["properties"].items()
    }
    assert said.pop("problem_type")
    assert said == {
        "target": "`Part` requires it.",
        "port": "Default of `Part`: `25`.",
        "when": 'Default of `Part`: `"Elsewhere.now()"`.',
        "password": "`Part` has a default.",
        "colour": "`Part` reads it.",
        "pin": "`Part` reads it.",
        "speed": "`Part` reads it.",
    }
    for config in (schema["properties"]["config"], schema["properties"]["component"]):
        assert "`Part` requires it." in json.dumps(config)
    assert "required" not in block


def test_values_are_in_no_schema(tmp_path: Path) -> None:
    """Nothing that a config sets is in the schema, whether it is secret or not."""
    conf = {
        "component": {"a": "Toy"},
        "config": {"password": "c4n4ry"},
        "a": {"config": {"x": "c4n4ry"}},
    }
    assert "c4n4ry" not in json.dumps(lg.plan(conf, classes=exported()).schema())


def test_schema_is_the_same_each_time(tmp_path: Path) -> None:
    """Two runs, whatever order they hash texts in, write the same bytes."""
    workflow = FIXTURES / "quickstart" / "workflow.yaml"
    written = set()
    for seed in "12":
        command = [sys.executable, "-m", "lolpop_graph", "schema", str(workflow)]
        environment = {"PYTHONHASHSEED": seed, "PATH": ""}
        done = subprocess.run(command, capture_output=True, check=True, cwd=ROOT, env=environment)
        written.add(done.stdout)
    assert len(written) == 1


def test_equal_blocks_are_defined_once() -> None:
    """A thousand integrations of one class have one block among them."""
    conf = {"component": {f"a{number}": "Toy" for number in range(1000)}}
    schema = lg.plan(conf, classes=exported()).schema()
    assert len({schema["properties"][f"a{number}"]["$ref"] for number in range(1000)}) == 1
    assert len(json.dumps(schema)) < 120_000


def test_patterns_are_those_of_javascript_too() -> None:
    """No pattern has what JavaScript's expressions lack: inline flags, anchors of texts, names."""
    text = json.dumps(default_schema())
    assert not re.search(r"\(\?[^!:=]|\\\\[AZz]", text)


def test_command_writes_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`-o` writes what standard output would show; a folder that is not there is told."""
    workflow = str(FIXTURES / "widgets" / "workflow.yaml")
    target = tmp_path / "workflow.schema.json"
    assert main(["schema", workflow]) == 0
    shown = capsys.readouterr().out
    assert main(["schema", workflow, "-o", str(target)]) == 0
    assert capsys.readouterr().out == ""
    assert target.read_text(encoding="utf-8") == shown
    assert json.loads(shown) == lg.plan(workflow).schema()
    assert main(["schema", workflow, "-o", str(tmp_path / "no" / "s.json")]) == 1
    assert "LG801" in capsys.readouterr().err


def test_command_of_a_wrong_workflow(capsys: pytest.CaptureFixture[str]) -> None:
    """Of a workflow that is at fault there is no schema, and its faults are shown."""
    assert main(["schema", str(FIXTURES / "faults" / "section_unknown" / "workflow.yaml")]) == 1
    assert "LG301" in capsys.readouterr().err
