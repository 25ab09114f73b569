"""Workers on this machine: processes that nobody else reaches, and that are started anew."""

from __future__ import annotations

import logging
import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import dask
from dask.system import CPU_COUNT
from distributed import Client, Security, SpecCluster
from distributed.system import MEMORY_LIMIT

from lolpop_graph import faults as f
from lolpop_graph.errors import ElsewhereError
from lolpop_graph.remote.cluster.supervisor import Supervisor
from lolpop_graph.remote.headless import HeadlessScheduler
from lolpop_graph.remote.worker.process import Settings

_START_LIMIT, _END_LIMIT = 60.0, 8.0
"""How many seconds the processes may take to be ready, and to close what they keep and end."""

_MOST_DEATHS = 2
"""A call that has ended more processes than that is not tried again."""

_KEYS = ("require_encryption", "tls_ca_file", "tls_worker_key", "tls_worker_cert")
"""What a worker needs of a Security."""


@contextmanager
def local(workers: int | None, resources: Mapping[str, float]) -> Iterator[Client]:
    """A client of worker processes of this machine, as many as it has cores if none are asked for.

    Each has all `resources`. They are reached through loopback and by TLS, with certificates that
    exist as long as the processes. Raises ElsewhereError (LG827) where they do not start.
    """
    security = Security.temporary()  # type: ignore[no-untyped-call]  # of a package with few types
    with (
        tempfile.TemporaryDirectory(prefix="lolpop-graph-", ignore_cleanup_errors=True) as folder,
        _scheduler(security, folder) as cluster,
    ):
        settings = _settings(workers or CPU_COUNT, cluster, folder, resources)

        def give_up() -> None:
            scheduler: Any = cluster.scheduler
            scheduler.loop.add_callback(scheduler.close)

        with (
            _started([Supervisor(each, give_up) for each in settings]),
            Client(cluster, set_as_default=False) as client,  # type: ignore[no-untyped-call]  # the same
        ):
            yield client


@contextmanager
def _scheduler(security: Security, folder: str) -> Iterator[SpecCluster]:
    """A scheduler in a thread of this process."""
    options = {
        "host": "127.0.0.1",
        "port": 0,
        "protocol": "tls",
        "security": security,
        "dashboard": False,
        "allowed_failures": _MOST_DEATHS,
    }
    # The processes are looked after here, and a driver that computes may be silent for long.
    config = {"distributed.scheduler.worker-ttl": None, "temporary-directory": folder}
    with dask.config.set(config):
        cluster = SpecCluster(  # type: ignore[no-untyped-call]  # of a package with few types
            scheduler={"cls": HeadlessScheduler, "options": options}, security=security
        )
    with cluster:
        yield cluster


def _settings(
    count: int, cluster: SpecCluster, folder: str, resources: Mapping[str, float]
) -> list[Settings]:
    security = {name: getattr(cluster.security, name) for name in _KEYS}
    return [
        Settings(
            scheduler=cluster.scheduler_address,
            name=str(number),
            folder=folder,
            memory=MEMORY_LIMIT // count,
            resources=dict(resources),
            security=security,
            level=logging.getLogger().level,
            format=_format(),
            driver=os.getpid(),
        )
        for number in range(count)
    ]


def _format() -> str | None:
    """How the driver's root logger words what it is told; None where nobody has set it up."""
    for handler in logging.getLogger().handlers:
        if handler.formatter is not None:
            return getattr(handler.formatter, "_fmt", None)
    return None


@contextmanager
def _started(supervisors: list[Supervisor]) -> Iterator[None]:
    """Worker processes that are ready; in the end they are told to end, and made to."""
    try:
        for supervisor in supervisors:
            supervisor.start()
        _wait(supervisors)
        yield
    finally:
        for supervisor in supervisors:
            supervisor.tell_to_end()
        deadline = time.monotonic() + _END_LIMIT
        for supervisor in supervisors:
            supervisor.end(deadline)


def _wait(supervisors: list[Supervisor]) -> None:
    deadline = time.monotonic() + _START_LIMIT
    for supervisor in supervisors:
        supervisor.changed.wait(max(0.0, deadline - time.monotonic()))
        if not supervisor.is_ready:
            raise ElsewhereError([f.NoCluster(address="dask", reason="no process")])
