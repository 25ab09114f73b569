"""Messages as lines on standard error, or in a file."""

from __future__ import annotations

import logging
from functools import cached_property

from lolpop_graph.component.logger.base import BaseLogger

_FORMAT = "%(asctime)s %(levelname)-7s %(message)s"


class StandardLogger(BaseLogger):
    """Writes with the standard library's `logging`, leaving the process's own set-up alone.

    Config: `log_level`, the least serious level that is written (default INFO); `log_file`,
    which lines are added to instead of standard error.
    """

    __DEFAULT_CONF__ = {"config": {"log_level": "INFO", "log_file": None}}

    @cached_property
    def _handler(self) -> logging.Handler:
        # Made on first use: others may log from their constructors, before any `setup`.
        file = self._get_config("log_file")
        handler = logging.FileHandler(file, encoding="utf-8") if file else logging.StreamHandler()
        handler.setFormatter(logging.Formatter(_FORMAT, datefmt="%H:%M:%S"))
        handler.setLevel(_number(self._get_config("log_level")))
        return handler

    def log(self, msg: object, level: str = "INFO") -> None:
        """Write one line; ValueError for a level that `logging` does not know."""
        number = _number(level)
        if number >= self._handler.level:
            record = logging.LogRecord("lolpop_graph", number, "", 0, str(msg), None, None)
            self._handler.handle(record)

    def close(self) -> None:
        """Close the file, if it is one."""
        if "_handler" in vars(self):
            self._handler.close()


def _number(level: str) -> int:
    levels = logging.getLevelNamesMapping()
    if level.upper() not in levels:
        message = f"unknown level {level!r}; there are {', '.join(levels)}"
        raise ValueError(message)
    return levels[level.upper()]
