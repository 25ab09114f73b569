"""The reports of a factory."""

from __future__ import annotations

from lolpop_graph.integration import BaseIntegration


class DailyReport(BaseIntegration):
    """What was made in a day."""

    __REQUIRED_CONF__ = {"config": ["headline", "recipients"], "report": ["shift_report"]}
