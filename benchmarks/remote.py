"""What a call costs whose pipeline lives on a worker, beside one of Dask's without TLS."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import count
from typing import Any

from distributed import Client, LocalCluster

import lolpop_graph as lg
from benchmarks.measure import by_turns
from lolpop_graph.remote.cluster import connected

LIMIT = 0.030
"""How many seconds a call may take."""


class Weekly(lg.BaseRunner):
    """Calls its pipeline."""


class Report(lg.BasePipeline):
    """Does next to nothing."""

    def write(self, week: int) -> int:
        """The week."""
        return week


CONF = {"runner": "Weekly", "pipeline": {"report": "Report"}}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure starts, calls, and data between two workers, and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=200, help="how many of each")
    parser.add_argument("--megabytes", type=int, default=50, help="how much between two workers")
    parser.add_argument("--rounds", type=int, default=7, help="how many transfers and starts")
    asked = parser.parse_args(arguments)
    print(calls(asked.calls))
    print(_transfers(asked.megabytes, asked.rounds))
    print(_starts(asked.rounds))


def calls(rounds: int, beside: Callable[[], Any] | None = None) -> str:
    """What a call costs, as a line; `beside` makes the client of Dask's own."""
    weeks = count()
    with (
        lg.build(CONF, classes=[Weekly, Report], on="dask", workers=2) as workflow,
        (beside or dask)() as plain,
    ):
        took = by_turns(
            lambda: int(workflow.root.report.write(next(weeks))),
            lambda: plain.submit(_same, next(weeks), pure=False).result(),
            rounds,
        )
    return (
        f"a call: {took.ours * 1e3:.1f} ms (at most {LIMIT * 1e3:.0f}), of Dask's own without TLS "
        f"{took.theirs * 1e3:.1f} ms, ratio {took.ratio:.2f}, {rounds} pairs"
    )


def _transfers(megabytes: int, rounds: int) -> str:
    with connected("dask", workers=2) as ours, dask() as plain:
        took = by_turns(_mover(ours, megabytes), _mover(plain, megabytes), rounds)
    return (
        f"{megabytes} MB from a worker to another: {took.ours:.2f} s, without TLS "
        f"{took.theirs:.2f} s, ratio {took.ratio:.2f}, {rounds} pairs"
    )


def _starts(rounds: int) -> str:
    ours = partial(connected, "dask", workers=2)
    took = by_turns(lambda: _start(ours), lambda: _start(dask), rounds)
    return (
        f"two workers, from nothing to nothing: {took.ours:.1f} s, of Dask's own "
        f"{took.theirs:.1f} s, ratio {took.ratio:.2f}, {rounds} pairs"
    )


@contextmanager
def dask() -> Iterator[Client]:
    """Dask's own workers on this machine, as its documentation starts them, without TLS."""
    with (
        LocalCluster(  # type: ignore[no-untyped-call]  # of a package with few types
            n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=logging.ERROR
        ) as cluster,
        Client(cluster, set_as_default=False) as client,  # type: ignore[no-untyped-call]  # the same
    ):
        yield client


def _start(workers: Callable[[], Any]) -> None:
    with workers():
        pass


def _same(value: int) -> int:
    return value


def _mover(client: Client, megabytes: int) -> Callable[[], None]:
    """What makes bytes on a worker and counts them on the other."""
    client.wait_for_workers(2)  # type: ignore[no-untyped-call]  # of a package with few types
    source, target = client.scheduler_info(n_workers=-1)["workers"]
    size = megabytes * 1_000_000

    def move() -> None:
        made = client.submit(bytes, size, pure=False, workers=[source])
        assert client.submit(len, made, pure=False, workers=[target]).result() == size

    return move


if __name__ == "__main__":
    main()
