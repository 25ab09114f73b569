"""How long it takes to compare two workflows, as a ratio to planning them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import lolpop_graph as lg
from benchmarks.measure import by_turns
from benchmarks.workload import CLASSES, SIZES, document
from lolpop_graph.questions.diff.answer import Difference

_LIMIT = 5.0
_EVERY = 10


def main(arguments: Sequence[str] | None = None) -> None:
    """Compare workflows of about 1,000 and 10,000 integrations, or of the sizes asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, help=f"of {', '.join(map(str, SIZES))}")
    parser.add_argument("--rounds", type=int, default=5, help="how many comparisons of each")
    options = parser.parse_args(arguments)
    for count in options.sizes or list(SIZES)[1:3]:
        _report(count, options.rounds)


def _report(count: int, rounds: int) -> None:
    with TemporaryDirectory() as folder:
        old, new = Path(folder, "old.yaml"), Path(folder, "new.yaml")
        text = document(SIZES[count])
        old.write_text(text, encoding="utf-8")
        new.write_text(_edited(text), encoding="utf-8")

        def plans() -> list[lg.Plan]:
            return [lg.plan(path, classes=CLASSES) for path in (old, new)]

        def compared() -> Difference:
            one, other = plans()
            return one.diff(other)

        assert len(compared().changed) == -(-count // _EVERY)
        took = by_turns(compared, plans, rounds)
    print(
        f"{count:,} integrations: planning two {took.theirs:.3f} s, and comparing them where a "
        f"tenth has changed {took.ours:.3f} s, ratio {took.ratio:.2f} (at most {_LIMIT})"
    )


def _edited(text: str) -> str:
    """The workflow with another value in each tenth config."""
    first, *parts = text.split("rate: 0.25")
    rates = ("0.5" if number % _EVERY == 0 else "0.25" for number in range(len(parts)))
    return first + "".join(f"rate: {rate}{part}" for rate, part in zip(rates, parts, strict=True))


if __name__ == "__main__":
    main()
