"""What pydantic says of wrong values, in plain words that show nothing of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, NamedTuple, get_args

from pydantic_core.core_schema import ErrorType

from lolpop_graph.fields import Error
from lolpop_graph.text import counted, quoted, suggestion


class Refusal(NamedTuple):
    """Why one value is refused: what it `must` be, or what its class's own code says.

    `close` is the allowed value that it may be meant to be; `remedy` says what to write;
    `is_told` whether what it is should be told as well.
    """

    must: str
    message: str = ""
    close: str = ""
    remedy: str = ""
    is_told: bool = False


_KINDS: Final = {
    "int": ("be an integer", "write an integer such as `8`"),
    "float": ("be a number", "write a number such as `0.5`"),
    "decimal": ("be a number", "write a number such as `0.5`"),
    "bool": ("be true or false", "write `true` or `false`"),
    "string": ("be a text", "put it in quotes"),
    "bytes": ("be a text", "put it in quotes"),
    "list": ("be a list", "write a list such as `[a, b]`"),
    "tuple": ("be a list", "write a list such as `[a, b]`"),
    "set": ("be a list", "write a list such as `[a, b]`"),
    "frozen_set": ("be a list", "write a list such as `[a, b]`"),
    "dict": ("be a mapping", "write a mapping such as `{key: value}`"),
    "mapping": ("be a mapping", "write a mapping such as `{key: value}`"),
    "model": ("be a mapping", "write a mapping such as `{key: value}`"),
    "dataclass": ("be a mapping", "write a mapping such as `{key: value}`"),
    "path": ("be a path", "write a path in quotes"),
    "datetime": ("be a date and time", "write one such as `2026-05-17T12:00:00`"),
    "date": ("be a date", "write one such as `2026-05-17`"),
    "time": ("be a time", "write one such as `12:30:00`"),
    "time_delta": ("be a duration", "write seconds, or a text such as `PT30M` or `1 day, 2:00:00`"),
    "uuid": ("be a UUID", ""),
    "url": ("be a URL", "write one such as `https://example.org`"),
    "json": ("be a text with JSON in it", ""),
    "none": ("be null", "write `null`"),
}
"""By the beginning of the type of an error: what a value must be, and what to write."""
_REMEDIES: Final = dict(_KINDS.values())
_ENDS: Final = re.compile(
    "_(attributes_type|type|parsing|from_float|invalid|required|scheme|syntax_violation"
    "|from_date_parsing|from_datetime_parsing|from_datetime_inexact)$"
)
_BOUNDS: Final[dict[str, Callable[[dict[str, Any]], str]]] = {
    "greater_than": lambda at: f"be greater than {_short(at['gt'])}",
    "greater_than_equal": lambda at: f"be at least {_short(at['ge'])}",
    "less_than": lambda at: f"be less than {_short(at['lt'])}",
    "less_than_equal": lambda at: f"be at most {_short(at['le'])}",
    "multiple_of": lambda at: f"be a multiple of {_short(at['multiple_of'])}",
    "finite_number": lambda _: "be a finite number",
    "string_too_short": lambda at: f"have at least {counted(at['min_length'], 'character')}",
    "string_too_long": lambda at: f"have at most {counted(at['max_length'], 'character')}",
    "string_pattern_mismatch": lambda at: f"match the pattern `{at['pattern']}`",
    "too_short": lambda at: f"have at least {counted(at['min_length'], 'item')}",
    "too_long": lambda at: f"have at most {counted(at['max_length'], 'item')}",
    "missing": lambda at: f"have the key `{at['key']}`",
    "missing_argument": lambda at: f"have the key `{at['key']}`",
    "union_tag_invalid": lambda at: f"have a {_tag(at)} of {_tags(at)}",
    "union_tag_not_found": lambda at: f"have the key {_tag(at)}",
    "extra_forbidden": lambda _: "not be there: nothing reads it",
    "unexpected_keyword_argument": lambda _: "not be there: nothing reads it",
}
_OF_PYDANTIC: Final = frozenset(get_args(ErrorType))
"""The types of errors that are pydantic's own; others are those of an author."""
_SAFE: Final = frozenset(("class", "class_name", "expected", "key"))
"""What an error has beside a value, and is said by the class."""
_ALLOWED: Final = re.compile(r"'([^']*)'|(?<![\w'])(-?\d+(?:\.\d+)?)")


def refusal(error: Error, value: object) -> Refusal:
    """What one error says of a value."""
    kind, context = str(error["type"]), dict(error.get("ctx") or {})
    if kind in {"value_error", "assertion_error"}:
        return Refusal("", message=_one_line(context.get("error") or error["msg"]))
    if kind in {"literal_error", "enum"}:
        allowed = [first or second for first, second in _ALLOWED.findall(str(context["expected"]))]
        return Refusal(f"be {quoted(allowed)}", close=suggestion(str(value), allowed) or "")
    context["key"] = error["loc"][-1] if error["loc"] else ""
    if kind in _BOUNDS:
        return Refusal(_BOUNDS[kind](context))
    known = _KINDS.get(_ENDS.sub("", kind))
    if known:
        return Refusal(known[0], remedy=known[1], is_told=True)
    said = _one_line(error["msg"])
    if kind not in _OF_PYDANTIC:
        return Refusal("", message=said)
    # What pydantic says of rarer errors may quote the value, which is private.
    is_safe = said.startswith("Input should ") and context.keys() <= _SAFE
    return Refusal(said.removeprefix("Input should ") if is_safe else "be what its field says")


def surprising(must: str) -> Refusal:
    """Why a value is refused that would be converted, and hardly means what it must be."""
    return Refusal(must, remedy=_REMEDIES.get(must, ""), is_told=True)


def _tag(context: dict[str, Any]) -> str:
    """The key that tells the types of a union apart."""
    return str(context["discriminator"]).replace("'", "`")


def _tags(context: dict[str, Any]) -> str:
    return quoted(first for first, _ in _ALLOWED.findall(str(context["expected_tags"])))


def _short(bound: object) -> object:
    """A bound as people write it: `0`, not `0.0`."""
    return int(bound) if isinstance(bound, float) and bound.is_integer() else bound


def _one_line(text: object) -> str:
    return " ".join(str(text).split()) or "it says no more"
