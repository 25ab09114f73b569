"""The graph of a workflow with what its hooks found, for pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lolpop_graph.hooks.planned import Planned
from lolpop_graph.hooks.report import VERDICTS, HookReport, HookResult

if TYPE_CHECKING:
    import networkx as nx


def tested_graph(report: HookReport, plan: Planned) -> nx.DiGraph[str]:
    """A view of a plan's graph, in which nodes with hooks have a `verdict` and a `hooks`.

    The verdict is the worst of the hooks; `hooks` has a line for each method that has some.
    """
    import networkx as nx  # noqa: PLC0415 - it takes a while, and few draw

    graph: nx.DiGraph[str] = nx.DiGraph(**plan.graph.graph, tested=True)
    graph.add_nodes_from((path, dict(data)) for path, data in plan.graph.nodes(data=True))
    graph.add_edges_from(
        (source, target, dict(data))
        for source, target, data in plan.graph.edges(data=True)
        if data["kind"] == "child"
    )
    for path, results in report.by_path.items():
        graph.nodes[path]["verdict"] = min((each.verdict for each in results), key=VERDICTS.index)
        graph.nodes[path]["hooks"] = _lines(results)
    return graph


def _lines(results: tuple[HookResult, ...]) -> list[str]:
    """`run: 2 of 3 passed` for each method."""
    found: dict[str, list[HookResult]] = {}
    for each in results:
        found.setdefault(each.method, []).append(each)
    return [_line(method, of_method) for method, of_method in found.items()]


def _line(method: str, results: list[HookResult]) -> str:
    passed = sum(each.verdict == "passed" for each in results)
    return f"{method}: {passed:,} of {len(results):,} passed"
