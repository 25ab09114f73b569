"""The command line: commands, options, exit codes, and what is written where."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import networkx as nx
import pytest

from lolpop_graph.cli import main
from visualize.themes import THEMES

ROOT = Path(__file__).parent.parent
COMMANDS = ["build", "draw", "plan", "run", "validate"]
TREE = "runner  runner     Boss\n├─ a    component  Part\n└─ b    component  Part\n"

PLUGIN = '''"""The classes of the workflows here."""

import sys

import lolpop_graph as lg

print("plug-in imported", file=sys.stderr)


class Boss(lg.BaseRunner):
    """The root."""

    text = "no method"

    def main(self, *arguments):
        """Show what came."""
        return ", ".join(map(repr, arguments)) or "nothing came"

    def table(self):
        """Give a mapping."""
        return {"accuracy": 0.123456789, "n": 12, "name": "auc"}

    def silent(self):
        """Give nothing."""

    def boom(self):
        """Fail in a function of its own."""
        self.deeper()

    def deeper(self):
        """Fail."""
        raise ValueError("the user's fault\\nin two lines")

    def stop(self):
        """Be interrupted."""
        raise KeyboardInterrupt

    def leave(self):
        """Leave the interpreter."""
        raise SystemExit(7)

    def end(self):
        """Find no more input."""
        raise EOFError

    def half(self):
        """Give what no stream can hold."""
        return chr(0xD800)

    def kind(self):
        """Say what the workflow solves."""
        return self.problem_type

    @property
    def colour(self):
        """Be no method."""
        return "red"

    def _secret(self):
        """Be private."""


class Part(lg.BaseComponent):
    """Says on standard error when it is made and closed."""

    def __init__(self):
        print("made", self.name, file=sys.stderr)

    def close(self):
        print("closed", self.name, file=sys.stderr)


class Needy(Part):
    """Requires a key."""

    __REQUIRED_CONF__ = {"config": ["target"]}


class Bomb(lg.BaseComponent):
    """Raises when it is made."""

    def __init__(self):
        raise ValueError("boom")


class Interrupted(lg.BaseComponent):
    """Is interrupted while it is made."""

    def __init__(self):
        raise KeyboardInterrupt


class Leaver(lg.BaseComponent):
    """Leaves the interpreter."""

    def __init__(self):
        raise SystemExit(9)


class Late(lg.BaseComponent):
    """Raises when it is set up."""

    def setup(self):
        raise ValueError("late")


class Clinging(lg.BaseComponent):
    """Raises when it is closed."""

    def close(self):
        raise ValueError("cling")
'''


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a workflow and its plug-in, which is the current one."""
    (tmp_path / "workflow.yaml").write_text(
        "runner: Boss\nconfig: {plugin_paths: [parts.py]}\ncomponent:\n  a: Part\n  b: Part\n",
        encoding="utf-8",
    )
    (tmp_path / "parts.py").write_text(PLUGIN, encoding="utf-8")
    (tmp_path / "over.yaml").write_text("component: {b: Needy, c: Part}\n", encoding="utf-8")
    (tmp_path / "bad.yaml").write_text("component: {1st: Part, class: Part}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(
    command: str, *more: str, cwd: Path, **variables: str
) -> subprocess.CompletedProcess[bytes]:
    """Run the command line in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
    return subprocess.run(
        [sys.executable, "-m", "lolpop_graph", *shlex.split(command), *more],
        capture_output=True,
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )


def lives(errors: str) -> list[str]:
    """What was made and closed, in order."""
    return [line for line in errors.splitlines() if line.startswith(("made", "closed"))]


# Help and wrong calls -------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["", *COMMANDS])
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_every_command_has_help(
    command: str, option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Help is printed on standard output, with exit code 0, and names every option."""
    assert main([*command.split(), option]) == 0
    out, errors = capsys.readouterr()
    assert out.startswith("Usage: lolpop-graph")
    assert not errors
    if command:
        assert "--set KEY=VALUE" in out
        assert "--trust PACKAGE" in out
    else:
        assert all(f"  {name} " in out for name in COMMANDS)


def test_help_imports_little(tmp_path: Path) -> None:
    """Help needs neither networkx nor YAML of the reader's weight."""
    code = (
        "import sys; from lolpop_graph.cli import main; main(['--help']);"
        "sys.exit(bool({'networkx', 'visualize', 'yaml'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0


def test_version_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """The version is one line, also where nothing is installed."""
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("lolpop-graph, version ")


@pytest.mark.parametrize(
    "command",
    [
        "nope", "--nope", "plan", "run", "plan --nope workflow.yaml", "plan missing.yaml",
        "plan missing.yaml workflow.yaml", "plan .", "validate missing.yaml",
        "run missing.yaml", "run workflow.yaml nope", "run workflow.yaml _secret",
        "run workflow.yaml colour", "run workflow.yaml text", "run workflow.yaml close",
        "run workflow.yaml __init__", "run workflow.yaml main [1", "run workflow.yaml main *x",
        "run workflow.yaml --overlay missing.yaml", "plan workflow.yaml --set nothing",
        "plan workflow.yaml --set =1", "plan workflow.yaml --set a..b=1",
        "plan workflow.yaml --set .a=1", "plan workflow.yaml --set x=[1",
        "plan workflow.yaml --set x=!!python/name:os.system", "plan workflow.yaml --set",
        "plan workflow.yaml --set config.plugin_paths.x=1",
        "draw workflow.yaml -o x.gif", "draw workflow.yaml -o x", "draw workflow.yaml -o .svg",
        "draw workflow.yaml --links some", "draw workflow.yaml --collapse runner.x",
        "draw workflow.yaml --collapse runner/x", "draw workflow.yaml --only (",
        "draw workflow.yaml --depth 0", "draw workflow.yaml --show class,values",
        "draw workflow.yaml --theme sepia", "draw workflow.yaml -o x.json --direction TB",
        "draw workflow.yaml --format json --theme dark", "draw workflow.yaml --format gif",
        "draw workflow.yaml -o x.svg --format svg", "draw workflow.yaml -o /dev/full",
        "build workflow.yaml -o x.jpeg",
    ],
)  # fmt: skip
def test_wrong_calls_have_exit_code_2(
    folder: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A call that is at fault says so on standard error, builds nothing and is no traceback."""
    assert main(shlex.split(command)) == 2
    out, errors = capsys.readouterr()
    assert not out or command.startswith("validate")
    assert errors
    assert "Traceback" not in errors
    assert not lives(errors)


@pytest.mark.parametrize(
    "command",
    [
        "plan bad.yaml", "build bad.yaml", "draw bad.yaml", "run bad.yaml", "validate bad.yaml",
        "build workflow.yaml over.yaml", "run workflow.yaml --overlay over.yaml",
        "validate workflow.yaml over.yaml --classes", "plan workflow.yaml --set component.1st=Part",
        "build workflow.yaml --root-class Nobody", "build workflow.yaml --set runner=Nobody",
        "plan parts.py",
    ],
)  # fmt: skip
def test_faulty_workflows_have_exit_code_1(
    folder: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A workflow that is at fault is reported on standard error, and nothing of it is built."""
    assert main(shlex.split(command)) == 1
    errors = capsys.readouterr().err
    assert ": error LG" in errors
    assert "Traceback" not in errors
    assert not lives(errors)


def test_plugin_paths_that_are_none_are_told_where_they_stand(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is no Python is refused at its own place in the list."""
    text = "config: {plugin_paths: [parts.py, w.yaml]}\ncomponent: {a: Nobody}\n"
    Path("w.yaml").write_text(text, encoding="utf-8")
    assert main(["validate", "w.yaml", "--classes"]) == 1
    errors = capsys.readouterr().err
    said = (
        "w.yaml:1:35: error LG506: the plug-in path `w.yaml` is neither a folder nor a Python file"
    )
    assert said in errors
    assert errors.count(": error LG") == 1


def test_missing_methods_name_those_there_are(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who calls a method that is not there is told which are."""
    assert main(["run", "workflow.yaml", "tabel"]) == 2
    assert "did you mean `table`?" in capsys.readouterr().err
    assert main(["run", "workflow.yaml", "zzzzzzzzz"]) == 2
    errors = capsys.readouterr().err
    assert "it has `boom`, `deeper`, `end`" in errors
    assert "_secret" not in errors
    assert "`log`" not in errors


def test_values_of_options_are_not_repeated(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A value of `--set` that is no YAML is not shown again."""
    assert main(["plan", "workflow.yaml", "--set", "config.password=[hunter2"]) == 2
    assert "hunter2" not in capsys.readouterr().err


# What commands print --------------------------------------------------------------------------


def test_plan_shows_tree_order_and_links(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A plan is shown in three parts, and no module of the user's is imported."""
    assert main(["plan", "workflow.yaml"]) == 0
    out, errors = capsys.readouterr()
    assert out.startswith(TREE)
    assert "\nBuild order\n  1  runner\n  2  runner.a\n  3  runner.b\n" in out
    assert "\nWho is given what\n  runner/component: each sees the others\n" in out
    assert not errors


def test_plan_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The plan for machines has framework, integrations and groups, and no config value."""
    assert main(["plan", "workflow.yaml", "--json", "--set", "config.password=hunter2"]) == 0
    out = capsys.readouterr().out
    assert "hunter2" not in out
    found = json.loads(out)
    assert list(found) == ["name", "framework", "integrations", "groups"]
    assert found["framework"] == {"runner": {"component": None, "pipeline": {"component": None}}}
    assert [part["path"] for part in found["integrations"]] == ["runner", "runner.a", "runner.b"]
    assert found["integrations"][1] == {
        "path": "runner.a", "name": "a", "layer": "component", "layer_path": "runner/component",
        "class": "Part", "parent": "runner", "group": "runner/component", "config_keys": [],
        "source": {"file": "workflow.yaml", "line": 4, "column": 3, "trail": "", "overrides": None},
    }  # fmt: skip
    assert found["groups"] == [
        {
            "id": "runner/component", "layer": "component", "members": ["runner.a", "runner.b"],
            "linked": {"peer": ["runner/component"]}, "passes": True,
        }
    ]  # fmt: skip


def test_validate_reports_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A faultless workflow is one line, and nothing is imported unless classes are asked for."""
    assert main(["validate", "workflow.yaml"]) == 0
    assert capsys.readouterr() == ("workflow.yaml: nothing to report\n", "")
    assert main(["validate", "workflow.yaml", "--classes"]) == 0
    assert capsys.readouterr().err == "plug-in imported\n"


def test_validate_reports_everything(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Faults go to standard error, their number to standard output."""
    assert main(["validate", "workflow.yaml", "bad.yaml"]) == 1
    out, errors = capsys.readouterr()
    assert out == "workflow.yaml + bad.yaml: 2 errors\n"
    assert errors.count(": error LG303") == 2


def test_validate_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The faults for machines are complete, and exit codes are the same."""
    assert main(["validate", "bad.yaml", "--json"]) == 1
    out, errors = capsys.readouterr()
    found = json.loads(out)
    assert not errors
    assert found["ok"] is False
    first = found["faults"][0]
    assert (first["code"], first["line"], first["column"]) == ("LG303", 1, 13)
    assert main(["validate", "workflow.yaml", "--json"]) == 0
    counts = {"error": 0, "warning": 0, "note": 0}
    report = json.loads(capsys.readouterr().out)
    assert report == {"version": 1, "ok": True, "counts": counts, "faults": []}
    assert main(["validate", "missing.yaml", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["faults"][0]["code"] == "LG101"


def test_validate_counts_notes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A note is reported and is no error."""
    (folder / "over.yaml").write_text(
        "pipeline: {p: Boss}\np: {component: {a: Part}}\n", encoding="utf-8"
    )
    assert main(["validate", "workflow.yaml", "over.yaml"]) == 0
    out, errors = capsys.readouterr()
    assert out == "workflow.yaml + over.yaml: 1 note\n"
    assert "note LG309" in errors


def test_build_prints_and_closes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was built is printed as a tree, and closed in reverse."""
    assert main(["build", "workflow.yaml"]) == 0
    out, errors = capsys.readouterr()
    assert out == TREE
    assert lives(errors) == ["made a", "made b", "closed b", "closed a"]


def test_build_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was built has the same form as a plan, with the classes that were found."""
    assert main(["build", "workflow.yaml", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [part["class"] for part in found["integrations"]] == ["Boss", "Part", "Part"]


def test_draw_writes_dot(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """DOT goes to standard output, or whole into a file, and nothing is imported."""
    assert main(["draw", "workflow.yaml"]) == 0
    out, errors = capsys.readouterr()
    assert out.startswith("digraph")
    assert not errors
    for links in ("groups", "all", "none"):
        assert main(["draw", "workflow.yaml", "-o", f"{links}.DOT", "--links", links]) == 0
    assert (folder / "groups.DOT").read_text(encoding="utf-8") == out
    assert main(["build", "workflow.yaml", "-o", "built.dot"]) == 0
    assert (folder / "built.dot").read_text(encoding="utf-8").startswith("digraph")


@pytest.mark.usefixtures("folder")
def test_draw_shows_what_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    """Each option of a view reaches the picture, and standard output has any format."""

    def drawn(*options: str) -> str:
        assert main(["draw", "workflow.yaml", *options]) == 0
        return capsys.readouterr().out

    assert "rankdir=TB" in drawn("--direction", "TB")
    assert THEMES["dark"].page in drawn("--theme", "dark")
    assert "folded: 2 of" in drawn("--depth", "1")
    assert "left out: 1 of" in drawn("--only", "runner.a")
    assert "folded: 2 of" in drawn("--collapse", "runner/component")
    assert "Boss" not in drawn("--show", "source")
    assert "workflow.yaml:1" in drawn("--show", "class, source")
    assert drawn("-o", "-", "--format", "md").startswith("```mermaid\n%%{init")
    assert [
        node["id"] for node in json.loads(drawn("--format", "json", "--depth", "1"))["nodes"]
    ] == ["runner"]
    assert "runner.b" not in drawn("--format", "graphml", "--only", "runner.a")


@pytest.mark.usefixtures("folder")
def test_draw_says_what_it_folds_by_itself(capsys: pytest.CaptureFixture[str]) -> None:
    """A workflow too large to be read is folded, and standard error says how to see it whole."""
    many = ", ".join(f"c{number}: Part" for number in range(500))
    for options in (["-o", "x.mmd"], ["-o", "-"]):
        assert main(["draw", "workflow.yaml", "--set", f"component={{{many}}}", *options]) == 0
        told = "folded: 500 of 501 integrations; --depth 2 shows them\n"
        assert capsys.readouterr().err == told
    assert main(["draw", "workflow.yaml", "--set", f"component={{{many}}}", "--depth", "2"]) == 0
    assert not capsys.readouterr().err


@pytest.mark.parametrize("command", ["draw", "build"])
@pytest.mark.parametrize("target", ["missing/x.dot", "parts.py/x.dot", f"{'x' * 300}.dot"])
def test_pictures_that_cannot_be_written_are_reported(
    folder: Path, command: str, target: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A picture that cannot be written is a fault without traces, and all is closed."""
    before = sorted(folder.iterdir())
    assert main([command, "workflow.yaml", "-o", target]) == 1
    errors = capsys.readouterr().err
    assert "error LG801" in errors
    assert "Traceback" not in errors
    assert len(lives(errors)) == (4 if command == "build" else 0)
    assert [path for path in sorted(folder.iterdir()) if path.name != "__pycache__"] == before


# Options --------------------------------------------------------------------------------------


def test_values_are_set_as_yaml(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--set` takes values of YAML, several times, and the later wins."""
    arguments = [
        "--set",
        "component.c=Part",
        "--set",
        "component={z: Part}",
        "--set",
        "config.a.b=[1]",
    ]
    assert main(["plan", "workflow.yaml", *arguments, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["integrations"]
    assert [part["path"] for part in found] == ["runner", "runner.z"]
    assert found[0]["config_keys"] == ["plugin_paths", "a"]
    assert (found[1]["source"]["file"], found[1]["source"]["trail"]) == ("--set", "component.z")


def test_the_root_can_be_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--root-class` comes before what the file says."""
    assert main(["plan", "workflow.yaml", "--root-class", "Other"]) == 0
    assert capsys.readouterr().out.splitlines()[0].endswith("Other")


def test_the_problem_type_is_passed_on(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--problem-type` reaches the root."""
    assert main(["run", "workflow.yaml", "kind", "--problem-type", "regression"]) == 0
    assert capsys.readouterr().out == "regression\n"


def test_requirements_can_be_left_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--skip-config-validation` builds what lacks a key; setting the key mends it as well."""
    files = ["workflow.yaml", "over.yaml"]
    assert main(["build", *files]) == 1
    assert "error LG601" in capsys.readouterr().err
    assert main(["build", *files, "--skip-config-validation"]) == 0
    assert main(["build", *files, "--set", "config.target=y"]) == 0


def test_plugins_can_be_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--plugin-path` finds the classes of a workflow that names no place for them."""
    (folder / "bare.yaml").write_text("component: {a: Part}\n", encoding="utf-8")
    assert main(["build", "bare.yaml"]) == 1
    assert main(["build", "bare.yaml", "--plugin-path", "parts.py"]) == 0


def test_packages_can_be_trusted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--trust` allows what is refused without it."""
    (folder / "trusting.yaml").write_text(
        "component: {a: 'fractions:Fraction'}\n", encoding="utf-8"
    )
    assert main(["build", "trusting.yaml"]) == 1
    assert "--trust fractions" in capsys.readouterr().err
    assert main(["build", "trusting.yaml", "--trust", "fractions"]) == 0


# Running --------------------------------------------------------------------------------------


def test_run_calls_main(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The root's `main` is called between building and closing, and its result printed."""
    assert main(["run", "workflow.yaml"]) == 0
    out, errors = capsys.readouterr()
    assert out == "nothing came\n"
    assert lives(errors) == ["made a", "made b", "closed b", "closed a"]


def test_arguments_are_read_as_yaml(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Numbers are numbers, and what YAML 1.2 calls text is text; a dash is no option."""
    arguments = ["8", "auc", "[1, a]", "{x: 1}", "on", "1:30", "-5", "", "'8'", "a: b"]
    assert main(["run", "workflow.yaml", "main", *arguments]) == 0
    out = capsys.readouterr().out
    assert out == "8, 'auc', [1, 'a'], {'x': 1}, 'on', '1:30', -5, None, '8', {'a': 'b'}\n"


def test_results_are_printed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A mapping is a line for each key, and None is nothing."""
    assert main(["run", "workflow.yaml", "table"]) == 0
    assert capsys.readouterr().out == "accuracy  0.1235\nn         12\nname      auc\n"
    assert main(["run", "workflow.yaml", "silent"]) == 0
    assert capsys.readouterr().out == ""


def test_wrong_arguments_are_the_methods_error(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A method called with too much raises, and is reported as any method that raises."""
    assert main(["run", "workflow.yaml", "table", "1"]) == 1
    errors = capsys.readouterr().err
    assert "raised in `table`: TypeError" in errors
    assert lives(errors)[-1] == "closed a"


def test_methods_that_raise_show_the_users_frames(folder: Path) -> None:
    """The traceback begins in the user's code, our message stands above it, all is closed."""
    done = call("run workflow.yaml boom", cwd=folder)
    errors = done.stderr.decode()
    assert done.returncode == 1
    assert lives(errors) == ["made a", "made b", "closed b", "closed a"]
    head, _, trace = errors.partition("Traceback (most recent call last):")
    assert "error LG701: `runner` (Boss) raised in `boom`: ValueError: the user's fault\n" in head
    assert trace.count("  File ") == trace.count("parts.py") == 2
    assert "lolpop_graph/" not in trace
    assert trace.endswith("ValueError: the user's fault\nin two lines\n")


@pytest.mark.parametrize(
    ("name", "code", "message"),
    [
        ("Bomb", 1, "raised in its constructor: ValueError: boom"),
        ("Late", 1, "raised in `setup`: ValueError: late"),
        ("Interrupted", 130, "interrupted"),
        ("Leaver", 1, "raised in its constructor: SystemExit: 9"),
        ("Clinging", 1, "raised while it was closed: ValueError: cling"),
    ],
)
def test_code_that_raises_closes_all(folder: Path, name: str, code: int, message: str) -> None:
    """Whatever raises where, all that was built is closed in reverse, and the exit code fits."""
    done = call(f"build workflow.yaml --set component.c={name} --set component.d=Part", cwd=folder)
    errors = done.stderr.decode()
    assert done.returncode == code, errors
    assert message in errors
    made = [line.partition(" ")[2] for line in lives(errors) if line.startswith("made")]
    closed = [line.partition(" ")[2] for line in lives(errors) if line.startswith("closed")]
    assert closed == made[::-1]
    assert ("d" in made) is (name in {"Late", "Clinging"})
    assert "cli/__init__" not in errors


@pytest.mark.parametrize(
    ("method", "code"), [("stop", 130), ("leave", 7), ("end", 1), ("half", 0), ("boom", 1)]
)
def test_methods_end_in_their_own_ways(folder: Path, method: str, code: int) -> None:
    """An interruption, an exit, an error: all is closed, and the exit code says which it was."""
    done = call(f"run workflow.yaml {method}", cwd=folder)
    assert done.returncode == code
    assert lives(done.stderr.decode())[2:] == ["closed b", "closed a"]
    assert b"cli/__init__" not in done.stderr


def test_closers_that_raise_are_told_beside_the_first_error(folder: Path) -> None:
    """What a method raises comes first, and what a `close` raises is added."""
    done = call("run workflow.yaml boom --set component.c=Clinging", cwd=folder)
    errors = done.stderr.decode()
    assert done.returncode == 1
    assert errors.index("LG701") < errors.index("LG702")


# Streams --------------------------------------------------------------------------------------


def test_output_may_be_closed_early(folder: Path) -> None:
    """A reader that goes away early gets what it read, and nobody a traceback."""
    many = {"component": {f"c{number}": "Part" for number in range(5_000)}}
    (folder / "many.json").write_text(json.dumps(many), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "lolpop_graph", "plan", "many.json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout
    assert process.stderr
    assert process.stdout.readline().startswith(b"runner")
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(60) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is full")
@pytest.mark.parametrize("command", ["plan", "plan --json", "validate", "draw", "--help"])
def test_full_outputs_are_reported(folder: Path, command: str) -> None:
    """An output that takes nothing is one line on standard error and exit code 1."""
    name, *options = command.split()
    words = [name, *([] if name == "--help" else ["workflow.yaml"]), *options]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "lolpop_graph", *words],
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == b"the output cannot be written: No space left on device\n"


@pytest.mark.parametrize("command", ["plan", "plan --json", "validate", "validate --json", "draw"])
@pytest.mark.parametrize("encoding", ["utf-8:strict", "ascii:strict"])
def test_odd_file_names_are_shown(folder: Path, command: str, encoding: str) -> None:
    """A file whose name is no text, on a stream that takes none, is no traceback."""
    name = os.fsdecode(b"w\xff.yaml")
    (folder / name).write_text("component: {a: Part}\n", encoding="utf-8")
    done = call(command, name, cwd=folder, PYTHONIOENCODING=encoding)
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    if "--json" in command:
        json.loads(done.stdout)


def test_odd_arguments_are_refused(folder: Path) -> None:
    """Halves of characters in a call are the call's fault."""
    for name, code in (("config.x=\udcff", 2), ("config.\udcff=1", 0), ("\udcff=1", 1)):
        done = call("plan workflow.yaml --set", name, cwd=folder)
        assert (done.returncode, b"Traceback" in done.stderr) == (code, False), done.stderr


def test_messages_have_no_colours_in_pipes(folder: Path) -> None:
    """Escape sequences are for terminals."""
    assert b"\x1b" not in call("plan bad.yaml", cwd=folder).stderr


def test_reading_does_not_wait(folder: Path) -> None:
    """A pipe that nobody writes to is refused at once."""
    os.mkfifo(folder / "pipe.yaml")
    assert call("plan pipe.yaml", cwd=folder).returncode == 2


def test_dot_of_every_link_is_a_graph(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The order of a plan is an order of the graph that it draws."""
    assert main(["plan", "workflow.yaml", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["integrations"]
    graph = nx.DiGraph((part["parent"], part["path"]) for part in found if part["parent"])
    order = [part["path"] for part in found]
    assert all(order.index(parent) < order.index(child) for parent, child in graph.edges)
