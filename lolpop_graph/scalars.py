"""Plain scalars as YAML 1.2's core schema reads them: `on`, `no` and `1:30` are text."""

from __future__ import annotations

import re
from collections.abc import Callable

Scalar = None | bool | int | float | str

# YAML 1.2.2, section 10.3.2, "Tag Resolution"
CONSTANTS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **{
        f"{sign}.{word}": float(f"{sign}inf")
        for sign in ("", "+", "-")
        for word in ("inf", "Inf", "INF")
    },
}
_NUMBERS: tuple[tuple[re.Pattern[str], Callable[[str], Scalar]], ...] = (
    (re.compile(r"[-+]?[0-9]+", re.ASCII), int),
    (re.compile(r"0o[0-7]+", re.ASCII), lambda text: _whole(text, 8)),
    (re.compile(r"0x[0-9a-fA-F]+", re.ASCII), lambda text: _whole(text, 16)),
    (re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII), float),
)

NUMERIC = frozenset("0123456789+-.")
"""How a plain scalar begins that may be a number; one in `CONSTANTS` is no text either."""

TYPE_OF_TAG: dict[str, type] = {
    "tag:yaml.org,2002:bool": bool,
    "tag:yaml.org,2002:float": float,
    "tag:yaml.org,2002:int": int,
    "tag:yaml.org,2002:null": type(None),
    "tag:yaml.org,2002:str": str,
    "!": str,
}


def _whole(text: str, base: int) -> int:
    """A whole number, or ValueError for one that Python would not write in decimal digits."""
    number = int(text, base)
    # Python counts no digits where the base is a power of two, and fails when it writes them.
    str(number)
    return number


def read_plain(text: str) -> Scalar:
    """Read an unquoted scalar; a number of more digits than Python converts stays text."""
    if text in CONSTANTS:
        return CONSTANTS[text]
    if text[0] not in NUMERIC:
        return text
    for pattern, convert in _NUMBERS:
        if pattern.fullmatch(text):
            try:
                return convert(text)
            except ValueError:
                return text
    return text


def read_tagged(text: str, tag: str) -> Scalar:
    """Read a scalar with an explicit tag; ValueError where the two do not fit."""
    wanted = TYPE_OF_TAG.get(tag)
    if wanted is str:
        return text
    value = read_plain(text)
    if wanted is float and type(value) is int:
        try:
            return float(value)
        except OverflowError:
            raise ValueError(tag) from None
    if wanted is None or type(value) is not wanted:
        raise ValueError(tag)
    return value


def as_text(value: Scalar) -> str:
    """A scalar as YAML writes it: `true`, `null`, `0.5`."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        return str(value)
    except ValueError:
        # Python writes no decimal number of thousands of digits, and any hexadecimal one.
        return f"{value:#x}"


def describe(value: object) -> str:
    """What a value is, in words that show nothing of it: `a text`, `a list`."""
    words = {
        type(None): "nothing",
        bool: "true or false",
        int: "a number",
        float: "a number",
        str: "a text",
        list: "a list",
    }
    if isinstance(value, dict):
        return "a mapping"
    return words.get(type(value), f"a Python {type(value).__name__}")
