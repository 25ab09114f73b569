"""How commands write: answers as lines or JSON, faults as GitHub's annotations as well."""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TextIO

import click

from lolpop_graph.cells import Span
from lolpop_graph.errors import Fault, Severity
from lolpop_graph.text import printable

SCHEMA_VERSION = 1
"""The version of `docs/faults.schema.json`; it rises when a reader of the old one would err."""

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_GUTTER = re.compile(r"( *\d* ?\| )(.*)", re.DOTALL)
_MOST_CODES = 5
_CARET = re.compile(r" *\^+")


class Report(NamedTuple):
    """What a check found: the files of the workflow, as they were named, and the faults."""

    files: Sequence[str]
    faults: Sequence[Fault]

    @property
    def counts(self) -> dict[Severity, int]:
        """How many faults there are of each severity, the worst first."""
        counter = Counter(fault.severity for fault in self.faults)
        return {severity: counter[severity] for severity in Severity}

    @property
    def summary(self) -> list[Span]:
        """One line for people: `workflow.yaml: 3 errors, 1 note`."""
        spans = [(f"{' + '.join(map(printable, self.files))}: ", "")]
        for severity, count in self.counts.items():
            if count:
                words = f"{count} {severity}{'s' * (count > 1)}"
                spans += [(words, f"bold {_COLOURS[severity]}"), (", ", "")]
        return spans[:-1] if len(spans) > 1 else [*spans, ("nothing to report", "green")]

    def as_dict(self) -> dict[str, Any]:
        """The same for machines, as `docs/faults.schema.json` describes it."""
        return {
            "version": SCHEMA_VERSION,
            "ok": not self.counts[Severity.ERROR],
            "counts": {str(severity): count for severity, count in self.counts.items()},
            "faults": [fault.as_dict() for fault in self.faults],
        }


def write_text(report: Report) -> None:
    """Write faults to standard error and their number to standard output, for people."""
    show_faults(report.faults)
    write_lines([report.summary], err=False)


def write_json(report: Report) -> None:
    """Write a report to standard output, for programs."""
    print_json(report.as_dict())


def write_github(report: Report) -> None:
    """Write each fault as an annotation of GitHub's, and their number, to standard output."""
    for fault in report.faults:
        click.echo(_annotation(fault, report.files))
    summary = "".join(text for text, _ in report.summary)
    write_plain([summary])


def write_plain(texts: Iterable[str]) -> None:
    """Write a line for each text to standard output, in which GitHub's runner finds no command.

    It looks for commands of both kinds in every line, and a file or a layer may be called so.
    """
    for text in texts:
        click.echo(printable(text).replace("::", ": :").replace("##[", "## ["))


FORMATS: dict[str, Callable[[Report], None]] = {
    "text": write_text,
    "json": write_json,
    "github": write_github,
}


json_option = click.option("--json", "as_json", is_flag=True, help="Short for --format json.")


def chosen_format(name: str | None, *, as_json: bool) -> str:
    """The format that `--format` and `--json` ask for; `text` where neither does."""
    if name and as_json:
        raise click.UsageError("--json is short for --format json: give one of the two")
    return "json" if as_json else name or "text"


def print_json(value: object) -> None:
    """Write a value to standard output as JSON, in characters that every encoding has."""
    click.echo(json.dumps(value, indent=2, default=str))


# For people -----------------------------------------------------------------------------------


def show_faults(faults: Sequence[Fault]) -> None:
    """Write faults to standard error, in colour where that is wanted.

    Below errors and warnings within a document stands the command that says more about them.
    """
    lines = [line for fault in faults for line in _painted(fault)]
    within = (fault for fault in faults if fault.place and fault.place.snippet)
    bad = dict.fromkeys(fault.code for fault in within if fault.severity is not Severity.NOTE)
    if bad:
        command = " ".join(["lolpop-graph explain-error", *[*bad][:_MOST_CODES]])
        lines.append([("to read more: ", "dim"), (command, "dim bold")])
    write_lines(lines, err=True)


def wants_colour(stream: TextIO | None) -> bool:
    """Whether a stream takes colours: a terminal that knows some, unless the environment objects.

    `NO_COLOR` says no and `FORCE_COLOR` yes where they are not empty; the first of them wins.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return is_terminal(stream)


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a stream, None where it was closed at the start, is a terminal that is not dumb."""
    return os.environ.get("TERM") != "dumb" and stream is not None and stream.isatty()


def write_lines(lines: Iterable[Sequence[Span]], *, err: bool) -> None:
    """Write lines to standard error or output, in colour where that is wanted."""
    shown = [[(printable(text), style) for text, style in line] for line in lines]
    if not shown:
        return
    if wants_colour(sys.stderr if err else sys.stdout):
        click.echo(_coloured(shown), nl=False, err=err, color=True)
    else:
        click.echo("\n".join("".join(text for text, _ in line) for line in shown), err=err)


def _coloured(lines: Iterable[Sequence[Span]]) -> str:
    """Lines as a terminal colours them, no longer and no shorter than they are."""
    from rich.console import Console  # noqa: PLC0415 - it takes a while, and pipes need none of it
    from rich.text import Text  # noqa: PLC0415

    console = Console(force_terminal=True, color_system="standard", no_color=False)
    with console.capture() as capture:
        for line in lines:
            console.print(Text.assemble(*line), soft_wrap=True)
    return capture.get()


def _painted(fault: Fault) -> Iterator[list[Span]]:
    """The lines of a fault, each in spans."""
    colour = _COLOURS[fault.severity]
    first, *more = str(fault).splitlines()
    word = f"{fault.severity} {fault.code}"
    where = printable(fault.where)
    rest = first.removeprefix(where).removeprefix(word)
    yield [(where, "bold"), (word, f"bold {colour}"), (rest, "")]
    for number, line in enumerate(more, start=1):
        yield _painted_below(line, colour, is_cure=bool(fault.cure) and number == len(more))


def _painted_below(line: str, colour: str, *, is_cure: bool) -> list[Span]:
    if is_cure:
        return [(line, "green")]
    if _CARET.fullmatch(line):
        return [(line, f"bold {colour}")]
    gutter = _GUTTER.fullmatch(line)
    return [(gutter[1], "dim"), (gutter[2], "")] if gutter else [(line, "")]


# For GitHub -----------------------------------------------------------------------------------


def _annotation(fault: Fault, files: Sequence[str]) -> str:
    """A command for GitHub's runner: `::error file=a.yaml,line=7,col=1,title=LG302::...`."""
    place = fault.place
    properties: dict[str, object] = {}
    where = ""
    if place and place.file in files:
        properties["file"] = _from_repository(place.file)
        if place.line:
            properties |= {"line": place.line, "col": place.column}
    elif place:
        where = f"{place}: "
    properties["title"] = fault.code
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    parts = [f"{where}{fault.sentence}", *([fault.cure] if fault.cure else [])]
    message = _data("\n".join(map(printable, parts)))
    return f"::{_COMMANDS[fault.severity]} {listed}::{message}"


def _from_repository(file: str) -> str:
    """A file's name from the root of the repository on, if it lies in there."""
    path = Path(file).absolute()
    root = Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd())
    normal = Path(os.path.normpath(path))
    return normal.relative_to(root).as_posix() if normal.is_relative_to(root) else str(normal)


def _data(text: str) -> str:
    """A text as GitHub's toolkit escapes it in a message."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: object) -> str:
    """A value as GitHub's toolkit escapes it in front of the message."""
    return _data(printable(str(value))).replace(":", "%3A").replace(",", "%2C")
