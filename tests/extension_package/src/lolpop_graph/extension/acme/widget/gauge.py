"""The class of a layer that only this extension knows."""

from lolpop_graph import BaseIntegration


class AcmeGauge(BaseIntegration):
    """Reads the counter that it is given."""

    def read(self) -> str:
        """Return the next number with its unit."""
        return f"{self.counter.count()} bar"
