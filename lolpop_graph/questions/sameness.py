"""Whether two values of configs are one, for every question that compares some."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def same(one: Any, other: Any) -> bool:
    """Whether two values of configs are one to whoever reads them.

    Types count: 1, 1.0 and True are three values. A mapping's order does not count.
    """
    if one is other or type(one) is not type(other):
        return one is other
    if isinstance(one, float):
        # What two numbers that are one have in common: nan is one, and 0.0 and -0.0 are two.
        return repr(one) == repr(other)
    if isinstance(one, Mapping):
        return _same_items(one, other)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    try:
        return bool(one == other)
    except Exception:  # noqa: BLE001 - an object given from Python compares as it likes
        return False


def _same_items(one: Mapping[Any, Any], other: Mapping[Any, Any]) -> bool:
    ours, theirs = (
        {(type(key), repr(key)): value for key, value in each.items()} for each in (one, other)
    )
    return ours.keys() == theirs.keys() and all(same(ours[key], theirs[key]) for key in ours)
