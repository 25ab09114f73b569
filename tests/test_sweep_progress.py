"""What is seen of a sweep while it runs: numbers, time left, and what is running where."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from lolpop_graph.sweeps import pace as pace_module
from lolpop_graph.sweeps import progress as progress_module
from lolpop_graph.sweeps.pace import Pace, clock, per_unit
from lolpop_graph.sweeps.progress import Progress, words_of
from lolpop_graph.sweeps.task import Failure, Outcome, Run

WORKFLOW = """
config: {plugin_paths: [slow.py]}
runner: Slow
"""
SLOW = '''
import time
import lolpop_graph as lg

class Slow(lg.BaseRunner):
    """Takes a moment."""

    def main(self):
        print("said by a run", flush=True)
        time.sleep(0.5)
        if self._get_config("depth") == 2:
            raise ValueError
'''


def run(number: int) -> Run:
    """A run with parameters."""
    parameters = {"store": f"berlin-{number}", "config.token": "***", "note": "x" * 100}
    return Run(number, str(number), {}, parameters)


def outcome(number: int, *, is_failed: bool = False) -> Outcome:
    """What came of it."""
    failure = Failure("ValueError", "no") if is_failed else None
    return Outcome(number, "failed" if failure else "done", {}, 1.0, failure, "worker 1")


def shown(progress: Progress, width: int = 100) -> list[str]:
    """The lines of a display."""
    console = Console(file=io.StringIO(), width=width, height=12)
    with console.capture() as capture:
        console.print(progress)
    return [line.rstrip() for line in capture.get().splitlines()]


def test_numbers_and_runs_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Done, failed, rate and time left stand above what each worker is at, shortened."""
    now = 0.0
    monkeypatch.setattr(pace_module.time, "monotonic", lambda: now)
    progress = Progress()
    progress.begin(100, before=7)
    progress.begun("worker 10", run(1))
    progress.begun("worker 2", run(2))
    progress.begun("worker 3", run(3))
    now = 10.0
    for number in range(20):
        progress.ended(run(number), outcome(number, is_failed=number == 4))
    progress.begun("worker 3", None)
    first, *workers = shown(progress)
    assert first.endswith("20 of 100 runs  1 failed  2.0/s  0:40 left  7 done before")
    assert [line[:36] for line in workers] == [
        "worker 2    0:10  store=berlin-2 con", "worker 10   0:10  store=berlin-1 con"
    ]  # fmt: skip
    assert workers[0].endswith("note=" + "x" * 32 + "...")


def test_many_workers_fit_a_terminal() -> None:
    """Where there are more workers than lines, the rest is counted; narrow lines are cut."""
    progress = Progress()
    progress.begin(100, before=0)
    for number in range(30):
        progress.begun(f"worker {number}", run(number))
    lines = shown(progress, width=40)
    assert lines[-1] == "and 22 more workers"
    assert len(lines) < 12
    assert max(map(len, lines)) <= 40


def test_no_terminal_gets_a_line_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A log has a line each half minute, and none for each run."""
    monkeypatch.setattr(progress_module, "_EVERY", 0.0)
    progress = Progress()
    progress.begin(3, before=0)
    progress.ended(run(0), outcome(0))
    monkeypatch.setattr(progress_module, "_EVERY", 60.0)
    progress.ended(run(1), outcome(1))
    progress.end()
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith("1 of 3 runs, ")


@pytest.mark.parametrize(
    ("seconds", "words"), [(7, "0:07"), (3_753, "1:02:33"), (100_000, "27:46:40"), (4e5, "4 days")]
)
def test_durations_are_read_at_a_glance(seconds: float, words: str) -> None:
    """Minutes, hours and days."""
    assert clock(seconds) == words


@pytest.mark.parametrize(
    ("rate", "words"), [(1_234, "1,234/s"), (2.5, "2.5/s"), (0.05, "3.0/min"), (0.001, "3.6/h")]
)
def test_rates_have_a_fitting_unit(rate: float, words: str) -> None:
    """A rate is at least one, where hours allow it."""
    assert per_unit(rate) == words


def test_old_runs_do_not_count_in_the_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left takes as long as the runs of the last minute did."""
    now = 0.0
    monkeypatch.setattr(pace_module.time, "monotonic", lambda: now)
    pace = Pace(1_000)
    for _ in range(300):
        now += 0.1
        pace.count(is_failed=False)
    for _ in range(100):
        now += 2.0
        pace.count(is_failed=False)
    assert pace.rate == pytest.approx(0.5, rel=0.05)
    assert pace.left == pytest.approx(1_200, rel=0.05)


def test_control_characters_are_not_sent_to_the_terminal() -> None:
    """A parameter cannot clear the screen."""
    assert "\x1b" not in words_of(Run(0, "0", {}, {"a": "\x1b[2J"}))


def test_a_terminal_shows_what_runs(tmp_path: Path) -> None:
    """The command shows the runs on a terminal, and above them what they say."""
    (tmp_path / "workflow.yaml").write_text(WORKFLOW, encoding="utf-8")
    (tmp_path / "slow.py").write_text(SLOW, encoding="utf-8")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "lolpop_graph", "sweep", "workflow.yaml", "--out", "runs"]
    done = subprocess.run(
        [*command, "--grid", "config.depth=1,2", "--workers", "2"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=theirs, check=False, text=True,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
    )  # fmt: skip
    os.close(theirs)
    text = os.read(ours, 1 << 18).decode()
    os.close(ours)
    assert done.returncode == 1
    assert "said by a run" in text
    assert "config.depth=1" in text
    assert "0 of 2 runs" in text
    assert "said by a run" not in done.stdout
