"""Names for what stands in a file: of Python, of no two things, and of nothing the file needs."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable, Sequence

from lolpop_graph.model import Integration

_LONGEST = 200
_AMBIGUOUS = ("I", "O", "l")
"""Names that linters take for digits."""
_PYTHON = frozenset((*keyword.kwlist, *keyword.softkwlist, *dir(builtins), *_AMBIGUOUS))


class Names:
    """Hands out names, each once."""

    def __init__(self, taken: Iterable[str] = (), *, is_code: bool = True) -> None:
        """Leave the names in `taken` alone and, in code, those that mean something to Python."""
        self._taken = {*taken, *(_PYTHON if is_code else ())}
        self._mark = "_" if is_code else "."

    def new(self, wanted: str) -> str:
        """A name that is free: the one wanted, or one like it."""
        name = wanted
        if name in self._taken:
            name = f"{wanted}_" if self._mark == "_" else f"{wanted}.2"
        number = 2
        while name in self._taken:
            name = f"{wanted}{self._mark}{number}"
            number += 1
        self._taken.add(name)
        return name


def variable(name: str) -> str:
    """A name of a method's as it can stand anywhere: engines keep a leading underscore."""
    return name.strip("_") if name.strip("_").isidentifier() else "value"


def below_root(integration: Integration) -> list[str]:
    """The names that lead from the root to an integration; for the root its own."""
    return [*integration.block_keys()] or [integration.name]


def label(words: Sequence[str]) -> str:
    """Words as the name of a task or flow in an engine: letters, digits, `.`, `_` and `-`."""
    return re.sub(r"[^\w.-]", "_", ".".join(words))[:_LONGEST] or "_"
