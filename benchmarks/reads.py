"""How long it takes to read an integration from another one, beside a plain attribute."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from timeit import Timer
from typing import Any

from benchmarks.workload import Plain, Size, by_hand, document, ours

SIZES = {"small groups": Size(5, 3, 4), "large groups": Size(100, 2, 100)}
READS = {
    "given": "part.tool_1",
    "peer": "part.part_1",
    "child": "line.part_1",
    "absent": "hasattr(part, 'nobody')",
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Read each kind of link by turns with the objects that were wired by hand."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=11, help="how many runs of each, by turns")
    parser.add_argument("--reads", type=int, default=100_000, help="how many reads a run")
    options = parser.parse_args(arguments)
    for title, size in SIZES.items():
        print(f"{title}, {size.tools} given and {size.parts} peers:")
        for line in compare(size, options.rounds, options.reads):
            print(f"  {line}")


def compare(size: Size, rounds: int, reads: int) -> Iterator[str]:
    """A line for each kind of read: nanoseconds of ours and by hand, and their ratio."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "workflow.yaml")
        path.write_text(document(size), encoding="utf-8")
        own, plain = _names(ours(path).root), _names(by_hand(path))
        for kind, read in READS.items():
            timers = Timer(read, globals=own), Timer(read, globals=plain)
            times = [[timer.timeit(reads) / reads * 1e9 for timer in timers] for _ in range(rounds)]
            first, second = (median(column) for column in zip(*times, strict=True))
            ratio = median(one / other for one, other in times)
            yield f"{kind}: {first:.1f} ns, by hand {second:.1f} ns, ratio {ratio:.2f}"


def _names(root: Plain | Any) -> dict[str, Any]:
    return {"line": root.line_0, "part": root.line_0.part_0}


if __name__ == "__main__":
    main()
