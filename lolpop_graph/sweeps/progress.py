"""What is seen of a sweep while it runs, on standard error, whatever engine carries it out."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from lolpop_graph.sweeps.pace import Pace, clock
from lolpop_graph.sweeps.task import Outcome, Run
from lolpop_graph.text import printable, shortened

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

_EVERY: Final = 30.0
"""Seconds between two lines where standard error is no terminal."""
_LONGEST_VALUE: Final = 32
_OTHER_LINES: Final = 4
_MOST_WORKERS: Final = 16


class _At(NamedTuple):
    """The run that a worker is at, and since when."""

    run: Run
    since: float


class Progress:
    """A display on a terminal, and a line now and then elsewhere; a `Watch` of sweeps."""

    def __init__(self, console: Console | None = None) -> None:
        """Prepare to show on a console, or on standard error."""
        self._console = console
        self._pace = Pace(0)
        self._before = 0
        self._workers: dict[str, _At | None] = {}
        self._live: Any = None
        self._told = 0.0

    def begin(self, total: int, before: int) -> None:
        """Begin with `total` runs, beside those that were done `before`."""
        self._pace, self._before = Pace(total), before
        self._told = time.monotonic()
        if self._console is None and not (sys.stderr and sys.stderr.isatty()):
            return
        from rich.console import Console  # noqa: PLC0415 - a terminal alone needs it
        from rich.live import Live  # noqa: PLC0415

        console = self._console or Console(stderr=True)
        if console.is_terminal and not console.is_dumb_terminal:
            self._live = Live(self, console=console, transient=True, redirect_stdout=False)
            self._live.start()

    def begun(self, worker: str, run: Run | None) -> None:
        """A worker begins a run, or rests, or is gone."""
        self._workers[worker] = None if run is None else _At(run, time.monotonic())
        self._write_line()

    def ended(self, run: Run, outcome: Outcome) -> None:
        """A run has ended."""
        del run
        self._pace.count(is_failed=outcome.status == "failed")
        self._write_line()

    def end(self) -> None:
        """Take the display away: the report follows."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _write_line(self) -> None:
        now = time.monotonic()
        if self._live is None and now - self._told >= _EVERY and sys.stderr is not None:
            self._told = now
            print(self._pace, file=sys.stderr, flush=True)  # noqa: T201 - for logs

    def __rich_console__(self, console: Console, options: object) -> Iterator[RenderableType]:
        """A bar, numbers, and a line for each worker at work."""
        del options
        yield self._bar()
        yield from self._lines(max(1, min(_MOST_WORKERS, console.height - _OTHER_LINES)))

    def _bar(self) -> RenderableType:
        from rich.progress_bar import ProgressBar  # noqa: PLC0415 - a terminal alone needs it
        from rich.table import Table  # noqa: PLC0415
        from rich.text import Text  # noqa: PLC0415

        pace = self._pace
        details = [f"{pace.ended:,} of {pace.total:,} runs", *pace.details()]
        if self._before:
            details.append(f"{self._before:,} done before")
        words = Text("  ").join(
            Text(each, style="red" if each.endswith("failed") else "") for each in details
        )
        bar = Table.grid(padding=(0, 2), expand=True)
        bar.add_column(ratio=1, min_width=10, max_width=40)
        bar.add_column(no_wrap=True, overflow="ellipsis")
        bar.add_row(ProgressBar(total=max(pace.total, 1), completed=pace.ended), words)
        return bar

    def _lines(self, room: int) -> Iterator[RenderableType]:
        from rich.text import Text  # noqa: PLC0415 - a terminal alone needs it

        now = time.monotonic()
        busy = [(name, at) for name, at in [*self._workers.items()] if at is not None]
        busy.sort(key=lambda each: (len(each[0]), each[0]))
        width = max((len(name) for name, _ in busy[:room]), default=0)
        for name, at in busy[:room]:
            begin = f"{printable(name):<{width}}  {clock(now - at.since):>5}  "
            yield Text.assemble((begin, "dim"), words_of(at.run), no_wrap=True, overflow="ellipsis")
        if len(busy) > room:
            yield Text(f"and {len(busy) - room:,} more workers", "dim")


def words_of(run: Run) -> str:
    """The parameters of a run in one line, each shortened: `config.depth=8 store=berlin`."""
    return " ".join(
        printable(f"{name}={shortened(str(value), _LONGEST_VALUE)}")
        for name, value in run.parameters.items()
    )
