"""What notifiers have in common: which messages are serious enough, and failures that are told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lolpop_graph.component.config_types import Level
from lolpop_graph.component.messages import level_number, text_of
from lolpop_graph.component.notifier.base import BaseNotifier


class SendingNotifier(BaseNotifier):
    """Sends messages that are serious enough, in a way that a subclass knows.

    A message that cannot be sent is logged, with the reason, and raises nothing: a mail server
    that is down must not end hours of work. Where a workflow must know, read the log.
    """

    @dataclass(kw_only=True)
    class Config:
        """What all of them are told."""

        notify_level: Level = "WARNING"

    config: Config

    failures: ClassVar[tuple[type[Exception], ...]] = (OSError,)
    """The errors of `_send` that say that a message could not be delivered."""

    def notify(self, msg: object, level: str = "ERROR") -> None:
        """Send one message, any object, as its text, if `level` is at least `notify_level`.

        Raises ValueError for a level that `logging` does not know, and nothing else.
        """
        if level_number(level) < level_number(self.config.notify_level):
            return
        text = text_of(msg)
        try:
            self._send(text, level.upper())
        except self.failures as error:
            self.log(f"this message could not be sent ({_reason(error)}): {text}", level)

    @property
    def workflow(self) -> str:
        """The name of the workflow that messages are about: that of its root."""
        return self.path.partition(".")[0]

    def _send(self, text: str, level: str) -> None:
        """Send a text; `level` is upper case. Raises one of `failures` where that fails."""
        raise NotImplementedError


def _reason(error: Exception) -> str:
    """The kind of an error and the code that a server answered; its text may hold an address."""
    cause = getattr(error, "reason", None)
    kind = type(cause if isinstance(cause, Exception) else error).__name__
    code = getattr(error, "code", getattr(error, "smtp_code", None))
    return kind if code is None else f"{kind} {code}"
