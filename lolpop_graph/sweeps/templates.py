"""Values with `{column}` in them, filled from the rows of a sweep."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from lolpop_graph.scalars import as_text
from lolpop_graph.secrecy import Secret

_PIECE: Final = re.compile(
    r"(?P<kept>\$\$|\$\{[^{}]*\})|(?P<brace>\{\{|\}\})|\{\s*(?P<column>[^{}]*?)\s*\}|(?P<text>[^{}$]+|.)",
    re.DOTALL,
)


class Template:
    """A value for each row: a text, or a list or mapping of texts, in which columns are named.

    A text that is one `{column}` and nothing else is the value of the column, with its type; text
    around it makes a text. `{{` and `}}` are braces, and references (`$a.b`, `${env:NAME}`) stay
    what they are. Unquoted, YAML takes `{column}` for a mapping without a value, which means the
    same. What the rows hold is data, and a dollar sign in it is one.
    """

    def __init__(self, value: Any) -> None:
        """Look for columns in a value; `inner` are those that stand within texts."""
        self._is_secret = isinstance(value, Secret)
        self._value = value.value if isinstance(value, Secret) else value
        found = [*_columns(self._value)]
        self.columns = tuple(dict.fromkeys(name for name, _ in found))
        self.inner = tuple(dict.fromkeys(name for name, is_inner in found if is_inner))

    @property
    def written(self) -> Any:
        """The value as it was given."""
        return self._value

    def filled(self, row: Mapping[str, Any]) -> Any:
        """The value for a row that has all `columns`."""
        value = _filled(self._value, row)
        return Secret(value) if self._is_secret else value


def unfit_within(value: object) -> str:
    """Why a value of a column cannot stand within a text; empty where it can."""
    if value is None or value == "":
        return "is empty"
    return f"has a {'list' if isinstance(value, list) else 'mapping'}" * isinstance(
        value, list | dict
    )


def as_data(value: Any) -> Any:
    """A value in which no dollar sign begins a reference."""
    if isinstance(value, str):
        return value.replace("$", "$$")
    if isinstance(value, list):
        return [as_data(item) for item in value]
    if isinstance(value, dict):
        return {key: as_data(item) for key, item in value.items()}
    return Secret(as_data(value.value)) if isinstance(value, Secret) else value


def _whole(value: Any) -> str | None:
    """The column that a value is, and nothing else; None where it is more, or less."""
    if isinstance(value, Mapping) and len(value) == 1:
        ((key, item),) = value.items()
        return str(key) if item is None else None
    if isinstance(value, str) and (match := _PIECE.fullmatch(value)):
        column: str | None = match["column"]
        return column
    return None


def _columns(value: Any) -> Iterator[tuple[str, bool]]:
    """The columns that a value names, each with whether it stands within a text."""
    column = _whole(value)
    if column is not None:
        yield column, False
    elif isinstance(value, str):
        names = (match["column"] for match in _PIECE.finditer(value))
        yield from ((name, True) for name in names if name is not None)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _columns(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _columns(item)


def _filled(value: Any, row: Mapping[str, Any]) -> Any:
    column = _whole(value)
    if column is not None:
        return as_data(row[column])
    if isinstance(value, str):
        return "".join(_piece(match, row) for match in _PIECE.finditer(value))
    if isinstance(value, Mapping):
        return {key: _filled(item, row) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_filled(item, row) for item in value]
    return value


def _piece(match: re.Match[str], row: Mapping[str, Any]) -> str:
    if match["brace"]:
        return match[0][0]
    column = match["column"]
    if column is None:
        return match[0]
    return as_text(row[column]).replace("$", "$$")
