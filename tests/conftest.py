"""The option that rewrites golden files, and the desk at which workflows are built."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from tests.browser import browser
from tests.toys import JOURNAL
from tests.workflows import Desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["browser"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register `--update-golden`."""
    parser.addoption(
        "--update-golden", action="store_true", help="write what is found into the golden files"
    )


def pytest_configure() -> None:
    """Let what is set around the tests have no say in what commands write, nor in who hears."""
    for name in ("NO_COLOR", "FORCE_COLOR", "GITHUB_WORKSPACE"):
        os.environ.pop(name, None)
    # Shells start what runs in the background with deaf ears.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    # There is a process of tests for each core: threads of OpenMP would wait for each other.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")


@pytest.fixture(name="desk")
def desk_with_an_end(tmp_path: Path) -> Iterator[Desk]:
    """A desk whose workflows are closed when the test is over, and an empty journal."""
    JOURNAL.clear()
    desk = Desk(tmp_path)
    yield desk
    desk.close()
