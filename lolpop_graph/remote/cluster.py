"""The workers that a call names: those of this machine, or of a scheduler elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from lolpop_graph import faults as f
from lolpop_graph.errors import WorkflowError

DASK: Final = "dask"
"""What names processes of this machine, started for the purpose."""

if TYPE_CHECKING:
    from distributed import Client


@contextmanager
def connected(on: Any, *, workers: int | None = None, insecure: bool = False) -> Iterator[Client]:
    """A client of the workers that `on` names; what was started for it is stopped in the end.

    `dask` starts processes on this machine, `workers` of them, reached through loopback alone. What
    is not encrypted is refused for other machines (LG824), unless `insecure` allows it.
    """
    from distributed import Client, LocalCluster  # noqa: PLC0415 - an extra, and slow to import

    if on != DASK:
        if isinstance(on, str) and not (insecure or _is_safe(on)):
            raise WorkflowError([f.Unencrypted(address=on)])
        with Client(on) as client:
            yield client
        return
    with (
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address=None,
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


def _is_safe(address: str) -> bool:
    """Whether nobody else hears what is sent to an address."""
    parts = urlsplit(address if "://" in address else f"tcp://{address}")
    return parts.scheme in {"tls", "wss"} or parts.hostname in {"127.0.0.1", "::1", "localhost"}
