"""Calls in threads: one thread asks for them, and waits for whichever ends first."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context, copy_context
from queue import SimpleQueue
from threading import Thread
from typing import Generic, Self, TypeVar

Call = TypeVar("Call", bound=Callable[[], None])


class Crew(Generic[Call]):
    """Up to `most` threads that do what they are called for; none of them keeps Python from ending.

    A call raises nothing, and sees the context variables of who asked for it. Leaving the context
    lets each thread end with the call that it is at, for which nobody waits.
    """

    def __init__(self, most: int) -> None:
        """Begin without a thread."""
        self._most = most
        self._threads: list[Thread] = []
        self._asked: SimpleQueue[tuple[Context, Call] | None] = SimpleQueue()
        self._ended: SimpleQueue[Call] = SimpleQueue()

    def ask(self, call: Call) -> None:
        """Let a call be made as soon as a thread is free."""
        self._asked.put((copy_context(), call))
        if len(self._threads) < self._most:
            thread = Thread(target=self._work, name="lolpop_graph build", daemon=True)
            self._threads.append(thread)
            thread.start()

    def next(self) -> Call:
        """Wait for a call to end, and return it; a signal may interrupt the wait."""
        return self._ended.get()

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let the threads end."""
        for _thread in self._threads:
            self._asked.put(None)

    def _work(self) -> None:
        while (asked := self._asked.get()) is not None:
            context, call = asked
            context.run(call)
            self._ended.put(call)
            del asked, context, call
