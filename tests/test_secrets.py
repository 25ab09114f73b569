"""Secrets are in nothing that is written or raised, wherever and however they are given."""

from __future__ import annotations

import json
import pickle
from itertools import product
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

import lolpop_graph as lg
from lolpop_graph.cli import main
from lolpop_graph.secrecy import Secrets, looks_secret

CANARY = "Zk7-c4n4ry.é/'x"
FORMS = (CANARY, "Zk7-c4n4ry", "c4n4ry")

PARTS = """
import lolpop_graph as lg

class Boss(lg.BaseRunner):
    def show(self):
        return {"all": self.vault.everything(), "n": 1}
    def leak(self):
        raise ValueError(f"cannot log in with {self.vault.everything()}")

class Vault(lg.BaseComponent):
    __SECRET_CONF__ = ["host"]
    __DEFAULT_CONF__ = {"config": {"port": 1}}
    def everything(self):
        return repr([self.config, self._get_config("host"), self._get_config("password")])

class Leaky(Vault):
    def __init__(self):
        raise RuntimeError("bad " + self.everything()) from KeyError(self.everything())

class LeakyLater(Vault):
    def setup(self):
        raise RuntimeError("bad " + self.everything())

class LeakyLast(Vault):
    def close(self):
        raise RuntimeError("bad " + self.everything())

class Needy(Vault):
    __REQUIRED_CONF__ = {"config": ["nothing"], "component": ["nobody|Vault"]}
"""
HEAD = """
runner: Boss
component: {vault: Vault}
config: {plugin_paths: [parts.py]}
vault:
  config:
    a: 1
"""

SAID = json.dumps(CANARY)
POSITIONS = {
    "a key that looks secret": f"    password: {SAID}",
    "a plain text": "    api_key: c4n4ry-plain text",
    "a single-quoted text": "    db_password: 'c4n4ry''s'",
    "escapes": '    password: "\\u0063\\x34n4ry\\tx"',
    "a list": f"    tokens_secret: [1, {SAID}, 3]",
    "a block list": f"    credentials:\n      - x\n      - {SAID}",
    "a mapping": f"    credentials: {{user: me, pass: {SAID}}}",
    "keys of a mapping": f"    credentials: {{{SAID}: 1}}",
    "a literal block": "    private_key: |\n      --BEGIN c4n4ry-1\n      c4n4ry-2\n      --END",
    "a folded block": "    secret: >-\n      c4n4ry-1\n      c4n4ry-2",
    "an anchor": f"    x: &c {SAID}\n    password: *c",
    "a tag": f"    x: !secret {SAID}",
    "a tag in a list": f"    x: [1, !secret {SAID}]",
    "a tag on a mapping": f"    x: !secret {{y: {SAID}}}",
    "a tag on a list": f"    x: !secret [{SAID}]",
    "a reference": f"    password: {SAID}\n    url: 'x://me:${{vault.config.password}}@host'",
    "a whole reference": f"    password: {SAID}\n    url: $vault.config.password",
    "the environment": "    x: ${env:LG_CANARY}",
    "within a text": "    x: 'a${env:LG_CANARY}b'",
    "what a class says": f"    host: {SAID}",
    "a secret that begins like a reference": "    password: $c4n4ry",
    "a secret with a brace": "    password: 'x${c4n4ry'",
    "a secret that names nothing": "    password: ${c4n4ry.x}",
    "a text that begins like a reference": "    x: $c4n4ry",
    "an unquoted star": "    password: *c4n4ry",
    "an unquoted tag": "    password: !c4n4ry x",
    "an unquoted at sign": "    password: @c4n4ry",
    "an unquoted backtick": "    password: `c4n4ry",
    "an unquoted percent sign": "    password: %c4n4ry",
    "an unclosed quote": '    password: "c4n4ry',
    "an unclosed quote of two lines": '    password: "x\n      c4n4ry \\q',
    "an unclosed brace": "    password: {c4n4ry",
    "a colon too many": "    password: c4n4ry: c4n4ry",
    "text behind a quote": '    password: "x" c4n4ry',
    "a tag that does not fit": "    password: !!int c4n4ry",
    "twice": "    password: c4n4ry\n    password: c4n4ry-2",
    "twice but for case": "    password: c4n4ry\n    Password: c4n4ry-2",
    "the wrong block": "  password: c4n4ry",
    "a list in the wrong block": "  password: [c4n4ry]",
    "another config value": "    x: c4n4ry\n    x: c4n4ry",
    "a control character at the end": "    password: c4n4ry\n    x: c4n4ry\n    y: \x01",
    "a control character on the line": "    {password: c4n4ry, x: c4n4ry\x01}",
    "a control character in it": "    password: c4n4ry\x01",
    "a config value at fault": "    x: c4n4ry: y",
    "a tag and a reference": "    b: 123456\n    x: !secret 'c4n4ry.${vault.config.b}'",
    "no blank after a colon": "    y: {password:c4n4ry, PASSWORD:c4n4ry}",
    "a marked key": "    hosts: [!secret c4n4ry: 5432]",
    "a comment": "    x: 1  # old: c4n4ry",
    "a default of the environment": '    x: "${env:LG_NO,c4n4ry} ${vault.nowhere}"',
    "a login": "    url: postgres://me:c4n4ry@host/db",
    "a section": "component:\n  db_password: c4n4ry",
    "a section without a colon": "pipeline:\n  config{api_key: c4n4ry, x: 1}",
    "a section without a blank": "pipeline:\n  config:{api_key: c4n4ry, x: 1}",
    "a section with a wrong indentation": "pipeline:\n  m: M\n    password: c4n4ry",
    "a framework": "integration_framework:\n  password: c4n4ry",
    "a framework without a blank": "integration_framework:\n  config:{api_key: c4n4ry, x: 1}",
}
MORE_PARTS = """
import asyncio, sys
import lolpop_graph as lg

class Boss(lg.BaseRunner):
    def keys(self):
        return {self.config["password"]: 1, (self.config["password"], 2): 3}
    def unprintable(self):
        class Result:
            def __str__(result):
                raise ValueError(self.config["password"])
        return Result()
    def huge(self):
        return 10 ** 5000
    def leave(self):
        sys.exit("bye " + self.config["password"])
    def leave_with_code(self):
        sys.exit(7)
    def cancel(self):
        raise asyncio.CancelledError(self.config["password"])
    def interrupt(self):
        error = KeyboardInterrupt()
        error.add_note(self.config["password"])
        raise error
    def misuse(self):
        self._get_config(3)
"""
FAULTS = {
    "none": "",
    "a block": "\nvautl: {config: {password: c4n4ry-3, x: c4n4ry-3}}",
    "on the line": "\nother: {config: {password: c4n4ry-3, x: 1}, x: $vault.nowhere}",
    "a reference beside it": "\ntoo: {x: [$vault.nowhere, c4n4ry-4], y: !secret c4n4ry-5}",
}
CLASSES = ("Vault", "Leaky", "LeakyLater", "LeakyLast", "Needy", "Vautl", "os.system")
COMMANDS = (
    "plan w.yaml",
    "plan w.yaml --json",
    "validate w.yaml",
    "validate w.yaml --classes",
    "validate w.yaml --classes --json",
    "validate w.yaml --format github",
    "validate w.yaml --lenient",
    "draw w.yaml",
    "draw w.yaml --links all -o out.dot",
    "draw w.yaml -o out.svg",
    "explain w.yaml runner.vault",
    "explain w.yaml runner.vault --json",
    "explain w.yaml runner.vault x --overlay w.yaml",
    "explain w.yaml runner.vault password --set vault.config.password=c4n4ry-8",
    "build w.yaml -o built.svg",
    "build w.yaml --json",
    "run w.yaml show",
    "run w.yaml leak",
    "run w.yaml nothing",
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the parts, which is the current one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LG_CANARY", CANARY)
    monkeypatch.setenv("FORCE_COLOR", "")
    (tmp_path / "parts.py").write_text(PARTS, encoding="utf-8")
    return tmp_path


def said_by(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    """All that a command writes, files as well."""
    for old in Path().glob("*out*"):
        old.unlink()
    main(command.split())
    said = capsys.readouterr()
    files = [path for path in Path().iterdir() if path.suffix in {".dot", ".svg"}]
    return said.out + said.err + "".join(file.read_text(encoding="utf-8") for file in files)


@pytest.mark.parametrize("position", POSITIONS)
def test_commands_write_no_secret(
    position: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever is right or wrong with a workflow, no command writes a secret of it."""
    for fault, class_name in product(FAULTS, CLASSES):
        head = HEAD.replace("vault: Vault", f"vault: {class_name}")
        text = f"{head}{POSITIONS[position]}{FAULTS[fault]}\n"
        (folder / "w.yaml").write_text(text, encoding="utf-8")
        is_first = class_name == "Vault" and fault in {"none", "a block"}
        for command in COMMANDS if is_first else ("validate w.yaml --classes", "build w.yaml"):
            said = said_by(command, capsys)
            assert said
            assert "c4n4ry" not in said, f"{command}\n{text}\n{said}"


SOUND = (
    "a key that looks secret",
    "a single-quoted text",
    "escapes",
    "a list",
    "a mapping",
    "a literal block",
    "an anchor",
    "a tag",
    "a tag in a list",
    "a reference",
    "the environment",
    "within a text",
)


@pytest.mark.parametrize("position", SOUND)
def test_objects_show_no_secret(position: str, folder: Path) -> None:
    """Plans, graphs, integrations, faults and built objects show none, and the objects have it."""
    text = f"{HEAD}{POSITIONS[position]}\n"
    (folder / "w.yaml").write_text(text, encoding="utf-8")
    planned = lg.plan("w.yaml")
    graph = nx.DiGraph(planned.graph)
    shown = [planned, planned.document, planned.document.sources, planned.framework]
    shown += [planned.integrations, planned.graph.nodes(data=True), dict(graph.nodes)]
    shown += [planned.notes, [vars(note) for note in planned.notes]]
    shown += [[integration.block for integration in planned.integrations]]
    assert "c4n4ry" not in repr(shown) + str(shown)
    assert b"c4n4ry" not in pickle.dumps(graph)
    with planned.build() as workflow:
        assert "c4n4ry" not in repr([workflow, *workflow.values(), workflow.graph.nodes(data=True)])
        assert "c4n4ry" in workflow.root.vault.everything()


def test_python_secrets_are_secret(folder: Path) -> None:
    """`lg.Secret` marks a value of a dictionary, whose receiver is given the value itself."""
    conf: dict[str, Any] = {"runner": "Boss", "component": {"vault": "Leaky"}}
    conf["vault"] = {"config": {"x": lg.Secret(CANARY), "y": [{"z": lg.Secret(123456)}]}}
    assert "c4n4ry" not in repr(conf)
    with pytest.raises(lg.WorkflowError) as caught:
        lg.build(conf, plugin_paths=["parts.py"])
    said = str(caught.value)
    assert "***" in said
    assert not any(form in said for form in (*FORMS, "123456"))
    conf["component"]["vault"] = "Vault"
    with lg.build(conf, plugin_paths=["parts.py"]) as workflow:
        assert workflow.root.vault.config == {"x": CANARY, "y": [{"z": 123456}]}


@pytest.mark.parametrize(
    "value", [f"!secret {SAID}", f"[!secret {SAID}]", f"{{b: !secret {SAID}}}", "!secret c4n4ry x"]
)
def test_secrets_of_the_command_line_are_secret(
    value: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--set` takes the tag, and shows no value of a key that looks secret either."""
    (folder / "w.yaml").write_text(f"{HEAD}", encoding="utf-8")
    for key, given in (("vault.config.x", value), ("vault.config.password", value[8:])):
        for command in ("run", "build", "plan", "draw"):
            method = ["show"] if command == "run" else []
            main([command, "w.yaml", *method, "--set", f"{key}={given}"])
            said = capsys.readouterr()
            assert "c4n4ry" not in said.out + said.err
    assert main(["run", "w.yaml", "show", value]) == 1
    assert "c4n4ry" not in capsys.readouterr().err


def test_node_configs_are_masked(folder: Path) -> None:
    """A graph's nodes have `***` for a secret, the reference for the environment, else values."""
    lines = "    password: abc\n    max_tokens: 4096\n"
    lines += "    x: '${env:LG_CANARY}'\n    y: a${env:LG_CANARY}\n"
    (folder / "w.yaml").write_text(f"{HEAD}{lines}", encoding="utf-8")
    planned = lg.plan("w.yaml")
    assert planned.graph.nodes["runner.vault"]["config"] == {
        "a": 1,
        "password": "***",
        "max_tokens": 4096,
        "x": "${env:LG_CANARY}",
        "y": "a${env:LG_CANARY}",
    }


def test_classes_from_the_environment_are_shown_as_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Which class an environment variable names is built, and shown by the variable's name."""
    monkeypatch.setenv("LG_CLASS", "Vault")
    text = HEAD.replace("vault: Vault", "vault: '${env:LG_CLASS}'")
    (folder / "w.yaml").write_text(text, encoding="utf-8")
    for command in ("plan w.yaml", "build w.yaml", "draw w.yaml", "plan w.yaml --json"):
        said = said_by(command, capsys)
        assert "${env:LG_CLASS}" in said
        assert "Vault" not in said
    monkeypatch.setenv("LG_CLASS", "Vautl")
    said = said_by("validate w.yaml --classes", capsys)
    assert "${env:LG_CLASS}" in said
    assert "Vautl" not in said


LOOKS = """
password PASSWORD db_password dbPassword passwd pwd PGPASSWORD passphrase api_key apiKey API-KEY
apikey secret client_secret SECRET_KEY secrets token hf_token HF_TOKEN accessToken auth_token auth
credentials aws_credentials access_key private_key ssh_key dsn SENTRY_DSN connection_string
webhook slack_webhook_url authorization bearer cookie sas_token encryption_key
"""
IS_NONE = """max_tokens token_limit tokenizer key keys author authors path target patience
primary_key keyword n_tokens passes pass_integration_to_siblings monkey_patch host user metric depth
sort_keys"""


def test_keys_that_look_secret() -> None:
    """Names of passwords, keys and tokens look secret, and names that only sound like them not."""
    assert [key for key in LOOKS.split() if not looks_secret(key)] == []
    assert [key for key in IS_NONE.split() if looks_secret(key)] == []


def test_short_secrets_are_masked_as_whole_values() -> None:
    """What is too short to be told from other text is masked where it is all there is."""
    secrets = Secrets()
    secrets.add(["ab", 12, True, None, "long enough", "first\nsecond line"])
    assert secrets.scrub("ab") == "***"
    assert secrets.scrub("12") == "***"
    assert secrets.scrub("abacus 12") == "abacus 12"
    assert secrets.scrub("is long enough, or the second line") == "is ***, or the ***"
    assert secrets.masked({"a": "ab", "b": [12, True, 13], "c": None}) == {
        "a": "***",
        "b": ["***", True, 13],
        "c": None,
    }


def test_longer_secrets_are_masked_first() -> None:
    """A secret that is a part of another one leaves nothing of that."""
    secrets = Secrets()
    secrets.add("abcd")
    assert secrets.scrub("xabcdefx") == "x***efx"
    secrets.add("abcdef")
    assert secrets.scrub("xabcdefx") == "x***x"


@pytest.mark.parametrize(
    ("method", "code"),
    [
        *[("keys", 0), ("unprintable", 1), ("huge", 1), ("leave", 1), ("leave_with_code", 7)],
        *[("cancel", 1), ("interrupt", 130), ("misuse", 1)],
    ],
)
def test_methods_that_end_oddly_show_no_secret(
    method: str, code: int, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever a method returns or raises is shown without secrets, and without frames of ours."""
    (folder / "parts.py").write_text(MORE_PARTS, encoding="utf-8")
    text = "runner: Boss\nconfig: {plugin_paths: [parts.py], password: c4n4ry}\n"
    (folder / "w.yaml").write_text(text, encoding="utf-8")
    assert main(["run", "w.yaml", method]) == code
    said = capsys.readouterr()
    assert "c4n4ry" not in said.out + said.err
    assert "lolpop_graph/" not in said.err
    assert said.out + said.err or method == "leave_with_code"


def test_places_in_dictionaries_have_no_secret() -> None:
    """Keys below one that looks secret are as secret as values."""
    conf = {"config": {"passwords": {"c4n4ry": {(1, 2): 3}}}}
    (fault,) = lg.validate(conf)
    assert fault.code == "LG109"
    assert "c4n4ry" not in str(fault) + repr(fault) + str(fault.as_dict())


def test_secrets_of_any_type_are_masked() -> None:
    """What Python marks as secret may be any object."""
    values = [b"c4n4ry", {"c4n4ry"}, Path("c4n4ry"), "c4n4ry", 123456]
    conf = {"config": {f"k{number}": lg.Secret(value) for number, value in enumerate(values)}}
    conf["config"]["list"] = lg.Secret([b"c4n4ry", Path("c4n4ry")])
    node = lg.plan(conf).graph.nodes["runner"]
    assert node["config"] == {
        "k0": "***", "k1": "***", "k2": "***", "k3": "***", "k4": "***", "list": ["***", "***"],
    }  # fmt: skip


def test_secrets_of_one_file_are_not_in_the_faults_of_another(folder: Path) -> None:
    """What one file says to be secret is, although another one cannot be read."""
    (folder / "good.yaml").write_text("config: {password: c4n4ry}\n", encoding="utf-8")
    for text in ("component: {c4n4ry: X, c4n4ry: Y}\n", "component: {c4n4ry: [X}\n"):
        (folder / "bad.yaml").write_text(text, encoding="utf-8")
        found = lg.validate("good.yaml", "bad.yaml")
        assert found
        assert "c4n4ry" not in "".join(map(str, found))


def test_modules_of_a_class_from_the_environment_are_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No part of a class's name that the environment has given is in a fault."""
    for name in ("c4n4ry.deep:Thing", "json.decoder:c4n4ry", "json.decoder:JSONDecoder"):
        monkeypatch.setenv("LG_CLASS", name)
        found = lg.validate({"component": {"a": "${env:LG_CLASS}"}}, find_classes=True)
        assert found
        said = "".join(map(str, found))
        assert "${env:LG_CLASS}" in said
        assert not any(part in said for part in ("c4n4ry", "deep", "decoder", "JSON"))


def test_common_words_of_the_environment_spoil_no_message(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A value that is an ordinary word is not taken out of names and longer words."""
    monkeypatch.setenv("STAGE", "train")
    conf = {"pipeline": {"train": "Trainer"}, "config": {"stage": "${env:STAGE}"}, "training": {}}
    (fault,) = lg.validate(conf)
    assert "`training`" in fault.sentence
    assert lg.plan({**conf, "training": {}}, lenient=True).order == ["runner", "runner.train"]


FRAMEWORK = {"runner": {"widget": None}}


@pytest.mark.parametrize("how", ["above", "below", "in another file", "by the call"])
def test_classes_of_any_layer_are_shown(how: str, folder: Path) -> None:
    """Under a name that looks secret a class is still a class, wherever its layer is named."""
    tree = "integration_framework: {runner: {widget: }}\n"
    text = "widget: {token: MyWidget, 1st: A}\n"
    texts = {"above": tree + text, "below": text + tree}
    (folder / "w.yaml").write_text(texts.get(how, text), encoding="utf-8")
    (folder / "tree.yaml").write_text(tree, encoding="utf-8")
    files = ["w.yaml", "tree.yaml"] if how == "in another file" else ["w.yaml"]
    (fault,) = lg.validate(*files, framework=FRAMEWORK if how == "by the call" else None)
    assert fault.place is not None
    assert fault.place.snippet == "widget: {token: MyWidget, 1st: A}"


def test_integrations_may_be_called_like_secrets() -> None:
    """A block is no secret because of its name, and what is wrong in it is told."""
    conf = {"pipeline": {"auth": "Login"}, "auth": {"config": {"x": "$config.nowhere"}}}
    (fault,) = lg.validate(conf)
    assert fault.sentence.startswith("the reference `$config.nowhere` leads nowhere")
    assert str(fault.place) == "conf: auth.config.x"


def test_suggestions_survive_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that the environment has as well is suggested all the same."""
    monkeypatch.setenv("AAA", "train")
    conf = {"pipeline": {"train": "Trainer"}, "config": {"a": "${env:AAA}"}, "trian": {}}
    (fault,) = lg.validate(conf)
    assert fault.cure == "did you mean `train`?"


def test_short_secrets_hide_no_other_value() -> None:
    """A pin of one digit makes no secret of each number like it."""
    conf = {"config": {"pin": 8, "max_depth": 8, "password": "ab", "metric": "ab"}}
    shown = lg.plan(conf).graph.nodes["runner"]["config"]
    assert shown == {"pin": "***", "max_depth": 8, "password": "***", "metric": "ab"}
