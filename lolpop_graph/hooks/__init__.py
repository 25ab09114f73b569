"""Workflow tests: hooks before and after the methods of integrations, run and reported.

`declared` reads what `tests:` sections and files of tests say, `resolved` finds the integrations,
methods and functions that they name, `calling` calls one hook and judges what it answers,
`watching` lets hooks watch the methods, `running` builds the workflow and makes the `report`;
`junit` and `graph` show that.
"""

from lolpop_graph.hooks.report import Failure, HookReport, HookResult
from lolpop_graph.hooks.running import Choices, run_hooks

__all__ = ["Choices", "Failure", "HookReport", "HookResult", "run_hooks"]
