"""Whether two config values are the same for whatever code reads them."""

from __future__ import annotations

import datetime as dt
import logging
import re
from dataclasses import is_dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from pathlib import PurePath
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any, Final
from uuid import UUID

from lolpop_graph.block import Block

_PLAIN: Final = frozenset(
    (str, int, bool, type(None), bytes, complex, dt.date, dt.time, dt.datetime, dt.timedelta,
     Decimal, Fraction, UUID, range)
)  # fmt: skip
_LASTING: Final = (ModuleType, logging.Logger)
"""What is there once in a process, whoever asks for it."""
_THEMSELVES: Final = (type, FunctionType, BuiltinFunctionType, Enum)


def same(one: Any, other: Any) -> bool:
    """Whether two values are of the same type and equal, with all that they hold.

    1 is neither True nor 1.0, and the order of keys counts. Of a type that may change or that
    nobody knows here, no two values are the same.
    """
    kind = type(one)
    if kind is not type(other):
        return False
    if kind in _PLAIN or isinstance(one, PurePath):
        return bool(one == other)
    if kind is float:
        # Neither is 0.0 the same as -0.0, nor does nan differ from itself.
        return repr(one) == repr(other)
    if isinstance(one, _THEMSELVES):
        return one is other
    return _hold_the_same(one, other)


def _hold_the_same(one: Any, other: Any) -> bool:
    kind = type(one)
    if kind is Block and not same(one.typed, other.typed):
        return False
    if kind in {Block, dict}:
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if kind in {list, tuple}:
        return len(one) == len(other) and all(map(same, one, other))
    return _are_same_objects(one, other)


def _are_same_objects(one: Any, other: Any) -> bool:
    """The same of what a `class Config` makes, and of the values of its fields."""
    if type(one).__module__.startswith("pydantic") and hasattr(one, "get_secret_value"):
        return same(one.get_secret_value(), other.get_secret_value())
    if is_dataclass(one) or hasattr(type(one), "model_fields"):
        # What is one object may have been another one when it was read.
        is_open = one is other and not _is_frozen(one)
        return not is_open and same(getattr(one, "__dict__", one), getattr(other, "__dict__", None))
    return False


def _is_frozen(value: Any) -> bool:
    parameters = getattr(value, "__dataclass_params__", None)
    return parameters is not None and bool(parameters.frozen)


def is_fixed(value: Any) -> bool:
    """Whether nothing that anybody does with a value can be seen in it later."""
    kind = type(value)
    if kind in _PLAIN or kind is float or kind is re.Pattern:
        return True
    if kind in {tuple, frozenset}:
        return all(map(is_fixed, value))
    if kind is FunctionType:
        return not value.__closure__ and not vars(value)
    return isinstance(value, (*_LASTING, *_THEMSELVES, PurePath))
