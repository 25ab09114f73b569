"""Faults of sweeps: of their rows and grids, of where they are recorded, and of their workers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from lolpop_graph.errors import Fault, Severity
from lolpop_graph.text import counted, did_you_mean, quoted, suggestion


def listed(things: Sequence[str]) -> str:
    """`the method`, `a and b`, `a, b and c`."""
    *others, last = things
    return f"{', '.join(others)} and {last}" if others else last


class RowsUnreadable(Fault):
    """A table of runs that cannot be read; the place is the line, where one is at fault."""

    code: ClassVar[str] = "LG831"
    blames_call: ClassVar[bool] = True
    source: str
    reason: str
    remedy: str = ""

    @property
    def sentence(self) -> str:
        if self.place:
            return f"this table of runs cannot be read: {self.reason}"
        return f"the table of runs `{self.source}` cannot be read: {self.reason}"

    @property
    def cure(self) -> str:
        return self.remedy


class ColumnUnknown(Fault):
    """A `{column}` that neither the table nor the grid has."""

    code: ClassVar[str] = "LG832"
    blames_call: ClassVar[bool] = True
    path: str
    column: str
    known: tuple[str, ...]

    @property
    def sentence(self) -> str:
        return f"the value of `{self.path}` names a column `{self.column}`, and there is none"

    @property
    def cure(self) -> str:
        otherwise = "say with `over` or `grid` what the runs differ in; `{{` is a brace"
        return did_you_mean(self.column, self.known, otherwise)


class ValueUnfit(Fault):
    """Rows that lack a value, or have one that cannot stand where it should."""

    code: ClassVar[str] = "LG833"
    blames_call: ClassVar[bool] = True
    source: str
    column: str
    rows: tuple[int, ...]
    """Their numbers, counted from 1; no more than the first few."""
    count: int
    reason: str
    remedy: str = ""

    @property
    def sentence(self) -> str:
        shown = ", ".join(map(str, self.rows))
        more = f" and {self.count - len(self.rows):,} more" if self.count > len(self.rows) else ""
        which = f"row{'s' * (self.count > 1)} {shown}{more} of `{self.source}`"
        return f"the column `{self.column}` {self.reason} in {which}"

    @property
    def cure(self) -> str:
        return self.remedy


class SweepUndone(Fault):
    """A sweep that says nothing to do, or something that cannot be done."""

    code: ClassVar[str] = "LG834"
    blames_call: ClassVar[bool] = True
    reason: str
    remedy: str = ""

    @property
    def sentence(self) -> str:
        return self.reason

    @property
    def cure(self) -> str:
        return self.remedy


class ColumnUnused(Fault):
    """Columns of a table that change nothing in the runs."""

    code: ClassVar[str] = "LG835"
    severity: Severity = Severity.WARNING
    source: str
    columns: tuple[str, ...]
    known: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        word = "column" if len(self.columns) == 1 else "columns"
        return f"nothing uses the {word} {quoted(self.columns, 'and')} of `{self.source}`"

    @property
    def cure(self) -> str:
        first = self.columns[0]
        if "." in first and (close := suggestion(first, self.known)):
            return f"did you mean `{close}`?"
        return (
            f"write `{{{first}}}` in a value of --set, or call the column by the path that it sets"
        )


class SweepBusy(Fault):
    """A folder in which another sweep is recording."""

    code: ClassVar[str] = "LG836"
    blames_call: ClassVar[bool] = True
    folder: str

    @property
    def sentence(self) -> str:
        return f"another sweep is recording in `{self.folder}`"

    @property
    def cure(self) -> str:
        return "wait until it ends, or name another folder"


class SweepThere(Fault):
    """A folder in which a sweep is recorded already."""

    code: ClassVar[str] = "LG837"
    blames_call: ClassVar[bool] = True
    folder: str
    done: int
    failed: int

    @property
    def sentence(self) -> str:
        runs = f"{counted(self.done, 'run')} done and {self.failed:,} failed"
        return f"a sweep is recorded in `{self.folder}` already: {runs}"

    @property
    def cure(self) -> str:
        return "go on with it by --resume (`resume=True`), or name another folder"


class SweepChanged(Fault):
    """A sweep that is to be resumed, and is another one than what is recorded."""

    code: ClassVar[str] = "LG838"
    blames_call: ClassVar[bool] = True
    folder: str
    what: tuple[str, ...]
    done: int

    @property
    def sentence(self) -> str:
        verb = "has" if len(self.what) == 1 else "have"
        what = listed(self.what)
        return f"{what} {verb} changed since the runs in `{self.folder}` were made"

    @property
    def cure(self) -> str:
        kept = f"the {counted(self.done, 'run')} that {'is' if self.done == 1 else 'are'} done"
        return (
            "name another folder to run all anew; where the change leaves the results that are "
            f"there right, --accept-changes (`accept_changes=True`) keeps {kept}"
        )


class ManifestUnusable(Fault):
    """A folder in which nothing can be recorded, or a manifest that is none."""

    code: ClassVar[str] = "LG839"
    blames_call: ClassVar[bool] = True
    target: str
    reason: str
    remedy: str = ""

    @property
    def sentence(self) -> str:
        return f"`{self.target}` cannot record a sweep: {self.reason}"

    @property
    def cure(self) -> str:
        return self.remedy


class WorkerNotStarted(Fault):
    """A worker process of this machine that does not get as far as its first run."""

    code: ClassVar[str] = "LG840"
    how: str

    @property
    def sentence(self) -> str:
        return f"a worker process {self.how} before it began with any run"

    @property
    def cure(self) -> str:
        return "what it wrote stands above; `--on none` does without other processes"
