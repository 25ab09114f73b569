"""What code does before a workflow runs, while objects are made and set up: read, and not run."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from lolpop_graph.classes.code import CodeReader, Scope
from lolpop_graph.classes.literals import constants, statements_in
from lolpop_graph.classes.texts import Definition, Lineage, dotted
from lolpop_graph.classes.uses import Uses

_MAKERS: Final = ("__init__", "__new__", "__post_init__", "setup")
_DRAWS: Final = frozenset(
    ("random", "rng", "randint", "seed", "uuid", "uuid1", "uuid4", "secrets", "token", "urandom",
     "time", "monotonic", "perf", "now", "today", "utcnow", "count", "counter", "getpid",
     "mkdtemp", "mkstemp", "temporary", "start", "begin", "create", "register")
)  # fmt: skip
"""Words in the names of what gives another answer each time that it is called."""
_WAITS: Final = ("time.sleep", "sleep")
_CONFIG_WRITERS: Final = frozenset(("_set_config", "_update_integrations"))

_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Making:
    """What the code uses that makes objects of a class and sets them up, with all that it calls.

    `touched` are the attributes of the object, such as other integrations, in which it sets
    something. `draws` says that it asks for what differs each time (the clock, a random number, a
    new run), `configures` that it changes configs or attributes by names.
    """

    uses: Uses
    touched: set[str] = field(default_factory=set)
    draws: bool = False
    configures: bool = False


def making_of(lineage: Lineage) -> Making:
    """Read the methods that make objects of a class, and what they call of its other methods."""
    reader = _Reader(lineage)
    return reader.read()


class _Reader:
    def __init__(self, lineage: Lineage) -> None:
        self.uses = Uses(is_known=lineage.is_whole, is_wired=lineage.is_wired)
        self.making = Making(self.uses)
        self.methods: dict[str, list[tuple[Definition, ast.ClassDef, _Function]]] = {}
        for definition in lineage.definitions:
            for node in definition.nodes:
                for statement in statements_in(node.body):
                    if isinstance(statement, _Function):
                        found = (definition, node, statement)
                        self.methods.setdefault(statement.name, []).append(found)

    def read(self) -> Making:
        waiting, seen = list(_MAKERS), set(_MAKERS)
        while waiting:
            for method in self.methods.get(waiting.pop(), ()):
                self._read(*method)
            # Methods that it names, and properties, which it reads as it reads attributes.
            new = (self.uses.names & self.methods.keys()) - seen
            seen |= new
            waiting += new
        self.making.configures |= bool(_CONFIG_WRITERS & self.uses.names)
        return self.making

    def _read(self, definition: Definition, node: ast.ClassDef, method: _Function) -> None:
        text = definition.text
        known = dict(constants(text.tree))
        for texts in known.values():
            self.uses.texts |= texts
        scope = Scope(text, self.uses, frozenset(known), [dotted(base) for base in node.bases])
        arguments = [*method.args.posonlyargs, *method.args.args]
        itself = arguments[0].arg if arguments and method.name != "__new__" else ""
        CodeReader(scope, method, itself).read()
        self._look(method, itself)
        done: set[str] = set()
        while waiting := scope.functions - done:
            done |= waiting
            for name in waiting:
                CodeReader(scope, text.functions[name], "").read()
                self._look(text.functions[name], "")

    def _look(self, function: _Function, itself: str) -> None:
        """Note what is set in others, and what differs each time."""
        for node in ast.walk(function):
            if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(
                node.ctx, ast.Load
            ):
                steps = [*_steps(node)]
                self.making.configures |= "config" in steps
                if len(steps) > 1 and steps[0] == itself:
                    self.making.touched |= {*steps[1:]}
            elif isinstance(node, ast.Call):
                self.making.draws |= _draws(dotted(node.func))


def _draws(steps: Iterable[str]) -> bool:
    """Whether the name of what is called says that it may give another answer each time."""
    name = ".".join(steps)
    words = set(name.lower().replace(".", "_").split("_"))
    return name not in _WAITS and not words.isdisjoint(_DRAWS)


def _steps(node: ast.expr) -> Iterator[str]:
    """The names on the way to what is set: `self`, `tracker` for `self.tracker.runs[0] = ...`."""
    inner: ast.expr = node.value if isinstance(node, ast.Attribute | ast.Subscript) else node
    found: list[str] = []
    while not isinstance(inner, ast.Name):
        if isinstance(inner, ast.Attribute):
            found.append(inner.attr)
        if not isinstance(inner, ast.Attribute | ast.Subscript):
            return iter(())
        inner = inner.value
    return iter([inner.id, *reversed(found)])
