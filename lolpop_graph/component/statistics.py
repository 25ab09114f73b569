"""What columns hold, and figures that describe them, with nothing but pandas."""

from __future__ import annotations

from typing import Any

import pandas as pd
from pandas.api import types

NUMBER, TEXT, BOOLEAN, DATE, OTHER = "number", "text", "boolean", "date", "other"
KINDS = (NUMBER, TEXT, BOOLEAN, DATE, OTHER)

_INFERRED = {
    "string": TEXT,
    "empty": TEXT,
    "boolean": BOOLEAN,
    "date": DATE,
    "datetime": DATE,
    "datetime64": DATE,
    "decimal": NUMBER,
    "floating": NUMBER,
    "integer": NUMBER,
    "mixed-integer-float": NUMBER,
}
_QUARTILES = ("25%", "50%", "75%")
_OF_NUMBERS = ("mean", "std", "min", *_QUARTILES, "max")


def kind_of(column: pd.Series) -> str:
    """What a column holds: one of `KINDS`, missing values left out of account."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return kind_of(column.cat.categories.to_series())
    if types.is_bool_dtype(column):
        return BOOLEAN
    if types.is_complex_dtype(column) or types.is_timedelta64_dtype(column):
        return OTHER
    if types.is_numeric_dtype(column):
        return NUMBER
    if types.is_datetime64_any_dtype(column):
        return DATE
    return _INFERRED.get(types.infer_dtype(column, skipna=True), OTHER)


def numbers(column: pd.Series) -> pd.Series:
    """The values of a column of numbers as float64, those that are missing or infinite left out."""
    plain = column.astype(object) if isinstance(column.dtype, pd.CategoricalDtype) else column
    found = pd.to_numeric(plain, errors="coerce").astype("float64").dropna()
    return found[found.abs() != float("inf")]


def plain_values(column: pd.Series) -> pd.Series:
    """The values of any column that are not missing, as something that can be counted."""
    present = column.dropna()
    if kind_of(column) == OTHER:
        return present.astype(object).map(repr)
    # Counts of a categorical column would have its unused categories as well.
    return present.astype(object) if isinstance(column.dtype, pd.CategoricalDtype) else present


def describe(table: pd.DataFrame) -> pd.DataFrame:
    """Figures of a table (n_rows, n_columns), a row for each column; see `Profile.statistics`.

    Quartiles are interpolated between neighbours, and `std` divides by n - 1, as pandas does.
    """
    rows = [_describe_column(table.iloc[:, number]) for number in range(table.shape[1])]
    names = ["kind", "rows", "missing", "missing_share", "distinct"]
    names += ["most_common", "most_common_share", *_OF_NUMBERS]
    return pd.DataFrame(rows, index=table.columns, columns=names)


def _describe_column(column: pd.Series) -> dict[str, Any]:
    kind, missing = kind_of(column), int(column.isna().sum())
    counts = plain_values(column).value_counts()
    figures: dict[str, Any] = {
        "kind": kind,
        "rows": len(column),
        "missing": missing,
        "missing_share": missing / len(column) if len(column) else 0.0,
        "distinct": len(counts),
        "most_common": counts.index[0] if len(counts) else None,
        "most_common_share": counts.iloc[0] / len(column) if len(counts) else None,
    }
    if kind == NUMBER:
        summary = numbers(column).describe()
        figures |= {name: summary[name] for name in _OF_NUMBERS}
    return figures
