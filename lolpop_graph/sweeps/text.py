"""The report of a sweep as lines for people, and as a table for notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import islice
from typing import Any, Final

from lolpop_graph.cells import Span, aligned, cut
from lolpop_graph.sweeps.causes import Cause
from lolpop_graph.sweeps.recorded import Recorded
from lolpop_graph.sweeps.report import SweepReport
from lolpop_graph.text import counted, printable

_MOST_CAUSES: Final = 20
_MOST_NUMBERS: Final = 5
_MOST_ROWS: Final = 20
_WIDEST: Final = 90
_ASIDE: Final = frozenset(("started", "worker", "error_kind"))
"""Columns that a page has no room for."""
_MINUTE: Final = 60


def lines(report: SweepReport) -> Iterator[list[Span]]:
    """The report, each line in spans: why runs failed, and what it comes to."""
    if report.causes:
        word = "cause" if len(report.causes) == 1 else "causes"
        yield [
            (
                f"{counted(report.failed, 'run')} failed, for {len(report.causes):,} {word}",
                "bold red",
            )
        ]
        yield from (line for cause in report.causes[:_MOST_CAUSES] for line in _cause(cause))
        if len(report.causes) > _MOST_CAUSES:
            yield [(f"  and {len(report.causes) - _MOST_CAUSES:,} more causes", "dim")]
        yield [("", "")]
    yield _summary(report)
    yield [("recorded in ", "dim"), (str(report.path), "")]
    if report.gone:
        verb = "is" if report.gone == 1 else "are"
        told = f"{counted(report.gone, 'recorded run')} {verb} of rows that are gone, and kept"
        yield [(told, "dim")]
    if report.left or report.failed:
        left = ["does what is left"] * bool(report.left)
        what = " and ".join([*left, *["tries again what failed"] * bool(report.failed)])
        yield [(f"the same call with --resume {what}", "dim")]


def _cause(cause: Cause) -> Iterator[list[Span]]:
    """`  12 x ValueError: no such column  train.py:12 in fit  runs 3, 17, 20 ...`."""
    first = next(iter(cause.sentence.splitlines()), "")
    is_said = not first or (cause.kind and first.startswith(cause.kind))
    said = (first or cause.kind) if is_said else f"{cause.kind}: {first}"
    yield [(f"  {cause.count:>6,} x ", "bold"), (cut(printable(said), _WIDEST), "red")]
    numbers = ", ".join(map(str, cause.numbers[:_MOST_NUMBERS]))
    more = ", …" if cause.count > _MOST_NUMBERS else ""
    where = f"{cause.place}; " if cause.place else ""
    yield [(f"           {where}run{'s' * (cause.count > 1)} {numbers}{more}", "dim")]


def _summary(report: SweepReport) -> list[Span]:
    """`workflow.yaml: 9 runs of main over stores.csv: 8 done, 1 failed (2.3 s)`."""
    about = report.about
    runs = f"{counted(report.total, 'run')} of {about.get('method')} over {about.get('source')}"
    spans: list[Span] = [(f"{about.get('workflow')}: {runs}: ", "")]
    for count, word, style in (
        (report.done, "done", "bold green"),
        (report.failed, "failed", "bold red"),
        (report.left, "left", "bold yellow"),
    ):
        if count or word == "done":
            spans += [(f"{count:,} {word}", style), (", ", "")]
    before = report.done + report.failed - report.performed
    known = f"; {before:,} were done before" if report.seconds and before > 0 else ""
    told = f" ({_duration(report.seconds)}{known})" if report.seconds else ""
    return [*spans[:-1], (told, "dim")]


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), _MINUTE)
    if seconds < _MINUTE:
        return f"{seconds:.2g} s"
    hours, minutes = divmod(minutes, _MINUTE)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def best_lines(run: Recorded, metric: str) -> Iterator[list[Span]]:
    """The best run: its number, its parameters, its metrics."""
    yield [("best ", "dim"), (metric, "bold"), (f": run {run.number}", "")]
    values = [*run.parameters.items(), *run.metrics.items()]
    yield from aligned([(f"  {name}", "dim"), (shown(value), "")] for name, value in values)


def run_lines(parameters: Iterable[tuple[int, Mapping[str, Any]]]) -> Iterator[list[Span]]:
    """What some runs set, a row each, with the names of what they set above them."""
    found = [*parameters]
    names = dict.fromkeys(name for _, values in found for name in values)
    rows: list[Sequence[Span]] = [[("run", "bold"), *((name, "bold") for name in names)]]
    for number, values in found:
        cells = [(cut(shown(values[name]) if name in values else "", 40), "") for name in names]
        rows.append([(str(number), "dim"), *cells])
    yield from aligned(rows)


def shown(value: Any) -> str:
    """A value in a cell of a table: numbers of four digits, texts as they are."""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def page(report: SweepReport) -> str:
    """The report as HTML: what it comes to, the causes of failures, the first runs."""
    rows = [*islice(report.table(), _MOST_ROWS)]
    found = dict.fromkeys(name for row in rows for name in row)
    names = [name for name in found if name not in _ASIDE]
    told = "\n".join(escape("".join(text for text, _ in line)) for line in lines(report))
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    body = "".join(
        "<tr>" + "".join(f"<td>{_cell(row.get(name))}</td>" for name in names) + "</tr>"
        for row in rows
    )
    more = report.done + report.failed - len(rows)
    rest = f"<p>and {more:,} more runs; <code>to_frame()</code> has all</p>" if more > 0 else ""
    return f"<div><pre>{told}</pre><table><tr>{head}</tr>{body}</table>{rest}</div>"


def _cell(value: object) -> str:
    return "" if value is None else escape(cut(shown(value), _WIDEST))
