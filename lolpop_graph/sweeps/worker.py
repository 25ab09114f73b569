"""A worker process of the engine `processes`: it performs runs until it is told to end.

`BOOT` is what Python is started with, and `main` is what that calls. The main thread performs the
runs; another one listens, so that a worker notices whatever it does that its driver is gone.
"""

from __future__ import annotations

import contextlib
import faulthandler
import os
import pickle
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from types import FrameType
from typing import Final, TypeVar

from lolpop_graph.errors import WorkflowError
from lolpop_graph.lifecycle import describe_error
from lolpop_graph.sweeps.messages import (
    Begin,
    Closed,
    Do,
    End,
    Frames,
    GiveBack,
    Parcel,
    Ran,
    Ready,
    Refused,
    Returned,
    framed,
)
from lolpop_graph.sweeps.task import Outcome, Performer, Task, unended

BOOT: Final = """
import json, sys
sys.path[:] = json.loads(sys.argv.pop())
from lolpop_graph.sweeps.worker import main
main(int(sys.argv.pop()))
"""
"""The path comes first: without it, the rest may not be found."""

T = TypeVar("T")

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_PATIENCE: Final = 1.0
"""How many seconds a worker has to end once its driver is gone, and between two looks for it."""


def main(line: int) -> None:
    """Perform the runs that come along a socket, and end with the process that sends them."""
    os.set_inheritable(line, False)  # noqa: FBT003 - the function's own
    faulthandler.enable(all_threads=False)
    # What is printed comes in the order in which it was, also before a crash.
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    worker = _Worker(socket.socket(fileno=line))
    for number in SIGNALS:
        signal.signal(number, worker.interrupt)
    # The driver has blocked them, so that none came before somebody heeds it.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    threading.Thread(target=worker.listen, daemon=True).start()
    worker.work()


class _Worker:
    """What one worker process has to do."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._lock = threading.Lock()
        self._parent = os.getppid()
        self._name = ""
        self._begin: SimpleQueue[Begin | None] = SimpleQueue()
        self._parcels: SimpleQueue[Parcel | None] = SimpleQueue()
        self._is_open = False
        self._is_ending = False

    def work(self) -> None:
        """Perform runs until there are no more, or a signal comes."""
        performer = self._start()
        if performer is None:
            return
        self._send(Ready())
        try:
            self._perform_all(performer)
        finally:
            self._close(performer)
            self._send(Closed())

    def interrupt(self, number: int, frame: FrameType | None) -> None:
        """End after a signal: at once where nothing is torn by that."""
        del number, frame
        self._is_ending = True
        if self._is_open:
            raise KeyboardInterrupt

    def listen(self) -> None:
        """Take in what the driver says, until it is gone; then end the process."""
        frames = Frames()
        while os.getppid() == self._parent:
            if not select.select([self._line], [], [], _PATIENCE)[0]:
                continue
            data = self._received()
            if not data:
                break
            for message in frames.feed(data):
                self._heed(message)
        self._leave()

    def _received(self) -> bytes:
        try:
            return self._line.recv(1 << 16)
        except OSError:
            return b""

    def _heed(self, message: object) -> None:
        match message:
            case Do(parcels):
                for parcel in parcels:
                    self._parcels.put(parcel)
            case GiveBack():
                self._give_back()
            case End():
                self._parcels.put(None)
            case Begin():
                self._begin.put(message)

    def _give_back(self) -> None:
        numbers = []
        with contextlib.suppress(Empty):
            while parcel := self._parcels.get_nowait():
                numbers.append(parcel.number)
        self._send(Returned(numbers))

    def _leave(self) -> None:
        """Interrupt what runs; a moment later, end this process and those that it started."""
        self._begin.put(None)
        self._parcels.put(None)
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(_PATIENCE)
        os.killpg(0, signal.SIGKILL)

    def _send(self, message: object) -> None:
        # A driver that is gone hears nothing, which the other thread will notice.
        with contextlib.suppress(OSError), self._lock:
            self._line.sendall(framed(message))

    def _start(self) -> Performer | None:
        """What performs runs; None where it cannot be made, of which the driver is told."""
        begin = self._begin.get()
        if begin is None:
            return None
        self._name = begin.name
        try:
            task: Task = pickle.loads(begin.task)  # noqa: S301 - of the driver
            return task.start(begin.name)
        except WorkflowError as error:
            self._send(Refused(error))
        except Exception as error:  # noqa: BLE001 - what the user pickled raises what it likes
            self._send(Refused(describe_error(error)))
        return None

    def _perform_all(self, performer: Performer) -> None:
        """Perform runs; what came of one is told together with the next one that begins."""
        outcome: Outcome | None = None
        while not self._is_ending:
            try:
                parcel = self._parcels.get_nowait()
            except Empty:
                if outcome is not None:
                    self._send(Ran(outcome, None))
                    outcome = None
                parcel = self._unless_ending(self._parcels.get)
            if parcel is None:
                return
            self._send(Ran(outcome, parcel.number))
            outcome = self._outcome(performer, parcel)
        if outcome is not None:
            self._send(Ran(outcome, None))

    def _outcome(self, performer: Performer, parcel: Parcel) -> Outcome | None:
        """What came of a run; None where a signal has interrupted it."""
        try:
            outcome = self._unless_ending(lambda: performer.perform(pickle.loads(parcel.run)))  # noqa: S301 - of the driver
        except BaseException as error:  # noqa: BLE001 - a run may raise what it likes
            return unended(parcel.number, error, self._name)
        if outcome is not None and outcome.status == "failed" and self._is_ending:
            # It may well have failed by the signal, of which some code makes other errors.
            return None
        return outcome

    def _unless_ending(self, work: Callable[[], T]) -> T | None:
        """What some work returns; None where a signal comes, or has come, to end the worker."""
        try:
            self._is_open = True
            return None if self._is_ending else work()
        except KeyboardInterrupt:
            if not self._is_ending:
                raise
            return None
        finally:
            self._is_open = False

    def _close(self, performer: Performer) -> None:
        """Close what is still open; what is wrong with that is written, and no run's failure."""
        performer.end()
