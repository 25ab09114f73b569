"""Many tiny runs: a sweep in processes, recorded, beside joblib doing the same without a record."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from joblib import Parallel, delayed

import lolpop_graph as lg
from benchmarks.measure import by_turns

COUNT, WORKERS = 10_000, 2
LIMIT = 1.5
_WORKFLOW = """
runner: Shop
component: {tool: Scale}
pipeline: {line: Counter}
config: {stock: 3}
line:
  component: {first: Scale, second: Scale}
  config: {number: 0}
  first: {config: {factor: 2}}
  second: {config: {factor: 3}}
tool: {config: {factor: 5}}
"""


class Scale(lg.BaseComponent):
    """Multiplies."""

    def scaled(self, number: int) -> int:
        """A number, times its factor."""
        factor: int = self._get_config("factor")
        return factor * number


class Counter(lg.BasePipeline):
    """Has two components work one after the other, and one of the root's."""

    def counted(self) -> int:
        """The number of this run, scaled three times."""
        number: int = self._get_config("number")
        scaled: int = self.tool.scaled(self.second.scaled(self.first.scaled(number)))
        return scaled


class Shop(lg.BaseRunner):
    """The root."""

    def main(self) -> dict[str, int]:
        """What a run returns, and the manifest records."""
        return {"scaled": self.line.counted()}


CLASSES = (Scale, Counter, Shop)
KEY = "line.config.number"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT, help="how many runs")
    parser.add_argument("--rounds", type=int, default=3, help="how many sweeps")
    options = parser.parse_args(arguments)
    runs = options.count
    with TemporaryDirectory() as folder:
        path = Path(folder, "workflow.yaml")
        path.write_text(_WORKFLOW, encoding="utf-8")
        outs = (Path(folder, str(number)) for number in count())
        assert swept(path, 10, next(outs)) == by_joblib(path, 10)
        took = by_turns(
            lambda: carried_out(path, runs, next(outs)),
            lambda: by_joblib(path, runs),
            options.rounds,
        )
    print(f"{runs:,} runs of 5 integrations on {WORKERS} processes, {options.rounds} rounds:")
    print(
        f"  sweep {took.ours:.2f} s, joblib {took.theirs:.2f} s, "
        f"ratio {took.ratio:.2f} (at most {LIMIT})"
    )
    print(f"  {took.ours / runs * 1e3:.2f} ms a run")


def carried_out(path: Path, runs: int, out: Path) -> lg.SweepReport:
    """Sweep over so many rows, and record each run."""
    rows = [{KEY: number} for number in range(runs)]
    report = lg.sweep(path, over=rows, out=out, workers=WORKERS, classes=CLASSES)
    assert report.done == runs
    return report


def swept(path: Path, runs: int, out: Path) -> list[dict[str, int]]:
    """What a sweep has recorded, in the order of its rows."""
    return [run.metrics for run in carried_out(path, runs, out).runs()]


def by_joblib(path: Path, runs: int) -> list[dict[str, int]]:
    """The same runs: planned with an override, built, called and closed."""
    return list(Parallel(n_jobs=WORKERS)(delayed(_run)(path, number) for number in range(runs)))


def _run(path: Path, number: int) -> dict[str, int]:
    with lg.build(path, overrides={KEY: number}, classes=CLASSES) as workflow:
        result: dict[str, int] = workflow.root.main()
        return result


if __name__ == "__main__":
    main()
