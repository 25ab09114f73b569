"""What the values in one function are from, by its syntax: nothing is run.

A value is followed through local names, displays, items and calls of functions that are read as
well: it has `Roots`, the attributes that it is, is in, or may be.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple, Protocol

from lolpop_graph.classes.literals import constant
from lolpop_graph.classes.texts import dotted

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Root(NamedTuple):
    """An attribute that a value is from; the object itself for an empty name.

    It is `sure` but for what a call returned that is not read.
    """

    name: str
    sure: bool = True


Roots = frozenset[Root]

NOTHING: Final[Roots] = frozenset()
ITSELF: Final[Roots] = frozenset({Root("")})
INSIDES: Final = "__dict__"
ANYTHING: Final = "*"
"""Stands for a name that is not written in the code."""

_ITEMS = frozenset(
    ("get", "setdefault", "pop", "popitem", "values", "items", "copy", "__getitem__")
)
PASSES_ON = frozenset(
    ("iter", "enumerate", "zip", "reversed", "sorted", "list", "tuple", "set", "dict", "next",
     "filter", "vars")
)  # fmt: skip


class Known(Protocol):
    """The functions that are read together, each with a key."""

    def method(self, name: str, *, above: bool) -> Iterable[str]:
        """The keys of the method of a name; of those that it overrides if it is `above`."""

    def function(self, name: str) -> str | None:
        """The key of the function of a name in the module."""

    def returned(self, key: str) -> Roots:
        """What a function returns, as far as it is known."""

    def parameters(self, key: str) -> list[str]:
        """The names of the parameters of a function; a method's object is the first."""


class RootsReader:
    """Follows the values in one function, of which some parameters have roots.

    `nodes` are those of its body, and `bound` the targets in it, each with what it is given.
    """

    def __init__(
        self, node: Function, given: Mapping[str, Roots], known: Known, owner: str = ""
    ) -> None:
        """Follow values in `node`, which stands in the class `owner` if it is a method."""
        self.known = known
        self._owner = owner.lstrip("_")
        # Decorators, defaults and annotations run elsewhere.
        outside = [*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)]
        skipped = {id(below) for each in outside for below in ast.walk(each)}
        inside = list(ast.walk(node))[1:]
        self._locals = {each.name for each in inside if isinstance(each, Function)}
        self.nodes = [each for each in inside if id(each) not in skipped]
        self._names: dict[str, Roots] = dict(given)
        self._texts = _texts_of_names(self.nodes)
        # The name of a function within this one stands for what that returns.
        self._inner = [
            (each.name, below.value)
            for each in self.nodes
            if isinstance(each, Function)
            for below in ast.walk(each)
            if isinstance(below, ast.Return)
        ]
        self.bound = [pair for each in self.nodes for pair in bindings(each)]
        while self._bind_names():
            pass

    def _bind_names(self) -> bool:
        """Follow values to names once through the function; whether that led to anything new."""
        before = dict(self._names)
        for target, value in self.bound:
            self._bind(target, self.roots(value))
            self._bind_back(target, value)
        for name, returned in self._inner:
            self._bind(ast.Name(name), self.roots(returned))
        return before != self._names

    def _bind(self, target: ast.AST, roots: Roots) -> None:
        if isinstance(target, ast.Name):
            self._names[target.id] = self._names.get(target.id, NOTHING) | roots
        elif isinstance(target, ast.Tuple | ast.List | ast.Starred):
            for below in ast.iter_child_nodes(target):
                self._bind(below, roots)

    def _bind_back(self, target: ast.AST, value: ast.expr) -> None:
        """A name that is stored in an attribute stands for what is in that from then on."""
        roots = frozenset(Root(root.name) for root in self.roots(target) if root.name and root.sure)
        if isinstance(target, ast.Attribute | ast.Subscript) and isinstance(value, ast.Name):
            self._bind(value, roots)

    def roots(self, node: ast.AST | None) -> Roots:
        """The attributes that the value of an expression is, is in, or has in it."""
        if isinstance(node, ast.Name):
            return self._names.get(node.id, NOTHING)
        if isinstance(node, ast.Attribute):
            return self._below(self.roots(node.value), node.attr)
        if isinstance(node, ast.Subscript):
            inner = self.roots(node.value)
            is_inside = Root(INSIDES) in inner
            return frozenset(map(Root, self.texts_of(node.slice))) if is_inside else inner
        if isinstance(node, ast.Call):
            return self._call_roots(node)
        return self._roots_of_all(node)

    def _roots_of_all(self, node: ast.AST | None) -> Roots:
        parts: list[ast.expr | None] = []
        if isinstance(node, ast.Starred | ast.Await | ast.NamedExpr):
            parts = [node.value]
        elif isinstance(node, ast.IfExp):
            parts = [node.body, node.orelse]
        elif isinstance(node, ast.BoolOp):
            parts = [*node.values]
        elif isinstance(node, ast.Tuple | ast.List | ast.Set):
            parts = [*node.elts]
        elif isinstance(node, ast.Dict):
            parts = [*node.values]
        elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp):
            parts = [node.elt]
        elif isinstance(node, ast.DictComp):
            parts = [node.value]
        elif isinstance(node, ast.Lambda):
            parts = [node.body]
        found: set[Root] = set()
        return frozenset(found.union(*map(self.roots, parts)))

    def _below(self, inner: Roots, attribute: str) -> Roots:
        """What an attribute of a value is: of the object itself one with a name."""
        found = {root for root in inner if root.name}
        if inner & ITSELF:
            found.add(Root(self.mangled(attribute)))
            for key in self.known.method(attribute, above=False):
                found |= self.known.returned(key)
        return frozenset(found)

    def _call_roots(self, node: ast.Call) -> Roots:
        called = node.func
        name = called.id if isinstance(called, ast.Name) else ""
        if name in {"vars", "getattr"} and node.args and self.roots(node.args[0]) & ITSELF:
            asked = [INSIDES] if name == "vars" else self.texts_of(nth(node.args, 1))
            return frozenset(map(Root, asked))
        keys = self.keys_of(called)
        if keys:
            return frozenset(set[Root]().union(*map(self.known.returned, keys)))
        is_local = isinstance(called, ast.Name | ast.Lambda)
        of = self.roots(called if is_local else getattr(called, "value", None))
        given = frozenset(root for each in given_in(node) for root in self.roots(each))
        if is_local and of:
            return of | given
        passes_on = name in PASSES_ON or getattr(called, "attr", "") in _ITEMS
        if passes_on:
            return (of | given) - ITSELF
        return frozenset(Root(root.name, sure=False) for root in of | given if root.name)

    def texts_of(self, node: ast.AST | None) -> list[str]:
        """The texts that an expression may be; ANYTHING where they are not written."""
        text = constant(node)
        if text is not None:
            return [text]
        if isinstance(node, ast.Name) and node.id in self._texts:
            return self._texts[node.id]
        return [ANYTHING]

    def mangled(self, name: str) -> str:
        """What Python makes of a name with two underscores before it, and none after."""
        is_private = name.startswith("__") and not name.endswith("__") and self._owner
        return f"_{self._owner}{name}" if is_private else name

    def keys_of(self, called: ast.expr) -> list[str]:
        """The keys of the functions that an expression names, those that are read here."""
        if isinstance(called, ast.Name):
            key = None if called.id in self._locals else self.known.function(called.id)
            return [key] if key else []
        if not isinstance(called, ast.Attribute):
            return []
        if self.roots(called.value) & ITSELF:
            return list(self.known.method(called.attr, above=False))
        if is_super(called.value) or (dotted(called.value) or [""])[-1][:1].isupper():
            # `super().fit(x)` and `Base.fit(self, x)`
            return list(self.known.method(called.attr, above=True))
        return []


def bindings(node: ast.AST) -> Iterator[tuple[ast.AST, ast.expr]]:
    """The targets that a node gives a value, each with the expression of that or of its whole."""
    if isinstance(node, ast.Assign):
        yield from ((target, node.value) for target in node.targets)
        for one in node.targets:
            yield from ((one, other) for other in node.targets if other is not one)
    elif isinstance(node, ast.AnnAssign | ast.AugAssign | ast.NamedExpr):
        if node.value is not None:
            yield node.target, node.value
    elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
        yield node.target, node.iter
    elif isinstance(node, ast.withitem) and node.optional_vars is not None:
        yield node.optional_vars, node.context_expr
    elif isinstance(node, ast.Match):
        for each in ast.walk(node):
            name = getattr(each, "name", None) or getattr(each, "rest", None)
            if isinstance(each, ast.pattern) and name:
                yield ast.Name(name, ast.Store()), node.subject


def _texts_of_names(nodes: Iterable[ast.AST]) -> dict[str, list[str]]:
    """The names of loops over texts that are written: `for name in ("a", "b")`."""
    found: dict[str, list[str]] = {}
    stored: dict[str, int] = {}
    for node in nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            stored[node.id] = stored.get(node.id, 0) + 1
        if isinstance(node, ast.For | ast.comprehension) and isinstance(node.target, ast.Name):
            items = getattr(node.iter, "elts", None)
            texts = [constant(each) for each in items or ()]
            written = [text for text in texts if text is not None]
            if written and len(written) == len(texts):
                found[node.target.id] = written
    return {name: texts for name, texts in found.items() if stored[name] == 1}


def given_in(node: ast.Call) -> Iterator[ast.expr]:
    """The expressions of all that a call is given."""
    yield from node.args
    yield from (keyword.value for keyword in node.keywords)


def nth(nodes: list[ast.expr], number: int) -> ast.expr | None:
    """One of some expressions; None where there are not so many."""
    return nodes[number] if number < len(nodes) else None


def is_super(node: ast.AST | None) -> bool:
    """Whether an expression is a call of `super`."""
    return isinstance(node, ast.Call) and dotted(node.func) == ["super"]
