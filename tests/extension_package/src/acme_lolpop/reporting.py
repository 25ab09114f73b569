"""A component that an entry point offers, from a package with a name of its own."""

from lolpop_graph import BaseComponent


class Reporter(BaseComponent):
    """Reports by the name that the workflow gave it."""

    def report(self, text: str) -> str:
        """Return the line of the report."""
        return f"{self.name}: {text}"
