"""How much a document may hold before it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MOST_DEPTH: Final = 200
"""How deep a document may be at the most: each level takes frames of Python's, of which
1,000 is the default limit."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a document may hold before it is refused.

    `size` is that of a file in bytes, `depth` the levels of nesting; `alias_values` counts the
    values that exist by the expansion of aliases and merges alone. ValueError for a depth that
    Python itself could not walk, and for what is no whole number above 0.
    """

    size: int = 64 * 2**20
    depth: int = 100
    alias_values: int = 10_000

    def __post_init__(self) -> None:
        """Refuse limits that would protect nobody."""
        for name in ("size", "depth", "alias_values"):
            value = getattr(self, name)
            if type(value) is not int or value < 1:
                message = f"the limit `{name}` must be a whole number above 0"
                raise ValueError(message)
        if self.depth > MOST_DEPTH:
            message = f"the limit `depth` must be at most {MOST_DEPTH}"
            raise ValueError(message)
