"""The calls that a method consists of, where it is nothing but calls one after the other."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType
from typing import Any

from lolpop_graph.classes.texts import dotted
from lolpop_graph.export.signature import Signature
from lolpop_graph.model import Integration

GET_CONFIG = "_get_config"
RESULT = "__result__"
"""What the value of a step is called that has no name in the method."""
_ROOT = "__root__"
_KINDS = {
    "FunctionDef": "a function",
    "AnnAssign": "a name with a type and no value",
    "Assign": "an assignment to several at once",
    "Assert": "an `assert`",
    "AsyncFor": "an `async for`",
    "AsyncWith": "an `async with`",
    "AugAssign": "an assignment that adds",
    "ClassDef": "a class",
    "If": "an `if`",
    "ImportFrom": "an import",
    "Import": "an import",
    "Return": "a `return` before the last statement",
    "TryStar": "a `try`",
}


@dataclass(frozen=True)
class Step:
    """One call of a method of an integration.

    `call` is its text, in which `itself` stands for the root. `targets` are the names that its
    value is given in the method: none, one, or one for each of its items where it `unpacks`.
    """

    integration: Integration
    method: str
    call: ast.Call
    itself: str
    targets: tuple[str, ...] = ()
    unpacks: bool = False
    line: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The names whose values it needs, in the order of the text."""
        return names_in(self.call, self.itself)


@dataclass(frozen=True)
class Steps:
    """What a method does, call by call, and what it returns; `reason` says why it is one call."""

    steps: tuple[Step, ...]
    result: ast.expr | None
    reason: str = ""


class NotStraightError(Exception):
    """What a method has that is no straight call, in words."""


def one_step(root: Integration, method: str, signature: Signature, reason: str) -> Steps:
    """The whole method as one call of the root's."""
    called = ast.Attribute(ast.Name(_ROOT), method)
    names: dict[str, ast.expr] = {name: ast.Name(name) for name in signature.parameters}
    positional = [names.pop(name) for name in signature.positional]
    keywords = [ast.keyword(name, value) for name, value in names.items()]
    call = ast.Call(called, [*positional], keywords)
    step = Step(root, method, call, _ROOT, (RESULT,))
    return Steps((step,), ast.Name(RESULT), reason)


def read_steps(root: Integration, cls: type, method: str, signature: Signature) -> Steps:
    """The calls that the text of a method declares, read and not run.

    Each statement is a call of a method of an integration below the root, whose value is thrown
    away, given a name, or unpacked into some; the last one may return what has a name. The
    arguments are literals, such names, items and attributes of these, and `self._get_config` of
    a literal. Raises NotStraightError for anything else.
    """
    owner, function = _function(cls, method)
    if not isinstance(function, FunctionType):
        raise NotStraightError("no plain method")
    node = _node(function)
    where = f"{Path(function.__code__.co_filename).name}, line"
    if node.decorator_list:
        found = f"a decorator around {owner.__qualname__}.{method} ({where} {node.lineno})"
        raise NotStraightError(found)
    reader = _Reader(root, node, signature)
    try:
        return Steps(tuple(reader.steps()), reader.result)
    except NotStraightError as error:
        found = f"{error} in {owner.__qualname__}.{method} ({where} {reader.line})"
        raise NotStraightError(found) from None


def names_in(node: ast.AST, itself: str = "") -> tuple[str, ...]:
    """The names in an expression, each once."""
    found = (each.id for each in ast.walk(node) if isinstance(each, ast.Name))
    return tuple(name for name in dict.fromkeys(found) if name != itself)


def _function(cls: type, method: str) -> tuple[type, Any]:
    """The class that defines a method, and what it has there."""
    return next((each, vars(each)[method]) for each in cls.__mro__ if method in vars(each))


def _node(function: FunctionType) -> ast.FunctionDef:
    """The text of a function; NotStraightError where it is not to be had."""
    try:
        lines, first = inspect.getsourcelines(function)
        tree = ast.parse(textwrap.dedent("".join(lines)))
    except (OSError, SyntaxError, TypeError):
        raise NotStraightError("no text of it to be read") from None
    node = tree.body[0]
    if not isinstance(node, ast.FunctionDef):
        raise NotStraightError("no plain method")
    ast.increment_lineno(node, max(first, 1) - 1)
    return node


class _Reader:
    """Reads the statements of one method."""

    def __init__(self, root: Integration, node: ast.FunctionDef, signature: Signature) -> None:
        self.root = root
        self.node = node
        arguments = [*node.args.posonlyargs, *node.args.args]
        self.itself = arguments[0].arg if arguments else ""
        self.known = set(signature.parameters)
        self.result: ast.expr | None = None
        self.line = node.lineno

    def steps(self) -> Iterator[Step]:
        body = self.node.body
        if ast.get_docstring(self.node) is not None:
            body = body[1:]
        for statement in body:
            self.line = statement.lineno
            if isinstance(statement, ast.Pass):
                continue
            is_last = statement is body[-1]
            yield from self._statement(statement, is_last=is_last)

    def _statement(self, statement: ast.stmt, *, is_last: bool) -> Iterator[Step]:
        match statement:
            case ast.Expr(value):
                yield self._step(value)
            case ast.Assign([target], value):
                yield self._step(value, target)
            case ast.AnnAssign(ast.Name() as target, value=ast.expr() as value):
                yield self._step(value, target)
            case ast.Return(value) if is_last:
                yield from self._return(value)
            case _:
                kind = type(statement).__name__
                raise NotStraightError(_KINDS.get(kind, f"a `{kind.lower()}`"))

    def _return(self, value: ast.expr | None) -> Iterator[Step]:
        if isinstance(value, ast.Call):
            yield self._step(value, ast.Name(RESULT))
            self.result = ast.Name(RESULT)
        elif value is not None:
            self._check(value, may_ask=False)
            self.result = value

    def _step(self, value: ast.expr, target: ast.expr | None = None) -> Step:
        if not isinstance(value, ast.Call):
            raise NotStraightError("something else than a call")
        *path, method = dotted(value.func) or [""]
        if not path or path[0] != self.itself:
            raise NotStraightError("a call of something else than an integration")
        integration = self.root
        for name in path[1:]:
            below = integration.child(name)
            if below is None:
                found = f"a call of `{'.'.join([*path, method])}`, which is of no integration"
                raise NotStraightError(found)
            integration = below
        if integration is self.root:
            found = f"a call of `{self.itself}.{method}`, which is the root's own"
            raise NotStraightError(found)
        for argument in value.args:
            self._check(argument)
        for keyword in value.keywords:
            if keyword.arg is None:
                raise NotStraightError("a call with `**`")
            self._check(keyword.value)
        targets, unpacks = _targets(target)
        self.known.update(targets)
        return Step(integration, method, value, self.itself, targets, unpacks, self.line)

    def _check(self, node: ast.expr, *, may_ask: bool = True) -> None:
        """Raise NotStraightError for what a task could not compute by itself."""
        for part in self._parts(node, may_ask=may_ask):
            self._check(part, may_ask=may_ask)

    def _parts(  # noqa: PLR0911 - one for each kind of expression
        self, node: ast.expr, *, may_ask: bool
    ) -> list[ast.expr]:
        """What an expression is made of, if it is of those that are exported."""
        match node:
            case ast.Constant(None | bool() | int() | float() | str()):
                return []
            case ast.UnaryOp(ast.USub(), ast.Constant(int() | float())):
                return []
            case ast.Name(name) if name in self.known:
                return []
            case ast.Tuple(items) | ast.List(items):
                return items
            case ast.Dict(keys, items):
                return [*(key for key in keys if key), *items]
            case ast.Subscript(of, ast.Constant()):
                return [of]
            case ast.Attribute(of) if dotted(node)[:1] != [self.itself]:
                return [of]
            case ast.Call(called, [ast.Constant(str()), *default], []) if (
                may_ask and dotted(called) == [self.itself, GET_CONFIG] and len(default) <= 1
            ):
                return default
        found = f"`{_shown(node)}`, which a task cannot know by itself"
        raise NotStraightError(found)


def _targets(target: ast.expr | None) -> tuple[tuple[str, ...], bool]:
    """The names that a value is given, and whether it is unpacked for it."""
    if target is None:
        return (), False
    items = target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
    names = tuple(each.id for each in items if isinstance(each, ast.Name))
    if not names or len(names) < len(items):
        raise NotStraightError("an assignment to something else than a name")
    return names, not isinstance(target, ast.Name)


def _shown(node: ast.expr) -> str:
    steps = dotted(node)
    return ".".join(steps) if steps else f"{type(node).__name__}"


def renamed(node: ast.expr, names: Mapping[str, ast.expr]) -> ast.expr:
    """A copy of an expression in which others stand for some names."""
    changed: ast.expr = _Renamer(names).visit(ast.parse(ast.unparse(node), mode="eval").body)
    return changed


class _Renamer(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, ast.expr]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.names.get(node.id, node)
