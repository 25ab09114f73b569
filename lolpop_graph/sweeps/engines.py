"""Where the runs of a sweep take place: engines by name, imported when they are asked for.

A new one is an `Engine` (see `task`) in a module of its own, a name in `NAMES`, and a line in
`engine_for`; the command line takes the names from here, and has a word on each in `cli.where`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lolpop_graph.errors import WorkflowError
from lolpop_graph.faults import SweepUndone
from lolpop_graph.text import did_you_mean

if TYPE_CHECKING:
    from lolpop_graph.sweeps.task import Engine

IN_DRIVER, PROCESSES, DASK = "none", "processes", "dask"
NAMES: Final = (IN_DRIVER, PROCESSES, DASK)
"""The engines that are called by a name; all others are on Dask, called by an address."""


def engine_for(on: Any, *, workers: int | None = None, insecure: bool = False) -> Engine:
    """The engine of a name, or the one for a Dask scheduler: at an address, a client or cluster.

    `workers` is how many processes it is to have, one for each core unless it says how many;
    `insecure` allows connections to other hosts that are not encrypted. WorkflowError (LG834) for
    a name that there is not.
    """
    if on == IN_DRIVER:
        from lolpop_graph.sweeps.driver import InDriver  # noqa: PLC0415 - one engine is needed

        return InDriver()
    if on == PROCESSES:
        from lolpop_graph.sweeps.pool import Processes  # noqa: PLC0415 - the same

        return Processes(workers)
    if isinstance(on, str) and on != DASK and "://" not in on:
        remedy = did_you_mean(on, [*NAMES, "tls://HOST:PORT"])
        raise WorkflowError([SweepUndone(reason=f"`{on}` is no place to run", remedy=remedy)])
    from lolpop_graph.sweeps.dask import OnDask  # noqa: PLC0415 - an extra brings it

    return OnDask(on, workers, insecure=insecure)
