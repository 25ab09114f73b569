"""Commands that other distributions bring: found by their entry points, imported when called."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lolpop_graph.cli import extensions, main

COMMANDS = '''
import click

import lolpop_graph as lg


@click.command()
@click.argument("name")
def greet(name):
    """Say hello."""
    click.echo(f"hello {name}")
    return 3


@click.group()
def tools():
    """Several commands."""


@tools.command()
def inner():
    raise OSError("no such luck")


@click.command()
def planning():
    lg.plan({"component": {"1st": "X"}})


@click.command()
def leaving():
    raise click.ClickException("that is that")


number = 3
'''
ENTRIES = """
[console_scripts]
acme = acme_commands:main

[lolpop_graph.commands]
greet = acme_commands:greet
tools = acme_commands:tools [extra]
planning = acme_commands:planning
leaving = acme_commands:leaving
number = acme_commands:number
nothing = acme_commands:nothing
absent = acme_absent:command
broken = acme_broken:command
plan = acme_commands:greet
twice = acme_commands:greet
# gone = acme_commands:gone

[lolpop_graph.component]
Part = acme_commands:Part
"""


@pytest.fixture(autouse=True)
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on `sys.path` in which two distributions with commands are installed."""
    for name, text in (
        ("acme_tools-1.2", ENTRIES),
        ("ajax-3", "[lolpop_graph.commands]\ntwice=a:b"),
    ):
        (tmp_path / f"{name}.dist-info").mkdir()
        (tmp_path / f"{name}.dist-info" / "entry_points.txt").write_text(text, encoding="utf-8")
    (tmp_path / "acme_commands.py").write_text(COMMANDS, encoding="utf-8")
    (tmp_path / "acme_broken.py").write_text(
        "import click\nimport optuna_is_absent\n1 / 0\n", encoding="utf-8"
    )
    monkeypatch.syspath_prepend(tmp_path)
    extensions.extensions.cache_clear()
    yield tmp_path
    extensions.extensions.cache_clear()
    sys.modules.pop("acme_commands", None)


def test_help_lists_them_without_importing(capsys: pytest.CaptureFixture[str]) -> None:
    """Below the own commands, with where they are from; one that is not used says so."""
    assert main(["--help"]) == 0
    own, _, others = capsys.readouterr().out.partition("Commands of other packages:\n")
    assert "acme" not in own
    assert "greet     acme-tools 1.2\n" in others
    assert "plan      acme-tools 1.2; not used" in others
    assert "gone" not in others
    assert "Part" not in others
    assert "acme_commands" not in sys.modules


def test_a_command_is_called(capsys: pytest.CaptureFixture[str]) -> None:
    """It gets its arguments and its help, and what it returns is the exit code."""
    assert main(["greet", "you"]) == 3
    assert capsys.readouterr().out == "hello you\n"
    assert main(["greet", "--help"]) == 0
    assert "Say hello." in capsys.readouterr().out
    assert main(["greet"]) == 2
    assert "Missing argument" in capsys.readouterr().err
    assert main(["leaving"]) == 1
    assert capsys.readouterr().err == "Error: that is that\n"


@pytest.mark.parametrize(
    ("call", "code", "message"),
    [
        (
            "absent",
            1,
            "LG811: the command `absent` of acme-tools 1.2 does not import: ModuleNotFound",
        ),
        ("broken", 1, "does not import: ModuleNotFoundError: No module named 'optuna_is_absent'"),
        ("nothing", 1, "does not import: AttributeError"),
        ("number", 1, "is no command of click: `acme_commands:number` is of type `int`"),
        ("tools inner", 1, "the command `tools` of acme-tools 1.2 raised: OSError: no such luck"),
        ("planning", 1, "error LG303: `1st`"),
        ("twice", 2, "LG812: the command `twice` could be that of `acme-tools 1.2"),
        ("gret", 2, "Did you mean 'greet'?"),
    ],
)
def test_what_fails_is_told(
    call: str, code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the distribution, the cause and none of our own frames; help is as it was."""
    assert main(call.split()) == code
    errors = capsys.readouterr().err
    assert message in errors
    assert "lolpop_graph/cli" not in errors
    assert "click/core" not in errors
    assert main(["--help"]) == 0


def test_built_in_commands_stay(capsys: pytest.CaptureFixture[str]) -> None:
    """A command of a built-in one's name is not called, nor are entry points read for it."""
    assert main(["plan", "--help"]) == 0
    assert "Say hello" not in capsys.readouterr().out
    assert extensions.extensions.cache_info().currsize == 0
