"""The program that the killing tests of sweeps kill: a sweep of so many runs, or the rest of it."""

from __future__ import annotations

import signal
import sys

import lolpop_graph as lg
from tests.pool_toys import Doer


def main(out: str, count: int, seconds: float) -> None:
    """Sweep in a folder over runs that take so long each, and exit with how many failed."""
    # What starts tests in the background may have it ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    report = lg.sweep(
        {"runner": "Doer", "config": {"what": "sleep", "seconds": seconds}},
        over=[{"config.n": number} for number in range(count)],
        out=out,
        workers=2,
        resume=True,
        classes=[Doer],
    )
    sys.exit(report.failed)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
