"""The engine `processes`: whatever dies, each run comes to one outcome, and nothing is left."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest

import lolpop_graph as lg
from lolpop_graph.faults import WorkerNotStarted
from lolpop_graph.sweeps.pool import Processes
from lolpop_graph.sweeps.task import Event, Outcome, Run, Task
from tests.pool_toys import Doer

ROOT = Path(__file__).parent.parent
SOON = 5.0
"""Within how many seconds all processes of a pool are gone that was ended."""


def task(**config: Any) -> Task:
    """A task whose root is a Doer with this config."""
    values = {
        key: str(value) if isinstance(value, Path) else value for key, value in config.items()
    }
    return Task(lg.plan({"runner": "Doer", "config": values}, classes=[Doer]).shipment)


def runs(deeds: Sequence[str] | int, **config: Any) -> Iterator[Run]:
    """A run for each deed, or so many that do nothing."""
    names = ["nothing"] * deeds if isinstance(deeds, int) else deeds
    for number, what in enumerate(names):
        values = {"n": number, "what": what, **config}
        overrides = {f"config.{key}": value for key, value in values.items()}
        yield Run(number, str(number), overrides, {"n": number})


def performed(
    task: Task, runs: Iterator[Run], tell: Callable[[Event], None] = lambda _: None
) -> dict[int, Outcome]:
    """The outcomes by number, of which each comes once, when all processes are gone."""
    before = children()
    outcomes = list(Processes(2).perform(task, runs, tell))
    assert children() <= before
    assert max(Counter(each.number for each in outcomes).values(), default=1) == 1
    return {each.number: each for each in sorted(outcomes, key=lambda each: each.number)}


def children(parent: int | None = None) -> set[int]:
    """The processes that a process has started and that are there; of this one, if none is said."""
    listed = Path(f"/proc/{parent or os.getpid()}/task").glob("*/children")
    return {int(number) for file in listed for number in file.read_text().split()}


def gone(processes: set[int]) -> bool:
    """Whether processes end within a moment; those that nobody has waited for count as gone."""
    deadline = time.monotonic() + SOON
    while alive := {number for number in processes if is_alive(number)}:
        if time.monotonic() > deadline:
            for number in alive:
                os.kill(number, signal.SIGKILL)
            return False
        time.sleep(0.02)
    return True


def is_alive(process: int) -> bool:
    """Whether a process runs, or could."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] not in "ZX"


def test_each_run_comes_to_one_outcome(tmp_path: Path) -> None:
    """Several hundred runs in two processes: each is done once, with what its own config says."""
    log = tmp_path / "log"
    found = performed(task(log=log), runs(300))
    assert [*found] == [*range(300)]
    assert all(one.status == "done" and one.metrics["n"] == n for n, one in found.items())
    assert sorted(int(line.split()[0]) for line in log.read_text().splitlines()) == [*range(300)]
    assert len({one.metrics["process"] for one in found.values()}) == 2
    assert {one.worker for one in found.values()} == {"worker 1", "worker 2"}


def test_a_run_that_dies_is_tried_three_times(tmp_path: Path) -> None:
    """Runs that kill their process each time fail at the third, and harm no other."""
    log = tmp_path / "log"
    deeds = ["nothing", "kill", "nothing", "exit", "crash", "nothing", "fail", "nothing"]
    found = performed(task(log=log), runs(deeds))
    tried = Counter(int(line.split()[0]) for line in log.read_text().splitlines())
    assert tried == {0: 1, 1: 3, 2: 1, 3: 3, 4: 3, 5: 1, 6: 1, 7: 1}
    assert [found[number].status for number in (0, 2, 5, 7)] == ["done"] * 4
    why = {number: one.failure for number, one in found.items() if one.failure}
    assert [why[number].kind for number in why] == [*["WorkerDied"] * 3, "ValueError"]
    assert "was killed by SIGKILL" in why[1].sentence
    assert "ended with exit code 3" in why[3].sentence
    assert "was killed by SIGSEGV" in why[4].sentence


def test_a_process_that_leaves_others_behind_is_noticed(tmp_path: Path) -> None:
    """A worker is missed though a process of its own holds all that it had open; that one ends."""
    found = performed(task(log=tmp_path / "log"), runs(["once leave others", "nothing"]))
    assert [one.status for one in found.values()] == ["done", "done"]


def test_what_runs_write_is_on_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    """What runs print reaches standard error, and leaves what workers say to the driver alone."""
    found = performed(task(), runs(["say"]))
    assert found[0].status == "done"
    out, err = capfd.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "said on standard output", "written to the file descriptor of standard output"
    ]  # fmt: skip


def test_long_runs_are_spread_evenly() -> None:
    """A worker with a long run gives back what others can begin."""
    deeds = [*["nothing"] * 30, *["sleep"] * 6]
    found = performed(task(), runs(deeds, seconds=0.4))
    long = Counter(found[number].worker for number in range(30, 36))
    # One of them may have started later than the other, on a machine that has much to do.
    assert min(long["worker 1"], long["worker 2"]) >= 2


def test_what_is_running_where_is_told() -> None:
    """Each run is told with the worker that begins it, and a worker that rests as well."""
    told: list[Event] = []
    found = performed(task(), runs(20), told.append)
    begun = {event.number: event.worker for event in told if event.number is not None}
    assert begun == {number: one.worker for number, one in found.items()}
    assert {event.worker for event in told if event.number is None} == set(begun.values())


def test_workers_killed_at_random_lose_nothing() -> None:
    """Whichever workers are killed, whenever, each run is done, and once."""
    for seed in range(2):
        sweep_with_kills(Random(seed), 40, kills=2)


def sweep_with_kills(rng: Random, count: int, kills: int) -> None:
    """Perform runs of a hundredth of a second, of whose workers some are killed."""
    moments = {rng.randrange(count) for _ in range(kills)}
    seen = 0
    # Other tests' libraries may have left processes for later use.
    before = children()

    def tell(event: Event) -> None:
        nonlocal seen
        if event.number is not None:
            seen += 1
            if seen in moments and (found := sorted(children() - before)):
                os.kill(rng.choice(found), signal.SIGKILL)

    found = performed(task(), runs(["sleep"] * count, seconds=0.01), tell)
    assert [*found] == [*range(count)]
    assert {one.status for one in found.values()} == {"done"}


def test_workers_that_cannot_start_are_a_fault(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Where Python itself does not start in a worker, that is said at once."""
    monkeypatch.setenv("PYTHONHOME", "/nowhere")
    with pytest.raises(lg.WorkflowError) as raised:
        performed(task(), runs(5))
    assert isinstance(raised.value.faults[0], WorkerNotStarted)
    assert "exit code 1" in str(raised.value)
    assert "No module named 'encodings'" in capfd.readouterr().err


def test_classes_of_the_program_itself_need_cloudpickle(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A script without a guard sweeps over its own class, by cloudpickle alone."""
    script = tmp_path / "script.py"
    script.write_text(
        "import sys\n"
        "sys.modules.setdefault('cloudpickle', None) if sys.argv[1:] else None\n"
        "import lolpop_graph as lg\n"
        "from lolpop_graph.sweeps.pool import Processes\n"
        "from lolpop_graph.sweeps.task import Run, Task\n"
        "class Own(lg.BaseRunner):\n"
        "    def main(self):\n"
        "        return {'n': self._get_config('n')}\n"
        "task = Task(lg.plan({'runner': 'Own'}, classes=[Own]).shipment)\n"
        "runs = (Run(n, str(n), {'config.n': n}, {}) for n in range(3))\n"
        "found = Processes(2).perform(task, runs, lambda event: None)\n"
        "print(sorted(one.metrics['n'] for one in found))\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    command = [sys.executable, str(script)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("[0, 1, 2]\n", "")
    refused = subprocess.run([*command, "without"], capture_output=True, text=True, check=False)
    assert "`Own` is defined in the program itself" in refused.stderr


def test_values_that_do_not_travel_fail_their_run_alone() -> None:
    """A run whose override does not pickle fails, and the others are done."""
    given = [
        Run(number, str(number), {"config.n": value}, {})
        for number, value in enumerate([1, (each for each in ()), 3])
    ]
    found = performed(task(), iter(given))
    assert [one.status for one in found.values()] == ["done", "failed", "done"]


def test_closing_ends_what_runs(tmp_path: Path) -> None:
    """A sweep that nobody wants to hear more of ends, with what its runs have started."""
    log, closed = tmp_path / "log", tmp_path / "closed"
    before = children()
    deeds = ["sleep", "start another", *["nothing"] * 5_000]
    pool = Processes(3).perform(task(log=log, closed=closed), runs(deeds), lambda _: None)
    with closing(pool) as found:
        while not {"0", "1"} <= {line.split()[0] for line in log_of(log)}:
            next(found)
        there = children() - before
        started = {each for worker in there for each in children(worker)}
    assert len(there) == 3
    assert gone(there | started)
    assert {"0", "1"} <= {*log_of(closed)}


def log_of(file: Path) -> list[str]:
    """The lines of a file that runs write; none where it is not there yet."""
    return file.read_text().splitlines() if file.exists() else []


def test_ctrl_c_hands_over_what_is_finished(tmp_path: Path) -> None:
    """At Ctrl-C nothing more begins, what runs is interrupted and closed, and the rest is told."""
    log, closed = tmp_path / "log", tmp_path / "closed"
    before = children()

    def tell(event: Event) -> None:
        if event.number == 30:
            while not any(line.startswith("0 ") for line in log_of(log)):
                time.sleep(0.01)
            os.kill(os.getpid(), signal.SIGINT)

    found: list[Outcome] = []
    sent = runs(["sleep", *["nothing"] * 10_000])
    with pytest.raises(KeyboardInterrupt):
        found.extend(Processes(2).perform(task(log=log, closed=closed), sent, tell))
    assert children() <= before
    begun = {int(line.split()[0]) for line in log_of(log)}
    assert begun - {one.number for one in found} <= {0, max(begun)}
    assert len(found) >= 10
    assert {one.status for one in found} == {"done"}
    assert "0" in log_of(closed)


def test_workers_end_when_their_driver_is_killed(tmp_path: Path) -> None:
    """Though their runs would take a minute, workers whose driver is killed are gone soon."""
    command = [sys.executable, "-m", "tests.sweep_driver", str(tmp_path), "4", "60"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as driver:
        while len(workers := children(driver.pid)) < 2 or not busy(workers):
            time.sleep(0.02)
        driver.kill()
    assert gone(workers)


def busy(processes: set[int]) -> bool:
    """Whether each process has a second thread, which workers have that are at work."""
    return all(len([*Path(f"/proc/{each}/task").iterdir()]) > 1 for each in processes)


def test_memory_does_not_grow_with_what_was_handed_on() -> None:
    """Outcomes that were yielded are let go, and runs are not read far ahead."""
    read = 0

    def counted() -> Iterator[Run]:
        nonlocal read
        for run in runs(1_200):
            read += 1
            yield run

    held, ahead = [], 0
    tracemalloc.start()
    try:
        for number, _ in enumerate(Processes(1).perform(task(), counted(), lambda _: None), 1):
            ahead = max(ahead, read - number)
            if number in {600, 1_100}:
                gc.collect()
                held.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert ahead < 1_200
    assert held[1] < held[0] + 100_000


def test_threads_get_a_fair_share(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each worker has its share of the cores in threads, unless the user has said how many."""
    monkeypatch.delenv("OMP_NUM_THREADS")
    monkeypatch.setattr("lolpop_graph.sweeps.cores.cores", lambda: 6)
    assert performed(task(), runs(1))[0].metrics["threads"] == "3"
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    assert performed(task(), runs(1))[0].metrics["threads"] == "7"
