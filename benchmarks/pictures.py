"""How long it takes to draw a workflow with the default drawing: the DOT text, and the SVG."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import lolpop_graph as lg
import visualize
from benchmarks.measure import seconds
from benchmarks.workload import CLASSES, Size, document

SIZES = {size.integrations: size for size in (Size(5, 3, 4), Size(19, 20, 48), Size(99, 100, 98))}
_LIMIT = 2.0


def main(arguments: Sequence[str] | None = None) -> None:
    """Draw about 1,000 and 10,000 integrations, or the sizes asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, help=f"of {', '.join(map(str, SIZES))}")
    parser.add_argument("--rounds", type=int, default=5, help="how many drawings of each")
    options = parser.parse_args(arguments)
    for count in options.sizes or list(SIZES)[1:]:
        _report(SIZES[count], options.rounds)


def _report(size: Size, rounds: int) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "workflow.yaml")
        path.write_text(document(size), encoding="utf-8")
        graph = lg.plan(path, classes=CLASSES).graph
    dot = visualize.to_dot(graph)
    to_dot = _median(lambda: visualize.to_dot(graph), rounds)
    to_svg = _median(lambda: visualize.render(dot, "svg"), rounds)
    limit = f" (under {_LIMIT:.0f} at 1,000)" if size.integrations <= 1_000 else ""
    print(
        f"{size.integrations:,} integrations: DOT {to_dot:.3f} s, SVG of it {to_svg:.3f} s, "
        f"together {to_dot + to_svg:.3f} s{limit}"
    )


def _median(work: Callable[[], object], rounds: int) -> float:
    return median(seconds(work) for _ in range(rounds))


if __name__ == "__main__":
    main()
