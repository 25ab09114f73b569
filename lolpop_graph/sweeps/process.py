"""One worker process as its driver sees it: started, spoken to without waiting, and ended."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any, Final

from lolpop_graph.sweeps.messages import Frames, framed
from lolpop_graph.sweeps.task import Run
from lolpop_graph.sweeps.worker import BOOT, SIGNALS

_AT_ONCE: Final = 1 << 18
_LONGEST_LINE: Final = 1 << 16
_TO_EXIT: Final = 1.0
"""How many seconds a process has to be gone, once its line is closed."""
_TO_CLOSE: Final = 5.0
"""How many seconds it has for that, once all is closed, and its threads are to end."""
_HURRIES: Final = ((3.0, signal.SIGTERM), (6.0, signal.SIGKILL))
"""What follows on an interruption, after so many seconds."""


class WorkerProcess:
    """A worker process, the runs that it has, and which of them it is at.

    It has a session of its own: Ctrl-C in a terminal comes to the driver alone, and what the
    worker has started can be ended with it.
    """

    def __init__(self, name: str, environment: Mapping[str, str]) -> None:
        """Start the process; raises OSError where the system has none to give."""
        self.name = name
        self.runs: dict[int, Run] = {}
        self.current: int | None = None
        self.is_ready = False
        self.is_asked = False
        self._frames = Frames()
        self._unsent = bytearray()
        self._written = bytearray()
        self._hurries: deque[tuple[float, signal.Signals]] = deque()
        self.line, theirs = socket.socketpair()
        with theirs:
            self._process = _started(theirs.fileno(), environment)
        assert self._process.stdout is not None  # noqa: S101 - it was asked for
        self.output = self._process.stdout
        self.line.setblocking(False)  # noqa: FBT003 - its only parameter
        os.set_blocking(self.output.fileno(), False)

    @property
    def unbegun(self) -> int:
        """How many of its runs it has not begun."""
        return len(self.runs) - (self.current in self.runs)

    @property
    def is_behind(self) -> bool:
        """Whether there is something left to be sent."""
        return bool(self._unsent)

    def send(self, *messages: object) -> None:
        """Send what can be sent now, and keep the rest for `flush`."""
        for message in messages:
            self._unsent += framed(message)
        self.flush()

    def flush(self) -> None:
        """Send what is left to be sent; a process that is gone needs none of it."""
        try:
            while self._unsent:
                del self._unsent[: self.line.send(self._unsent)]
        except BlockingIOError:
            return
        except OSError:
            self._unsent.clear()

    def received(self) -> Iterator[Any]:
        """The messages that have come; the last one is None where no more will come."""
        try:
            data = self.line.recv(_AT_ONCE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        yield from self._frames.feed(data)
        if not data:
            yield None

    def hand_on(self) -> bool:
        """Write on standard error what the process has written; whether more may come."""
        try:
            data = os.read(self.output.fileno(), _AT_ONCE)
        except BlockingIOError:
            return True
        self._written += data
        whole = self._written.rfind(b"\n") + 1
        if not data or len(self._written) > _LONGEST_LINE:
            whole = len(self._written)
        _write(self._written[:whole])
        del self._written[:whole]
        return bool(data)

    def has_exited(self) -> bool:
        """Whether the process is gone, though others that it has started may hold its line."""
        return self._process.poll() is not None

    def interrupt(self) -> None:
        """Let it end what it is at, soon, and the second time at once.

        One that has not begun has nothing to end.
        """
        if not self.is_ready or self._hurries:
            self.kill()
            return
        self._signal(signal.SIGINT)
        now = time.monotonic()
        self._hurries.extend((now + seconds, number) for seconds, number in _HURRIES)

    def expect_exit(self) -> None:
        """Give it a moment to be gone, since it has closed everything."""
        self._hurries = deque([(time.monotonic() + _TO_CLOSE, signal.SIGKILL)])

    def hurry(self) -> None:
        """Remind it of what it was told, each time more firmly."""
        while self._hurries and self._hurries[0][0] <= time.monotonic():
            self._signal(self._hurries.popleft()[1])

    def bury(self) -> int:
        """Wait for its end, by force after a moment; the return code.

        What it has started ends with it, unless it ended by itself and in order.
        """
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_TO_EXIT)
        if self._process.returncode != 0:
            self._signal(signal.SIGKILL)
        code = self._process.wait()
        self.line.close()
        with self.output, contextlib.suppress(BlockingIOError):
            while data := os.read(self.output.fileno(), _AT_ONCE):
                self._written += data
        _write(self._written)
        return code

    def kill(self) -> None:
        """End it at once, and all that it has started."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        # Its session may be empty by now.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)


def how_ended(code: int) -> str:
    """How a process ended, by its return code: `was killed by SIGKILL`, `ended with code 3`."""
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        return f"was killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"was killed by signal {-code}"


def _started(line: int, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """A new Python that imports from where this one does."""
    path = json.dumps([each for each in sys.path if isinstance(each, str)])
    # It has the mask of signals of this thread, until it can heed them.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        return subprocess.Popen(  # noqa: S603 - this Python
            [sys.executable, "-P", "-c", BOOT, str(line), path],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,
            env=environment,
            pass_fds=[line],
            start_new_session=True,
        )
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _write(written: bytearray) -> None:
    """Write what a worker has written, above a progress display if there is one."""
    if not written or sys.stderr is None:
        return
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(written.decode(errors="replace"))
        sys.stderr.flush()
