"""Which methods of a part are still to be filled in."""

from __future__ import annotations

import inspect
from types import FunctionType
from typing import Any


def unfilled(part: type) -> list[str]:
    """The names of the methods and properties of a class that only raise NotImplementedError.

    A part that `lolpop-graph new` has made begins with those that its base class describes.
    """
    return [name for name in dir(part) if _only_refuses(inspect.getattr_static(part, name))]


def _only_refuses(value: Any) -> bool:
    function = value.fget if isinstance(value, property) else getattr(value, "__func__", value)
    function = inspect.unwrap(function) if callable(function) else function
    return (
        isinstance(function, FunctionType)
        and function.__code__.co_names == ("NotImplementedError",)
    )  # fmt: skip
