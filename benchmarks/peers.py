"""One large group of peers: what it takes to build, and whether its graph has every link."""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tracemalloc
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import networkx as nx

import lolpop_graph as lg
from benchmarks.measure import python
from benchmarks.workload import CLASSES, Size, document, ours

COUNT, STORED = 5_000, 1_000
_ROOT, _PEER = {"kind": "child"}, {"kind": "peer"}
_KIB = 1 if sys.platform == "darwin" else 1024
"""The unit of `ru_maxrss` in bytes."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure in new interpreters; with `--all`, hold the graph against one built edge by edge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT, help="how many peers")
    parser.add_argument("--all", action="store_true", help="check every link; takes minutes")
    parser.add_argument("--alone", choices=("timed", "traced"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        path = Path(folder, "workflow.yaml")
        path.write_text(document(Size(options.count, 0, 0)), encoding="utf-8")
        if options.alone:
            print(json.dumps(_alone(path, is_traced=options.alone == "traced")))
            return
        _report(options.count)
        if options.all:
            _check(path, options.count)


def _report(count: int) -> None:
    command = ("-m", "benchmarks.peers", "--count", str(count), "--alone")
    timed, traced = (json.loads(python([*command, how])) for how in ("timed", "traced"))
    print(f"{count:,} peers, {count * (count - 1):,} links between them, each a new interpreter:")
    print(f"  planned, graph made and built in {timed['seconds']:.2f} s (under 1)")
    print(f"  at most {timed['resident'] / 1e6:.0f} MB resident (under 150), of which")
    print(f"  {timed['before'] / 1e6:.0f} MB were there before; Python traced {_traced(traced)} MB")


def _traced(measured: dict[str, float]) -> str:
    return f"{measured['traced'] / 1e6:.0f}"


def _alone(path: Path, *, is_traced: bool) -> dict[str, float]:
    """Build in this interpreter; tracing slows it down, so that time is taken without."""
    _touch(path.parent)
    before = _resident()
    if is_traced:
        tracemalloc.start()
    begin = perf_counter()
    workflow = ours(path)
    took = perf_counter() - begin
    assert workflow.plan.graph is not None
    peak = tracemalloc.get_traced_memory()[1]
    return {"seconds": took, "before": before, "resident": _resident(), "traced": peak}


def _touch(folder: Path) -> None:
    """Import all that a build imports, which is not what is measured."""
    path = folder / "small.yaml"
    path.write_text(document(Size(2, 0, 0)), encoding="utf-8")
    ours(path)


def _resident() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIB


def _check(path: Path, count: int) -> None:
    """Compare as graphs where a stored one fits, and link by link at the full number.

    A plain DiGraph of 25 million edges takes more than 6 GB, so it is not stored at that size.
    """
    begin = perf_counter()
    print(f"  all {check_links(lg.plan(path, classes=CLASSES).graph):,} links answer alike", end="")
    print(f", in {perf_counter() - begin:.0f} s")
    stored = min(count, STORED)
    path.write_text(document(Size(stored, 0, 0)), encoding="utf-8")
    graph = lg.plan(path, classes=CLASSES).graph
    assert nx.utils.graphs_equal(nx.DiGraph(graph), edge_by_edge(graph))
    assert nx.utils.graphs_equal(graph, edge_by_edge(graph))
    print(f"  {stored:,} peers: equal to the graph built edge by edge")


def edge_by_edge(graph: nx.DiGraph[str]) -> nx.DiGraph[str]:
    """A plain DiGraph with the same nodes, and the edges that the rules ask for."""
    built: nx.DiGraph[str] = nx.DiGraph(**graph.graph)
    built.add_nodes_from(graph.nodes(data=True))
    for source, target, data in _edges(list(graph)):
        built.add_edge(source, target, **data)
    return built


def _edges(paths: list[str]) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Every edge of a root and its group of peers, row by row."""
    root, *peers = paths
    for peer in peers:
        yield root, peer, _ROOT
    for source in peers:
        for target in peers:
            if target != source:
                yield source, target, _PEER


def check_links(graph: nx.DiGraph[str]) -> int:
    """Ask the graph for every link in each of its ways, storing none; how many there are."""
    paths = list(graph)
    root, *peers = paths
    number = 0
    for (source, target, data), wanted in zip(graph.edges(data=True), _edges(paths), strict=True):
        assert (source, target, data) == wanted
        assert graph.has_edge(source, target)
        number += 1
    for peer in peers:
        others = [other for other in peers if other != peer]
        assert list(graph.successors(peer)) == others
        assert list(graph.predecessors(peer)) == [root, *others]
        assert graph.in_degree(peer) == len(peers)
        assert not graph.has_edge(peer, peer)
        assert not graph.has_edge(peer, root)
    assert graph.in_degree(root) == 0
    assert list(graph.successors(root)) == peers
    assert graph.number_of_edges() == number
    return number


if __name__ == "__main__":
    main()
