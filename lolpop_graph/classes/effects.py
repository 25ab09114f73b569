"""What one function does to the attributes of an object, by its syntax: nothing is run.

A value is followed through local names, displays, items and calls of functions that are read as
well: it has `Roots`, the attributes that it is, is in, or may be.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, Protocol

from lolpop_graph.classes.literals import constant
from lolpop_graph.classes.texts import dotted

Function = ast.FunctionDef | ast.AsyncFunctionDef
How = Literal["set", "deleted", "inside", "perhaps", "given", "read"]
"""`inside` is a change in place; `perhaps` one that code may make which is not read here.

What is `given` to a caller is what a method returns.
"""


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

_MUTATORS = frozenset(
    (
        *("append", "appendleft", "extend", "extendleft", "insert", "remove", "pop", "popleft"),
        *("popitem", "clear", "sort", "reverse", "rotate", "add", "discard", "update"),
        *("setdefault", "difference_update", "intersection_update", "subtract"),
        *("symmetric_difference_update", "fit", "fit_transform", "partial_fit", "write"),
        *("writelines", "put", "put_nowait", "__setitem__", "__delitem__", "__setattr__"),
    )
)
_SHUFFLERS = frozenset(
    ("heappush", "heappop", "heapify", "heapreplace", "heappushpop", "shuffle", "insort", "next",
     "insort_left", "insort_right")
)  # fmt: skip
_ITEMS = frozenset(
    ("get", "setdefault", "pop", "popitem", "values", "items", "copy", "__getitem__")
)
_PASSES_ON = frozenset(
    ("iter", "enumerate", "zip", "reversed", "sorted", "list", "tuple", "set", "dict", "next",
     "filter", "vars")
)  # fmt: skip
_SAME = ast.Name | ast.Attribute | ast.IfExp | ast.BoolOp | ast.NamedExpr
_PURE = frozenset(
    ("len", "isinstance", "issubclass", "type", "id", "repr", "str", "hash", "print", "bool",
     "callable", "int", "float", "abs", "round", "format", "getattr", "hasattr", "super", "min",
     "max", "sum", "range", "any", "all", *_PASSES_ON)
)  # fmt: skip


class Effect(NamedTuple):
    """One thing that is done to an attribute, and the line of it."""

    name: str
    how: How
    line: int


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


@dataclass
class Effects:
    """What one function does.

    `calls` are the keys of functions that it calls or names, with what it gives to which of their
    parameters; `joined` are pairs of attributes that share a value from then on, each with
    whether that is sure. It `hands_out` the
    object itself where other code gets it.
    """

    found: set[Effect] = field(default_factory=set)
    calls: dict[str, dict[str, Roots]] = field(default_factory=dict)
    joined: set[tuple[str, str, bool]] = field(default_factory=set)
    returned: Roots = NOTHING
    hands_out: bool = False


class EffectsReader:
    """Reads one function, of which some parameters have roots."""

    def __init__(
        self, node: Function, given: Mapping[str, Roots], known: Known, owner: str = ""
    ) -> None:
        """Prepare to read `node`, which stands in the class `owner` if it is a method."""
        self.known = known
        self.owner = owner.lstrip("_")
        self.nodes = list(ast.walk(node))[1:]
        self.names: dict[str, Roots] = dict(given)
        args = node.args
        every = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
        self.given = frozenset(each.arg for each in every if each)
        self.effects = Effects()
        self.locals = {each.name for each in self.nodes if isinstance(each, Function)}
        # Decorators, defaults and annotations run elsewhere.
        outside = [*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)]
        skipped = {id(below) for each in outside for below in ast.walk(each)}
        self.nodes = [each for each in self.nodes if id(each) not in skipped]
        self.texts = _texts_of_names(self.nodes)
        # The name of a function within this one stands for what that returns.
        self.inner = [
            (each.name, below.value)
            for each in self.nodes
            if isinstance(each, Function)
            for below in ast.walk(each)
            if isinstance(below, ast.Return)
        ]
        self.bound = [pair for each in self.nodes for pair in bindings(each)]

    def read(self) -> Effects:
        """What the function does."""
        while self._bind_names():
            pass
        for target, value in self.bound:
            self._join(target, value)
        for node in self.nodes:
            self._look_at(node)
        return self.effects

    # What names stand for ---------------------------------------------------------------------

    def _bind_names(self) -> bool:
        """Follow values to names once through the function; whether that led to anything new."""
        before = dict(self.names)
        for target, value in self.bound:
            self._bind(target, self.roots(value))
            self._bind_back(target, value)
        for name, returned in self.inner:
            self._bind(ast.Name(name), self.roots(returned))
        return before != self.names

    def _bind(self, target: ast.AST, roots: Roots) -> None:
        if isinstance(target, ast.Name):
            self.names[target.id] = self.names.get(target.id, NOTHING) | roots
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
            return self.names.get(node.id, NOTHING)
        if isinstance(node, ast.Attribute):
            return self._below(self.roots(node.value), node.attr)
        if isinstance(node, ast.Subscript):
            inner = self.roots(node.value)
            is_inside = Root(INSIDES) in inner
            return frozenset(map(Root, self._texts(node.slice))) if is_inside else inner
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
            found.add(Root(self._mangled(attribute)))
            for key in self.known.method(attribute, above=False):
                found |= self.known.returned(key)
        return frozenset(found)

    def _call_roots(self, node: ast.Call) -> Roots:
        called = node.func
        name = called.id if isinstance(called, ast.Name) else ""
        if name in {"vars", "getattr"} and node.args and self.roots(node.args[0]) & ITSELF:
            asked = [INSIDES] if name == "vars" else self._texts(_at(node.args, 1))
            return frozenset(map(Root, asked))
        keys = self._keys(called)
        if keys:
            return frozenset(set[Root]().union(*map(self.known.returned, keys)))
        is_local = isinstance(called, ast.Name | ast.Lambda)
        of = self.roots(called if is_local else getattr(called, "value", None))
        given = frozenset(root for each in _arguments(node) for root in self.roots(each))
        if is_local and of:
            return of | given
        passes_on = name in _PASSES_ON or getattr(called, "attr", "") in _ITEMS
        if passes_on:
            return (of | given) - ITSELF
        return frozenset(Root(root.name, sure=False) for root in of | given if root.name)

    def _texts(self, node: ast.AST | None) -> list[str]:
        """The texts that an expression may be; ANYTHING where they are not written."""
        text = constant(node)
        if text is not None:
            return [text]
        if isinstance(node, ast.Name) and node.id in self.texts:
            return self.texts[node.id]
        return [ANYTHING]

    # What is done -----------------------------------------------------------------------------

    def _look_at(self, node: ast.AST) -> None:
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Attribute):
            self._attribute(node)
        elif isinstance(node, ast.Subscript):
            self._subscript(node)
        elif isinstance(node, ast.AugAssign):
            self._change(self.roots(node.target), line, sure=False)
        elif isinstance(node, ast.Call):
            self._call(node)
        else:
            self._hands_on(node, line)

    def _hands_on(self, node: ast.AST, line: int) -> None:
        """Look at what gives a value to others, or uses it up."""
        used: ast.expr | None = None
        if isinstance(node, ast.Return | ast.Yield | ast.YieldFrom):
            roots = self.roots(node.value)
            self.effects.returned |= roots
            for root in roots - ITSELF:
                self._add(root.name, "given", line)
        elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            used = node.iter
        elif isinstance(node, ast.withitem):
            used = node.context_expr
        elif isinstance(node, ast.Await):
            used = node.value
        self._change(self.roots(used), getattr(used, "lineno", line), sure=False)

    def _subscript(self, node: ast.Subscript) -> None:
        if isinstance(node.ctx, ast.Load):
            return
        inner = self.roots(node.value)
        for name in self._texts(node.slice) if Root(INSIDES) in inner else ():
            self._add(name, "set" if isinstance(node.ctx, ast.Store) else "deleted", node.lineno)
        self._change(inner - {Root(INSIDES)}, node.lineno)

    def _attribute(self, node: ast.Attribute) -> None:
        inner = self.roots(node.value)
        if inner & ITSELF:
            how: How = "read"
            if isinstance(node.ctx, ast.Store):
                how = "set"
            elif isinstance(node.ctx, ast.Del):
                how = "deleted"
            self._add(self._mangled(node.attr), how, node.lineno)
            if how == "read":
                for key in self.known.method(node.attr, above=False):
                    self._calls(key, {0: ITSELF})
        if not isinstance(node.ctx, ast.Load):
            self._change(inner, node.lineno)

    def _mangled(self, name: str) -> str:
        """What Python makes of a name with two underscores before it, and none after."""
        is_private = name.startswith("__") and not name.endswith("__") and self.owner
        return f"_{self.owner}{name}" if is_private else name

    def _add(self, name: str, how: How, line: int) -> None:
        self.effects.found.add(Effect(name, how, line))

    def _change(self, roots: Roots, line: int, *, sure: bool = True) -> None:
        for root in roots:
            if root.name:
                self._add(root.name, "inside" if sure and root.sure else "perhaps", line)

    def _join(self, target: ast.AST, value: ast.expr) -> None:
        """Note that an attribute has from now on what is in others as well."""
        if not isinstance(target, ast.Attribute | ast.Subscript):
            if isinstance(target, ast.Tuple | ast.List):
                for below in target.elts:
                    self._join(below, value)
            return
        given = self.roots(value)
        is_same = isinstance(target, ast.Attribute) and isinstance(value, _SAME)
        for key in self._setters(target):
            self._calls(key, {0: ITSELF, 1: given})
        self._join_names(self.roots(target), given, is_same=is_same)
        self.effects.hands_out |= bool(given & ITSELF)

    def _setters(self, target: ast.AST) -> list[str]:
        """The keys of the setters that an assignment to an attribute of the object calls."""
        if not isinstance(target, ast.Attribute) or not self.roots(target.value) & ITSELF:
            return []
        keys = self.known.method(target.attr, above=False)
        return [key for key in keys if len(self.known.parameters(key)) > 1]

    def _join_names(self, into: Roots, given: Roots, *, is_same: bool = False) -> None:
        """Note that what changes in something given changes in what it is put into.

        If they are not the same, it is not sure that this holds the other way round.
        """
        for one in into:
            for other in given:
                if one.name and other.name and one.name != other.name:
                    sure = one.sure and other.sure
                    self.effects.joined.add((other.name, one.name, sure))
                    self.effects.joined.add((one.name, other.name, sure and is_same))

    def _call(self, node: ast.Call) -> None:
        called, line = node.func, node.lineno
        of = self.roots(called.value) if isinstance(called, ast.Attribute) else NOTHING
        name = called.attr if isinstance(called, ast.Attribute) else (dotted(called) or [""])[-1]
        arguments = list(_arguments(node))
        if name in {"setattr", "delattr", "__setattr__", "__delattr__"}:
            self._set_by_name(node, name, of)
            return
        if Root(INSIDES) in of and name in _MUTATORS:
            self._insides(node, name)
        sure = name in _MUTATORS
        self._change(frozenset(root for root in of if root.name != INSIDES), line, sure=sure)
        if sure:
            for each in arguments:
                self._join_names(of, self.roots(each))
        if of & ITSELF and name in {"_set_config", "_update_integrations"}:
            self._add("config" if name == "_set_config" else ANYTHING, "set", line)
        keys = self._keys(called)
        for key in keys:
            self._calls(key, self._by_position(node, key))
        if not keys:
            if of & ITSELF:
                self._add(name, "perhaps", line)
            self._give(node, name)

    def _give(self, node: ast.Call, name: str) -> None:
        """Look at the arguments of a call of code that is not read."""
        is_builtin = isinstance(node.func, ast.Name) and hasattr(builtins, name)
        for number, each in enumerate(_arguments(node)):
            roots = self.roots(each)
            if number == 0 and name in _SHUFFLERS:
                self._change(roots, node.lineno)
            elif not (is_builtin and name in _PURE):
                self._change(roots, node.lineno, sure=False)
                self.effects.hands_out |= bool(roots & ITSELF)

    def _set_by_name(self, node: ast.Call, name: str, of: Roots) -> None:
        """Look at `setattr(x, name, value)`, and `x.__setattr__(name, value)` for any `x`."""
        arguments = [*node.args]
        bound = bool(of) or _is_super(getattr(node.func, "value", None))
        target = of or (ITSELF if bound else self.roots(_at(arguments, 0)))
        if not target and name.startswith("__"):
            return
        asked = _at(arguments, 0 if bound else 1)
        if target & ITSELF:
            how: How = "deleted" if name.strip("_") == "delattr" else "set"
            for text in self._texts(asked):
                self._add(text, how, node.lineno)
                self._join_names(frozenset({Root(text)}), self.roots(arguments[-1]))
        self._change(target, node.lineno)

    def _insides(self, node: ast.Call, name: str) -> None:
        """Look at a call that changes `self.__dict__`."""
        texts = [each.arg for each in node.keywords if each.arg] if name == "update" else []
        is_written = len(texts) == len(node.keywords) and not node.args
        if name in {"pop", "setdefault", "__setitem__", "__delitem__"}:
            texts, is_written = self._texts(_at(node.args, 0)), True
        given = frozenset(root for each in _arguments(node) for root in self.roots(each))
        for text in texts if is_written else [ANYTHING]:
            self._add(text, "set", node.lineno)
            self._join_names(frozenset({Root(text)}), given)

    # What is called ---------------------------------------------------------------------------

    def _keys(self, called: ast.expr) -> list[str]:
        """The keys of the functions that an expression names, those that are read here."""
        if isinstance(called, ast.Name):
            key = None if called.id in self.locals else self.known.function(called.id)
            return [key] if key else []
        if not isinstance(called, ast.Attribute):
            return []
        if self.roots(called.value) & ITSELF:
            return list(self.known.method(called.attr, above=False))
        if _is_super(called.value) or (dotted(called.value) or [""])[-1][:1].isupper():
            # `super().fit(x)` and `Base.fit(self, x)`
            return list(self.known.method(called.attr, above=True))
        return []

    def _calls(self, key: str, given: Mapping[int | str, Roots]) -> None:
        names = self.known.parameters(key)
        into = self.effects.calls.setdefault(key, {})
        for at, roots in given.items():
            known = at if isinstance(at, str) else names[at] if at < len(names) else ""
            # What is given beyond the parameters that have names is one of the rest.
            for name in [known] if known in names else names[-2:]:
                into[name] = into.get(name, NOTHING) | roots

    def _by_position(self, node: ast.Call, key: str) -> dict[int | str, Roots]:
        """What a call gives to a function, by position or name; the object is first."""
        given: dict[int | str, Roots] = {}
        func = node.func
        is_bound = isinstance(func, ast.Attribute) and (
            bool(self.roots(func.value) & ITSELF) or _is_super(func.value)
        )
        if is_bound:
            given[0] = ITSELF
        everything: set[Root] = set()
        for number, each in enumerate(node.args, start=int(is_bound)):
            roots = self.roots(each)
            if isinstance(each, ast.Starred):
                everything |= roots
            given[number] = roots
        for keyword in node.keywords:
            if keyword.arg:
                given[keyword.arg] = self.roots(keyword.value)
            else:
                everything |= self.roots(keyword.value)
        for name in self.known.parameters(key)[int(is_bound) :] if everything else ():
            given[name] = given.get(name, NOTHING) | everything
        return given


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


def _arguments(node: ast.Call) -> Iterator[ast.expr]:
    yield from node.args
    yield from (keyword.value for keyword in node.keywords)


def _at(nodes: list[ast.expr], number: int) -> ast.expr | None:
    return nodes[number] if number < len(nodes) else None


def _is_super(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Call) and dotted(node.func) == ["super"]
