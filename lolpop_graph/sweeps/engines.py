"""Where the runs of a sweep take place: engines by name, imported when they are asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

from lolpop_graph.errors import WorkflowError
from lolpop_graph.faults import SweepUndone
from lolpop_graph.sweeps.task import Engine
from lolpop_graph.text import did_you_mean

_ENGINES: Final = {"none": "driver:InDriver", "processes": "pool:Processes", "dask": "dask:OnDask"}
NAMES: Final = tuple(_ENGINES)
"""The engines that are called by a name; all others are on Dask, called by an address."""


def engine_for(on: Any, *, workers: int | None = None, insecure: bool = False) -> Engine:
    """The engine of a name, or the one for a Dask scheduler: at an address, a client or cluster.

    `workers` is how many processes it is to have, one for each core unless it says how many;
    `insecure` allows connections to other hosts that are not encrypted. WorkflowError (LG834) for
    a name that there is not.
    """
    if isinstance(on, str) and on not in _ENGINES and "://" not in on:
        remedy = did_you_mean(on, [*NAMES, "tls://HOST:PORT"])
        raise WorkflowError([SweepUndone(reason=f"`{on}` is no place to run", remedy=remedy)])
    module, _, name = _ENGINES.get(
        on if isinstance(on, str) else "dask", _ENGINES["dask"]
    ).partition(":")
    made = getattr(import_module(f"lolpop_graph.sweeps.{module}"), name)
    if on == "none":
        engine: Engine = made()
    elif on == "processes":
        engine = made(workers)
    else:
        engine = made(on, workers=workers, insecure=insecure)
    return engine
