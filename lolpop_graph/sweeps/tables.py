"""Readers of tables in files: CSV, JSON lines and Parquet, each row by row."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, TextIO

from lolpop_graph.errors import Fault, WorkflowError
from lolpop_graph.faults import RowsUnreadable
from lolpop_graph.model import Place
from lolpop_graph.scalars import read_plain
from lolpop_graph.sweeps.plain import UnfitError, is_code, plain_value
from lolpop_graph.sweeps.rows import Row, Rows, refuse
from lolpop_graph.text import counted

_DELIMITERS: Final = ",;\t|"
_MOST_FAULTS: Final = 20
_BATCH: Final = 10_000


class _Found:
    """The faults of a table's lines, of which the first few are told."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.faults: list[Fault] = []

    def add(self, line: int, reason: str, remedy: str = "") -> None:
        if len(self.faults) < _MOST_FAULTS:
            place = Place(self.name, line=line, column=1)
            fault = RowsUnreadable(place=place, source=self.name, reason=reason, remedy=remedy)
            self.faults.append(fault)

    def raise_all(self) -> None:
        if self.faults:
            raise WorkflowError(self.faults)


class CsvRows:
    """The rows of a CSV file, whose cells are read as `--set` reads values.

    What separates cells is the one of comma, semicolon, tab and bar that its first line has most
    of. A column in which a number begins with zeros (0042) is one of codes: its cells stay text.
    An empty cell is None.
    """

    def __init__(self, path: Path) -> None:
        """Go over the file once; raises WorkflowError, OSError and UnicodeDecodeError."""
        self.name = str(path)
        self._path = path
        with self._opened() as file:
            first = file.readline()
        self._delimiter = max(_DELIMITERS, key=first.count)
        found = _Found(self.name)
        self.columns = self._header(found)
        found.raise_all()
        self._count, self._codes = self._look(found)
        found.raise_all()

    def __len__(self) -> int:
        """How many rows there are."""
        return self._count

    def __iter__(self) -> Iterator[Row]:
        """The rows, their cells read."""
        codes = [name in self._codes for name in self.columns]
        for _, cells in self._lines():
            yield {
                name: cell or None if is_text else read_plain(cell)
                for name, cell, is_text in zip(self.columns, cells, codes, strict=True)
            }

    def _opened(self) -> TextIO:
        return self._path.open(encoding="utf-8-sig", newline="")

    def _header(self, found: _Found) -> tuple[str, ...]:
        with self._opened() as file:
            names = [name.strip() for name in next(csv.reader(file, delimiter=self._delimiter), [])]
        if not any(names):
            found.add(1, "its first line has no names of columns")
        elif not all(names):
            found.add(1, f"column {names.index('') + 1} has no name")
        for name, count in Counter(names).items():
            if name and count > 1:
                found.add(1, f"{counted(count, 'column')} have the name `{name}`")
        return tuple(names)

    def _lines(self) -> Iterator[tuple[int, list[str]]]:
        """The cells of each line but the first and empty ones, with the number of the line."""
        with self._opened() as file:
            reader = csv.reader(file, delimiter=self._delimiter)
            next(reader, None)
            for cells in reader:
                if cells:
                    yield reader.line_num, [cell.strip() for cell in cells]

    def _look(self, found: _Found) -> tuple[int, set[str]]:
        """How many rows there are, and which columns are of codes."""
        count, codes, wide = 0, set[int](), len(self.columns)
        try:
            for line, cells in self._lines():
                count += 1
                if len(cells) != wide:
                    reason = (
                        f"this line has {counted(len(cells), 'cell')}, and the first one {wide}"
                    )
                    found.add(
                        line, reason, "put quotes around a cell in which the separator stands"
                    )
                codes.update(at for at, cell in enumerate(cells) if cell and is_code(cell))
        except csv.Error as error:
            raise refuse(self.name, str(error), "write it as JSON lines") from None
        return count, {self.columns[at] for at in codes if at < wide}


class JsonRows:
    """The rows of a file with a JSON object in each line; a row may lack columns."""

    def __init__(self, path: Path) -> None:
        """Go over the file once; raises WorkflowError, OSError and UnicodeDecodeError."""
        self.name = str(path)
        self._path = path
        found = _Found(self.name)
        columns: dict[str, None] = {}
        self._count = 0
        for line, text in self._lines():
            row = _row_of(text)
            if isinstance(row, str):
                found.add(line, row)
            else:
                columns.update(dict.fromkeys(row))
                self._count += 1
        found.raise_all()
        self.columns = tuple(columns)

    def __len__(self) -> int:
        """How many rows there are."""
        return self._count

    def __iter__(self) -> Iterator[Row]:
        """The rows."""
        for _, text in self._lines():
            row = _row_of(text)
            yield {} if isinstance(row, str) else row

    def _lines(self) -> Iterator[tuple[int, str]]:
        with self._path.open(encoding="utf-8-sig") as file:
            for line, text in enumerate(file, start=1):
                if text.strip():
                    yield line, text


def _row_of(text: str) -> dict[str, Any] | str:
    """The row that a line of JSON has, or why it has none."""
    try:
        row = json.loads(text)
    except (ValueError, RecursionError) as error:
        return f"this line is no JSON: {getattr(error, 'msg', error)}"
    if not isinstance(row, dict):
        return "this line is no JSON object"
    if "" in row:
        return "a column has no name"
    return {name: plain_value(value) for name, value in row.items()}


class ParquetRows:
    """The rows of a Parquet file, read by pyarrow."""

    def __init__(self, path: Path) -> None:
        """Look at the file's schema; raises WorkflowError where pyarrow cannot read it."""
        self.name = str(path)
        self._path = path
        file = self._opened()
        self.columns = tuple(file.schema_arrow.names)
        self._count = int(file.metadata.num_rows)
        for name in {name for name in self.columns if self.columns.count(name) > 1 or not name}:
            reason = f"several columns have the name `{name}`" if name else "a column has no name"
            raise refuse(self.name, reason)

    def __len__(self) -> int:
        """How many rows there are."""
        return self._count

    def __iter__(self) -> Iterator[Row]:
        """The rows, their values plain."""
        for batch in self._opened().iter_batches(_BATCH):
            for row in batch.to_pylist():
                yield {name: self._plain(name, value) for name, value in row.items()}

    def _opened(self) -> Any:
        try:
            from pyarrow import ArrowInvalid  # noqa: PLC0415 - an extra brings it
            from pyarrow.parquet import ParquetFile  # noqa: PLC0415
        except ImportError:
            remedy = 'pip install "lolpop-graph[local]"'
            raise refuse(self.name, "reading Parquet needs pyarrow", remedy) from None
        try:
            return ParquetFile(self._path)
        except ArrowInvalid:
            raise refuse(self.name, "it is no Parquet file") from None

    def _plain(self, name: str, value: object) -> Any:
        try:
            return plain_value(value)
        except UnfitError as error:
            raise refuse(self.name, f"the column `{name}` has {error} in it") from None


READERS: Final[dict[str, Callable[[Path], Rows]]] = {
    **dict.fromkeys((".csv", ".tsv"), CsvRows),
    **dict.fromkeys((".jsonl", ".ndjson"), JsonRows),
    **dict.fromkeys((".parquet", ".pq"), ParquetRows),
}
"""What reads a file, by its ending."""
