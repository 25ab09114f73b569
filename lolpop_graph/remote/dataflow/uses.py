"""What is done with the result of a call, and what is known of functions that are given one."""

from __future__ import annotations

from enum import IntEnum
from typing import Final


class Use(IntEnum):
    """What is done with the result of a call; each takes more than the one before."""

    KEPT = 0
    """It is passed on, or looked at in ways that a reference sees."""
    WAITED = 1
    """Nobody takes it, or what surrounds the call must see how it ends."""
    COMPARED = 2
    """It is compared by `is`, which None and True must pass and all else fails."""
    FETCHED = 3
    """It is given to code that asks for the exact type of an object, or that cannot be read."""


LOOKERS: Final = frozenset(
    (
        *("abs", "all", "any", "ascii", "bool", "bytes", "complex", "divmod", "float", "format"),
        *("getattr", "hasattr", "hash", "int", "isinstance", "len", "pow", "print", "range"),
        *("repr", "round", "str", "sum", "deepcopy", "open", "Path"),
    )
)
"""Functions that look at what they are given, as a reference sees it."""
ITEM_TAKERS: Final = frozenset(
    (
        *("list", "tuple", "set", "dict", "frozenset", "enumerate", "zip", "reversed", "sorted"),
        *("filter", "map", "chain", "deque"),
    )
)
"""Functions that give back the items of what they are given."""
GIVERS: Final = frozenset((*ITEM_TAKERS, "max", "min", "next", "iter", "copy"))
"""Functions that give back what they are given, or something of it."""
SELECTORS: Final = frozenset(("filter", "max", "min", "sorted"))
"""Functions that look at what the functions return that they are given."""
APPLIERS: Final = frozenset((*SELECTORS, "map"))
"""Functions that call others with items."""
APPLIED: Final = frozenset((*LOOKERS, "itemgetter", "attrgetter", "methodcaller"))
"""What they may call, or what makes what they may call."""
PANDAS: Final = frozenset(("pd", "pandas"))
"""The names of a library whose functions look at what they are given."""
PANDAS_TAKERS: Final = frozenset(("concat", "merge"))
"""Those of them that look at each item as well."""
CHANGING: Final = frozenset(
    ("append", "appendleft", "extend", "add", "insert", "setdefault", "update")
)
"""Methods of a container that put something into it."""
GIVING: Final = frozenset(
    ("copy", "get", "items", "pop", "popitem", "popleft", "setdefault", "values")
)
"""Methods of a container that give something of it."""
READ: Final = frozenset(("property", "cached_property"))
"""Decorators whose functions are called when they are read."""
TRANSPARENT: Final = frozenset(
    (
        *(*READ, "staticmethod", "classmethod", "override", "final", "abstractmethod"),
        *("contextmanager", "asynccontextmanager"),
    )
)
"""Decorators that give back what the function returns."""
