"""`lolpop-graph test`: what it prints and writes, its exit codes, its pictures and JUnit XML."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from junitparser import Error, Failure, JUnitXml, Skipped

import lolpop_graph as lg
from lolpop_graph.cli import main
from visualize import read_graph

WORKFLOW = """\
runner: MyRunner
config: {plugin_paths: [parts.py], token: hunter2-secret}
component: {tracker: Tracker}
pipeline: {process: Process, train: Train}
tests:
  runner.process: {run: {post: checks.py:has_rows}}
"""
TESTS = """\
runner.train:
  run:
    pre: [{function: checks.py:has_rows, severity: warn}]
    post:
      - {function: checks.py:is_good, name: good enough, with: {least: 0.9}}
runner.tracker: {track: {pre: checks.py:crashes}}
"""
PARTS = """\
import lolpop_graph as lg

class MyRunner(lg.BaseRunner):
    def main(self, rows=2):
        return self.train.run(self.process.run(rows))
    def all(self, rows=2):
        self.tracker.track(self.main(rows))

class Process(lg.BasePipeline):
    def run(self, rows):
        return ["row"] * rows

class Train(lg.BasePipeline):
    def run(self, table):
        return len(table) / 10

class Tracker(lg.BaseComponent):
    def track(self, score):
        return score
"""
CHECKS = """\
def has_rows(result=None, table=None):
    return len(result or table or []) > 1 or "there are too few rows"

def is_good(result, least):
    assert result >= least, f"{result} is below {least}"

def crashes(integration, score):
    raise KeyError("no such \\x00 run: " + integration._get_config("token"))
"""
Say = Callable[..., tuple[int, str, str]]


@pytest.fixture(name="folder")
def folder_with_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a workflow, its parts, and tests."""
    for name, text in {
        "workflow.yaml": WORKFLOW, "tests.yaml": TESTS, "parts.py": PARTS, "checks.py": CHECKS,
    }.items():  # fmt: skip
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(name="say")
def what_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> Say:
    """Calls `test` and gives its exit code, its output and its errors."""

    def call(*arguments: str) -> tuple[int, str, str]:
        number = main(["test", "workflow.yaml", *arguments])
        said = capsys.readouterr()
        return number, said.out, said.err

    return call


def test_a_report_tells_each_hook(say: Say) -> None:
    """Each method has a block, and each hook its verdict, calls, time and place."""
    number, out, err = say()
    assert (number, err) == (0, "")
    first, row, blank, summary = out.splitlines()
    assert first == "runner.process.run  Process"
    assert row.startswith("  \u2713 post  checks.py:has_rows  1 call")
    assert row.endswith("workflow.yaml:6:32")
    assert blank == ""
    assert summary.startswith("workflow.yaml: runner.main with 1 hook: 1 passed (")


def test_a_failure_ends_the_run(say: Say) -> None:
    """It is told with its words, what it ended, and what was not reached; the exit code is 1."""
    number, out, err = say("tests.yaml", "all")
    assert (number, err) == (1, "")
    assert "  \u2717 post  good enough         failed" in out
    assert "      0.2 is below 0.9\n" in out
    assert "  ? pre   checks.py:crashes   not reached" in out
    assert "`good enough` ended the run after `runner.train.run`; --keep-going goes on\n" in out
    assert "1 failed, 1 not reached, 2 passed (" in out


def test_a_crash_has_its_traceback_and_no_secret(say: Say) -> None:
    """The user's own lines are shown, ours and secrets are not."""
    number, out, err = say("tests.yaml", "--keep-going", "all", "1")
    assert (number, err) == (1, "")
    assert "raised KeyError: 'no such" in out
    assert 'checks.py", line 8, in crashes' in out
    assert "calling.py" not in out
    assert "hunter2" not in out
    assert "  ! pre   checks.py:has_rows  warned" in out


def test_words_before_the_method_are_files(say: Say, folder: Path) -> None:
    """The first word that could be a method is the METHOD; `--tests` names any file."""
    (folder / "more").write_text("runner.train: {run: {post: checks.py:has_rows}}", "utf-8")
    assert say("./tests.yaml", "./workflow.yaml")[0] == 1
    number, out, _ = say("--tests", "more", "main", "5")
    assert number == 1
    assert "runner.train.run  Train" in out
    assert say("more")[0] == 2
    assert "no public method `more`" in say("more")[2]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--keep-goin"], "No such option"),
        (["--odd", "main"], "No such option"),
        (["main", "[1"], "argument 1 of the method cannot be read as YAML"),
        (["-o", "picture.txt"], "must end in one of"),
    ],
)
def test_bad_calls_are_told(say: Say, arguments: list[str], words: str) -> None:
    """What is wrong with the call has the exit code 2."""
    number, _, err = say(*arguments)
    assert number == 2
    assert words in err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "LG107: a file of tests must be a mapping and is nothing"),
        ("# hooks\n", "LG107: a file of tests must be a mapping and is nothing"),
        ("[a, b]", "LG107: a file of tests must be a mapping and is a list"),
        ("{}", "LG911: a file of tests must have a hook, and this one has none"),
        ("runner.train: {run: {post: []}}", "LG911: a file of tests must have a hook"),
        ("tests:\n  runner.train:\n", "LG911: a file of tests must have a hook"),
    ],
)
def test_a_file_that_tests_nothing_is_a_fault(
    folder: Path, capsys: pytest.CaptureFixture[str], text: str, told: str
) -> None:
    """It would pass whatever happens, and is called what it is."""
    (folder / "none.yaml").write_text(text, encoding="utf-8")
    assert main(["test", str(folder / "workflow.yaml"), str(folder / "none.yaml")]) == 1
    assert told in capsys.readouterr().err


def test_nothing_to_test_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a section and a file there is nothing that could pass."""
    text, _, _ = WORKFLOW.partition("tests:")
    (folder / "workflow.yaml").write_text(text, encoding="utf-8")
    assert main(["test", "workflow.yaml"]) == 2
    (folder / "workflow.yaml").write_text(f"{text}tests: {{}}\n", encoding="utf-8")
    assert main(["test", "workflow.yaml"]) == 2
    assert "there is nothing to test" in capsys.readouterr().err


def test_files_of_tests_that_are_none_are_told(say: Say, folder: Path) -> None:
    """A missing file is the call's fault; one that is malformed has its place."""
    number, _, err = say("absent.yaml")
    assert (number, "absent.yaml: error LG101" in err) == (2, True)
    (folder / "list.yaml").write_text("- a\n", encoding="utf-8")
    assert "list.yaml:1:1: error" in say("list.yaml")[2]
    (folder / "twice.yaml").write_text("a: {}\na: {}\n", encoding="utf-8")
    assert "twice.yaml:2:1: error LG104" in say("twice.yaml")[2]


def test_what_the_workflow_raises_is_told(say: Say) -> None:
    """With the fault and the user's traceback on standard error, and the report all the same."""
    number, out, err = say("main", "many")
    assert number == 1
    assert "LG701" in err
    assert 'parts.py", line 11, in run' in err
    assert "the workflow raised, 1 not reached" in out


def test_json_is_for_machines(say: Say) -> None:
    """One document, with each hook's verdict, its failures and its place."""
    number, out, err = say("tests.yaml", "all", "--json", "--keep-going")
    told = json.loads(out)
    assert (number, err, told["ok"]) == (1, "", False)
    assert told["counts"] == {"failed": 2, "unreached": 0, "warned": 0, "passed": 2}
    crash = next(each for each in told["hooks"] if each["name"] == "checks.py:crashes")
    assert (crash["integration"], crash["method"], crash["calls"]) == ("runner.tracker", "track", 1)
    assert crash["failures"][0]["crash"] is True
    assert crash["place"]["line"] == 6
    assert "hunter2" not in out


def test_junit_is_read_by_its_readers(say: Say, folder: Path) -> None:
    """A case for each hook and one for the run: failures, crashes and warnings as they are."""
    assert say("tests.yaml", "all", "1", "--keep-going", "--junit", "report.xml")[0] == 1
    xml = JUnitXml.fromfile(str(folder / "report.xml"))
    cases = {f"{case.classname} {case.name}": case for suite in xml for case in suite}
    assert (xml.tests, xml.failures, xml.errors) == (5, 2, 1)
    assert cases["runner all"].is_passed
    (failure,) = cases["runner.train run post good enough"].result
    assert isinstance(failure, Failure)
    assert failure.message == "0.1 is below 0.9"
    assert "tests.yaml:5:20" in failure.text
    (error,) = cases["runner.tracker track pre checks.py:crashes"].result
    assert isinstance(error, Error)
    assert "in crashes" in error.text
    assert "hunter2" not in error.text
    warned = cases["runner.train run pre checks.py:has_rows"]
    assert warned.is_passed
    assert "too few rows" in warned.system_out


def test_junit_tells_what_was_not_reached(say: Say, folder: Path) -> None:
    """After the end of a run such hooks are skipped; in one that passed they are failures."""
    assert say("tests.yaml", "all", "--junit", "report.xml")[0] == 1
    xml = JUnitXml.fromfile(str(folder / "report.xml"))
    skipped = [case.name for suite in xml for case in suite if case.is_skipped]
    assert skipped == ["all", "track pre checks.py:crashes"]
    (folder / "tests.yaml").write_text("runner.tracker: {track: {pre: checks.py:crashes}}", "utf-8")
    assert say("tests.yaml", "--junit", "report.xml")[0] == 1
    xml = JUnitXml.fromfile(str(folder / "report.xml"))
    kinds = [type(each) for suite in xml for case in suite for each in case.result]
    assert kinds == [Failure]
    assert say("tests.yaml", "--junit", "report.xml", "--allow-unreached")[0] == 0
    xml = JUnitXml.fromfile(str(folder / "report.xml"))
    assert [type(each) for suite in xml for case in suite for each in case.result] == [Skipped]


@pytest.mark.parametrize("name", ["report.svg", "report.html", "report.mmd", "report.dot"])
def test_pictures_show_what_is_covered(say: Say, folder: Path, name: str) -> None:
    """What passed, failed and was not reached is told by sign and word, with a legend."""
    assert say("tests.yaml", "all", "-o", name)[0] == 1
    text = (
        (folder / name)
        .read_text(encoding="utf-8")
        .replace("#10007;", "\u2717")
        .replace("\\u2717", "\u2717")
    )
    assert "\u2717" in text
    assert "run: 1 of 2 passed" in text
    assert "no hook" in text or name == "report.html"
    assert "hunter2" not in text


def test_the_graph_is_data_as_well(say: Say, folder: Path) -> None:
    """Verdicts are attributes of nodes, and can be read and drawn again."""
    for name in ("report.json", "report.graphml"):
        say("tests.yaml", "all", "-o", name)
        nodes = read_graph(folder / name).nodes
        verdicts = {path: data.get("verdict") for path, data in nodes(data=True)}
        assert verdicts == {
            "runner": None,
            "runner.process": "passed",
            "runner.train": "failed",
            "runner.tracker": "unreached",
        }
        assert nodes["runner.train"]["hooks"] == ["run: 1 of 2 passed"]


def test_output_that_cannot_be_written_is_told(say: Say) -> None:
    """A folder that is not there is a fault, after the report."""
    number, out, err = say("--junit", "absent/report.xml")
    assert number == 1
    assert "1 passed" in out
    assert "LG801" in err


def test_a_report_of_python_draws_itself(folder: Path) -> None:
    """`plan.test` gives the same report, which draws and writes itself."""
    report = lg.plan("workflow.yaml").test("tests.yaml", arguments=[3])
    assert not report
    report.draw(folder / "tested.dot")
    assert "a hook failed" in (folder / "tested.dot").read_text(encoding="utf-8")
    assert report.junit().startswith(b"<?xml")
    assert str(report).splitlines()[-1].startswith("workflow.yaml: runner.main with 4 hooks: ")
