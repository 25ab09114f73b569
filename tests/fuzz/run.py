"""Many inputs in worker processes, each of them bounded in time and memory.

`python -m tests.fuzz.run --count 100000 --seed 1`
"""

from __future__ import annotations

import argparse
import gc
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any

import yaml

MOST_MEMORY = 200 * 2**20
_LONG = 0.05
LONGEST = 30
"""Seconds after which an input counts as hanging; `examine` has the finer limit."""


@dataclass
class Findings:
    """What some inputs came to: how often which outcome, what failed, and the extremes."""

    outcomes: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[int, str]] = field(default_factory=list)
    slowest: tuple[float, int] = (0.0, 0)
    memory: int = 0

    def add(self, other: Findings) -> None:
        """Take in what another worker found."""
        self.outcomes += other.outcomes
        self.failures += other.failures
        self.slowest = max(self.slowest, other.slowest)
        self.memory = max(self.memory, other.memory)

    def __str__(self) -> str:
        """All of it in a few lines."""
        seconds, seed = self.slowest
        outcomes = ", ".join(f"{count} {name}" for name, count in self.outcomes.most_common())
        return (
            f"{self.outcomes.total()} inputs: {outcomes}\n"
            f"slowest: {seconds:.2f} s (seed {seed}); most memory: {self.memory / 2**20:.0f} MB"
        )


def work(seeds: range, parser: str, at: Any, results: Connection) -> None:
    """Examine the inputs of some seeds, and send what was found."""
    if parser == "python":
        del yaml.CSafeLoader
    # Whoever reads YAML asks for its parser when it is imported.
    from tests.fuzz.examine import examine  # noqa: PLC0415
    from tests.fuzz.grammar import hostile  # noqa: PLC0415

    findings = Findings()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "workflow.yaml")
        examine(file, b"component: {a: A}\n")
        before = bound_memory()
        for seed in seeds:
            at.value = seed
            content = hostile(Random(seed))
            signal.setitimer(signal.ITIMER_REAL, LONGEST)
            start = time.process_time()
            try:
                findings.outcomes[examine(file, content)] += 1
            except Exception:  # noqa: BLE001 - whatever comes out is what is looked for
                findings.outcomes["FAILED"] += 1
                findings.failures.append((seed, traceback.format_exc()))
            took = time.process_time() - start
            if took > _LONG:
                # What was large is not kept while the next one is measured.
                gc.collect()
            findings.slowest = max(findings.slowest, (took, seed))
        findings.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before
    results.send(findings)


def bound_memory() -> int:
    """Let no more be taken than is allowed beyond what is; returns what is, in bytes."""
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + MOST_MEMORY, resource.RLIM_INFINITY))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def run(count: int, seed: int, jobs: int, parser: str = "c") -> Findings:
    """Examine the inputs of `count` seeds from `seed` on, in `jobs` processes."""
    context = get_context("spawn")
    started = []
    for job in range(jobs):
        seeds = range(seed + job, seed + count, jobs)
        at = context.Value("q", seed)
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=work, args=(seeds, parser, at, sender))
        process.start()
        sender.close()
        started.append((process, receiver, at))
    findings = Findings()
    for process, receiver, at in started:
        try:
            findings.add(receiver.recv())
        except EOFError:
            process.join()
            ended = f"the process ended with {process.exitcode}: a crash, or a hang if -14"
            findings.add(Findings(Counter(CRASHED=1), [(at.value, ended)]))
        process.join()
    return findings


def show(seed: int, said: str) -> None:
    """Print a failure with what leads to it again."""
    from tests.fuzz.grammar import hostile  # noqa: PLC0415

    content = hostile(Random(seed))
    shown = (
        repr(content) if len(content) < 3_000 else f"{content[:1_500]!r} ... {content[-1_500:]!r}"
    )
    print(f"--- seed {seed}, {len(content)} bytes: {shown}\n{said}")


def main() -> int:
    """Run as the command line says; 1 where something failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--parser", choices=["c", "python"], default="c")
    parser.add_argument("--write", type=Path, help="write the input of --seed here, and no more")
    options = parser.parse_args()
    if options.write:
        from tests.fuzz.grammar import hostile  # noqa: PLC0415

        options.write.write_bytes(hostile(Random(options.seed)))
        return 0
    start = time.monotonic()
    findings = run(options.count, options.seed, options.jobs, options.parser)
    for seed, said in findings.failures[:10]:
        show(seed, said)
    print(f"{findings}\nin {time.monotonic() - start:.0f} s, {len(findings.failures)} failed")
    return int(bool(findings.failures))


if __name__ == "__main__":
    sys.exit(main())
