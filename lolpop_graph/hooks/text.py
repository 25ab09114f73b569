"""The report of workflow tests as lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from lolpop_graph.cells import Span
from lolpop_graph.hooks.report import HookReport, HookResult, Verdict
from lolpop_graph.text import counted

SIGNS: Final[dict[Verdict, str]] = {
    "failed": "\u2717",
    "unreached": "?",
    "warned": "!",
    "passed": "\u2713",
}
"""What stands before a hook; pictures have the same signs."""
_WORDS: Final[dict[Verdict, str]] = {
    "failed": "failed",
    "unreached": "not reached",
    "warned": "warned",
    "passed": "passed",
}
_COLOURS: Final[dict[Verdict, str]] = {
    "failed": "red",
    "unreached": "magenta",
    "warned": "yellow",
    "passed": "green",
}
_MILLI: Final = 1_000


def lines(report: HookReport) -> Iterator[list[Span]]:
    """The report, each line in spans: a block for each method, and what it comes to at the end."""
    widths = _widths(report.hooks)
    for (path, method), hooks in groupby(report.hooks_in_order, lambda each: each.where):
        found = list(hooks)
        yield [(f"{path}.{method}", "bold"), (f"  {found[0].class_name}", "dim")]
        for each in found:
            yield _row(each, widths)
            yield from _details(each)
    if report.hooks:
        yield [("", "")]
    yield from _end(report)
    yield _summary(report)


def _widths(hooks: Sequence[HookResult]) -> tuple[int, int]:
    names = max((len(each.name) for each in hooks), default=0)
    return names, max((len(_calls(each)) for each in hooks), default=0)


def _row(result: HookResult, widths: tuple[int, int]) -> list[Span]:
    """`  ✓ post  checks.py:is_sane  1 call   0.2 ms  tests.yaml:3:12`."""
    name, calls = widths
    colour = _COLOURS[result.verdict]
    seconds = f"{result.seconds * _MILLI:.1f} ms" if result.calls else ""
    return [
        (f"  {SIGNS[result.verdict]} ", f"bold {colour}"),
        (f"{result.moment:<4}  ", "dim"),
        (f"{result.name:<{name}}  ", ""),
        (f"{_calls(result):<{calls}}  ", colour if result.verdict != "passed" else "dim"),
        (f"{seconds:>9}  ", "dim"),
        (str(result.place), "dim"),
    ]


def _calls(result: HookResult) -> str:
    if not result.calls:
        return "not reached"
    if not result.failed:
        return counted(result.calls, "call")
    word = "warned" if result.verdict == "warned" else "failed"
    return word if result.calls == 1 else f"{word} {result.failed:,} of {result.calls:,}"


def _details(result: HookResult) -> Iterator[list[Span]]:
    """What a hook said each time that it failed, and the traceback of one that crashed."""
    colour = _COLOURS[result.verdict]
    told = dict.fromkeys((each.message, each.traceback) for each in result.failures)
    for message, trace in told:
        for line in message.splitlines():
            yield [(f"      {line}", colour)]
        for line in trace.splitlines():
            yield [(f"      {line}", "dim")]
    if result.failed > len(result.failures):
        yield [(f"      and {result.failed - len(result.failures):,} more", colour)]


def _end(report: HookReport) -> Iterator[list[Span]]:
    stop = report.stopped_by
    if stop is not None:
        when = "before" if stop.moment == "pre" else "after"
        words = f"`{stop.name}` ended the run {when} `{stop.path}.{stop.method}`"
        yield [(words, "red"), ("; --keep-going goes on", "dim")]


def _summary(report: HookReport) -> list[Span]:
    """`workflow.yaml: runner.main with 5 hooks: 1 failed, 4 passed (0.42 s)`."""
    start = f"{report.workflow}: {report.root}.{report.method}"
    spans: list[Span] = [(f"{start} with {counted(len(report.hooks), 'hook')}: ", "")]
    parts: list[list[Span]] = [
        [(f"{count:,} {_WORDS[verdict]}", f"bold {_COLOURS[verdict]}")]
        for verdict, count in report.counts.items()
        if count
    ]
    if report.faults:
        parts.insert(0, [("the workflow raised", "bold red")])
    for part in parts:
        spans += [*part, (", ", "")]
    spans = spans[:-1] if parts else [*spans[:-1], (spans[-1][0].removesuffix(": "), "")]
    return [*spans, (f" ({report.seconds:.2f} s)", "dim")]
