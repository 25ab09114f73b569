"""How faults are written: for people, as JSON that the schema allows, and for GitHub."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
import termios
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import lolpop_graph as lg
from lolpop_graph.cli import main

ROOT = Path(__file__).parent.parent
FAULTS = ROOT / "fixtures" / "faults"
CASES = sorted(case.name for case in FAULTS.iterdir())
SCHEMA = json.loads((ROOT / "docs" / "faults.schema.json").read_text(encoding="utf-8"))
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
BROKEN = "component: {1st: Part}\nmetadata_traker: {config: {a: 1}}\n"
SHADOW = "component: {a: Part}\npipeline: {p: Part}\np: {component: {a: Part}}\n"
HOSTILE = [
    "[red]x[b].yaml",
    "::error::x.yaml",
    "a\n::add-mask::b.yaml",
    "%0A::error::x, y=1.yaml",
    "a\r##[error]b.yaml",
    "\x1b[31m\x9b31m\u202e.yaml",
    os.fsdecode(b"\xff.yaml"),
    "--set",
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a faulty workflow, which is the current one, and a terminal with colours."""
    monkeypatch.setenv("TERM", "xterm")
    (tmp_path / "broken.yaml").write_text(BROKEN, encoding="utf-8")
    (tmp_path / "shadow.yaml").write_text(SHADOW, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files_of(case: str) -> list[str]:
    """The files of a case, the lowest layer first."""
    return sorted((path.name for path in (FAULTS / case).glob("*.yaml")), reverse=True)


def command_line(*words: str, code: str = "") -> list[str]:
    """A command line of ours, or one that runs some code instead."""
    return [sys.executable, *(["-c", code] if code else ["-m", "lolpop_graph"]), *words]


def on_terminal(folder: Path, *words: str, columns: int = 80, **variables: str) -> str:
    """What a command shows on a terminal that is both of its streams."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, columns))
    subprocess.run(
        command_line(*words),
        stdout=theirs,
        stderr=theirs,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
        check=False,
    )
    os.close(theirs)
    os.set_blocking(ours, False)
    shown = b""
    try:
        while part := os.read(ours, 1 << 16):
            shown += part
    except OSError:
        pass
    os.close(ours)
    return shown.decode().replace("\r\n", "\n")


# JSON -----------------------------------------------------------------------------------------


def checked(text: str) -> dict[str, Any]:
    """The report in a text, which must be one document that the schema allows."""
    report: dict[str, Any] = json.loads(text)
    jsonschema.Draft202012Validator(SCHEMA).validate(report)
    return report


@pytest.mark.parametrize("case", CASES)
def test_every_report_is_as_the_schema_says(
    case: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The JSON of each faulty workflow is valid, complete and alone."""
    monkeypatch.chdir(FAULTS / case)
    files = files_of(case)
    code = main(["validate", "--classes", "--format", "json", *files])
    out, errors = capsys.readouterr()
    report = checked(out)
    found = [fault.as_dict() for fault in lg.validate(*files, find_classes=True)]
    assert report["faults"] == found
    assert sum(report["counts"].values()) == len(found)
    assert report["ok"] is (report["counts"]["error"] == 0) is (code == 0)
    assert not errors


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("code", "LG1"), ("severity", "fatal"), ("line", -1), ("line", "3"), ("file", None),
        ("sentence", ""), ("cure", None), ("overrides", {"file": "a.yaml"}),
        ("overrides", {"file": "a.yaml", "line": 1, "column": 1, "trail": "", "overrides": 1}),
    ],
)  # fmt: skip
def test_the_schema_refuses_other_faults(
    folder: Path, key: str, value: object, capsys: pytest.CaptureFixture[str]
) -> None:
    """A fault with a value of another kind is not valid, nor one that lacks it."""
    main(["validate", "broken.yaml", "--json"])
    report = checked(capsys.readouterr().out)
    fault = report["faults"][0]
    fault[key] = value
    with pytest.raises(jsonschema.ValidationError):
        checked(json.dumps(report))
    del fault[key]
    if key != "overrides":
        with pytest.raises(jsonschema.ValidationError):
            checked(json.dumps(report))


def test_the_schema_knows_what_a_place_replaces(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A fault may name the place that its own replaces, which may replace one in its turn."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    main(["validate", "broken.yaml", "--json"])
    report = checked(capsys.readouterr().out)
    lowest = {"file": "base.yaml", "line": 1, "column": 2, "trail": "", "overrides": None}
    for overrides in (None, lowest, {**lowest, "overrides": lowest}):
        report["faults"][0]["overrides"] = overrides
        checked(json.dumps(report))


@pytest.mark.parametrize("command", ["plan", "build"])
def test_commands_that_fail_write_the_same_json(
    folder: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who asked `plan` or `build` for JSON gets the faults as JSON, and nothing beside it."""
    main(["validate", "broken.yaml", "--json"])
    expected = checked(capsys.readouterr().out)
    assert main([command, "broken.yaml", "--json"]) == 1
    out, errors = capsys.readouterr()
    assert checked(out) == expected
    assert not errors


def test_a_close_that_raises_leaves_one_document(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was built is not written before it is closed, since closing may fail."""
    (folder / "parts.py").write_text(
        "import lolpop_graph as lg\n\n\nclass Part(lg.BaseComponent):\n"
        "    def close(self):\n        raise ValueError('cling')\n",
        encoding="utf-8",
    )
    (folder / "good.yaml").write_text("component: {a: Part}\n", encoding="utf-8")
    assert main(["build", "good.yaml", "--plugin-path", "parts.py", "--json"]) == 1
    out, errors = capsys.readouterr()
    assert [fault["code"] for fault in checked(out)["faults"]] == ["LG702"]
    assert "Traceback" not in errors or "cling" in errors


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_json_is_json_in_every_encoding(folder: Path, encoding: str) -> None:
    """Names that an output's encoding lacks are escaped as JSON escapes them."""
    (folder / "names.yaml").write_text('component: {"étape 🦊": A}\n', encoding="utf-8")
    done = subprocess.run(
        command_line("validate", "names.yaml", "--json"),
        capture_output=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": encoding},
        check=False,
    )
    assert "étape 🦊" in checked(done.stdout.decode(encoding))["faults"][0]["sentence"]


# For people -----------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES)
def test_colours_change_no_text(
    case: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With colours a report is the same text, and without it is that of the faults."""
    monkeypatch.chdir(FAULTS / case)
    call = ["validate", "--classes", *files_of(case)]
    main(call)
    plain = capsys.readouterr()
    monkeypatch.setenv("FORCE_COLOR", "1")
    main(call)
    coloured = capsys.readouterr()
    assert "\x1b" not in plain.err + plain.out
    assert ESCAPES.sub("", coloured.err) == plain.err
    assert ESCAPES.sub("", coloured.out) == plain.out
    found = "".join(f"{fault}\n" for fault in lg.validate(*files_of(case), find_classes=True))
    assert plain.err.startswith(found)


@pytest.mark.parametrize(
    ("variables", "is_coloured"),
    [
        ({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True),
        ({"TERM": "dumb"}, False), ({"TERM": "dumb", "FORCE_COLOR": "1"}, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
    ],
)  # fmt: skip
def test_terminals_have_colours_unless_the_environment_objects(
    folder: Path, variables: dict[str, str], *, is_coloured: bool
) -> None:
    """`NO_COLOR` and a dumb terminal mean no escape sequence at all."""
    shown = on_terminal(folder, "validate", "broken.yaml", **variables)
    assert ("\x1b" in shown) is is_coloured
    assert "broken.yaml:2:1: error LG302" in ESCAPES.sub("", shown)


def test_each_part_has_its_colour(folder: Path) -> None:
    """Severity and caret share a colour, the gutter is dim, and the cure has another."""
    shown = on_terminal(folder, "validate", "broken.yaml")
    assert "\x1b[1;31merror LG303\x1b[0m" in shown
    assert "\x1b[2m    1 | \x1b[0mcomponent: {1st: Part}\n" in shown
    assert "\n\x1b[1;31m                    ^\x1b[0m\n" in shown
    assert "\x1b[32m    use letters, digits" in shown
    assert "broken.yaml: \x1b[1;31m2 errors\x1b[0m\n" in shown
    assert "\x1b[1;36mnote LG309\x1b[0m" in on_terminal(folder, "validate", "shadow.yaml")


def test_narrow_terminals_wrap_nothing_of_ours(folder: Path) -> None:
    """Lines stay whole, so that the caret stands as far to the right as its token."""
    wide = on_terminal(folder, "validate", "broken.yaml", columns=200)
    assert on_terminal(folder, "validate", "broken.yaml", columns=40) == wide
    lines = ESCAPES.sub("", wide).splitlines()
    carets = [(line, below) for line, below in pairwise(lines) if below.strip() == "^"]
    assert [line[below.index("^") :][:3] for line, below in carets] == ["1st", "met"]


def test_pipes_need_no_rich(folder: Path) -> None:
    """The library for colours is imported only where there are some."""
    code = (
        "import sys; from lolpop_graph.cli import main; main(['validate', 'broken.yaml']);"
        "sys.exit('rich' in sys.modules)"
    )
    for variables, imported in (({}, 0), ({"FORCE_COLOR": "1"}, 1)):
        done = subprocess.run(
            command_line(code=code),
            capture_output=True,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
            check=False,
        )
        assert done.returncode == imported, done.stderr


def test_what_users_write_is_not_marked_up(folder: Path) -> None:
    """Neither marks of rich nor control characters of a document or a name do anything."""
    text = 'component: {"[red]x[/red]:fox: \\e[31m\\x9b http://a.b 1.5": A}\n'
    (folder / "[bold]\x1b[31m.yaml").write_text(text, encoding="utf-8")
    shown = on_terminal(folder, "validate", "[bold]\x1b[31m.yaml")
    assert "[bold] [31m.yaml:1:13: " in shown
    assert "`[red]x[/red]:fox:  [31m  http://a.b 1.5` cannot be" in shown
    assert set(ESCAPES.findall(shown)) <= {
        f"\x1b[{n}m" for n in ("0", "1", "1;31", "2", "32", "1;2")
    }
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", ESCAPES.sub("", shown))


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_streams_may_be_closed(folder: Path, stream: str) -> None:
    """A stream that is not there, or whose reader has gone, is no traceback, in colour or not."""
    closed = {"stdout": ">&-", "stderr": "2>&-"}[stream]
    line = f"{sys.executable} -m lolpop_graph validate broken.yaml"
    for shell in (f"{line} {closed}", f"FORCE_COLOR=1 {line} {closed}", f"{line} 2>&1 | head -1"):
        done = subprocess.run(
            ["sh", "-c", shell],
            capture_output=True,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=False,
        )
        assert b"Traceback" not in done.stdout + done.stderr
        assert done.returncode == (0 if "head" in shell else 1)


def test_the_last_line_says_where_to_read_more(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Errors and warnings end with a command that explains them; notes need none."""
    for command in (["validate"], ["plan"], ["build"]):
        main([*command, "broken.yaml"])
        last = capsys.readouterr().err.splitlines()[-1]
        assert last == "to read more: lolpop-graph explain-error LG303 LG302"
    assert main(["validate", "shadow.yaml"]) == 0
    assert "explain-error" not in capsys.readouterr().err


# GitHub ---------------------------------------------------------------------------------------


def command_in(line: str) -> tuple[str, dict[str, str], str] | None:
    """The command that GitHub's runner sees in a line: name, properties, message.

    After `ActionCommand.TryParseV2` of actions/runner, and `TryParse` for the older form.
    """
    text = line.strip()
    if text.startswith("::") and "::" in text[2:]:
        info, _, message = text[2:].partition("::")
        name, _, listed = info.partition(" ")
        pairs = (pair.partition("=") for pair in listed.strip().split(",") if pair)
        return name, {key: unescaped(value) for key, _, value in pairs}, unescaped(message)
    old = re.search(r"##\[(\w[^ \]]*)", line)
    return (old[1], {}, line) if old else None


def unescaped(text: str) -> str:
    """A text as the runner reads it."""
    for escape, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(escape, char)
    return text


def annotations(
    capsys: pytest.CaptureFixture[str], *words: str
) -> list[tuple[str, dict[str, str], str]]:
    """The commands in what `validate` writes for GitHub; the last line must be none."""
    main(["validate", "--format", "github", *words])
    out, errors = capsys.readouterr()
    *lines, summary = re.split("[\r\n]", out.removesuffix("\n"))
    assert not errors
    assert command_in(summary) is None
    found = [command_in(line) for line in lines]
    return [command for command in found if command is not None]


@pytest.mark.parametrize("case", CASES)
def test_every_fault_is_an_annotation(
    case: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """GitHub's runner reads of each faulty workflow what the faults say, and no more."""
    monkeypatch.chdir(FAULTS / case)
    faults = [fault.as_dict() for fault in lg.validate(*files_of(case), find_classes=True)]
    found = annotations(capsys, "--classes", *files_of(case))
    assert [name for name, _, _ in found] == [fault["severity"] for fault in faults]
    assert [message.partition("\n")[0] for _, _, message in found] == [
        fault["sentence"] for fault in faults
    ]
    for (_, properties, _), fault in zip(found, faults, strict=True):
        assert properties == {
            "file": fault["file"], "line": str(fault["line"]), "col": str(fault["column"]),
            "title": fault["code"],
        }  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_no_commands(
    folder: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever a file and what is in it are called, there is one command for each fault."""
    inner = name.encode(errors="replace").decode()
    text = json.dumps({inner: 1, f"\n::error::{inner}": 1, "component": {f"{inner}%0A": "A"}})
    (folder / name).write_text(text, encoding="utf-8")
    found = annotations(capsys, "--", name)
    assert [command for command, _, _ in found] == ["error"] * 3
    shown = "".join(char if char.isprintable() else " " for char in name)
    assert {properties["file"] for _, properties, _ in found} == {shown}
    assert {properties["title"][:3] for _, properties, _ in found} == {"LG3"}
    lines = [line for _, _, message in found for line in message.split("\n")]
    assert len(lines) <= 6
    assert all(line.isprintable() for line in lines)


def test_notes_are_notices(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """GitHub has notices where we have notes."""
    assert [name for name, _, _ in annotations(capsys, "shadow.yaml")] == ["notice"]


def test_what_stands_in_no_file_has_none(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the call sets is named in the message, and a missing file has no line."""
    _, _, (_, properties, message) = annotations(capsys, "broken.yaml", "--set", "component.2nd=A")
    assert properties == {"title": "LG303"}
    assert message.startswith("--set: component.2nd: `2nd` cannot be")
    ((_, properties, _),) = annotations(capsys, "missing.yaml")
    assert properties == {"file": "missing.yaml", "title": "LG101"}


def test_files_are_named_from_the_repository_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """GitHub finds a file by its way from the top of the repository, else by its full name."""
    (folder / "sub").mkdir()
    monkeypatch.chdir(folder / "sub")
    (_, properties, _), *_ = annotations(capsys, "../broken.yaml")
    assert properties["file"] == str(folder / "broken.yaml")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(folder))
    for name in ("../broken.yaml", str(folder / "broken.yaml"), "../sub/../broken.yaml"):
        (_, properties, _), *_ = annotations(capsys, name)
        assert properties["file"] == "broken.yaml"


# Calls ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "--set config.a=1 --set hunter2", "--set hunter2..x=1", "--set config.password=*hunter2",
        "--set config.password=!hunter2", "--set config.password={hunter2:,hunter2:}",
        "--limit hunter2", "--limit hunter2=1", "--limit size=hunter2",
    ],
)  # fmt: skip
def test_wrong_values_are_counted_and_not_repeated(
    folder: Path, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What cannot be read may be a secret: the message says which it was instead."""
    assert main(["plan", "broken.yaml", *words.split()]) == 2
    errors = capsys.readouterr().err
    assert "hunter2" not in errors
    assert f"number {words.count('--set') or 1}" in errors or "`size` must be" in errors
    assert len(errors.splitlines()) == 4


def test_wrong_arguments_are_counted_and_not_repeated(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An argument of a method may be a secret as well."""
    assert main(["run", "broken.yaml", "main", "8", "*hunter2"]) == 2
    errors = capsys.readouterr().err
    assert "hunter2" not in errors
    assert "argument 2 of the method cannot be read as YAML (LG103 at column 1)" in errors


def test_one_format_at_a_time(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--json` beside `--format` is a wrong call, whatever the format."""
    for name in ("text", "json", "github"):
        assert main(["validate", "broken.yaml", "--json", "--format", name]) == 2
    assert main(["validate", "broken.yaml", "--format", "xml"]) == 2
    assert not capsys.readouterr().out


def test_limits_are_those_of_the_call(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--limit` bounds what a document may hold, and the later of two wins."""
    call = ["validate", "shadow.yaml", "--json"]
    for limits, codes in (
        (["size=10"], ["LG106"]),
        (["depth=2"], ["LG106"]),
        (["size=10", "size=1000", "depth=3"], ["LG309"]),
    ):
        main([*call, *(word for limit in limits for word in ("--limit", limit))])
        found = checked(capsys.readouterr().out)["faults"]
        assert [fault["code"] for fault in found] == codes


@pytest.mark.parametrize(
    ("limit", "message"),
    [
        ("sise=1", "did you mean `size`?"), ("x=1", "must be one of `size`, `depth` or"),
        ("size=0", "whole number from 1"), ("depth=201", "from 1 to 200"),
        ("size=-1", "whole number"), ("size=1.5", "whole number"), ("size=", "whole number"),
        (f"size={'9' * 5000}", "whole number"), ("size=٣", "whole number"),
    ],
)  # fmt: skip
def test_wrong_limits_are_refused(
    folder: Path, limit: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A limit has a name that there is and a number that makes sense."""
    assert main(["validate", "broken.yaml", "--limit", limit]) == 2
    assert message in capsys.readouterr().err


def test_the_deepest_limit_is_safe(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A document as deep as `--limit` can allow is read, merged and built without trouble."""
    (folder / "deep.yaml").write_text(f"config: {'{a: ' * 199}1{'}' * 199}\n", encoding="utf-8")
    call = ["deep.yaml", "deep.yaml", "--limit", "depth=200"]
    assert main(["validate", "--classes", *call]) == 0
    assert main(["build", *call]) == 0
    assert main(["validate", "deep.yaml"]) == 1


def test_lenient_calls_warn_and_go_on(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With `--lenient` unknown sections and blocks are warnings, in every format."""
    (folder / "odd.yaml").write_text("componet: {a: Part}\nb: {config: {c: 1}}\n", "utf-8")
    assert main(["validate", "odd.yaml", "--json"]) == 1
    assert checked(capsys.readouterr().out)["counts"] == {"error": 2, "warning": 0, "note": 0}
    assert main(["validate", "odd.yaml", "--json", "--lenient"]) == 0
    report = checked(capsys.readouterr().out)
    assert report["ok"] is True
    assert report["counts"] == {"error": 0, "warning": 2, "note": 0}
    commands = annotations(capsys, "odd.yaml", "--lenient")
    assert [name for name, _, _ in commands] == ["warning", "warning"]
    for command in ("plan", "build"):
        assert main([command, "odd.yaml", "--lenient", "--json"]) == 0
        out, errors = capsys.readouterr()
        assert json.loads(out)["name"] == "odd.yaml"
        assert errors.count(": warning LG30") == 2
        assert errors.endswith("explain-error LG301 LG302\n")
    shown = on_terminal(folder, "validate", "odd.yaml", "--lenient")
    assert "\x1b[1;33mwarning LG301\x1b[0m" in shown


def test_what_a_place_replaces_is_in_the_json(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A fault of an upper file says which place of the lower one it replaces."""
    (folder / "base.yaml").write_text("config: {a: b}\n", encoding="utf-8")
    (folder / "over.yaml").write_text("config: {a: $nowhere.b}\n", encoding="utf-8")
    assert main(["validate", "base.yaml", "over.yaml", "--json"]) == 1
    (fault,) = checked(capsys.readouterr().out)["faults"]
    assert fault["file"] == "over.yaml"
    assert fault["overrides"]["file"] == "base.yaml"
