"""Every example of the README and of the guides is executed, in the order of the page."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest

import lolpop_graph as lg
from lolpop_graph.cli import lolpop_graph

ROOT = Path(__file__).parent.parent
GUIDES = (
    "docs/cluster.md",
    "docs/configuration.md",
    "docs/decorators.md",
    "docs/extending.md",
    "docs/orchestrators.md",
    "docs/parts.md",
    "docs/pictures.md",
    "docs/questions.md",
    "docs/sweeps.md",
    "docs/testing.md",
)
"""Pages whose console and Python examples are run as those of the README are."""
README = (ROOT / "README.md").read_text(encoding="utf-8")
RULES = (ROOT / "docs" / "workflow-file.md").read_text(encoding="utf-8")
NAMED = re.compile(r"# (\w+\.\w+)$", re.MULTILINE)
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def examples(language: str, page: str = "README.md") -> list[str]:
    """The examples of one language on a page."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return [example for name, example in FENCE.findall(text) if name == language]


CONSOLE = [text for page in ("README.md", *GUIDES) for text in examples("console", page)]


@pytest.fixture
def reader_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the fixtures, and with the examples that README and guides call files."""
    (tmp_path / "fixtures").symlink_to(ROOT / "fixtures")
    own, broken, *_ = examples("yaml")
    (tmp_path / "workflow.yaml").write_text(own, encoding="utf-8")
    (tmp_path / "broken.yaml").write_text(broken, encoding="utf-8")
    for page in GUIDES:
        for text in (*examples("yaml", page), *examples("python", page)):
            if named := NAMED.match(text):
                (tmp_path / named[1]).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", ["README.md", *GUIDES])
def test_python_examples(reader_folder: Path, page: str) -> None:
    """The Python examples of a page run one after the other in one session."""
    session: dict[str, Any] = {"__name__": "readme", "lg": lg}
    for text in examples("python", page):
        exec(compile(text, page, "exec", dont_inherit=True), session)


@pytest.mark.parametrize("example", CONSOLE)
def test_console_examples(reader_folder: Path, example: str) -> None:
    """Each command prints what the README shows, with `...` for what varies."""
    prompt, expected = example.split("\n", 1)
    command = shlex.split(prompt.removeprefix("$ "))
    environment = {**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, *command[1:]],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if {"lint", "validate"} & {*command} else None,
        text=True,
        check=False,
        env=environment,
    )
    matches = doctest.OutputChecker().check_output(expected, done.stdout, doctest.ELLIPSIS)
    assert matches, done.stdout


def test_commands_exist() -> None:
    """Each command line in the list of commands names a command that there is."""
    listed = re.findall(r"^python -m lolpop_graph ([\w-]+)", README, re.MULTILINE)
    assert set(listed) == set(lolpop_graph.list_commands(click.Context(lolpop_graph)))


def test_example_of_the_rules_is_faultless(tmp_path: Path) -> None:
    """The workflow in the page of rules is one, and has the graph that the page speaks of."""
    (example,) = [text for _, text in FENCE.findall(RULES)]
    path = tmp_path / "workflow.yaml"
    path.write_text(example, encoding="utf-8")
    plan = lg.plan(path)
    assert plan.order == [
        "runner",
        "runner.metadata_tracker",
        "runner.train",
        "runner.train.model_trainer",
    ]
    assert lg.plan({}).framework == plan.framework


def test_example_of_a_framework_is_one(tmp_path: Path) -> None:
    """The framework in the README is a tree with layers of its own."""
    _, _, framework, *_ = examples("yaml")
    path = tmp_path / "workflow.yaml"
    path.write_text(framework, encoding="utf-8")
    assert [layer.name for layer in lg.plan(path).framework.layers()] == [
        "newspaper", "archive", "desk", "étape",
    ]  # fmt: skip


def test_examples_of_secrets_hide_one(tmp_path: Path) -> None:
    """The value that is marked is hidden, and so is that of the key that the class names."""
    session: dict[str, Any] = {"lg": lg}
    (named,) = [text for text in examples("python") if "__SECRET_CONF__" in text]
    exec(compile(named, "README.md", "exec"), session)
    (marked,) = [text for text in examples("yaml") if "!secret" in text]
    base = {"component": {"data_connector": "Database"}}
    path = tmp_path / "workflow.yaml"
    for text in (marked, marked.replace("!secret ", "")):
        path.write_text(text, encoding="utf-8")
        with lg.build(base, path, classes=[session["Database"]]) as workflow:
            assert workflow.root.data_connector.config == {"host": "db.example.org"}
            node = workflow.graph.nodes["runner.data_connector"]
            assert node["config"] == {"host": "***"}


@pytest.mark.parametrize("page", ["README.md", *GUIDES])
def test_links_lead_somewhere(page: str) -> None:
    """Every relative link of a page names a file or folder that there is."""
    path = ROOT / page
    links = re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_ci_runs_the_test_command() -> None:
    """What CI does for the tests is the command that the README gives."""
    command = next(text for text in examples("sh") if "pytest" in text).strip()
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
