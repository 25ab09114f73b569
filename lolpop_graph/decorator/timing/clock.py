"""Times by the clock of the process."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from time import perf_counter
from typing import Any

from lolpop_graph.decorator.calls import qualified
from lolpop_graph.files import write_whole
from lolpop_graph.integration import BaseDecorator
from lolpop_graph.wrapping import Note, surround


@dataclass
class Timing:
    """The calls of one method: how many, how many of them raised, and seconds in all and at most.

    A method that calls itself, or another one that is timed, counts the time of that as well.
    """

    calls: int = 0
    failed: int = 0
    seconds: float = 0.0
    longest: float = 0.0


class TimingDecorator(BaseDecorator):
    """Records how long each call takes, from its begin to its end by `time.perf_counter`.

    Config, beside that of every decorator: `timing_level`, how serious the line is that is logged
    after each call (default INFO; null for no line); `timing_metrics`, whether each duration is
    also given, in seconds and as `seconds.<path>.<method>`, to the nearest `metrics_tracker` while
    the nearest `metadata_tracker` has a run (default false); `timing_file`, where the table of
    `summary` is written when the workflow is closed (`stderr` is standard error; default none).

    `timings` has a Timing by `<path>.<method>`.
    """

    __DEFAULT_CONF__ = {
        "config": {"timing_level": "INFO", "timing_metrics": False, "timing_file": None}
    }

    def __init__(self) -> None:
        """Read the config; TypeError for a file that is no text."""
        file = self._get_config("timing_file")
        if not isinstance(file, str | None):
            message = f"`timing_file` must be a text, and is {type(file).__name__}"
            raise TypeError(message)

    @cached_property
    def timings(self) -> dict[str, Timing]:
        """The calls of each method that has been called, by `<path>.<method>`."""
        return {}

    @cached_property
    def _lock(self) -> threading.Lock:
        return threading.Lock()

    @cached_property
    def _telling(self) -> threading.local:
        return threading.local()

    def wrap(self, method: Callable[..., Any], integration: Any) -> Callable[..., Any]:
        """The method, of whose calls the durations are recorded."""
        name = qualified(method, integration)

        @contextmanager
        def timed(_: tuple[Any, ...], __: dict[str, Any]) -> Iterator[Note]:
            start = perf_counter()
            failed = True
            try:
                yield lambda _: None
                failed = False
            finally:
                self._record(name, integration, perf_counter() - start, failed=failed)

        return surround(method, timed)

    def summary(self) -> str:
        """A table of the methods that were called, those first that took longest in all."""
        rows = sorted(self.timings.items(), key=lambda row: -row[1].seconds)
        width = max((len(name) for name, _ in rows), default=0)
        lines = [f"{'method':<{width}}  {'calls':>6} {'failed':>6} {'seconds':>10} {'longest':>10}"]
        lines += [
            f"{name:<{width}}  {each.calls:>6} {each.failed:>6} "
            f"{each.seconds:>10.3f} {each.longest:>10.3f}"
            for name, each in rows
        ]
        return "\n".join(lines)

    def close(self) -> None:
        """Write the table, if there is a file for it."""
        file = self._get_config("timing_file")
        if file == "stderr":
            print(self.summary(), file=sys.stderr)  # noqa: T201 - it is asked to print
        elif file:
            path = Path(file)
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, f"{self.summary()}\n".encode())

    def _record(self, name: str, integration: Any, seconds: float, *, failed: bool) -> None:
        # What it tells a logger or a tracker that is timed as well is none of the workflow's calls.
        if getattr(self._telling, "is_busy", False):
            return
        with self._lock:
            timing = self.timings.setdefault(name, Timing())
            timing.calls += 1
            timing.failed += failed
            timing.seconds += seconds
            timing.longest = max(timing.longest, seconds)
            calls = timing.calls
        self._telling.is_busy = True
        try:
            self._report(name, integration, seconds, calls, failed=failed)
        finally:
            self._telling.is_busy = False

    def _report(
        self, name: str, integration: Any, seconds: float, calls: int, *, failed: bool
    ) -> None:
        level = self._get_config("timing_level")
        if level:
            outcome = " and raised" if failed else ""
            self.log(f"{name} took {seconds:.3f} s{outcome}", level)
        if self._get_config("timing_metrics") and self._has_run(integration):
            tracker = self.nearest("metrics_tracker", integration)
            if tracker is not None:
                tracker.log_metric(f"seconds.{name}", seconds, calls)

    def _has_run(self, integration: Any) -> bool:
        """Whether a run is active that numbers can be recorded with."""
        try:
            return bool(self.nearest("metadata_tracker", integration).run_id)
        except (AttributeError, RuntimeError):
            return False
