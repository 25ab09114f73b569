"""What a call is called in messages, and how a value is described without telling it."""

from __future__ import annotations

import inspect
import reprlib
from collections.abc import Callable, Mapping, Sized
from typing import Any

_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 60


def qualified(method: Callable[..., Any], integration: Any) -> str:
    """`runner.train.model_trainer.fit`; a class that is none of ours is named by itself."""
    path = getattr(integration, "path", None)
    owner = path if isinstance(path, str) else type(integration).__name__
    return f"{owner}.{method.__name__}"


def described(value: object) -> str:
    """The type of a value and, where it has one, its shape or its length: `DataFrame 398x30`."""
    shape = getattr(value, "shape", None)
    if isinstance(shape, tuple):
        return f"{type(value).__name__} {'x'.join(map(str, shape))}".rstrip()
    if value is None or isinstance(value, bool):
        return type(value).__name__
    try:
        length = f" of {len(value)}" if isinstance(value, Sized) else ""
    except Exception:  # noqa: BLE001 - a foreign `__len__` may raise whatever it likes
        length = ""
    return f"{type(value).__name__}{length}"


def shown(value: object) -> str:
    """The beginning of what a value says of itself."""
    return _SHORT.repr(value)


def arguments(
    method: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    describe: Callable[[object], str],
) -> str:
    """The arguments of a call by name: `features=DataFrame 398x30, labels=Series 398`."""
    try:
        bound = inspect.signature(method).bind(*args, **kwargs).arguments
    except (TypeError, ValueError):
        bound = {f"argument {number}": each for number, each in enumerate(args, start=1)} | {
            **kwargs
        }
    return ", ".join(f"{name}={describe(value)}" for name, value in bound.items())
