"""The progress display of a build, on a real terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

SLOW = """
import time
from lolpop_graph.integration import BaseComponent

class Slow(BaseComponent):
    def __init__(self):
        time.sleep({seconds})
"""


def build_on_terminal(folder: Path, seconds: float) -> str:
    """Build four slow components with a terminal as standard error, and return what it shows."""
    (folder / "slow.py").write_text(SLOW.format(seconds=seconds), encoding="utf-8")
    workflow = folder / "workflow.yaml"
    names = "".join(f"  part{number}: Slow\n" for number in range(4))
    workflow.write_text(f"config: {{plugin_paths: [slow.py]}}\ncomponent:\n{names}", "utf-8")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "lolpop_graph", "build", str(workflow)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, check=False)
    os.close(theirs)
    os.set_blocking(ours, False)
    try:
        shown = os.read(ours, 1 << 16).decode()
    except (BlockingIOError, OSError):
        shown = ""
    os.close(ours)
    assert done.returncode == 0
    return shown


@pytest.mark.parametrize(("seconds", "is_shown"), [(0.2, True), (0.0, False)])
def test_progress_is_shown_for_slow_builds(
    tmp_path: Path,
    seconds: float,
    is_shown: bool,  # noqa: FBT001
) -> None:
    """A build that takes longer than a moment shows how far it is; a quick one shows nothing."""
    assert ("building" in build_on_terminal(tmp_path, seconds)) is is_shown
