"""Signals that wait where they would tear something, and what they do to the command line."""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import threading
import time
from _thread import allocate_lock, start_new_thread
from collections.abc import Callable
from types import FrameType
from typing import Any, NoReturn, Self

_SIGNALS = (int(signal.SIGTERM), int(signal.SIGINT))

_USUAL = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL}
"""The handlers of a Python program that has set none."""

_A_MOMENT = 0.5
"""How many seconds code may take to finish that a signal would interrupt, and how many lie at
least between two signals that somebody means to be two: programs that start others often pass a
signal on that those got already."""

_A_BLINK = 0.005
"""After how many seconds a signal comes again that nobody would have noticed."""

_Handler = Callable[[int, FrameType | None], Any]


class Interrupted(KeyboardInterrupt):
    """A signal: `number` is SIGINT or SIGTERM, which passes wherever Ctrl-C would.

    A class of its own also for Ctrl-C: Python kills itself in the end where KeyboardInterrupt
    itself has once left a text that was executed, as modules do while they are imported.
    """

    def __init__(self, number: int) -> None:
        """Carry the number."""
        super().__init__()
        self.number = number


class Held:
    """While it is entered, SIGINT and SIGTERM wait; they come in the end, or at a `checkpoint`.

    A signal always waits while code of `modules` runs, which keeps in order what a signal would
    tear. Other code that runs meanwhile, such as a user's constructor, gets a moment to finish
    and is interrupted then; if this `is_patient`, only by a second signal, of somebody who has
    lost patience. Only Python's main thread gets signals, so in others this does nothing, and it
    leaves alone what is ignored or left to the system. It may be entered again, and one may be
    entered within another.
    """

    def __init__(self, *modules: str, is_patient: bool = True) -> None:
        """Prepare; `modules` are names as in `__name__`."""
        self.waiting: list[int] = []
        self._modules = (__name__, *modules)
        self._is_patient = is_patient
        self._before: dict[int, _Handler] = {}
        self._is_entered = False
        self._since = 0.0
        self._process = 0
        self._reminder: _Reminder | None = None

    def __enter__(self) -> Self:
        """Do what `begin` does."""
        self.begin()
        return self

    def __exit__(self, *_: object) -> None:
        """Do what `end` does."""
        self.end()

    def begin(self) -> None:
        """Let signals wait from now on."""
        if not _in_main_thread():
            return
        self._is_entered = True
        self._process = os.getpid()
        try:
            for number in _SIGNALS:
                before = signal.getsignal(number)
                if callable(before) and before != self._handle:
                    self._before[number] = before
                    signal.signal(number, self._handle)
        except BaseException:
            # By a signal that came before its own handler was replaced.
            self._restore()
            raise

    def end(self) -> None:
        """Let signals come again, and first those that waited; a second call does nothing."""
        if not self._is_entered:
            return
        self._forget_reminder()
        try:
            self._restore()
        except BaseException:
            # By a signal that came when one of the handlers was restored.
            self._restore()
            raise
        self.checkpoint()

    def checkpoint(self) -> None:
        """Let the signals come that waited: here they tear nothing."""
        self._forget_reminder()
        numbers = dict.fromkeys(self.waiting)
        self.waiting.clear()
        for number in numbers:
            self._before[number](number, None)

    def released(self) -> _Released:
        """A context within this one, in which signals do what they did before."""
        return _Released(self)

    def _restore(self) -> None:
        self._is_entered = False
        for number, before in self._before.items():
            # Unless somebody has set one of their own meanwhile.
            if signal.getsignal(number) == self._handle:
                signal.signal(number, before)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if not self._is_entered or os.getpid() != self._process:
            self._before[number](number, frame)
        elif frame is not None and _would_be_lost(frame):
            _send_again(number)
        elif self._waits(frame):
            self._wait(number)
        else:
            self.waiting.clear()
            self._before[number](number, None)

    def _waits(self, frame: FrameType | None) -> bool:
        if frame is None:
            # From one entered within this one, when there is nothing left for it to tear.
            return self._is_patient
        if frame.f_globals.get("__name__") in self._modules:
            return True
        return not self.waiting or time.monotonic() - self._since < _A_MOMENT

    def _wait(self, number: int) -> None:
        if not self.waiting:
            self._since = time.monotonic()
            if not self._is_patient:
                self._reminder = _Reminder(number)
        self.waiting.append(number)

    def _forget_reminder(self) -> None:
        reminder, self._reminder = self._reminder, None
        if reminder is not None:
            reminder.forget()


class _Reminder:
    """Sends a signal again after a moment, unless it is to be forgotten before."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._is_needless = allocate_lock()
        self._is_over = allocate_lock()
        self._is_needless.acquire()
        self._is_over.acquire()
        # One of `threading` could wait for a lock that the interrupted code holds.
        start_new_thread(self._remind, ())

    def forget(self) -> None:
        """Return when nothing more will be sent."""
        self._is_needless.release()
        self._is_over.acquire()

    def _remind(self) -> None:
        if not self._is_needless.acquire(timeout=_A_MOMENT):
            os.kill(os.getpid(), self._number)
        self._is_over.release()


class _Released:
    """Ends what is held when it is entered, and begins it anew when it is left."""

    def __init__(self, held: Held) -> None:
        self._held = held

    def __enter__(self) -> None:
        self._held.end()

    def __exit__(self, *_: object) -> None:
        self._held.begin()


class Raising:
    """While it is entered, SIGINT and SIGTERM raise Interrupted.

    That is what a command line wants. An import gets a moment to finish, since Python and many
    modules make other errors, or none, of what is raised within. Signals with a handler of
    somebody else stay with that, and ignored ones are ignored; other threads than the main one
    change nothing.
    """

    def __init__(self) -> None:
        """Prepare."""
        self._before: dict[int, Any] = {}
        self._process = os.getpid()
        self._last = -_A_MOMENT
        self._asked: float | None = None

    def __enter__(self) -> Self:
        """Replace the handlers that Python and the system have set."""
        if _in_main_thread():
            for number, usual in _USUAL.items():
                before = signal.getsignal(number)
                if before in (usual, leave):
                    self._before[number] = before
                    signal.signal(number, self._handle)
        return self

    def __exit__(self, *_: object) -> None:
        """Set the handlers back."""
        for number, before in self._before.items():
            signal.signal(number, before)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if os.getpid() != self._process:
            _as_without_us(number, frame)
        elif frame is not None and self._must_not_raise(frame, now):
            _send_again(number)
        elif now - self._last > _A_MOMENT:
            self._last = now
            self._asked = None
            raise Interrupted(number)

    def _must_not_raise(self, frame: FrameType, now: float) -> bool:
        if self._asked is None:
            self._asked = now
        is_early = now - self._asked < _A_MOMENT
        return _would_be_lost(frame) or (is_early and _is_importing(frame))


def leave_on_signals() -> None:
    """From now on, let SIGINT and SIGTERM end the process at once: there is nothing to close.

    For a program that has not begun yet, or is done.
    """
    for number, usual in _USUAL.items():
        if signal.getsignal(number) == usual:
            signal.signal(number, leave)
    # The first to be registered is the last to be called.
    atexit.register(_ignore_signals)


def leave(number: int, frame: FrameType | None) -> NoReturn:
    """End the process with the exit code for a signal, whatever else it is about to do."""
    del frame
    with contextlib.suppress(OSError):
        os.write(2, b"interrupted\n")
    os._exit(exit_code(number))


def _ignore_signals() -> None:
    """Let a process end with its own exit code whose Python can handle no more signals."""
    for number in _USUAL:
        if signal.getsignal(number) == leave:
            signal.signal(number, signal.SIG_IGN)


def exit_code(number: int) -> int:
    """The exit code of a process that a signal ended, as shells count: 130 for Ctrl-C."""
    return 128 + number


def _in_main_thread() -> bool:
    return threading.get_ident() == threading.main_thread().ident


def _as_without_us(number: int, frame: FrameType | None) -> None:
    """Let a process that the user's code has forked end as it would have ended without us."""
    if number == signal.SIGINT:
        signal.default_int_handler(number, frame)
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


def _would_be_lost(frame: FrameType) -> bool:
    """Whether Python would print what is raised here and go on as if nothing had happened.

    It does so with the callback that runs, several times a module, while modules are imported.
    """
    return frame.f_code.co_name == "cb" and "importlib" in frame.f_code.co_filename


def _is_importing(frame: FrameType | None) -> bool:
    """Whether a module is being imported when this frame runs."""
    while frame is not None:
        if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            return True
        frame = frame.f_back
    return False


def _send_again(number: int) -> None:
    """Let a signal come again in the blink of an eye."""

    def send() -> None:
        time.sleep(_A_BLINK)
        os.kill(os.getpid(), number)

    start_new_thread(send, ())
