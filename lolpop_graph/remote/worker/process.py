"""What a worker process of this machine is: a worker of Dask's that ends when its driver does."""

from __future__ import annotations

import asyncio
import contextlib
import io
import logging
import os
import pickle
import select
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

START = (
    "import sys, json; sys.path[:] = json.loads(sys.stdin.buffer.readline()); "
    f"from {__name__} import main; main()"
)
"""The program of a worker process; its standard input has `sys.path`, and then its `Settings`."""

READY = b"\0ready\n"
"""What it writes when it waits for calls."""

_PATIENCE = 5.0
"""How many seconds a process may take to end of itself."""
_MOMENT = 2.0
"""How many seconds of them are for what Python does at its end."""
_GLANCE = 1.0
"""Every how many seconds a process looks whether its driver is still there."""


@dataclass(frozen=True)
class Settings:
    """What a worker process has to know; the keys of `security` are secret."""

    scheduler: str
    name: str
    folder: str
    memory: int
    resources: dict[str, float]
    security: dict[str, Any] = field(repr=False)
    level: int
    format: str | None
    driver: int


def main() -> None:
    """Work until standard input ends, which the driver holds open while it wants this worker."""
    # Ctrl-C is for the driver, which sees to it that this ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)
    settings: Settings = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own driver wrote it
    _set_up_logging(settings)
    closing: list[Callable[[], None]] = []
    threading.Thread(target=_wait_for_driver, args=(settings, closing), daemon=True).start()
    try:
        asyncio.run(_work(settings, closing))
    finally:
        # Even where a thread of this process never ends.
        timer = threading.Timer(_MOMENT, _end, [settings])
        timer.daemon = True
        timer.start()
        _tidy(settings)


async def _work(settings: Settings, closing: list[Callable[[], None]]) -> None:
    """Work until one of `closing` is called, which is added when that is possible."""
    import dask  # noqa: PLC0415 - after logging is set up
    from distributed import Security  # noqa: PLC0415 - the same

    from lolpop_graph.remote.dask_logs import quiet  # noqa: PLC0415 - the same
    from lolpop_graph.remote.headless import HeadlessWorker  # noqa: PLC0415 - the same

    quiet()
    # One that waits for memory that nobody frees would wait for ever.
    dask.config.set({"distributed.worker.memory.pause": False})
    async with HeadlessWorker(
        settings.scheduler,
        name=settings.name,
        nthreads=1,
        host="127.0.0.1",
        security=Security(**settings.security),  # type: ignore[no-untyped-call]  # of a package with few types
        memory_limit=settings.memory,
        local_directory=settings.folder,
        resources=settings.resources or None,
    ) as worker:
        loop = asyncio.get_running_loop()
        closing.append(lambda: _ignored(asyncio.run_coroutine_threadsafe(worker.close(), loop)))
        sys.stdout.write(READY.decode())
        await worker.finished()


def _ignored(_: object) -> None:
    """Nothing comes of it."""


def _wait_for_driver(settings: Settings, closing: list[Callable[[], None]]) -> None:
    """Close when the driver wants that, or is not there any more, and end soon in any case."""
    while os.getppid() == settings.driver:
        readable, _, _ = select.select([sys.stdin.buffer], [], [], _GLANCE)
        if readable and not sys.stdin.buffer.read(1):
            break
    for close in closing:
        close()
    time.sleep(_PATIENCE if closing else 0)
    _end(settings)


def _end(settings: Settings) -> None:
    """End this process and those that it has started."""
    _tidy(settings)
    with contextlib.suppress(OSError):
        os.killpg(os.getpid(), signal.SIGKILL)


def _tidy(settings: Settings) -> None:
    """Remove the folder of all workers where the driver, whose that is, cannot any more."""
    if os.getppid() != settings.driver:
        shutil.rmtree(settings.folder, ignore_errors=True)


def _set_up_logging(settings: Settings) -> None:
    """Say with `logging` what the driver would say."""
    if settings.format is not None:
        logging.basicConfig(level=settings.level, format=settings.format)
    else:
        logging.getLogger().setLevel(settings.level)
