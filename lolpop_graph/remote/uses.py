"""Where in a source the result of a call goes, and whether a reference is good enough there."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
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
    """It is given to code that asks for the exact type of an object."""


Function = ast.FunctionDef | ast.AsyncFunctionDef
_SCOPES: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_TRIES: Final = (ast.Try, ast.TryStar)
_PASSES_ON: Final = (
    *(ast.List, ast.Tuple, ast.Set, ast.Dict, ast.Starred, ast.IfExp, ast.BoolOp, ast.Await),
    *(ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp),
)
_TAKES_ITEMS: Final = frozenset(("list", "tuple", "set", "dict", "enumerate", "zip", "reversed"))
_GIVES_BACK: Final = frozenset((*_TAKES_ITEMS, "sorted", "max", "min", "next", "iter", "filter"))
_LOOKS: Final = frozenset(
    (
        *("abs", "all", "any", "ascii", "bool", "bytes", "complex", "divmod", "float", "format"),
        *("frozenset", "getattr", "hasattr", "hash", "int", "isinstance", "len", "pow", "print"),
        *("range", "repr", "round", "setattr", "str", "sum", "copy", "deepcopy", "open", "Path"),
    )
)
_SEEN_BY_LIBRARIES: Final = frozenset(("pd", "pandas"))
_CHANGING: Final = frozenset(("append", "extend", "add", "insert", "setdefault", "update"))


_BUILD: Final = "build"


class SourceText:
    """A source, and where in it results go."""

    def __init__(self, tree: ast.Module) -> None:
        """Look at all that is in it."""
        self._parents: dict[ast.AST, ast.AST] = {}
        self._at: dict[tuple[int | None, ...], ast.expr] = {}
        self._named: dict[str, list[ast.expr]] = defaultdict(list)
        self._functions: dict[str, list[Function]] = defaultdict(list)
        self._calls: dict[str, list[ast.Call]] = defaultdict(list)
        self._uses: dict[ast.expr, Use] = {}
        for parent in ast.walk(tree):
            for child in ast.iter_child_nodes(parent):
                self._parents[child] = parent
            self._note(parent)

    def _note(self, node: ast.AST) -> None:
        if isinstance(node, ast.expr):
            place = (node.lineno, node.end_lineno, node.col_offset, node.end_col_offset)
            self._at.setdefault(place, node)
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
            self._named[ast.unparse(node)].append(node)
        elif isinstance(node, ast.Call):
            self._calls[_last_name(node.func)].append(node)
        elif isinstance(node, Function):
            self._functions[node.name].append(node)

    def node(self, position: tuple[int | None, ...]) -> ast.expr | None:
        """The expression at a place (line, last line, column, last column); None if none is."""
        return self._at.get(position)

    def is_guarded(self, node: ast.AST) -> bool:
        """Whether something in the same function surrounds a place that sees how its code ends.

        A `with` on what a method of an integration gives does not count: that is made to wait.
        """
        for child, parent in self._above(node):
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
            for child, parent in self._above(node)
        )

    def use(self, call: ast.expr) -> Use:
        """What is done with the result of a call, wherever it goes in this source."""
        if call not in self._uses:
            self._uses[call] = self._found(call)
        return self._uses[call]

    def _found(self, call: ast.expr) -> Use:
        parent = self._parents.get(call)
        outer = call if not isinstance(parent, ast.Await) else parent
        if isinstance(self._parents.get(outer), ast.Expr):
            return Use.WAITED
        use, is_free = Use.KEPT, not self.is_tried(call)
        seen: set[ast.AST] = set()
        waiting: list[ast.AST] = [call]
        while waiting and use is not Use.FETCHED:
            node = waiting.pop()
            if node in seen:
                continue
            seen.add(node)
            # A failure must not be caught where it is looked at first, if not where it came from.
            if is_free and self.is_tried(node):
                use = max(use, Use.WAITED)
            needed, further = self._step(node)
            use = max(use, needed)
            waiting += further
        return use

    def _step(self, node: ast.AST) -> tuple[Use, list[ast.AST]]:
        """What is done with one expression where it stands, and where its value goes from there."""
        parent = self._parents.get(node)
        if isinstance(parent, ast.Compare):
            return _compared(parent), []
        if isinstance(parent, ast.Call):
            return self._given(node, parent)
        if isinstance(parent, ast.keyword):
            call = self._parents.get(parent)
            return self._given(parent, call) if isinstance(call, ast.Call) else (Use.KEPT, [])
        if isinstance(parent, ast.Subscript):
            return (Use.KEPT, [parent]) if parent.value is node else (Use.FETCHED, [])
        if isinstance(parent, ast.Match | ast.Raise) or _is_right_of_percent(node, parent):
            return Use.FETCHED, []
        return Use.KEPT, list(self._passed_on(node, parent))

    def _passed_on(self, node: ast.AST, parent: ast.AST | None) -> Iterator[ast.AST]:
        if isinstance(parent, ast.NamedExpr | ast.Assign | ast.AnnAssign):
            targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
            for target in targets:
                yield from self._loads(target, node)
        if isinstance(parent, ast.For | ast.AsyncFor | ast.comprehension) and parent.iter is node:
            yield from self._loads(parent.target, node)
        if isinstance(parent, (*_PASSES_ON, ast.NamedExpr)):
            yield parent
        if isinstance(parent, ast.Return | ast.Yield):
            scope = self._scope(node)
            if isinstance(scope, Function):
                yield from self._calls[scope.name]

    def _given(self, argument: ast.AST, call: ast.Call) -> tuple[Use, list[ast.AST]]:
        """What a call does with one of its arguments."""
        if call.func is argument:
            return Use.FETCHED, []
        name = _last_name(call.func)
        if isinstance(call.func, ast.Attribute) and name in _CHANGING:
            return Use.KEPT, list(self._loads(call.func.value, argument))
        is_method = _root_name(call.func) in {"self", "cls"}
        if is_method or (isinstance(call.func, ast.Name) and name in self._functions):
            return Use.KEPT, list(self._parameters(argument, call, name, is_method=is_method))
        if isinstance(call.func, ast.Name) and name in _GIVES_BACK:
            return Use.KEPT, [call]
        is_seen = name in _LOOKS or _root_name(call.func) in _SEEN_BY_LIBRARIES
        return (Use.KEPT if is_seen else Use.FETCHED), []

    def _parameters(
        self, argument: ast.AST, call: ast.Call, name: str, *, is_method: bool
    ) -> Iterator[ast.AST]:
        """Where a function of this source has what it is given."""
        own = isinstance(call.func, ast.Name) or (
            isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name)
        )
        for function in self._functions[name] if own else ():
            given = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
            for parameter in given[is_method:]:
                keyword = argument.arg if isinstance(argument, ast.keyword) else parameter.arg
                if keyword in {parameter.arg, None}:
                    yield from self._inside(function, parameter.arg)

    def _loads(self, target: ast.AST, node: ast.AST) -> Iterator[ast.AST]:
        """Where that is read what is assigned to a target."""
        for each in ast.walk(target):
            if isinstance(each, ast.Name):
                yield from self._inside(self._scope(node), each.id)
            elif isinstance(each, ast.Attribute):
                yield from self._named[ast.unparse(each)]

    def _inside(self, scope: ast.AST | None, name: str) -> Iterator[ast.AST]:
        for each in self._named[name]:
            if scope is None or any(parent is scope for _, parent in self._above_all(each)):
                yield each

    def _scope(self, node: ast.AST) -> ast.AST | None:
        """The function that an expression stands in."""
        for _, parent in self._above_all(node):
            if isinstance(parent, Function):
                return parent
        return None

    def _above(self, node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
        for child, parent in self._above_all(node):
            if isinstance(parent, _SCOPES):
                return
            yield child, parent

    def _above_all(self, node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
        child, parent = node, self._parents.get(node)
        while parent is not None:
            yield child, parent
            child, parent = parent, self._parents.get(parent)


def _compared(comparison: ast.Compare) -> Use:
    """What a comparison takes."""
    if not any(isinstance(each, ast.Is | ast.IsNot) for each in comparison.ops):
        return Use.KEPT
    sides = (comparison.left, *comparison.comparators)
    others = [side for side in sides if not isinstance(side, ast.Constant)]
    return Use.COMPARED if len(others) == 1 else Use.FETCHED


def _is_right_of_percent(node: ast.AST, parent: ast.AST | None) -> bool:
    """Whether something may be formatted by `%`, which treats a tuple in its own way."""
    if not isinstance(parent, ast.BinOp) or not isinstance(parent.op, ast.Mod):
        return False
    return parent.right is node


def _last_name(function: ast.expr) -> str:
    """The last word of what is called: `fit` in `self.train.fit`."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _root_name(function: ast.expr) -> str:
    """The first word of what is called: `self` in `self.train.fit`."""
    while isinstance(function, ast.Attribute):
        function = function.value
    return function.id if isinstance(function, ast.Name) else ""


def _is_own(expression: ast.expr) -> bool:
    """Whether something is what waits itself: what a method of an integration gives, a workflow."""
    if not isinstance(expression, ast.Call):
        return False
    return _root_name(expression.func) == "self" or _last_name(expression.func) == _BUILD
