"""Tables in CSV files of this machine."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from lolpop_graph.component.data_connector.base import BaseDataConnector
from lolpop_graph.component.table import Column, Table
from lolpop_graph.files import write_whole


class LocalDataConnector(BaseDataConnector):
    """Reads and writes CSV files (RFC 4180, UTF-8, the first line names the columns).

    Config: `data_folder`, which relative names start from (default: the current directory);
    `text_columns`, names of columns that stay text although they look like numbers (an id
    such as `007`).
    """

    __DEFAULT_CONF__ = {"config": {"data_folder": ".", "text_columns": []}}

    def load(self, source: str) -> Table:
        """The table in the file `source`; a column of numbers is float64, any other is text.

        An empty field is nan among numbers, and an empty text among texts. Raises
        FileNotFoundError; and ValueError with file and line for what is no table.
        """
        return read_csv(self._path(source), self._get_config("text_columns"))

    def save(self, table: Table, target: str) -> str:
        """Write a table to the file `target`, folders included, and return the file's path.

        The index is not written. Raises OSError where the disk has no room or the folder no
        access.
        """
        path = self._path(target)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, csv_text(table).encode())
        return str(path)

    def _path(self, name: str) -> Path:
        path = Path(self._get_config("data_folder")).expanduser() / name
        if path.suffix.lower() != ".csv":
            message = f"{path}: the local data connector reads and writes .csv files"
            raise ValueError(message)
        return path


def read_csv(path: Path, text_columns: list[str]) -> Table:
    """The table in a CSV file; ValueError with file and line for what is no table."""
    # Read by Python's csv: pandas fills short rows up, renames columns and guesses missing values.
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.reader(file, strict=True)
        try:
            names = _header(reader, path)
            rows = [_checked(row, len(names), path, reader.line_num) for row in reader if row]
        except csv.Error as error:
            message = f"{path}:{reader.line_num}: {error}"
            raise ValueError(message) from error
    fields = zip(*rows, strict=True) if rows else ((),) * len(names)
    return pd.DataFrame(
        {
            name: _texts(values) if name in text_columns else _column(values)
            for name, values in zip(names, fields, strict=True)
        }
    )


def csv_text(table: Table) -> str:
    """A table as CSV; nan and None are written as the empty fields that they came from."""
    text = StringIO()
    table.to_csv(text, index=False, lineterminator="\n")
    return text.getvalue()


def _header(reader: Any, path: Path) -> list[str]:
    names: list[str] = next(reader, [])
    if not names or len(set(names)) < len(names) or "" in names:
        message = f"{path}:1: the first line names the columns, each by a name of its own"
        raise ValueError(message)
    return names


def _checked(row: list[str], width: int, path: Path, line: int) -> list[str]:
    if len(row) != width:
        message = f"{path}:{line}: {len(row)} fields where the first line names {width} columns"
        raise ValueError(message)
    return row


def _column(values: tuple[str, ...]) -> Column:
    # Python reads `1_000` as a number; in a file it is rather a name.
    if not any("_" in value for value in values):
        try:
            return pd.Series([float(value) if value else np.nan for value in values], dtype=float)
        except ValueError:
            pass
    return _texts(values)


def _texts(values: tuple[str, ...]) -> Column:
    return pd.Series(values, dtype=object)
