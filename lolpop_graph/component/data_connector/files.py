"""Tables in CSV and Parquet files, the same for every connector that reads them.

CSV is that of RFC 4180 in UTF-8, and its first line names the columns. A column of numbers is
float64, with nan where a field is empty; every other column is text, dates included, where an
empty field is an empty text. Parquet keeps the types that pandas gave it.
"""

from __future__ import annotations

import csv
from collections.abc import Collection
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from lolpop_graph.component.data_connector.base import BaseDataConnector
from lolpop_graph.component.table import check_names
from lolpop_graph.files import write_whole
from lolpop_graph.text import did_you_mean

SUFFIXES = (".csv", ".parquet")
"""The endings of files that are known, in any case."""


class BaseFileConnector(BaseDataConnector):
    """The base of connectors that read and write files, among other things or alone."""

    @dataclass
    class Config:
        """Where relative names start, and which columns of CSV files stay text."""

        data_folder: str = "."
        text_columns: list[str] = field(default_factory=list)

    config: Config

    @property
    def folder(self) -> Path:
        """The folder that relative names of files start from."""
        return Path(self.config.data_folder).expanduser()


def is_file_name(name: str) -> bool:
    """Whether a name ends as those of the files that are known do."""
    return name.lower().endswith(SUFFIXES)


def read_file(path: Path, text_columns: Collection[str]) -> pd.DataFrame:
    """The table in a file; `text_columns` stay text where they could be read as numbers.

    Raises FileNotFoundError; and ValueError, with the line where there is one, for what is no
    table or has another ending.
    """
    is_parquet = _suffix(path) == ".parquet"
    _check_exists(path)
    if is_parquet:
        return _read_parquet(path)
    with path.open(newline="", encoding="utf-8-sig") as file:
        try:
            return _read_csv(file, path, text_columns)
        except UnicodeDecodeError as error:
            message = f"{path}: this is no text in UTF-8: {error}"
            raise ValueError(message) from None


def write_file(table: pd.DataFrame, path: Path) -> str:
    """Write a table without its index, whole or not at all; return the path as text.

    Folders are made. Raises ValueError for names of columns that are no texts or stand twice,
    and OSError.
    """
    suffix = _suffix(path)
    check_names(table)
    content = _parquet(table, path) if suffix == ".parquet" else _csv(table)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, content)
    return str(path)


def _check_exists(path: Path) -> None:
    """Raise FileNotFoundError with what there is, and which of it may have been meant."""
    if path.exists():
        return
    if not path.parent.is_dir():
        message = f"there is no folder {path.parent}, and so no {path.name} in it"
    else:
        there = sorted(each.name for each in path.parent.iterdir() if is_file_name(each.name))
        meant = f": {did_you_mean(path.name, there)}" if there else ", and no other table either"
        message = f"there is no file {path.name} in {path.parent}{meant}"
    raise FileNotFoundError(message)


def _suffix(path: Path) -> str:
    if not is_file_name(path.name):
        message = f"{path}: tables are read from and written to {' and '.join(SUFFIXES)} files"
        raise ValueError(message)
    return path.suffix.lower()


def _read_csv(file: Any, path: Path, text_columns: Collection[str]) -> pd.DataFrame:
    # By Python's csv: pandas fills short rows up, renames columns and guesses what is missing.
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


def _column(values: tuple[str, ...]) -> pd.Series:
    # Python reads `1_000` as a number; in a file it is rather a name.
    if not any("_" in value for value in values):
        try:
            return pd.Series([float(value) if value else np.nan for value in values], dtype=float)
        except ValueError:
            pass
    return _texts(values)


def _texts(values: tuple[str, ...]) -> pd.Series:
    return pd.Series(values, dtype=object)


def _read_parquet(path: Path) -> pd.DataFrame:
    from pyarrow import ArrowException  # noqa: PLC0415 - those who read CSV need no Arrow

    # Opened here, since pandas would take a folder of that name and download an address.
    with path.open("rb") as file:
        try:
            table = pd.read_parquet(file).reset_index(drop=True)
            check_names(table)
        except (ArrowException, ValueError) as error:
            message = f"{path}: this is no table in a Parquet file: {error}"
            raise ValueError(message) from error
    return table


def _csv(table: pd.DataFrame) -> bytes:
    text = _csv_text(table, csv.QUOTE_MINIMAL)
    # The writer quotes what ends its own lines, and every reader ends lines at `\r` as well.
    return (_csv_text(table, csv.QUOTE_ALL) if "\r" in text else text).encode()


def _csv_text(table: pd.DataFrame, quoting: int) -> str:
    text = StringIO()
    table.to_csv(text, index=False, lineterminator="\n", quoting=quoting)
    return text.getvalue()


def _parquet(table: pd.DataFrame, path: Path) -> bytes:
    from pyarrow import ArrowException  # noqa: PLC0415 - those who write CSV need no Arrow

    content = BytesIO()
    try:
        table.to_parquet(content, engine="pyarrow", index=False)
    except ArrowException as error:
        message = f"{path}: {'; '.join(map(str, error.args))}"
        raise ValueError(message) from error
    return content.getvalue()
