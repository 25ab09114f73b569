"""Calls as lines of a log."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from time import perf_counter
from typing import Any

from lolpop_graph.decorator.calls import arguments, described, qualified, shown
from lolpop_graph.integration import BaseDecorator
from lolpop_graph.wrapping import Note, surround


class LoggingDecorator(BaseDecorator):
    """Logs each call when it begins and when it ends, with `log`, and so with the `logger`.

    Arguments and results are described by type and shape: values may be private. Config, beside
    that of every decorator: `call_level`, how serious the lines are (default INFO); a call that
    raises ends at `failure_level` (default ERROR); `call_values: true` writes values as well, as
    far as they are short, and the texts of errors.
    """

    __DEFAULT_CONF__ = {
        "config": {"call_level": "INFO", "failure_level": "ERROR", "call_values": False}
    }

    @cached_property
    def _telling(self) -> threading.local:
        return threading.local()

    def wrap(self, method: Callable[..., Any], integration: Any) -> Callable[..., Any]:
        """The method, whose calls are logged."""
        name = qualified(method, integration)
        has_values = self._get_config("call_values")
        describe = shown if has_values else described

        @contextmanager
        def logged(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Iterator[Note]:
            self._report(f"{name}({arguments(method, args, kwargs, describe)}) begins")
            start, results = perf_counter(), list[str]()
            try:
                yield lambda result: results.append(f" and returned {describe(result)}")
            except BaseException as error:
                text = f": {error}" if has_values else ""
                raised = f"raised {type(error).__name__}{text}"
                self._report(f"{name} {raised} after {_since(start)}", "failure_level")
                raise
            self._report(f"{name} ended after {_since(start)}{''.join(results)}")

        return surround(method, logged)

    def _report(self, message: str, level: str = "call_level") -> None:
        # A logger that is wrapped as well would log its own calls without an end.
        if getattr(self._telling, "is_busy", False):
            return
        self._telling.is_busy = True
        try:
            self.log(message, self._get_config(level))
        finally:
            self._telling.is_busy = False


def _since(start: float) -> str:
    return f"{perf_counter() - start:.3f} s"
