"""The page of each fault: both examples run as a reader runs them, and the pages are to be had."""

from __future__ import annotations

import inspect
import os
import pty
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from lolpop_graph import faults
from lolpop_graph.cli import main
from lolpop_graph.cli.explain_error import RANGES, kinds, page, title
from lolpop_graph.errors import Severity

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "lolpop_graph" / "faults" / "pages"
DOCUMENT = ROOT / "docs" / "faults.md"
CODES = list(kinds())
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"# (\S+\.\w+)$", re.MULTILINE)
REPORTED = re.compile(r"\b(?:error|warning|note) (LG\d{3}): ")
COMMAND = "lolpop-graph validate workflow.yaml\n"
TOLD_BEFORE = {"LG825": ["LG325"]}
"""Warnings of what may happen, told before the fault that it has happened."""


class Ended(NamedTuple):
    """How a command ended, and all that it said."""

    code: int
    said: str


Shell = Callable[[str], Ended]


def section(code: str, heading: str) -> str:
    """What a page has under a heading."""
    _, *sections = re.split(r"^## ", page(code), flags=re.MULTILINE)
    (found,) = [text for text in sections if text.startswith(f"{heading}\n")]
    return found


def example(code: str, *headings: str) -> tuple[dict[str, str], str]:
    """The files and the command of an example; what a section leaves out, the one before has.

    A file is named in its first line, or is the workflow. Without a command it is validated.
    """
    files, command = {}, COMMAND
    for heading in headings:
        for language, content in FENCE.findall(section(code, heading)):
            named = NAMED.match(content)
            assert named or language in {"sh", "yaml"}, content
            if language == "sh":
                command = content
            else:
                files[named[1] if named else "workflow.yaml"] = content
    return files, command


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """Bash in an empty folder, with `lolpop-graph` and `python`, and nothing else in the way."""
    programs, folder = tmp_path / "programs", tmp_path / "work"
    programs.mkdir()
    folder.mkdir()
    # Unlike `python -m`, an installed program does not find the modules of the current folder.
    for name, call in (("python", ""), ("lolpop-graph", "-P -m lolpop_graph")):
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec {sys.executable} {call} "$@"\n', encoding="utf-8")
        program.chmod(0o755)
    environment = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "HOME": str(tmp_path),
    }

    def run(command: str) -> Ended:
        done = subprocess.run(
            ["bash", "-ec", command],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        return Ended(done.returncode, done.stdout)

    return run


@pytest.fixture
def reader(
    shell: Shell,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Shell:
    """The same; what is one call of `lolpop-graph` is made in this process, which is sooner."""
    for name in os.environ.keys() - {"PATH"}:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path / "work")

    def run(command: str) -> Ended:
        if command.count("\n") > 1 or not command.startswith("lolpop-graph "):
            return shell(command)
        code = main(shlex.split(command)[1:])
        return Ended(code, "".join(capsys.readouterr()))

    return run


def written(files: Mapping[str, str], folder: Path) -> None:
    """Write the files of an example."""
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")


@pytest.mark.parametrize("code", CODES)
def test_wrong_examples_have_the_fault(code: str, reader: Shell, tmp_path: Path) -> None:
    """The wrong example of a page reports the page's fault and nothing else."""
    files, command = example(code, "Wrong")
    written(files, tmp_path / "work")
    done = reader(command)
    assert set(REPORTED.findall(done.said)) == {code, *TOLD_BEFORE.get(code, ())}, done.said
    # What lint finds is no error, and found all the same.
    is_lint = command.startswith("lolpop-graph lint")
    assert (done.code != 0) == (is_lint or kinds()[code].severity is Severity.ERROR)


@pytest.mark.parametrize("code", CODES)
def test_right_examples_are_faultless(code: str, reader: Shell, tmp_path: Path) -> None:
    """The right example of a page reports nothing at all."""
    files, command = example(code, "Wrong", "Right")
    written(files, tmp_path / "work")
    done = reader(command)
    assert not REPORTED.search(done.said), done.said
    assert done.code == 0, done.said


def test_every_fault_has_a_page() -> None:
    """There is a page for each code of the package, headed by it, and no page without a code."""
    assert {path.stem for path in PAGES.iterdir()} == set(CODES)
    assert {kind for kind in vars(faults).values() if inspect.isclass(kind)} == {*kinds().values()}
    for code in CODES:
        assert page(code).startswith(f"# {code}: {title(code)}\n")
        assert title(code)


def document() -> Iterator[str]:
    """All pages as one document, after an index."""
    yield "# Faults\n"
    yield (
        "Every fault that lolpop_graph reports, by its code. `lolpop-graph explain-error LG301`\n"
        "shows one of these pages in the terminal. An example without a command is checked with\n"
        "`lolpop-graph validate workflow.yaml`. What the right example does not show again is as\n"
        "in the wrong one.\n"
    )
    for start, name in RANGES.items():
        yield f"**{name}**\n"
        rows = (row(code) for code in CODES if code.startswith(start))
        yield "\n".join(["| code | severity | |", "|---|---|---|", *rows]) + "\n"
    for code in CODES:
        prose = re.split(r"(^```\w+\n.*?^```$)", page(code), flags=re.MULTILINE | re.DOTALL)
        prose[::2] = [re.sub(r"^#", "##", text, flags=re.MULTILINE) for text in prose[::2]]
        yield "".join(prose)


def row(code: str) -> str:
    """The line of a fault in the index, with a link as GitHub makes them from headings."""
    heading = f"{code}: {title(code)}".lower().replace(" ", "-")
    anchor = re.sub(r"[^\w-]", "", heading)
    return f"| [{code}](#{anchor}) | {kinds()[code].severity} | {title(code)} |"


def test_the_document_has_all_pages(request: pytest.FixtureRequest) -> None:
    """`docs/faults.md` is made from the pages."""
    expected = "\n".join(document())
    if request.config.getoption("--update-golden", default=False):
        DOCUMENT.write_text(expected, encoding="utf-8")
    assert DOCUMENT.read_text(encoding="utf-8") == expected


@pytest.mark.parametrize("written_as", ["LG301", "lg301", "301", "LG301:", " Lg301 "])
def test_a_code_is_explained(written_as: str, capsys: pytest.CaptureFixture[str]) -> None:
    """However a code is written, its page is printed as it is."""
    assert main(["explain-error", written_as]) == 0
    assert capsys.readouterr().out == page("LG301")


def test_several_codes_are_explained(capsys: pytest.CaptureFixture[str]) -> None:
    """Pages come in the order in which they are asked for."""
    assert main(["explain-error", "LG605", "103"]) == 0
    assert capsys.readouterr().out == f"{page('LG605')}\n{page('LG103')}"


def test_all_faults_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a code, each fault stands in the list once, and what is no error says so."""
    assert main(["explain-error"]) == 0
    printed = capsys.readouterr().out
    assert re.findall(r"^  (LG\d{3})  ", printed, re.MULTILINE) == CODES
    assert f"  LG301  {title('LG301')}\n" in printed
    assert f"  LG309  {title('LG309')} (note)\n" in printed
    assert all(name in printed for name in RANGES.values())


@pytest.mark.parametrize(
    ("wrong", "hint"), [("LG70", "did you mean LG70"), ("section", "all are listed")]
)
def test_unknown_codes_are_refused(
    wrong: str, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A code that no fault has makes the call wrong, and the message helps on."""
    assert main(["explain-error", "LG301", wrong]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert wrong in said.err
    assert hint in said.err


def shown_on_a_terminal(**environment: str) -> str:
    """What a terminal of 80 columns is sent for a page."""
    ours, theirs = pty.openpty()
    settings = {"PATH": os.environ["PATH"], "TERM": "xterm", "COLUMNS": "80", **environment}
    command = [sys.executable, "-m", "lolpop_graph", "explain-error", "LG301"]
    with subprocess.Popen(command, cwd=ROOT, env=settings, stdout=theirs):
        os.close(theirs)
        sent = b"".join(iter(lambda: _received(ours), b""))
    os.close(ours)
    return sent.decode()


def _received(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:
        # Linux says so when the other side is closed.
        return b""


def test_terminals_get_light_formatting() -> None:
    """On a terminal, headings and code are formatted, and no line is wider than it."""
    sent = shown_on_a_terminal()
    assert "\x1b[" in sent
    assert "```" not in sent
    plain = re.sub(r"\x1b\[[\d;]*m", "", sent)
    assert "LG301: A section" in plain
    assert "metadata_tracker: MLFlowMetadataTracker" in plain
    assert max(map(len, plain.splitlines())) <= 80


def test_terminals_get_no_colour_if_asked() -> None:
    """With `NO_COLOR` nothing is coloured."""
    colour = re.compile(r"\x1b\[(?:\d+;)*(?:3|4|9|10)\dm")
    assert colour.search(shown_on_a_terminal())
    assert not colour.search(shown_on_a_terminal(NO_COLOR="1"))


@pytest.mark.parametrize("arguments", [["--help"], ["explain-error", "LG301"]])
def test_rich_waits_for_a_terminal(arguments: list[str]) -> None:
    """What formats pages is not imported for help, nor where the output goes into a pipe."""
    code = (
        "import sys; from lolpop_graph.cli import main;"
        f"assert main({arguments!r}) == 0; print('rich' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "False"
