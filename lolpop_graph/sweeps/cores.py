"""How many processes may work at the same time, and how many threads each of them."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_QUOTA: Final = Path("/sys/fs/cgroup/cpu.max")

_THREADS: Final = (
    "BLIS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "POLARS_MAX_THREADS",
    "RAYON_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
"""What tells libraries how many threads they may start."""


def cores(quota: Path = _QUOTA) -> int:
    """How many cores this process may use: a container or a scheduler may leave it a few only."""
    if hasattr(os, "sched_getaffinity"):
        count = len(os.sched_getaffinity(0))
    else:
        count = os.cpu_count() or 1
    return max(1, min(count, _granted(quota) or count))


def _granted(quota: Path) -> int | None:
    """How many cores the control group may use, a part of one counted as one; None for any."""
    try:
        used, period = quota.read_text(encoding="ascii").split()
        return math.ceil(int(used) / int(period))
    except (OSError, ValueError):
        return None


def fair_shares(workers: int, environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of each of so many workers, with its share of the cores.

    What the user has set stays as it is.
    """
    share = str(max(1, cores() // workers))
    return {**dict.fromkeys(_THREADS, share), **environment}
