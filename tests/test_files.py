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


def test_links_are_replaced_and_not_followed(tmp_path: Path) -> None:
    """A link at the target's place is replaced; what it leads to is left alone."""
    (tmp_path / "elsewhere").write_bytes(b"kept")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    write_whole(tmp_path / "link", b"new")
    assert (tmp_path / "elsewhere").read_bytes() == b"kept"
    assert (tmp_path / "link").read_bytes() == b"new"
