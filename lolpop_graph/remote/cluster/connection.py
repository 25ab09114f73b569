"""The workers that a call names: those of this machine, or of a scheduler elsewhere."""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from lolpop_graph import faults as f
from lolpop_graph.errors import ElsewhereError

if TYPE_CHECKING:
    from distributed import Client

LOCAL = "dask"
"""What a call says that wants worker processes of this machine."""

_log = logging.getLogger("lolpop_graph.remote")

_WORKERS_LIMIT = 300.0
"""How many seconds to wait for the first worker, where Dask's configuration says nothing."""
_SAY_AFTER = 3.0
"""After how many seconds somebody who waits is told for what."""


@contextmanager
def connected(
    on: Any,
    *,
    workers: int | None = None,
    insecure: bool = False,
    resources: Mapping[str, float] | None = None,
) -> Iterator[Client]:
    """A client of the workers that `on` names; what was started for it is stopped in the end.

    `dask` starts processes on this machine, `workers` of them, each with all `resources`. An
    address is that of a scheduler, a `distributed.Client` is used as it is, and any other object
    is a cluster of Dask's; for these, `workers` is how many to wait for.

    Raises ElsewhereError for what is not encrypted on its way to other machines (LG824), unless it
    is to be `insecure`, and where there is no scheduler or no worker (LG827).
    """
    from lolpop_graph.remote.dask_logs import quieted  # noqa: PLC0415 - an extra, slow to import

    is_ours = isinstance(on, str)
    if is_ours and on != LOCAL and not insecure:
        _fail_unless_safe([on])
    with quieted() if is_ours else nullcontext(), _client(on, workers, resources or {}) as client:
        if on != LOCAL:
            _wait_for_workers(client, workers or 1)
            if not insecure:
                _fail_unless_safe(addresses(client))
        yield client


def addresses(client: Client) -> list[str]:
    """The addresses of a client's scheduler and of its workers."""
    return [scheduler_address(client), *client.scheduler_info(n_workers=-1)["workers"]]


def scheduler_address(client: Client) -> str:
    """The address of a client's scheduler."""
    return str(getattr(client.scheduler, "address", ""))


def _client(
    on: Any, workers: int | None, resources: Mapping[str, float]
) -> AbstractContextManager[Client]:
    from distributed import Client  # noqa: PLC0415 - an extra, and slow to import

    if isinstance(on, Client):
        return nullcontext(on)
    if on == LOCAL:
        from lolpop_graph.remote.cluster.local import local  # noqa: PLC0415 - not for other clusters

        return local(workers, resources)
    if workers and not isinstance(on, str) and hasattr(on, "scale"):
        on.scale(workers)
    return _connected(on)


def _connected(on: Any) -> Client:
    """A client of the scheduler at an address, or of a cluster object."""
    import dask  # noqa: PLC0415 - an extra, and slow to import
    from dask.utils import parse_timedelta  # noqa: PLC0415
    from distributed import Client  # noqa: PLC0415

    address = on if isinstance(on, str) else getattr(on, "scheduler_address", repr(on))
    if isinstance(on, str):
        _fail_without_certificates(on)
    limit = parse_timedelta(dask.config.get("distributed.comm.timeouts.connect"))
    try:
        return Client(on, timeout=limit, set_as_default=False)  # type: ignore[no-untyped-call]  # the same
    except (OSError, ValueError) as error:
        reason = "certificates" if _is_distrust(error) else "silent"
        raise _no_cluster(address, reason, limit) from None


def _fail_without_certificates(address: str) -> None:
    """Raise ElsewhereError for an address with TLS where this process could not speak it."""
    from distributed import Security  # noqa: PLC0415 - an extra, and slow to import

    if urlsplit(address).scheme in {"tls", "wss"}:
        try:
            found = Security().get_connection_args("client")["ssl_context"]  # type: ignore[no-untyped-call]  # of a package with few types
        except OSError:
            found = None
        if found is None:
            raise _no_cluster(address, "no certificates")


def _is_distrust(error: BaseException | None) -> bool:
    """Whether an error, or what caused it, is of certificates."""
    from distributed.comm.core import FatalCommClosedError  # noqa: PLC0415 - an extra

    while error is not None:
        if isinstance(error, ssl.SSLError | FatalCommClosedError):
            return True
        error = error.__cause__ or error.__context__
    return False


def workers_limit() -> float:
    """How many seconds to wait where there is no worker."""
    import dask  # noqa: PLC0415 - an extra, and slow to import
    from dask.utils import parse_timedelta  # noqa: PLC0415

    given = dask.config.get("distributed.scheduler.no-workers-timeout")
    return float(parse_timedelta(given)) if given else _WORKERS_LIMIT


def _wait_for_workers(client: Client, count: int) -> None:
    """Return when there are so many workers; say so where that takes a while."""
    limit = workers_limit()
    start = time.monotonic()
    is_said = False
    while len(addresses(client)) <= count:
        waited = time.monotonic() - start
        if waited > limit:
            raise _no_cluster(scheduler_address(client), "no workers", limit)
        if waited > _SAY_AFTER and not is_said:
            _log.warning("waiting for workers to come to %s", scheduler_address(client))
            is_said = True
        time.sleep(0.1)


def _fail_unless_safe(known: list[str]) -> None:
    if unsafe := [address for address in known if not _is_safe(address)]:
        raise ElsewhereError([f.Unencrypted(address=address) for address in unsafe])


def _is_safe(address: str) -> bool:
    """Whether nobody else hears what is sent to an address."""
    parts = urlsplit(address if "://" in address else f"tcp://{address}")
    is_here = parts.hostname in {"127.0.0.1", "::1", "localhost"}
    return parts.scheme in {"tls", "wss", "inproc"} or is_here


def _no_cluster(address: str, reason: str, seconds: float = 0) -> ElsewhereError:
    return ElsewhereError([f.NoCluster(address=address, reason=reason, seconds=seconds)])
