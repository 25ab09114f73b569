"""What one function does to the attributes of an object, by its syntax: nothing is run."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from lolpop_graph.classes.roots import (
    ANYTHING,
    INSIDES,
    ITSELF,
    NOTHING,
    PASSES_ON,
    Function,
    Known,
    Root,
    Roots,
    RootsReader,
    given_in,
    is_super,
    nth,
)
from lolpop_graph.classes.texts import dotted

How = Literal["set", "deleted", "inside", "perhaps", "given", "read"]
"""`inside` is a change in place; `perhaps` one that code may make which is not read here.

What is `given` to a caller is what a method returns.
"""

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
_SAME = ast.Name | ast.Attribute | ast.IfExp | ast.BoolOp | ast.NamedExpr
_PURE = frozenset(
    ("len", "isinstance", "issubclass", "type", "id", "repr", "str", "hash", "print", "bool",
     "callable", "int", "float", "abs", "round", "format", "getattr", "hasattr", "super", "min",
     "max", "sum", "range", "any", "all", *PASSES_ON)
)  # fmt: skip


class Effect(NamedTuple):
    """One thing that is done to an attribute, and the line of it."""

    name: str
    how: How
    line: int


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


class EffectsReader(RootsReader):
    """Reads what one function does, of which some parameters have roots."""

    def __init__(
        self, node: Function, given: Mapping[str, Roots], known: Known, owner: str = ""
    ) -> None:
        """Prepare to read `node`, which stands in the class `owner` if it is a method."""
        super().__init__(node, given, known, owner)
        self.effects = Effects()

    def read(self) -> Effects:
        """What the function does."""
        for target, value in self.bound:
            self._join(target, value)
        for node in self.nodes:
            self._look_at(node)
        return self.effects

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
        for name in self.texts_of(node.slice) if Root(INSIDES) in inner else ():
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
            self._add(self.mangled(node.attr), how, node.lineno)
            if how == "read":
                for key in self.known.method(node.attr, above=False):
                    self._calls(key, {0: ITSELF})
        if not isinstance(node.ctx, ast.Load):
            self._change(inner, node.lineno)

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
        arguments = list(given_in(node))
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
        keys = self.keys_of(called)
        for key in keys:
            self._calls(key, self._by_position(node, key))
        if not keys:
            if of & ITSELF:
                self._add(name, "perhaps", line)
            self._give(node, name)

    def _give(self, node: ast.Call, name: str) -> None:
        """Look at the arguments of a call of code that is not read."""
        is_builtin = isinstance(node.func, ast.Name) and hasattr(builtins, name)
        for number, each in enumerate(given_in(node)):
            roots = self.roots(each)
            if number == 0 and name in _SHUFFLERS:
                self._change(roots, node.lineno)
            elif not (is_builtin and name in _PURE):
                self._change(roots, node.lineno, sure=False)
                self.effects.hands_out |= bool(roots & ITSELF)

    def _set_by_name(self, node: ast.Call, name: str, of: Roots) -> None:
        """Look at `setattr(x, name, value)`, and `x.__setattr__(name, value)` for any `x`."""
        arguments = [*node.args]
        bound = bool(of) or is_super(getattr(node.func, "value", None))
        target = of or (ITSELF if bound else self.roots(nth(arguments, 0)))
        if not target and name.startswith("__"):
            return
        asked = nth(arguments, 0 if bound else 1)
        if target & ITSELF:
            how: How = "deleted" if name.strip("_") == "delattr" else "set"
            for text in self.texts_of(asked):
                self._add(text, how, node.lineno)
                self._join_names(frozenset({Root(text)}), self.roots(arguments[-1]))
        self._change(target, node.lineno)

    def _insides(self, node: ast.Call, name: str) -> None:
        """Look at a call that changes `self.__dict__`."""
        texts = [each.arg for each in node.keywords if each.arg] if name == "update" else []
        is_written = len(texts) == len(node.keywords) and not node.args
        if name in {"pop", "setdefault", "__setitem__", "__delitem__"}:
            texts, is_written = self.texts_of(nth(node.args, 0)), True
        given = frozenset(root for each in given_in(node) for root in self.roots(each))
        for text in texts if is_written else [ANYTHING]:
            self._add(text, "set", node.lineno)
            self._join_names(frozenset({Root(text)}), given)

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
            bool(self.roots(func.value) & ITSELF) or is_super(func.value)
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
