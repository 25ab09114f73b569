"""Types of fields that the `Config` classes of several parts have."""

from __future__ import annotations

import logging
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, Field

from lolpop_graph.component.messages import is_level


def _level(name: str) -> str:
    if not is_level(name):
        levels = ", ".join(logging.getLevelNamesMapping())
        message = f"it must be one of the levels of logging: {levels}"
        raise ValueError(message)
    return name


Level: TypeAlias = Annotated[str, AfterValidator(_level)]
"""The name of a level of `logging`, in any case."""

Count: TypeAlias = Annotated[int, Field(ge=1)]
"""How many of something, which is there."""

Seed: TypeAlias = Annotated[int, Field(ge=0, lt=2**32)] | None
"""The seed of what is random, as NumPy takes it; None for another one each time."""

Seconds: TypeAlias = Annotated[float, Field(ge=0.01)] | None
"""How long something may take; None for ever."""
