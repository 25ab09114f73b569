"""`diff` on the command line: its sides, its exit codes, its formats, and nothing private."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from lolpop_graph.cli import main
from lolpop_graph.cli.diff_text import code
from tests.test_hostile_pictures import PARTS
from visualize import read_graph

BASE = """\
component: {tracker: Tracker, logger: Logger}
pipeline: {train: Train}
train:
  component: {model: Model}
  model: {config: {depth: 3, api_key: hunter2-old}}
config: {target: churned}
"""
PROD = """\
component: {tracker: Cloud}
train:
  component: {tuner: Tuner}
  model: {config: {depth: 8, api_key: hunter2-new}}
"""
Say = Callable[..., tuple[int, str, str]]


@pytest.fixture(name="folder")
def folder_with_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a workflow and what production has otherwise."""
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    (tmp_path / "prod.yaml").write_text(PROD, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(name="say")
def what_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> Say:
    """Calls `diff` and gives its exit code, its output and its errors."""

    def call(*arguments: str) -> tuple[int, str, str]:
        number = main(["diff", *arguments])
        said = capsys.readouterr()
        return number, said.out, said.err

    return call


EXPECTED = """\
base.yaml → base.yaml + prod.yaml: 1 added, 2 changed, 4 links gained

Integrations
  + runner.train.tuner  component Tuner  (prod.yaml:3:15)
  ~ runner.tracker
      ~ class  Tracker → Cloud  (prod.yaml:1:22, was base.yaml:1:22)
  ~ runner.train.model
      ~ depth  (prod.yaml:4:20, was base.yaml:5:20)
      ~ api_key  (prod.yaml:4:30, was base.yaml:5:30)

Links
  + runner.train/component → runner.train/component (2 peer links)
  + runner/component → runner.train/component (2 sibling links)
"""


def test_a_difference_is_told(say: Say) -> None:
    """Each change has its sign and its places, and no value is shown."""
    number, out, errors = say("base.yaml", "base.yaml+prod.yaml")
    assert (number, errors) == (1, "")
    assert out == EXPECTED


def test_the_same_is_told_in_a_line(say: Say) -> None:
    """Where nothing is different, one line says so, and the exit code is 0."""
    assert say("base.yaml", "base.yaml") == (0, "base.yaml → base.yaml: no difference\n", "")


def test_one_side_is_compared_with_its_overlay(say: Say) -> None:
    """One workflow is compared without and with what is layered over it or set in it."""
    number, out, _ = say("base.yaml", "--overlay", "prod.yaml")
    assert (number, out) == (1, EXPECTED)
    number, out, _ = say("base.yaml", "--set", "config.target=x")
    assert number == 1
    assert "~ target  (--set: config.target, was base.yaml:6:10)" in out
    assert say("base.yaml", "--set", "config.target=churned")[0] == 0


def test_options_hold_for_both_sides(say: Say) -> None:
    """What is layered over both sides is no difference."""
    number, out, _ = say("base.yaml", "base.yaml+prod.yaml", "--overlay", "prod.yaml")
    assert (number, "no difference" in out) == (0, True)


def test_a_file_may_have_a_plus_in_its_name(say: Say, folder: Path) -> None:
    """A name with a plus that is a file is one file."""
    (folder / "c+d.yaml").write_text(BASE, encoding="utf-8")
    assert say("base.yaml", "c+d.yaml")[0] == 0


def test_values_are_shown_where_asked_for_and_secrets_never(say: Say) -> None:
    """With --values a changed secret is told as changed, in every format."""
    for form in ("text", "markdown", "json"):
        for arguments in ([], ["--values"]):
            _, out, _ = say("base.yaml", "base.yaml+prod.yaml", "--format", form, *arguments)
            assert "hunter2" not in out
            assert "api_key" in out
    _, out, _ = say("base.yaml", "base.yaml+prod.yaml", "--values")
    assert "~ depth  3 → 8 " in out
    assert '~ api_key  "***" → "***" ' in out


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
@pytest.mark.parametrize("value", ["staging.example.org", 42])
def test_what_the_texts_of_classes_call_secret_is_never_shown(
    say: Say, folder: Path, form: str, value: object
) -> None:
    """`__SECRET_CONF__` is read from texts, for values above an integration as well."""
    secret = "class Tracker:\n    __SECRET_CONF__ = ['host']\n"
    (folder / "plug.py").write_text(secret, encoding="utf-8")
    (folder / "hosts.yaml").write_text(
        "tracker: {config: {host: own.example.org}}\nconfig: {host: above.example.org}\n",
        encoding="utf-8",
    )
    settings = [f"tracker.config.host={value}", f"config.host={value}"]
    options = [part for setting in settings for part in ("--set", setting)]
    sides = ["base.yaml+hosts.yaml", *options, "--plugin-path", "plug.py"]
    number, out, _ = say(*sides, "--values", "--format", form)

    assert number == 1
    assert out.count("***") >= 4
    assert "example.org" not in out
    assert str(value) not in out


def test_what_is_a_secret_on_one_side_is_shown_on_neither(say: Say, folder: Path) -> None:
    """The tag may stand in one of the two files alone."""
    (folder / "tagged.yaml").write_text(
        "train: {model: {config: {depth: !secret 7531}}}", encoding="utf-8"
    )
    for sides in (["base.yaml", "base.yaml+tagged.yaml"], ["base.yaml+tagged.yaml", "base.yaml"]):
        assert '~ depth  "***" → "***"' in say(*sides, "--values")[1]


def test_json_is_for_programs(say: Say) -> None:
    """The JSON has the same, with every place; values and single links only where asked for."""
    number, out, _ = say("base.yaml", "base.yaml+prod.yaml", "--format", "json", "--links")
    found = json.loads(out)
    assert (number, found["differs"], found["links_gained"]) == (1, True, 4)
    assert found["added"][0]["path"] == "runner.train.tuner"
    key = found["changed"][1]["keys"][0]
    assert key["old_place"]["line"] == 5
    assert not {"old", "new"} & {*key}
    assert {"change", "source", "target", "kind"} == {*found["single_links"][0]}
    assert len(found["single_links"]) == 4
    _, out, _ = say("base.yaml", "base.yaml+prod.yaml", "--json", "--values")
    assert json.loads(out)["changed"][1]["keys"][0]["new"] == 8


def test_single_links_are_told_where_asked_for(say: Say) -> None:
    """With --links each link is a line."""
    _, out, _ = say("base.yaml", "base.yaml+prod.yaml", "--links")
    assert "  + runner.tracker → runner.train.tuner (sibling)\n" in out


def test_a_picture_has_both(say: Say, folder: Path) -> None:
    """What is drawn or written has what is added, with its change."""
    number, _, errors = say("base.yaml", "base.yaml+prod.yaml", "-o", "d.json")
    assert (number, errors) == (1, "")
    assert read_graph("d.json").nodes["runner.train.tuner"]["change"] == "added"
    assert say("base.yaml", "base.yaml+prod.yaml", "-o", "d.svg")[0] == 1
    assert (folder / "d.svg").read_bytes().startswith(b"<?xml")
    assert say("base.yaml", "base.yaml", "-o", "missing/d.svg")[0] == 2


def test_an_overlay_alone_is_known(say: Say) -> None:
    """What is a workflow only over the other side is no typo, and the way to say it is told."""
    number, out, errors = say("base.yaml", "prod.yaml")
    assert (number, out) == (2, "")
    assert errors.endswith("\nif prod.yaml is an overlay, compare with base.yaml+prod.yaml\n")
    assert "overlay" not in say("base.yaml", "missing.yaml")[2]
    assert "overlay" not in say("prod.yaml", "base.yaml")[2]


def test_any_fault_is_trouble(say: Say, folder: Path) -> None:
    """A workflow at fault on either side is exit code 2, with the faults of both."""
    (folder / "bad.yaml").write_text("nobody: {}\n", encoding="utf-8")
    (folder / "worse.yaml").write_text("component: [1]\n", encoding="utf-8")
    for sides in (("base.yaml", "bad.yaml"), ("bad.yaml", "base.yaml")):
        number, out, errors = say(*sides)
        assert (number, out) == (2, "")
        assert "LG302" in errors
    number, _, errors = say("bad.yaml", "worse.yaml")
    assert number == 2
    assert "bad.yaml:1:1" in errors
    assert "worse.yaml:1:12" in errors
    number, out, _ = say("bad.yaml", "base.yaml", "--format", "json")
    assert (number, json.loads(out)["faults"][0]["code"]) == (2, "LG302")
    assert say("base.yaml", "missing.yaml")[0] == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["base.yaml"], ["base.yaml", "base.yaml", "base.yaml"], [], ["base.yaml", "--format", "x"],
        ["base.yaml", "base.yaml", "--git", "HEAD"], ["base.yaml", "base.yaml", "-o", "x.exe"],
        ["base.yaml", "++"],
    ],
)  # fmt: skip
def test_wrong_calls_are_refused(say: Say, arguments: list[str]) -> None:
    """A call that makes no sense is exit code 2 and says why."""
    number, out, errors = say(*arguments)
    assert (number, out) == (2, "")
    assert errors


@pytest.mark.parametrize("side", ["", "+base.yaml", "base.yaml+"])
def test_a_missing_name_of_a_file_is_told(say: Say, side: str) -> None:
    """A plus without a file on both sides of it, as an empty variable of a shell leaves it."""
    number, _, errors = say("base.yaml", side)
    assert number == 2
    assert f"the name of a file is missing in {side!r}" in errors


# Git ------------------------------------------------------------------------------------------


def git(*arguments: str) -> None:
    """Run git in the current folder."""
    me = ["-c", "user.name=me", "-c", "user.email=me@example.org"]
    subprocess.run(["git", *me, *arguments], check=True, capture_output=True)


@pytest.fixture(name="repository")
def repository_with_a_commit(folder: Path) -> Path:
    """The folder as a repository, with the workflow as it is now in its first commit."""
    git("init", "--quiet")
    git("add", "base.yaml", "prod.yaml")
    git("commit", "--quiet", "--message", "Begin")
    return folder


def test_a_file_is_compared_with_what_it_was(say: Say, repository: Path) -> None:
    """The file in a revision is the old side, with its line and the revision in its places."""
    assert say("--git", "HEAD", "base.yaml")[0] == 0
    (repository / "base.yaml").write_text(BASE.replace("churned", "left"), encoding="utf-8")
    number, out, errors = say("--git", "HEAD", "base.yaml")
    assert (number, errors) == (1, "")
    assert "~ target  (base.yaml:6:10, was HEAD:base.yaml:6:10)" in out


def test_layers_and_overlays_are_read_in_the_revision(say: Say, repository: Path) -> None:
    """All files of the workflow are those of the revision, also from another folder."""
    (repository / "prod.yaml").write_text(PROD.replace("8", "9"), encoding="utf-8")
    for arguments in (["base.yaml+prod.yaml"], ["base.yaml", "--overlay", "prod.yaml"]):
        _, out, _ = say("--git", "HEAD", *arguments, "--values")
        assert "~ depth  8 → 9 " in out
    (repository / "below").mkdir()
    os.chdir(repository / "below")
    _, out, _ = say("--git", "HEAD", "../base.yaml+../prod.yaml", "--values")
    assert "~ depth  8 → 9 " in out


@pytest.mark.parametrize(
    "revision", ["nope", "", "--help", "-x", "HEAD:base.yaml", "HEAD\0", "a b"]
)
def test_unknown_revisions_are_refused(say: Say, repository: Path, revision: str) -> None:
    """What git does not know as a commit is LG806, also where it looks like an option."""
    number, out, errors = say(f"--git={revision}", "base.yaml")
    assert (number, out) == (2, "")
    assert "LG806" in errors


def test_files_that_a_revision_has_not_are_refused(say: Say, repository: Path) -> None:
    """A file that came later is LG807."""
    (repository / "later.yaml").write_text(BASE, encoding="utf-8")
    number, _, errors = say("--git", "HEAD", "later.yaml")
    assert (number, "LG807" in errors) == (2, True)
    assert "Traceback" not in errors


def test_what_is_no_repository_is_refused(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside of a repository, or without git, it is LG806 and says which."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(Path.cwd().parent))
    number, _, errors = say("--git", "HEAD", "base.yaml")
    assert (number, "is in no git repository" in errors) == (2, True)
    monkeypatch.setenv("PATH", "")
    number, _, errors = say("--git", "HEAD", "base.yaml")
    assert (number, "there is no git on this machine" in errors) == (2, True)


def test_faults_of_the_old_file_are_told_with_the_revision(say: Say, repository: Path) -> None:
    """A workflow that was at fault in the revision is so with its place there."""
    (repository / "base.yaml").write_text("nobody: {}\n", encoding="utf-8")
    git("commit", "--quiet", "--all", "--message", "Break")
    (repository / "base.yaml").write_text(BASE, encoding="utf-8")
    number, _, errors = say("--git", "HEAD", "base.yaml")
    assert (number, errors.startswith("HEAD:base.yaml:1:1: error LG302")) == (2, True)


# Markdown -------------------------------------------------------------------------------------


def test_markdown_is_a_list(say: Say) -> None:
    """The difference for a pull request is a heading, a summary and lists of code."""
    number, out, _ = say("base.yaml", "base.yaml+prod.yaml", "--format", "markdown")
    assert number == 1
    assert out.startswith("### `base.yaml` → `base.yaml + prod.yaml`\n\n**1 added, ")
    assert "\n- `+ runner.train.tuner` `component` `Tuner` (`prod.yaml:3:15`)\n" in out
    assert "\n- `~ runner.tracker`\n  - `~ class` `Tracker` → `Cloud` (" in out


@pytest.mark.parametrize("text", PARTS)
def test_hostile_names_stay_code(text: str) -> None:
    """A name is one span of code on one line, whatever ticks and breaks are in it."""
    shown = code(text)
    ticks = len(shown) - len(shown.lstrip("`"))
    inside = shown[ticks:-ticks]
    assert shown.isprintable()
    assert "`" * ticks not in inside.replace("`" * (ticks + 1), "")
    assert inside
