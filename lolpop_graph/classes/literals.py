"""What stands in code as it is written: names that are given values, texts, lists of texts.

Who reads the code of a class (`users` for lint, the questions `schema` and `explain`) asks here
what it declares.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator


def assigned(body: Iterable[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    """The names that statements give a value, each with the expression of that."""
    for statement in body:
        targets: list[ast.expr] = []
        if isinstance(statement, ast.Assign):
            targets = statement.targets
        elif isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        value = statement.value if isinstance(statement, ast.Assign | ast.AnnAssign) else None
        if value is not None:
            yield from ((each.id, value) for each in targets if isinstance(each, ast.Name))


def under_config(value: ast.expr) -> ast.expr | None:
    """What stands under `config` in a declaration such as `__DEFAULT_CONF__`; None for nothing."""
    if not isinstance(value, ast.Dict):
        return None
    pairs = zip(value.keys, value.values, strict=True)
    return next((below for key, below in pairs if constant(key) == "config"), None)


def constants(tree: ast.Module) -> Iterator[tuple[str, set[str]]]:
    """The names at the top of a module that stand for texts alone, with those."""
    for name, value in assigned(tree.body):
        if listed(value) is not None or constant(value) is not None:
            yield name, texts_in(value)


def listed(node: ast.expr) -> list[str] | None:
    """The texts of a list of texts, or the keys of a mapping; None where some are not written."""
    items: list[ast.expr | None]
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        items = [*node.elts]
    elif isinstance(node, ast.Dict):
        items = [*node.keys]
    else:
        return None
    texts = [text for item in items if (text := constant(item)) is not None]
    return texts if len(texts) == len(items) else None


def constant(node: ast.AST | None) -> str | None:
    """The text that an expression is; None for any other."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None


def texts_in(node: ast.AST) -> set[str]:
    """The texts that stand in a piece of code."""
    return {text for each in ast.walk(node) if (text := constant(each)) is not None}


def is_abstract(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a method is marked as one that a class must define to be made objects of."""
    marks = {ast.unparse(mark).rpartition(".")[2] for mark in node.decorator_list}
    return bool(marks & {"abstractmethod", "abstractproperty"})


def is_described(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a method is left to those that inherit it: abstract, or all it does is refuse."""
    raised = (each.exc for each in node.body if isinstance(each, ast.Raise) and each.exc)
    refused = {ast.unparse(each).partition("(")[0] for each in raised}
    return "NotImplementedError" in refused or is_abstract(node)


def statements_in(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements and, in the place of conditions, what stands below them."""
    for statement in body:
        if isinstance(statement, ast.If | ast.With):
            yield from statements_in(statement.body)
            yield from statements_in(getattr(statement, "orelse", ()))
        elif isinstance(statement, ast.Try):
            handled = [each for handler in statement.handlers for each in handler.body]
            yield from statements_in(
                [*statement.body, *handled, *statement.orelse, *statement.finalbody]
            )
        else:
            yield statement
