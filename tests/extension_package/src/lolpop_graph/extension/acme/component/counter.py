"""A component found by its place: `lolpop_graph.extension.<any package>.component`."""

from lolpop_graph import BaseComponent


class AcmeCounter(BaseComponent):
    """Counts up from the config key `start`."""

    def count(self) -> int:
        """Return the next number."""
        number = int(self._get_config("start", 0)) + 1
        self._set_config("start", number)
        return number
