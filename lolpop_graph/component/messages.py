"""What is told: the text of a message, and how serious it is."""

from __future__ import annotations

import logging


def level_number(level: str) -> int:
    """The number of a level such as `INFO`, in any case; ValueError for one that is unknown."""
    levels = logging.getLevelNamesMapping()
    if str(level).upper() not in levels:
        message = f"unknown level {level!r}; there are {', '.join(levels)}"
        raise ValueError(message)
    return levels[str(level).upper()]


def is_level(level: object) -> bool:
    """Whether this names a level."""
    return isinstance(level, str) and level.upper() in logging.getLevelNamesMapping()


def text_of(msg: object) -> str:
    """The text of any message, that of an exception with its kind before it.

    An object whose text raises has its kind told instead: telling must not end the work.
    """
    try:
        text = str(msg)
    except Exception as error:  # noqa: BLE001 - what an object says of itself is its own code
        return f"<{type(msg).__name__} whose text raises {type(error).__name__}>"
    return f"{type(msg).__name__}: {text}" if isinstance(msg, BaseException) else text
