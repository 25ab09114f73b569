"""Keeps a worker process of this machine running while it is wanted, and shows what it says."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable

from lolpop_graph.remote.worker.process import READY, START, Settings

_log = logging.getLogger("lolpop_graph.remote")

_MOST_STARTS = 10
"""A process that has ended so often before it was ready is not started again."""


class Supervisor:
    """Starts a process, and again when it ends; `changed` is set when it is ready or ends."""

    def __init__(self, settings: Settings, give_up: Callable[[], None]) -> None:
        """Prepare; `give_up` is called when the process does not start any more."""
        self.changed = threading.Event()
        self.is_ready = False
        self._settings = settings
        self._give_up = give_up
        self._is_wanted = True
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        # Signals reach the main thread alone, so none comes while a process is started here.
        self._thread = threading.Thread(target=self._keep, daemon=True)

    def start(self) -> None:
        """Start it; a thread sees to it from now on."""
        self._thread.start()

    def tell_to_end(self) -> None:
        """Let it close what it keeps and end."""
        with self._lock:
            self._is_wanted = False
            if self._process is not None and self._process.stdin is not None:
                with contextlib.suppress(OSError):
                    self._process.stdin.close()

    def end(self, deadline: float) -> None:
        """Wait until it has ended, and make it end at the deadline, a time of `monotonic`."""
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(max(0.0, deadline - time.monotonic()))
            _kill(self._process)
        self._thread.join(1)

    def _keep(self) -> None:
        failed = 0
        while failed < _MOST_STARTS and (process := self._started()) is not None:
            relay = threading.Thread(target=self._relay, args=(process,), daemon=True)
            relay.start()
            code = process.wait()
            _kill(process)
            relay.join(1)
            failed = 0 if self.is_ready else failed + 1
            self.is_ready = False
            self.changed.set()
            if self._is_wanted:
                _log.warning("a worker process has ended: %s", _reason(code))
        if self._is_wanted:
            self._give_up()

    def _started(self) -> subprocess.Popen[bytes] | None:
        with self._lock:
            if not self._is_wanted:
                return None
            flags = subprocess._args_from_interpreter_flags()  # type: ignore[attr-defined]  # noqa: SLF001 - as multiprocessing does
            self._process = process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, *flags, "-c", START],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                # Ctrl-C is for the driver, and what this starts is to end with it.
                start_new_session=True,
            )
        paths = json.dumps([str(path) for path in sys.path]).encode()
        if process.stdin is not None:
            with contextlib.suppress(OSError):
                process.stdin.write(paths + b"\n" + pickle.dumps(self._settings))
                process.stdin.flush()
        return process

    def _relay(self, process: subprocess.Popen[bytes]) -> None:
        """Write on standard error what the process says."""
        for line in process.stdout or ():
            if line == READY:
                self.is_ready = True
                self.changed.set()
            else:
                # It may be that of a test or of a notebook's cell, and be closed by now.
                with contextlib.suppress(ValueError, OSError):
                    sys.stderr.write(line.decode(errors="replace"))


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and those that it has started, if there still are some."""
    with contextlib.suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _reason(code: int) -> str:
    """How a process ended: `SIGKILL`, or `exit code 3`."""
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
