"""What lies between measuring and a report: figures, and the page that shows them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lolpop_graph.component.outputs import Outputs
from lolpop_graph.component.report import Report
from lolpop_graph.text import quoted

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True)
class Page:
    """How a report is shown: a function that makes the bytes of a file, and the file's type."""

    make: Callable[[Report], bytes]
    kind: str


PLAIN_PAGE = Page(lambda report: report.to_json().encode(), "json")
"""The report itself, as JSON."""


@dataclass(frozen=True)
class Measured:
    """One figure for each thing that was asked for, and one for each column that was compared."""

    figures: Sequence[float]
    drift: Sequence[float]
    page: Page


def finish(part: Any, report: Report, page: Page, folder: str) -> Report:
    """Write the page of a report below `folder`, log the verdict, and return it with its file."""
    path = Outputs(part, folder).write(page.make(report), page.kind)
    done = report.at(path)
    if done.passed:
        part.log(f"{done.verdict}; report: {path}")
    else:
        part.log(str(done), "WARNING")
    return done


def refuse_double(*tables: DataFrame | None) -> None:
    """Raise ValueError for a table of which two columns have the same name."""
    for table in tables:
        if table is not None and not table.columns.is_unique:
            double = table.columns[table.columns.duplicated()].unique()
            message = f"two columns of the table are named {quoted(double, 'and')}: rename one"
            raise ValueError(message)
