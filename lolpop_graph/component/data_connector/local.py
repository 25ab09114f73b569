"""Tables in CSV files of this machine."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Any

import numpy as np

from lolpop_graph.component.data_connector.base import BaseDataConnector
from lolpop_graph.component.table import Column, Table, row_count


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
        path = self._path(source)
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(file, strict=True)
            names = _header(reader, path)
            try:
                rows = [_checked(row, len(names), path, reader.line_num) for row in reader if row]
            except csv.Error as error:
                message = f"{path}:{reader.line_num}: {error}"
                raise ValueError(message) from error
        as_text = set(self._get_config("text_columns"))
        fields = zip(*rows, strict=True) if rows else ((),) * len(names)
        return {
            name: np.array(values, dtype=np.str_) if name in as_text else _column(values)
            for name, values in zip(names, fields, strict=True)
        }

    def save(self, table: Table, target: str) -> str:
        """Write a table to the file `target`, folders included, and return the file's path.

        It is written beside the old file and then takes its place. Raises ValueError for
        columns of unequal length, OSError where the disk has no room or the folder no access.
        """
        if any(len(column) != row_count(table) for column in table.values()):
            message = "the columns of a table are equally long"
            raise ValueError(message)
        path = self._path(target)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            with unfinished.open("w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(table)
                writer.writerows(zip(*map(_fields, table.values()), strict=True))
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
        return str(path)

    def _path(self, name: str) -> Path:
        path = Path(self._get_config("data_folder")).expanduser() / name
        if path.suffix.lower() != ".csv":
            message = f"{path}: the local data connector reads and writes .csv files"
            raise ValueError(message)
        return path


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
            return np.array([float(value) if value else np.nan for value in values])
        except ValueError:
            pass
    return np.array(values, dtype=np.str_)


def _fields(column: Column) -> list[Any]:
    # `value != value` holds for nan alone, which is written as the empty field it came from.
    return ["" if value != value else value for value in column.tolist()]  # noqa: PLR0124
