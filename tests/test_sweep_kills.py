"""Sweeps of which the driver and the workers are killed at random: each row is recorded once.

From the top of the checkout, `python -m tests.test_sweep_kills 20 10000` does it at length.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from lolpop_graph.sweeps.recorded import FILE, read_runs
from tests.test_sweep_pool import children, gone

ROOT = Path(__file__).parent.parent


@dataclass
class Sweep:
    """A sweep in a folder, whose driver is another process each time that it is killed."""

    folder: Path
    count: int
    seconds: float
    rng: Random
    done: Counter[str] = field(default_factory=Counter)

    def carry_out(self, moments: int, longest: float) -> None:
        """Kill something so many times, after so many seconds each at most, and let it end."""
        for _ in range(moments):
            self._disturb(self.rng.uniform(0.3, longest))
        with self._driver() as driver:
            assert driver.wait() == 0

    def _driver(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.sweep_driver", str(self.folder), str(self.count)]
        return subprocess.Popen(
            [*command, str(self.seconds)],
            cwd=ROOT,
            stderr=subprocess.DEVNULL,
        )

    def _disturb(self, seconds: float) -> None:
        """Start the driver, and kill some of its workers and at last itself."""
        with self._driver() as driver:
            workers: set[int] = set()
            until = time.monotonic() + seconds
            while time.monotonic() < until and driver.poll() is None:
                time.sleep(self.rng.uniform(0.05, 0.5))
                there = sorted(children(driver.pid))
                workers |= {*there}
                if there and self.rng.random() < 0.5:
                    os.kill(self.rng.choice(there), signal.SIGKILL)
                    self.done["worker killed"] += 1
            workers |= children(driver.pid)
            if driver.poll() is None:
                number = self.rng.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGINT])
                driver.send_signal(number)
                self.done[f"driver got {number.name}"] += 1
        assert gone(workers)

    def check(self) -> None:
        """Assert that each run is recorded, once, as done, and with what it returned."""
        found = [
            (run.number, run.status, run.metrics["n"]) for run in read_runs(self.folder / FILE)
        ]
        assert found == [(number, "done", number) for number in range(self.count)]


def test_each_row_is_recorded_once_whoever_is_killed(tmp_path: Path) -> None:
    """Workers and driver are killed at random, and no row is lost, none there twice."""
    sweep = Sweep(tmp_path, 100, 0.01, Random(1))
    sweep.carry_out(moments=2, longest=1.0)
    sweep.check()


def main(sweeps: int, count: int) -> None:
    """Do it so many times with so many runs, and print what was killed."""
    for seed in range(sweeps):
        with TemporaryDirectory() as folder:
            sweep = Sweep(Path(folder), count, 0, Random(seed))
            start = time.monotonic()
            sweep.carry_out(moments=4, longest=3.0)
            sweep.check()
            took = time.monotonic() - start
            words = f"{seed}: {count:,} rows right in {took:.0f} s, {dict(sweep.done)}"
            print(words, flush=True)  # noqa: T201 - that is what it is called for


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
