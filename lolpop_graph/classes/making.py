"""What code does before a workflow runs, while objects are made and set up: read, and not run."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from lolpop_graph.classes.code import CodeReader, Scope
from lolpop_graph.classes.literals import constants, texts_in
from lolpop_graph.classes.roots import Function
from lolpop_graph.classes.texts import Lineage, ModuleText, dotted
from lolpop_graph.classes.touches import (
    is_written_to,
    itself_in,
    methods_of,
    steps_of,
)
from lolpop_graph.classes.uses import Uses

MAKERS: Final = ("__init__", "__new__", "__post_init__", "setup")
_DRAWS: Final = frozenset(
    ("random", "rng", "randint", "seed", "uuid", "uuid1", "uuid4", "secrets", "token", "urandom",
     "time", "monotonic", "perf", "now", "today", "utcnow", "count", "counter", "getpid",
     "mkdtemp", "mkstemp", "temporary", "start", "begin", "create", "register")
)  # fmt: skip
"""Words in the names of what gives another answer each time that it is called."""
_WAITS: Final = ("time.sleep", "sleep")
_CONFIG_WRITERS: Final = frozenset(("_set_config", "_update_integrations"))


@dataclass
class Making:
    """What the code uses that makes objects of a class and sets them up, with all that it calls.

    `draws` says that it asks for what differs each time (the clock, a random number, a
    new run), `configures` that it changes configs or attributes by names.
    """

    uses: Uses
    draws: bool = False
    configures: bool = False


def making_of(lineage: Lineage, first: Sequence[str] = MAKERS) -> Making:
    """Read the methods that make objects of a class, and what they call of its other methods.

    Others can be named to be read `first`.
    """
    return _Reader(lineage).read(first)


class _Reader:
    def __init__(self, lineage: Lineage) -> None:
        self.uses = Uses(is_known=lineage.is_whole, is_wired=lineage.is_wired)
        self.making = Making(self.uses)
        self.methods: dict[str, list[tuple[ModuleText, ast.ClassDef, Function]]] = {}
        for text, node, method in methods_of(lineage):
            self.methods.setdefault(method.name, []).append((text, node, method))

    def read(self, first: Sequence[str]) -> Making:
        waiting, seen = list(first), set(first)
        while waiting:
            for method in self.methods.get(waiting.pop(), ()):
                self._read(*method)
            # Methods that it names, and properties, which it reads as it reads attributes.
            named = self.uses.own | self.uses.far | self.uses.texts
            new = (named & self.methods.keys()) - seen
            seen |= new
            waiting += new
        self.making.configures |= not _CONFIG_WRITERS.isdisjoint(self.uses.own | self.uses.far)
        return self.making

    def _read(self, text: ModuleText, node: ast.ClassDef, method: Function) -> None:
        known = dict(constants(text.tree))
        self.uses.texts |= texts_named(text, method)
        scope = Scope(text, self.uses, frozenset(known), [dotted(base) for base in node.bases])
        CodeReader(scope, method, itself_in(method)).read()
        self._look(method)
        done: set[str] = set()
        while waiting := scope.functions - done:
            done |= waiting
            for name in waiting:
                CodeReader(scope, text.functions[name], "").read()
                self._look(text.functions[name])

    def _look(self, function: Function) -> None:
        """Note what differs each time, and changes of configs."""
        for node in ast.walk(function):
            if isinstance(node, ast.Call):
                self.making.draws |= _draws(dotted(node.func))
            elif is_written_to(node):
                self.making.configures |= "config" in steps_of(node)


def texts_of(lineage: Lineage) -> set[str]:
    """The texts in the code of a class, and in what that names of its modules."""
    nodes = ((text, node) for text, name in lineage.definitions for node in text.classes[name])
    return set[str]().union(*(texts_named(text, node) for text, node in nodes))


def texts_named(text: ModuleText, node: ast.AST) -> set[str]:
    """The texts in a piece of code, and in the constants and functions of its module it names."""
    known = dict(constants(text.tree))
    found, waiting, seen = set[str](), [node], set[str]()
    while waiting:
        inside = waiting.pop()
        found |= texts_in(inside)
        names = {each.id for each in ast.walk(inside) if isinstance(each, ast.Name)} - seen
        seen |= names
        found.update(*(known[name] for name in names & known.keys()))
        waiting += (text.functions[name] for name in names & text.functions.keys())
    return found


def _draws(steps: Iterable[str]) -> bool:
    """Whether the name of what is called says that it may give another answer each time."""
    name = ".".join(steps)
    words = set(name.lower().replace(".", "_").split("_"))
    return name not in _WAITS and not words.isdisjoint(_DRAWS)
