"""Waits for what workers make, and says what has happened where nothing will come any more."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

from distributed import CancelledError, KilledWorker
from distributed.client import FutureCancelledError
from distributed.scheduler import NoValidWorkerError, NoWorkerError

from lolpop_graph import faults as f
from lolpop_graph.errors import ElsewhereError, WorkflowError
from lolpop_graph.remote.cluster.connection import scheduler_address, workers_limit
from lolpop_graph.remote.cluster.readiness import Need, lacking

if TYPE_CHECKING:
    from distributed import Client, Future

_log = logging.getLogger("lolpop_graph.remote")

NO_WORKER = (NoWorkerError, NoValidWorkerError)
"""What Dask raises where its configuration says how long to wait for a worker."""
_GLANCE = 5.0
"""Every how many seconds somebody who waits looks whether there are workers."""


def result_of(client: Client, future: Future[Any], call: str, need: Need) -> Any:
    """The result of a call, which is named by `call` and asks a worker for `need`.

    Raises what the call raised, and ElsewhereError where its worker has died with it too often or
    the scheduler has gone (LG828), where no worker could do it for a long time (LG827, LG829), and
    for what is wrong with the workflow on its worker.
    """
    alone_since: float | None = None
    while True:
        try:
            return future.result(timeout=_GLANCE)
        except TimeoutError:
            alone_since = still_alone(client, call, need, alone_since)
        except KilledWorker as error:
            raise lost(call, deaths=error.allowed_failures + 1) from None
        except (FutureCancelledError, CancelledError, OSError):
            raise lost(call) from None
        except NO_WORKER:
            raise no_worker(client, call, need) from None
        except WorkflowError as error:
            # Dask keeps it while the future is there, and its frames would keep the future.
            raise _from_worker(error.with_traceback(None)) from None


def wait_for(client: Client, future: Future[Any], call: str, need: Need) -> None:
    """Wait until a call has ended, however it did; its result stays where it is.

    Raises ElsewhereError where nothing will come any more, as `result_of` does.
    """
    alone_since: float | None = None
    while True:
        try:
            future.exception(timeout=_GLANCE)  # type: ignore[no-untyped-call]  # of a package with few types
        except TimeoutError:
            alone_since = still_alone(client, call, need, alone_since)
        except (FutureCancelledError, CancelledError, OSError):
            raise lost(call) from None
        else:
            return


def still_alone(client: Client, call: str, need: Need, since: float | None) -> float | None:
    """Since when no worker could do the call, if that is so, with `since` as it was known before.

    Raises ElsewhereError where it is so for too long, and where the scheduler has gone.
    """
    try:
        workers = client.scheduler_info(n_workers=-1)["workers"]
    except (OSError, RuntimeError):
        raise lost(call) from None
    if workers and not lacking(client, {call: need}):
        return None
    if since is None:
        _log.warning("`%s` waits for a worker", call)
        since = time.monotonic()
    if time.monotonic() - since < workers_limit():
        return since
    raise no_worker(client, call, need)


def no_worker(client: Client, call: str, need: Need) -> ElsewhereError:
    """The error that says that no worker came in time for a call."""
    address, limit = scheduler_address(client), workers_limit()
    none = f.NoCluster(address=address, reason="no workers", seconds=limit)
    is_any = bool(client.scheduler_info(n_workers=-1)["workers"])
    return ElsewhereError((is_any and lacking(client, {call: need})) or [none])


def lost(call: str = "", deaths: int = 0) -> ElsewhereError:
    """The error that says that a call will never return, or that the scheduler has gone."""
    return ElsewhereError([f.ClusterLost(call=call, deaths=deaths)])


def _from_worker(error: WorkflowError) -> ElsewhereError:
    """The error of a worker on which the workflow could not be built."""
    told = ElsewhereError(error.faults)
    for note in getattr(error, "__notes__", ()):
        told.add_note(note)
    return told
