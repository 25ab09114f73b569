"""Messages as lines of text or of JSON, on standard error or in a file."""

from __future__ import annotations

import json
import logging
import sys
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Literal, TextIO

from lolpop_graph.component.config_types import Level
from lolpop_graph.component.logger.base import BaseLogger
from lolpop_graph.component.messages import level_number, text_of

_FORMAT = "%(asctime)s %(levelname)-7s %(message)s"
_SENDER = "lolpop_graph_sender"
"""The attribute of a record that has the path of the integration whose message it is."""


class StandardLogger(BaseLogger):
    """Writes with the standard library's `logging`, leaving the process's own set-up alone.

    Config: `log_level`, the least serious level that is written (default INFO); `log_format`,
    `text` (default) or `json`, which makes each message one object with `time` (ISO 8601, with
    the offset from UTC), `level`, `integration` and `message`; `log_file`, which lines are added
    to instead of standard error, its folders being made.

    Which integration logs is told by its path, which is empty where `log` is called directly. A
    message may be any object, and is written as its text; an exception as its kind, its text
    and where it was raised (in JSON under `exception`).
    """

    @dataclass
    class Config:
        """The keys that the class describes."""

        log_level: Level = "INFO"
        log_format: Literal["text", "json"] = "text"
        log_file: str | None = None

    config: Config

    def setup(self) -> None:
        """Open the file, so that OSError is raised before any work."""
        _ = self._handler

    @cached_property
    def _handler(self) -> logging.Handler:
        # Made on first use: others may log from their constructors, before any `setup`.
        file = self.config.log_file
        handler: logging.Handler = _StandardError()
        if file:
            Path(file).parent.mkdir(parents=True, exist_ok=True)
            handler = logging.FileHandler(file, encoding="utf-8", errors="backslashreplace")
        is_json = self.config.log_format == "json"
        text = _TextFormatter(_FORMAT, datefmt="%H:%M:%S")
        handler.setFormatter(_JsonFormatter() if is_json else text)
        handler.setLevel(level_number(self.config.log_level))
        return handler

    def log(self, msg: object, level: str = "INFO") -> None:
        """Write one message; ValueError for a level that `logging` does not know."""
        number = level_number(level)
        if number >= self._handler.level:
            error = (type(msg), msg, msg.__traceback__) if isinstance(msg, BaseException) else None
            record = logging.LogRecord("lolpop_graph", number, "", 0, text_of(msg), None, error)
            setattr(record, _SENDER, self._told_by)
            self._handler.handle(record)

    def close(self) -> None:
        """Close the file, if it is one."""
        if "_handler" in vars(self):
            self._handler.close()


class _StandardError(logging.StreamHandler[TextIO]):
    """Writes to what is standard error at that moment: notebooks and tests put others there."""

    def __init__(self) -> None:
        # Its base would keep the stream of now.
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]  # never set
        return sys.stderr


class _TextFormatter(logging.Formatter):
    """A record as a line of text, in which who logs stands before what is said."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        sender = getattr(record, _SENDER)
        if sender:
            record.message = f"{sender}: {record.message}"
        return super().formatMessage(record)


class _JsonFormatter(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created).astimezone()
        entry = {
            "time": time.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "integration": getattr(record, _SENDER),
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)
