"""Messages on standard output."""

from __future__ import annotations

from lolpop_graph.component.notifier.sending import SendingNotifier


class StdoutNotifier(SendingNotifier):
    """Prints messages.

    Config: `notify_level`, the least serious level that is told (default WARNING).
    """

    def _send(self, text: str, level: str) -> None:
        print(f"{level}: {text}", flush=True)  # noqa: T201 - printing is what it is for
