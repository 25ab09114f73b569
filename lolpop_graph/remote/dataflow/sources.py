"""A source that is read for what it does with results: where in it names and calls stand."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

Function = ast.FunctionDef | ast.AsyncFunctionDef
_SCOPES: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_TRIES: Final = (ast.Try, ast.TryStar)
_BUILD: Final = "build"


class Source:
    """A source, and where in it names, attributes, functions and calls stand."""

    def __init__(self, tree: ast.Module) -> None:
        """Look at all that is in it."""
        self.parents: dict[ast.AST, ast.AST] = {}
        self.functions: dict[str, list[Function]] = defaultdict(list)
        self.names: dict[str, list[ast.expr]] = defaultdict(list)
        self.attributes: dict[str, list[ast.expr]] = defaultdict(list)
        self.bound: dict[str, list[ast.expr | None]] = defaultdict(list)
        self._at: dict[tuple[int | None, ...], ast.expr] = {}
        self._shared: dict[str, list[ast.AST]] = defaultdict(list)
        for parent in ast.walk(tree):
            for child in ast.iter_child_nodes(parent):
                self.parents[child] = parent
            self._note(parent)

    def _note(self, node: ast.AST) -> None:
        if isinstance(node, ast.expr):
            place = (node.lineno, node.end_lineno, node.col_offset, node.end_col_offset)
            self._at.setdefault(place, node)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            self.names[node.id].append(node)
        elif isinstance(node, ast.Name):
            self.bound[node.id] += self._bound_to(node)
        elif isinstance(node, ast.arg):
            self.bound[node.arg].append(None)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            self.attributes[node.attr].append(node)
        elif isinstance(node, Function):
            self.functions[node.name].append(node)
        elif isinstance(node, ast.Global | ast.Nonlocal):
            for name in node.names:
                self._shared[name].append(node)

    def _bound_to(self, name: ast.Name) -> Sequence[ast.expr | None]:
        """The expressions that a variable is set to; None for what cannot be read."""
        parent = self.parents[name]
        if isinstance(parent, ast.Assign):
            return [parent.value]
        if isinstance(parent, ast.For | ast.comprehension):
            return parent.iter.elts if isinstance(parent.iter, ast.Tuple | ast.List) else [None]
        whole = self.parents[parent] if isinstance(parent, ast.Tuple) else None
        values = whole.value if isinstance(whole, ast.Assign) else None
        if not isinstance(parent, ast.Tuple) or not isinstance(values, ast.Tuple):
            return [None]
        pairs = zip(parent.elts, values.elts, strict=False)
        return [value for target, value in pairs if target is name]

    def node(self, position: tuple[int | None, ...]) -> ast.expr | None:
        """The expression at a place (line, last line, column, last column); None if none is."""
        return self._at.get(position)

    def is_in(self, node: ast.AST, name: str, line: int) -> bool:
        """Whether an expression stands in the function of this name that begins at this line."""
        for parent in self.above(node):
            if isinstance(parent, Function):
                decorators = [each.lineno for each in parent.decorator_list]
                return parent.name == name and line == min([parent.lineno, *decorators])
        return False

    def is_guarded(self, node: ast.AST) -> bool:
        """Whether something in the same function surrounds a place that sees how its code ends.

        A `with` on what a method of an integration gives does not count: that is made to wait.
        """
        for child, parent in self._in_function(node):
            if isinstance(parent, _TRIES):
                is_last = any(child is each for each in parent.finalbody)
                if any(child is each for each in parent.body) or (parent.finalbody and not is_last):
                    return True
            elif isinstance(parent, ast.With | ast.AsyncWith):
                is_inside = any(child is each for each in parent.body)
                if is_inside and not all(_is_own(each.context_expr) for each in parent.items):
                    return True
        return False

    def is_tried(self, node: ast.AST) -> bool:
        """Whether a failure at a place may be caught in the same function."""
        return any(
            isinstance(parent, _TRIES) and any(child is each for each in parent.body)
            for child, parent in self._in_function(node)
        )

    def scope(self, node: ast.AST) -> ast.AST | None:
        """The function that an expression stands in; None outside of all."""
        return next((each for each in self.above(node) if isinstance(each, _SCOPES)), None)

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """All that something stands in, from the inside to the outside."""
        parent = self.parents.get(node)
        while parent is not None:
            yield parent
            parent = self.parents.get(parent)

    def loads(self, name: str, node: ast.AST, *, everywhere: bool = False) -> Iterator[ast.expr]:
        """Where a variable is read that is set at `node`.

        In the same function and those within; wherever the name is read if other functions share
        it, or `everywhere`.
        """
        scope = self._function(node)
        everywhere = everywhere or scope is None
        everywhere = everywhere or any(self._function(each) is scope for each in self._shared[name])
        for each in self.names[name]:
            if everywhere or any(parent is scope for parent in self.above(each)):
                yield each

    def inside(self, scope: ast.AST, name: str) -> Iterator[ast.expr]:
        """Where a function reads what one of its parameters has."""
        for each in self.names[name]:
            if any(parent is scope for parent in self.above(each)):
                yield each

    def is_parameter(self, name: str, node: ast.AST) -> bool:
        """Whether a variable is a parameter of the function that `node` stands in."""
        scope = self.scope(node)
        return isinstance(scope, _SCOPES) and name in {each.arg for each in parameters(scope)}

    def _function(self, node: ast.AST) -> ast.AST | None:
        """The same as `scope`, but for lambdas, which set no variables."""
        return next((each for each in self.above(node) if isinstance(each, Function)), None)

    def _in_function(self, node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
        child = node
        for parent in self.above(node):
            if isinstance(parent, _SCOPES):
                return
            yield child, parent
            child = parent


def parameters(function: Function | ast.Lambda) -> list[ast.arg]:
    """All parameters of a function."""
    args = function.args
    rest = [each for each in (args.vararg, args.kwarg) if each is not None]
    return [*args.posonlyargs, *args.args, *args.kwonlyargs, *rest]


def last_name(function: ast.expr) -> str:
    """The last word of what is called: `fit` in `self.train.fit`."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def root_name(function: ast.expr) -> str:
    """The first word of what is called: `self` in `self.train.fit`."""
    while isinstance(function, ast.Attribute):
        function = function.value
    return function.id if isinstance(function, ast.Name) else ""


def _is_own(expression: ast.expr) -> bool:
    """Whether something is what waits itself: what a method of an integration gives, a workflow."""
    if not isinstance(expression, ast.Call):
        return False
    return root_name(expression.func) == "self" or last_name(expression.func) == _BUILD
