"""How long it takes to draw a workflow with the default drawing: the DOT text, and the SVG."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import lolpop_graph as lg
import visualize
from benchmarks.measure import seconds
from benchmarks.workload import CLASSES, Size, document

if TYPE_CHECKING:
    import networkx as nx

SIZES = {size.integrations: size for size in (Size(5, 3, 4), Size(19, 20, 48), Size(99, 100, 98))}
_LIMITS = {1_000: 2.0, 10_000: 10.0}
_GROUPS = 5


def main(arguments: Sequence[str] | None = None) -> None:
    """Draw about 1,000 and 10,000 integrations, or the sizes asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, help=f"of {', '.join(map(str, SIZES))}")
    parser.add_argument("--rounds", type=int, default=5, help="how many drawings of each")
    options = parser.parse_args(arguments)
    for count in options.sizes or list(SIZES)[1:]:
        for shape, text in _documents(SIZES[count]):
            _report(shape, text, options.rounds)


def _documents(size: Size) -> Iterator[tuple[str, str]]:
    """Yield workflows of about one size: what folds well, and what hardly does."""
    count = size.integrations
    yield "similar pipelines", document(size)
    layers = [f"layer_{number}" for number in range(_GROUPS)]
    lines = ["integration_framework:", "  runner:", *(f"    {layer}:" for layer in layers)]
    for layer in layers:
        members = (f"  {layer}_{i}: Part{i % 37}" for i in range(count // _GROUPS))
        lines += [f"{layer}:", *members]
    yield f"{_GROUPS} large groups", "\n".join(lines)
    lines = ["pipeline:", *(f"  line_{i}: Line{i}" for i in range(count // 10))]
    for i in range(count // 10):
        lines += [f"line_{i}:", "  component:", *(f"    part_{i}_{j}: Part{j}" for j in range(9))]
    yield "pipelines unlike each other", "\n".join(lines)


def _report(shape: str, text: str, rounds: int) -> None:
    graph, dot = _drawn(text)
    to_dot = _median(lambda: visualize.to_dot(graph), rounds)
    to_svg = _median(lambda: visualize.render(dot, "svg"), rounds)
    limits = [
        f" (under {limit:.0f})" for most, limit in _LIMITS.items() if len(graph) <= most * 1.1
    ]
    print(
        f"{len(graph):,} integrations, {shape}: DOT {to_dot:.3f} s, SVG of it {to_svg:.3f} s, "
        f"together {to_dot + to_svg:.3f} s{limits[0]}"
    )


def _drawn(text: str) -> tuple[nx.DiGraph[str], str]:
    with TemporaryDirectory() as folder:
        path = Path(folder, "workflow.yaml")
        path.write_text(text, encoding="utf-8")
        graph = lg.plan(path, classes=CLASSES).graph
    return graph, visualize.to_dot(graph)


def _median(work: Callable[[], object], rounds: int) -> float:
    return median(seconds(work) for _ in range(rounds))


if __name__ == "__main__":
    main()
