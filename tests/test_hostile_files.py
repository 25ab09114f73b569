"""Files that are none, that do not end, or that say nothing: one line each, and no waiting."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import lolpop_graph as lg

CONTENT = "config: {a: b}\n"


def fifo(path: Path) -> None:
    """A pipe that nobody writes into."""
    os.mkfifo(path)


def listening(path: Path) -> None:
    """A socket."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


def linked(target: str) -> Callable[[Path], None]:
    """A link to something."""
    return lambda path: path.symlink_to(target)


def holding(content: bytes) -> Callable[[Path], None]:
    """A file with this content."""
    return lambda path: (path.write_bytes(content), None)[1]


def unreadable(path: Path) -> None:
    """A file that only its owner could make readable again."""
    path.write_text(CONTENT)
    path.chmod(0)


IS_ROOT = os.geteuid() == 0 if hasattr(os, "geteuid") else True
NO_FILES: dict[str, Callable[[Path], None]] = {
    "missing": lambda path: None,
    "directory": lambda path: path.mkdir(),
    "fifo": fifo,
    "socket": listening,
    "endless device": linked("/dev/zero"),
    "random device": linked("/dev/urandom"),
    "empty device": linked("/dev/null"),
    "terminal": linked("/dev/tty"),
    "dangling link": linked("nowhere"),
    "link to itself": linked("workflow.yaml"),
    "link to a directory": linked("."),
    "link to a fifo in /proc": linked("/proc/self/fd/0"),
    "memory of the process": linked("/proc/self/mem"),
}
"""What the call names that is no file at all: exit code 2."""
BAD_FILES: dict[str, Callable[[Path], None]] = {
    "empty": holding(b""),
    "NUL": holding(b"config: {a: \0}\n"),
    "NULs alone": holding(bytes(1_000)),
    "UTF-16 LE with a mark": holding(CONTENT.encode("utf-16")),
    "UTF-16 LE": holding(CONTENT.encode("utf-16-le")),
    "UTF-16 BE with a mark": holding(b"\xfe\xff" + CONTENT.encode("utf-16-be")),
    "UTF-16 BE": holding(CONTENT.encode("utf-16-be")),
    "UTF-32": holding(CONTENT.encode("utf-32")),
    "Latin-1": holding("config: {a: é}\n".encode("latin-1")),
    "surrogates": holding("config: {a: \ud800}\n".encode("utf-8", "surrogatepass")),
    "two marks": holding(b"\xef\xbb\xbf\xef\xbb\xbf- a\n"),
    "an archive": holding(b"\x1f\x8b\x08\0\0\0\0\0\0\x03" + os.urandom(200)),
    "a program": linked(sys.executable),
    "in /proc": linked("/proc/self/cmdline"),
}
"""What is a file, and no workflow: exit code 1."""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that can be deleted in the end."""
    yield tmp_path
    for path in tmp_path.iterdir():
        if not path.is_symlink():
            path.chmod(0o700)


def call(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line, which must answer at once."""
    command = [sys.executable, "-m", "lolpop_graph", *arguments]
    path = {**os.environ, "PYTHONPATH": str(Path(lg.__file__).parents[1])}
    return subprocess.run(
        command, cwd=folder, stdin=subprocess.PIPE, capture_output=True, text=True,
        timeout=20, check=False, env=path,
    )  # fmt: skip


def check_refused(folder: Path, code: int, *arguments: str) -> None:
    """One fault of one line, beside what is shown of the file, and no traceback."""
    result = call(folder, *arguments)
    lines = result.stderr.splitlines()
    assert result.returncode == code, result.stderr
    assert sum(": error LG" in line for line in lines) == 1, result.stderr
    assert ": error LG" in lines[0]
    assert all(line.startswith(("    ", "to read more: ")) for line in lines[1:])


@pytest.mark.parametrize("as_overlay", [False, True])
@pytest.mark.parametrize("make", NO_FILES.values(), ids=NO_FILES)
def test_what_is_no_file_is_one_line(
    folder: Path, make: Callable[[Path], None], *, as_overlay: bool
) -> None:
    """The call is at fault, whether it names a workflow or an overlay."""
    make(folder / "workflow.yaml")
    (folder / "base.yaml").write_text(CONTENT)
    named = ("base.yaml", "--overlay", "workflow.yaml") if as_overlay else ("workflow.yaml",)
    check_refused(folder, 2, "plan", *named)


@pytest.mark.parametrize("as_overlay", [False, True])
@pytest.mark.parametrize("make", BAD_FILES.values(), ids=BAD_FILES)
def test_what_is_no_workflow_is_one_line(
    folder: Path, make: Callable[[Path], None], *, as_overlay: bool
) -> None:
    """The file is at fault."""
    make(folder / "workflow.yaml")
    (folder / "base.yaml").write_text(CONTENT)
    named = ("base.yaml", "--overlay", "workflow.yaml") if as_overlay else ("workflow.yaml",)
    check_refused(folder, 1, "validate", *named)


@pytest.mark.parametrize("command", ["plan", "validate", "draw", "build", "run"])
@pytest.mark.parametrize("make", [fifo, linked("/dev/zero"), linked("workflow.yaml")])
def test_no_command_waits(folder: Path, make: Callable[[Path], None], command: str) -> None:
    """Each of them reads a workflow in the same way."""
    make(folder / "workflow.yaml")
    check_refused(folder, 2, command, "workflow.yaml")


@pytest.mark.parametrize(
    "name",
    ["x" * 300, "x/" * 3_000 + "y", "workflow.yaml/below", "a\nb", "\x1b[31m", "-", "~", "é" * 200],
)
def test_odd_names_of_files_are_one_line(folder: Path, name: str) -> None:
    """Names that no file can have, or that none has, printed so that nothing is hidden."""
    (folder / "workflow.yaml").write_text(CONTENT)
    check_refused(folder, 2, "plan", "--", name)


@pytest.mark.skipif(IS_ROOT, reason="root may read everything")
def test_unreadable_files_are_one_line(folder: Path) -> None:
    """A file without the permission to read it is the call's fault."""
    unreadable(folder / "workflow.yaml")
    check_refused(folder, 2, "plan", "workflow.yaml")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_marks_of_the_byte_order_are_accepted(folder: Path, mark: bytes) -> None:
    """Windows writes one, and it is no part of the first key."""
    file = folder / "workflow.yaml"
    file.write_bytes(mark + CONTENT.encode())
    assert lg.plan(file).document.root == {"config": {"a": "b"}}
    file.write_bytes(mark + b"confg: {a: b}\n")
    (fault,) = lg.validate(file)
    assert (fault.place.line, fault.place.column, fault.place.caret) == (1, 1, 1)
    assert fault.place.snippet.startswith("confg: ")


def test_names_with_a_nul_are_refused() -> None:
    """Python itself refuses them, and not the system."""
    (fault,) = lg.validate("work\0flow.yaml")
    assert fault.code == "LG101"
    assert str(fault).isprintable()


def test_files_that_grow_are_read_once(folder: Path) -> None:
    """Whoever appends to a log forever does not keep a reader from its end."""
    file = folder / "workflow.yaml"
    file.write_text("config:\n")
    writer = (
        f"import sys\nwith open({str(file)!r}, 'a') as log:\n while True: log.write('  # x\\n')"
    )
    with subprocess.Popen([sys.executable, "-c", writer]) as process:
        try:
            codes = {fault.code for _ in range(3) for fault in lg.validate(file)}
        finally:
            process.kill()
    assert codes <= {"LG106", "LG107"}
