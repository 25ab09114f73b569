"""A runner for the tests of pools, which does to its process what its config says."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import lolpop_graph as lg


class Doer(lg.BaseRunner):
    """Notes that a run begins, and does then what its config says."""

    def main(self) -> dict[str, Any]:
        """Do `what` under the number `n`; the number, and the process that did it."""
        number = self._get_config("n")
        if log := self._get_config("log"):
            note(Path(log), f"{number} {os.getpid()}")
        what = self._get_config("what", "nothing")
        if not str(what).startswith("once ") or is_first(Path(self._get_config("log")), number):
            DEEDS[str(what).removeprefix("once ")](self)
        return {"n": number, "process": os.getpid(), "threads": os.environ["OMP_NUM_THREADS"]}

    def close(self) -> None:
        """Note that it is closed."""
        if closed := self._get_config("closed"):
            note(Path(closed), str(self._get_config("n")))


def note(file: Path, line: str) -> None:
    """Add a line in one write, which no other process can tear."""
    diary = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(diary, f"{line}\n".encode())
    os.close(diary)


def is_first(log: Path, number: int) -> bool:
    """Whether a run is tried for the first time."""
    return [line.split()[0] for line in log.read_text().splitlines()].count(str(number)) == 1


def _sleep(doer: Doer) -> None:
    time.sleep(float(doer._get_config("seconds", 60)))


def _fail(doer: Doer) -> None:
    raise ValueError("this run does not work")


def _work(doer: Doer) -> None:
    """Run Python for a minute, which an exception can interrupt where a long sleep does not."""
    for _ in range(1_200):
        time.sleep(0.05)


def _interrupt(doer: Doer) -> None:
    raise KeyboardInterrupt


def _say(doer: Doer) -> None:
    print("said on standard output")  # noqa: T201 - that is what is tried
    os.write(1, b"written to the file descriptor of standard output\n")


def _hold_on(doer: Doer) -> None:
    """Work on in spite of Ctrl-C."""
    while True:
        try:
            _sleep(doer)
        except KeyboardInterrupt:
            continue


def _leave_others(doer: Doer) -> None:
    """Die, and leave a process behind that holds all that this one had open."""
    if os.fork() == 0:
        time.sleep(60)
    os._exit(5)


def _linger(doer: Doer) -> None:
    """Leave a thread behind that never ends."""
    threading.Thread(target=time.sleep, args=(60,)).start()


def _start_another(doer: Doer) -> None:
    """Wait for a program that was started."""
    subprocess.run([sys.executable, "-c", "import time; time.sleep(60)"], check=False)


DEEDS = {
    "nothing": lambda _: None,
    "sleep": _sleep,
    "fail": _fail,
    "interrupt": _interrupt,
    "work": _work,
    "say": _say,
    "hold on": _hold_on,
    "leave others": _leave_others,
    "linger": _linger,
    "start another": _start_another,
    "exit": lambda _: os._exit(3),
    "kill": lambda _: os.kill(os.getpid(), signal.SIGKILL),
    "crash": lambda _: ctypes.string_at(0),
}
"""What a run can do, by the name of it in the config."""
