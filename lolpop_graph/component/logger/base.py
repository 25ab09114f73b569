"""What every logger can do."""

from __future__ import annotations

from lolpop_graph.integration import BaseComponent


class BaseLogger(BaseComponent):
    """Takes what the integrations of a workflow log, when it is named `logger` there."""

    def log(self, msg: object, level: str = "INFO") -> None:
        """Take one message; `level` is a name of the standard library's `logging`."""
        raise NotImplementedError
