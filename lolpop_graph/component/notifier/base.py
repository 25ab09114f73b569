"""What every notifier can do."""

from __future__ import annotations

from lolpop_graph.integration import BaseComponent


class BaseNotifier(BaseComponent):
    """Takes what the integrations of a workflow notify, when it is named `notifier` there."""

    def notify(self, msg: object, level: str = "ERROR") -> None:
        """Tell people one message; `level` is a name of the standard library's `logging`.

        A message that cannot be delivered raises nothing: it is logged, so that a mail server
        that is down does not end hours of work. Raises ValueError for an unknown level.
        """
        raise NotImplementedError
