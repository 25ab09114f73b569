"""What a method returned, as what is kept of it: numbers and texts by name."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator, Mapping
from datetime import date, time, timedelta
from typing import Any, Final

from lolpop_graph.sweeps.plain import unboxed

_LONGEST: Final = 2_000
_MOST: Final = 1_000
_DEEPEST: Final = 20
_FITS: Final = 2**63
"""Whole numbers from here on are no numbers to SQLite."""


def metrics_of(result: object, scrub: Callable[[str], str] = str) -> dict[str, Any]:
    """The numbers, texts and truths in what a method returned, by name.

    Mappings, named tuples and dataclasses give their items, and what is nested in them gets
    dotted names: `{"test": {"auc": 0.9}}` is `test.auc`. A plain value is called `result`. Numbers
    of NumPy are numbers, times and dates are texts; a list of such values stays one. Tables,
    models and all other objects are left out, as is what goes beyond 1,000 names; a text is cut
    after 2,000 letters. `scrub` takes secrets out of texts.
    """
    found: dict[str, Any] = {}
    for name, value in _named(result, "", 0):
        if len(found) == _MOST:
            break
        kept = _kept(value, scrub)
        if kept is not _NOTHING:
            found[scrub(name)] = kept
    return found


_NOTHING: Final = object()


def _named(value: object, name: str, depth: int) -> Iterator[tuple[str, object]]:
    """What is in a value, with dotted names."""
    items = _items(value)
    if items is None or depth > _DEEPEST:
        if value is not None or name:
            yield name or "result", value
        return
    for key, item in items.items():
        yield from _named(item, f"{name}.{key}" if name else str(key), depth + 1)


def _items(value: object) -> Mapping[Any, Any] | None:
    """The named parts of a value; None for one that has no such parts."""
    if isinstance(value, Mapping):
        return value
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return value._asdict()  # type: ignore[no-any-return]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {each.name: getattr(value, each.name) for each in dataclasses.fields(value)}
    return None


def _kept(value: object, scrub: Callable[[str], str]) -> Any:
    """A value as it is kept, or `_NOTHING`."""
    if isinstance(value, list | tuple):
        items = [_kept(item, scrub) for item in value[:_MOST]]
        return _NOTHING if any(item is _NOTHING for item in items) else items
    return _scalar(value, scrub)


def _scalar(value: object, scrub: Callable[[str], str]) -> Any:
    value = unboxed(value)
    if isinstance(value, str):
        return scrub(str(value))[:_LONGEST]
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value if value is None or isinstance(value, bool) else _number(value)


def _number(value: object) -> Any:
    """A number that JSON and SQLite have, or a text for it; `_NOTHING` for what is none."""
    if isinstance(value, int):
        return int(value) if abs(value) < _FITS else f"{value:#x}"[:_LONGEST]
    if not isinstance(value, float):
        return _NOTHING
    if math.isnan(value):
        return None
    return float(value) if math.isfinite(value) else str(value)
