"""Read, check, expand, graph and build, beside reading and wiring by hand; and a plan's memory."""

from __future__ import annotations

import argparse
import gc
import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import lolpop_graph as lg
from benchmarks.measure import by_turns, seconds
from benchmarks.workload import CLASSES, SIZES, Size, by_hand, document, ours

LIMITS = {21: 1.5, 1_071: 0.6, 10_121: 0.35, 101_101: 0.35}
MEMORY_LIMIT = 2_000
_ROUNDS = {21: 201, 1_071: 21, 10_121: 7, 101_101: 3}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the sizes asked for and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, help=f"of {', '.join(map(str, SIZES))}")
    parser.add_argument("--rounds", type=int, help="how many runs of each, by turns")
    options = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        path = Path(folder, "workflow.yaml")
        for count in options.sizes or SIZES:
            path.write_text(document(SIZES[count]), encoding="utf-8")
            _report(SIZES[count], path, options.rounds or _ROUNDS[count])


def _report(size: Size, path: Path, rounds: int) -> None:
    count = size.integrations
    took = by_turns(lambda: ours(path), lambda: by_hand(path), rounds)
    print(f"{count:,} integrations, {size.links:,} links, {rounds} rounds:")
    print(
        f"  ours {took.ours * 1e3:.2f} ms, by hand {took.theirs * 1e3:.2f} ms, "
        f"ratio {took.ratio:.2f} (at most {LIMITS[count]})"
    )
    print(f"  {took.ours / count * 1e6:.1f} us an integration")
    held, edges = memory(path), edges_time(path)
    print(
        f"  plan and graph hold {held / count:,.0f} bytes an integration "
        f"(at most {MEMORY_LIMIT:,} at 10,121)"
    )
    print(f"  every edge read once, not in the ratio: {edges * 1e3:.1f} ms")


def memory(path: Path) -> int:
    """How many bytes of Python a plan with its graph holds, text included; nothing is built."""
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    plan = lg.plan(path, classes=CLASSES)
    assert plan.graph is not None
    gc.collect()
    held = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return held


def edges_time(path: Path) -> float:
    """How long it takes to ask the graph for all of its edges, one after the other."""
    graph = lg.plan(path, classes=CLASSES).graph
    return seconds(lambda: sum(1 for _ in graph.edges(data="kind")))


if __name__ == "__main__":
    main()
