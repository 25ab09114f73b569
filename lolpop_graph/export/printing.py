"""Python as `ruff format` lays it out: expressions, calls and signatures, broken where too long."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from unicodedata import combining, east_asian_width

WIDEST = 88
"""The length of lines that `ruff format` has by default."""
_INDENT = "    "


@dataclass(frozen=True)
class Bracketed:
    """Something in brackets, that can be broken: `before`, ends with the one, `after` is the other.

    `fills` says that, broken, all items may share one line, as in calls and signatures.
    """

    before: str
    items: tuple[Printed, ...]
    after: str
    fills: bool = False

    def flat(self) -> str:
        """All of it in one line."""
        comma = (
            "," if (self.before.endswith("(") and not self.fills and len(self.items) == 1) else ""
        )
        return f"{self.before}{', '.join(map(flat, self.items))}{comma}{self.after}"


Printed = str | Bracketed


def flat(printed: Printed) -> str:
    """All of something in one line."""
    return printed if isinstance(printed, str) else printed.flat()


def call(name: str, /, *items: Printed, **keywords: Printed) -> Bracketed:
    """A call: `name(items, keyword=value)`."""
    named = (prefixed(f"{key}=", value) for key, value in keywords.items())
    return Bracketed(f"{name}(", (*items, *named), ")", fills=True)


def prefixed(text: str, printed: Printed) -> Printed:
    """The same with a text before it."""
    if isinstance(printed, str):
        return text + printed
    return Bracketed(text + printed.before, printed.items, printed.after, printed.fills)


def suffixed(printed: Printed, text: str) -> Printed:
    """The same with a text after it."""
    if isinstance(printed, str):
        return printed + text
    return Bracketed(printed.before, printed.items, printed.after + text, printed.fills)


def lines(printed: Printed, depth: int = 0) -> Iterator[str]:
    """The lines of something, indented `depth` times."""
    indent = _INDENT * depth
    whole = indent + flat(printed)
    if isinstance(printed, str) or not printed.items or width(whole) <= WIDEST:
        yield whole
        return
    yield indent + printed.before
    filled = indent + _INDENT + ", ".join(map(flat, printed.items))
    if printed.fills and width(filled) <= WIDEST:
        yield filled
    else:
        for item in printed.items:
            yield from lines(suffixed(item, ","), depth + 1)
    yield indent + printed.after


def width(text: str) -> int:
    """How many columns a text takes."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(each) else 1 + (east_asian_width(each) in "WF") for each in text)


def value(given: Any) -> Printed:
    """A value of Python's own types as it is written; TypeError for any other."""
    if isinstance(given, Mapping):
        items = (prefixed(f"{flat(value(key))}: ", value(item)) for key, item in given.items())
        return Bracketed("{", tuple(items), "}")
    if isinstance(given, list | tuple):
        before, after = "[]" if isinstance(given, list) else "()"
        return Bracketed(before, tuple(map(value, given)), after)
    if type(given) is str:
        return text(given)
    if isinstance(given, float) and not math.isfinite(given):
        return f'float("{given}")'
    if given is None or type(given) in {bool, int, float}:
        return repr(given).replace("e+", "e")
    raise TypeError(type(given).__name__)


def text(given: str) -> str:
    """A text in the quotes that need fewer escapes, double ones where it is all the same."""
    inner = repr(given + "\"'")[1:-4].replace("\\'", "'")
    if given.count('"') > given.count("'"):
        return "'" + inner.replace("'", "\\'") + "'"
    return '"' + inner.replace('"', '\\"') + '"'


def expression(node: ast.expr) -> Printed:  # noqa: PLR0911 - one for each kind that is exported
    """An expression of those that `steps` lets through."""
    match node:
        case ast.Constant(given):
            return value(given)
        case ast.UnaryOp(operand=operand):
            return f"-{flat(expression(operand))}"
        case ast.Tuple(elts=items):
            return Bracketed("(", tuple(map(expression, items)), ")")
        case ast.List(elts=items):
            return Bracketed("[", tuple(map(expression, items)), "]")
        case ast.Dict():
            return Bracketed("{", tuple(_pairs(node)), "}")
        case ast.Attribute(value=of, attr=name):
            return suffixed(expression(of), f".{name}")
        case ast.Subscript(value=of, slice=key):
            return suffixed(expression(of), f"[{flat(expression(key))}]")
        case ast.Call(func=called, args=given, keywords=named):
            arguments = (*map(expression, given), *map(_keyword, named))
            return Bracketed(f"{flat(expression(called))}(", arguments, ")", fills=True)
    return ast.unparse(node)


def _pairs(node: ast.Dict) -> Iterator[Printed]:
    for key, item in zip(node.keys, node.values, strict=True):
        before = f"{flat(expression(key))}: " if key else "**"
        yield prefixed(before, expression(item))


def _keyword(node: ast.keyword) -> Printed:
    return prefixed(f"{node.arg}=", expression(node.value))


def definition(name: str, parameters: Sequence[str], returns: str) -> Bracketed:
    """The line that begins a function."""
    return Bracketed(f"def {name}(", tuple(parameters), f") -> {returns}:", fills=True)
