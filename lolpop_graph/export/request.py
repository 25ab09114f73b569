"""What somebody asks of an export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Division = Literal["auto", "calls", "one"]
"""Whether each call is a task: where that can be right, in any case, or in none."""


@dataclass(frozen=True)
class Request:
    """What is to be exported, as `Plan.export` documents it; `path` is that of the file."""

    to: str
    method: str = "main"
    arguments: Sequence[Any] = ()
    steps: Division = "auto"
    name: str = ""
    path: Path = Path("flow.py")
