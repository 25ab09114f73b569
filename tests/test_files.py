"""Files are written whole or not at all."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from lolpop_graph.files import write_whole

ROOT = Path(__file__).parent.parent


def names(folder: Path) -> set[str]:
    """What lies in a folder, hidden files as well."""
    return {path.name for path in folder.iterdir()}


def test_a_file_is_written(tmp_path: Path) -> None:
    """The content is there, and nothing else."""
    write_whole(tmp_path / "a.svg", b"content")
    assert (tmp_path / "a.svg").read_bytes() == b"content"
    assert names(tmp_path) == {"a.svg"}


def test_a_file_is_replaced(tmp_path: Path) -> None:
    """What was there before is gone whole, also where it was longer."""
    file = tmp_path / "a.svg"
    file.write_bytes(b"x" * 1000)
    write_whole(file, b"new")
    assert file.read_bytes() == b"new"
    assert names(tmp_path) == {"a.svg"}


def test_permissions_are_those_of_the_umask(tmp_path: Path) -> None:
    """A file that was written is as readable as one that a shell makes."""
    before = os.umask(0o027)
    try:
        write_whole(tmp_path / "a", b"")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640


@pytest.mark.parametrize("target", ["missing/a.svg", "file/a.svg", "folder", "x" * 300])
def test_failures_leave_all_as_it_was(tmp_path: Path, target: str) -> None:
    """A folder that is missing, a file or a target of another kind is an OSError without traces."""
    (tmp_path / "file").write_bytes(b"kept")
    (tmp_path / "folder").mkdir()
    before = names(tmp_path)
    with pytest.raises(OSError, match=r"\[Errno"):
        write_whole(tmp_path / target, b"new")
    assert names(tmp_path) == before
    assert (tmp_path / "file").read_bytes() == b"kept"


def test_full_disks_leave_all_as_it_was(tmp_path: Path) -> None:
    """Where the content does not fit, the old file stays and nothing is left beside it."""
    file = tmp_path / "a.svg"
    file.write_bytes(b"old")
    code = (
        "import resource, signal, sys, pathlib\n"
        "from lolpop_graph.files import write_whole\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "try:\n"
        "    write_whole(pathlib.Path(sys.argv[1]), b'x' * 100_000)\n"
        "except OSError as error:\n"
        "    print(type(error).__name__)\n"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", code, str(file)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    assert done.stdout.strip() == "OSError"
    assert file.read_bytes() == b"old"
    assert names(tmp_path) == {"a.svg"}


@pytest.mark.parametrize("exists", [True, False])
def test_links_stay_and_are_written_through(
    tmp_path: Path,
    exists: bool,  # noqa: FBT001
) -> None:
    """A link at the target's place stays, and the file that it leads to is replaced or made."""
    (tmp_path / "folder").mkdir()
    aim = tmp_path / "folder" / "elsewhere"
    if exists:
        aim.write_bytes(b"old")
    (tmp_path / "link").symlink_to("folder/elsewhere")
    (tmp_path / "link to link").symlink_to("link")
    write_whole(tmp_path / "link to link", b"new")
    assert aim.read_bytes() == b"new"
    assert (tmp_path / "link to link").is_symlink()
    assert (tmp_path / "link").is_symlink()
    assert names(tmp_path / "folder") == {"elsewhere"}


def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    """A link that leads to itself is an OSError, and stays."""
    (tmp_path / "link").symlink_to("link")
    with pytest.raises(OSError, match="symbolic links"):
        write_whole(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()


def test_names_may_be_as_long_as_the_system_allows(tmp_path: Path) -> None:
    """What is written beside the target has a name that fits whenever the target's does."""
    write_whole(tmp_path / ("x" * 255), b"new")
    assert names(tmp_path) == {"x" * 255}


def test_pipes_are_written_to(tmp_path: Path) -> None:
    """A pipe is no file that another one could replace: who reads from it gets the content."""
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    write_whole(tmp_path / "pipe", b"new")
    assert (tmp_path / "pipe").is_fifo()
    assert os.read(reader, 10) == b"new"
    os.close(reader)


def test_writing_is_not_interrupted(tmp_path: Path) -> None:
    """A signal that comes while a file is written waits until it is there."""
    code = (
        "import os, pathlib, sys\n"
        "from lolpop_graph.files import write_whole\n"
        "sync = os.fsync\n"
        "def interrupted(descriptor):\n"
        "    os.kill(os.getpid(), 2)\n"
        "    sync(descriptor)\n"
        "os.fsync = interrupted\n"
        "try:\n"
        "    write_whole(pathlib.Path(sys.argv[1]), b'new')\n"
        "except KeyboardInterrupt:\n"
        "    print('interrupted')\n"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", code, str(tmp_path / "a.svg")],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    assert done.stdout == "interrupted\n"
    assert names(tmp_path) == {"a.svg"}
    assert (tmp_path / "a.svg").read_bytes() == b"new"


# The command line -----------------------------------------------------------------------------


def drawn(folder: Path, target: str, prefix: str = "") -> subprocess.CompletedProcess[str]:
    """Draw a workflow of a hundred parts into a file, after a line of Python."""
    names = "".join(f"  part{number}: P\n" for number in range(100))
    (folder / "workflow.yaml").write_text(f"component:\n{names}", encoding="utf-8")
    code = (
        "import resource, signal, sys\n"
        f"{prefix}\n"
        "from lolpop_graph.__main__ import run\n"
        "sys.exit(run())\n"
    )
    return subprocess.run(
        [sys.executable, "-B", "-c", code, "draw", "workflow.yaml", "-o", target],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )


FULL = (
    "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
    "resource.setrlimit(resource.RLIMIT_FSIZE, (512, 512))"
)


@pytest.mark.parametrize(
    ("target", "prefix", "reason"),
    [
        ("out.dot", FULL, "File too large"),
        ("missing/out.dot", "", "there is no folder `missing`"),
        ("workflow.yaml/out.dot", "", "Not a directory"),
        ("/sys/out.dot", "", "Permission denied"),
        ("loop.dot", "", "Too many levels of symbolic links"),
    ],
)
def test_what_cannot_be_written_is_one_line(
    tmp_path: Path, target: str, prefix: str, reason: str
) -> None:
    """A full disk or a read-only folder is one line and exit code 1, and nothing is changed."""
    (tmp_path / "out.dot").write_bytes(b"old")
    (tmp_path / "loop.dot").symlink_to("loop.dot")
    done = drawn(tmp_path, target, prefix)
    said = f"error LG801: `{target}` was not written: {reason}\n"
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr in {said, said.replace("Permission denied", "Read-only file system")}
    assert (tmp_path / "out.dot").read_bytes() == b"old"
    assert names(tmp_path) == {"out.dot", "loop.dot", "workflow.yaml"}


def test_folders_are_no_target(tmp_path: Path) -> None:
    """To name a folder as the picture's file is a wrong call."""
    (tmp_path / "folder.dot").mkdir()
    done = drawn(tmp_path, "folder.dot")
    assert done.returncode == 2
    assert "is a directory" in done.stderr
