"""Puts values in the place of references, for code that knows nothing of these."""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import MutableMapping, MutableSequence, MutableSet
from typing import Any

from lolpop_graph.remote.driver.reference import is_reference


def fetched(value: Any) -> Any:
    """A value in which no reference is left.

    They are looked for in lists, tuples, sets, mappings and dataclasses, also in each other. What
    can be changed is changed and stays the object that it is.
    """
    return _fetched(value, {})


def _fetched(value: Any, done: dict[int, Any]) -> Any:
    if is_reference(value):
        return value.__wrapped__
    if type(value) in _SIMPLE or id(value) in done:
        return done.get(id(value), value)
    done[id(value)] = value
    if isinstance(value, tuple):
        done[id(value)] = _tuple(value, done)
    elif isinstance(value, list | deque):
        _fill_sequence(value, done)
    elif isinstance(value, dict):
        _fill_mapping(value, done)
    elif isinstance(value, set):
        _fill_set(value)
    elif isinstance(value, frozenset):
        done[id(value)] = value if not any(map(is_reference, value)) else _whole(value)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        _fill_mapping(getattr(value, "__dict__", {}), done)
    return done[id(value)]


_SIMPLE = frozenset((int, float, complex, bool, str, bytes, type(None)))


def _tuple(value: tuple[Any, ...], done: dict[int, Any]) -> Any:
    items = [_fetched(each, done) for each in value]
    if all(new is old for new, old in zip(items, value, strict=True)):
        return value
    make = getattr(type(value), "_make", type(value))
    return make(items)


def _whole(value: frozenset[Any]) -> Any:
    return type(value)(_fetched(each, {}) for each in value)


def _fill_sequence(value: MutableSequence[Any], done: dict[int, Any]) -> None:
    for index, item in enumerate(value):
        new = _fetched(item, done)
        if new is not item:
            value[index] = new


def _fill_mapping(value: MutableMapping[Any, Any], done: dict[int, Any]) -> None:
    keys = list(value)
    has_references = any(map(is_reference, keys))
    for key in keys:
        item = value.pop(key) if has_references else value[key]
        new = _fetched(item, done)
        if has_references or new is not item:
            value[_fetched(key, done)] = new


def _fill_set(value: MutableSet[Any]) -> None:
    for item in [each for each in value if is_reference(each)]:
        value.discard(item)
        value.add(item.__wrapped__)
