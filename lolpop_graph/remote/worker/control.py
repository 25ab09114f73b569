"""What a worker is asked beside calls: whether it is like the driver, and to close what it keeps.

Dask runs these functions in the thread that must answer other processes, so all work is done in
threads of their own.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Collection
from typing import TYPE_CHECKING

from distributed import WorkerPlugin, get_worker
from distributed.utils import sync

from lolpop_graph.errors import Fault, WorkflowError
from lolpop_graph.remote.worker.cache import owners, release
from lolpop_graph.shipment import Facts, Shipment, differing

if TYPE_CHECKING:
    from distributed import Worker

_PATIENCE = 3.0
"""How many seconds a worker that ends waits for the workflows it has to close."""

_NAME = "lolpop-graph"


class Closing(WorkerPlugin):
    """Closes the workflows that a worker keeps when it ends."""

    def __init__(self) -> None:
        """There is nothing to know before."""

    async def teardown(self, worker: Worker) -> None:
        """Close them, or go without it after a while."""
        del worker
        # A daemon, which a method that never returns cannot make this process wait for.
        thread = threading.Thread(target=release, args=(owners(),), daemon=True)
        thread.start()
        await asyncio.to_thread(thread.join, _PATIENCE)


async def differences(facts: Facts) -> dict[str, tuple[str, str]]:
    """What of the facts is different on this worker: by name, what was packed and what is here."""
    return await asyncio.to_thread(differing, facts)


async def prepare(shipment: Shipment, dask_worker: Worker) -> list[Fault]:
    """Find out whether the workflow could be built here; what is wrong with it otherwise."""
    await see_to_closing(dask_worker)
    return await asyncio.to_thread(_wrong, shipment)


async def see_to_closing(worker: Worker) -> None:
    """Let a worker close, when it ends, what it keeps."""
    if _NAME not in worker.plugins:
        await worker.plugin_add(Closing(), name=_NAME)


def see_to_closing_here() -> None:
    """Do the same from within a call: a worker that has come late was not prepared."""
    worker = get_worker()
    if _NAME not in worker.plugins:
        sync(worker.loop, see_to_closing, worker)


async def owners_here() -> set[str]:
    """The sessions for which this worker keeps a workflow."""
    return owners()


async def close_sessions(sessions: Collection[str], limit: float | None = None) -> list[Fault]:
    """Close what sessions used that have ended, and tell what went wrong at that.

    Nothing is told of what takes more seconds than the limit.
    """
    try:
        return await asyncio.wait_for(asyncio.to_thread(release, sessions), limit)
    except TimeoutError:
        return []


def _wrong(shipment: Shipment) -> list[Fault]:
    try:
        shipment.plan().find_classes()
    except WorkflowError as error:
        return list(error.faults)
    return []
