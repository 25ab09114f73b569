"""A progress bar that shows itself only when a build takes longer than a moment."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from typing import Any, Self

import click

_A_MOMENT = 0.5


class DelayedBar:
    """A callback for (done, of how many) that draws on standard error after half a second."""

    def __init__(self, label: str) -> None:
        """Begin to count the time."""
        self._label = label
        self._start = time.monotonic()
        self._bar: Any = None
        self._stack = ExitStack()

    def __call__(self, done: int, total: int) -> None:
        """Draw that `done` of `total` are done."""
        if self._bar is None:
            if time.monotonic() - self._start < _A_MOMENT:
                return
            bar = click.progressbar(length=total, label=self._label, file=sys.stderr)
            self._bar = self._stack.enter_context(bar)
        self._bar.update(done - self._bar.pos)
        if done == total:
            self._stack.close()

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the line."""
        self._stack.close()
