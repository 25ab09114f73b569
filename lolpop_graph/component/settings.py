"""Values of config keys that have to be of some kind, checked when a part is set up."""

from __future__ import annotations

from typing import Any


def names_in(value: Any, key: str) -> list[str]:
    """The names of columns under a config key; TypeError if it holds no list of texts."""
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return value
    hint = f"write [{value}]" if isinstance(value, str) else "such as [id, name]"
    message = f"`{key}` is a list of names of columns: {hint}"
    raise TypeError(message)


def seed_in(value: Any, key: str) -> int | None:
    """The seed under a config key, None for another one each time; ValueError if it is none."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if value is None or (is_number and 0 <= value < 2**32):
        return value  # type: ignore[no-any-return]  # what was asked
    message = f"`{key}` is a whole number from 0 to {2**32 - 1}, or null"
    raise ValueError(message)
