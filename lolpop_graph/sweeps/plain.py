"""Values of parameters as plain ones, which files, manifests and other processes can have."""

from __future__ import annotations

import datetime as dt
import decimal
import math
import os
import re
from collections.abc import Mapping
from typing import Any, Final

from lolpop_graph.secrecy import Secret

_CODE: Final = re.compile(r"[-+]?0[0-9]+(\.[0-9]*)?", re.ASCII)


class UnfitError(Exception):
    """A value that no parameter can have; it says what it is."""


def plain_value(value: object) -> Any:
    """A value as None, a truth, number or text, or lists and mappings of such; else UnfitError.

    Not a number means that nothing is there, as tables of pandas have it; times and dates are
    texts as ISO 8601 writes them, and decimal numbers are floats. A `Secret` stays one.
    """
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Secret):
        return Secret(plain_value(value.value))
    if isinstance(value, Mapping):
        return {str(key): plain_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain_value(item) for item in value]
    return _scalar(value)


def unboxed(value: object) -> object:
    """A single number of NumPy as one of Python's; any other value as it is."""
    if getattr(value, "shape", None) == () and hasattr(value, "item"):
        return value.item()
    return value


def _scalar(value: object) -> Any:
    value = unboxed(value)
    if isinstance(value, float):
        return None if math.isnan(value) else float(value)
    if isinstance(value, int | str):
        return value
    if isinstance(value, dt.date | dt.time):
        # What pandas has where a time is missing is equal to nothing.
        return value.isoformat() if value == value else None  # noqa: PLR0124
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if type(value).__name__ in {"NAType", "NaTType"}:
        return None
    name = type(value).__name__
    article = "an" if name[0].lower() in "aeiou" else "a"
    message = f"{article} {name}"
    raise UnfitError(message)


def is_code(text: str) -> bool:
    """Whether a text is a number that begins with zeros, as codes of stores and places do."""
    return bool(_CODE.fullmatch(text))
