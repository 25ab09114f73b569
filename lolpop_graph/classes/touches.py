"""In which other objects the code of a class writes, through its own: read, and not run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from lolpop_graph.classes.literals import constant, statements_in
from lolpop_graph.classes.roots import Function
from lolpop_graph.classes.texts import Lineage, ModuleText


class Touch(NamedTuple):
    """Something that code does to what an attribute of its object holds.

    `steps` lead there: `train`, `result` for `self.train.result.rows = []`. If it `writes`, an
    attribute or item is set or deleted there, else a method is called.
    """

    steps: tuple[str, ...]
    writes: bool


def touches_of(lineage: Lineage) -> frozenset[Touch]:
    """All that the methods of a class do to what its attributes hold, at any depth."""
    found = (_touches(method) for _, _, method in methods_of(lineage))
    return frozenset(touch for each in found for touch in each if touch.steps)


def methods_of(lineage: Lineage) -> Iterator[tuple[ModuleText, ast.ClassDef, Function]]:
    """The methods of a class and of what it inherits, each with its module and its class."""
    for text, qualname in lineage.definitions:
        for node in text.classes[qualname]:
            for statement in statements_in(node.body):
                if isinstance(statement, Function):
                    yield text, node, statement


def itself_in(method: Function) -> str:
    """The name under which a method knows its object; empty for none."""
    arguments = [*method.args.posonlyargs, *method.args.args]
    return arguments[0].arg if arguments and method.name != "__new__" else ""


def is_written_to(node: ast.AST) -> bool:
    """Whether an expression is an attribute or an item that is set or deleted."""
    return isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load)


def steps_of(node: ast.AST) -> list[str]:
    """The names that lead to a value: `self`, `a`, `b` for `self.a[0].b`; none for other ones."""
    steps: list[str] = []
    while True:
        asked = _asked(node)
        if asked is not None:
            steps.append(asked[1])
            node = asked[0]
        elif isinstance(node, ast.Attribute | ast.Subscript):
            steps += [node.attr] if isinstance(node, ast.Attribute) else []
            node = node.value
        else:
            break
    return [node.id, *reversed(steps)] if isinstance(node, ast.Name) else []


def _asked(node: ast.AST) -> tuple[ast.expr, str] | None:
    """The object and the name in `getattr(x, "name")`."""
    if not isinstance(node, ast.Call) or len(node.args) <= 1:
        return None
    name = constant(node.args[1])
    is_getattr = isinstance(node.func, ast.Name) and node.func.id == "getattr"
    return (node.args[0], name) if is_getattr and name is not None else None


def _touches(method: Function) -> Iterator[Touch]:
    known: dict[str, list[str]] = {itself_in(method): []}
    nodes = [*ast.walk(method)]
    for node in nodes:
        # What has another name here is still the same.
        if isinstance(node, ast.Assign | ast.NamedExpr | ast.For | ast.comprehension):
            known |= _named(node, known)
    for node in nodes:
        if isinstance(node, ast.Attribute | ast.Subscript) and is_written_to(node):
            yield Touch(_followed(steps_of(node.value), known), writes=True)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield Touch(_followed(steps_of(node.func.value), known), writes=False)


def _named(
    node: ast.Assign | ast.NamedExpr | ast.For | ast.comprehension, known: dict[str, list[str]]
) -> dict[str, list[str]]:
    """The local names that a statement gives to what an attribute holds, with the steps there."""
    value = node.iter if isinstance(node, ast.For | ast.comprehension) else node.value
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    parts = value.elts if isinstance(value, ast.Tuple | ast.List) else [value]
    steps = [step for part in parts for step in _followed(steps_of(part), known)]
    names = [each.id for each in targets if isinstance(each, ast.Name)]
    return dict.fromkeys(names, steps) if steps else {}


def _followed(steps: list[str], known: dict[str, list[str]]) -> tuple[str, ...]:
    """The steps from the object itself; none where they begin elsewhere."""
    if not steps or steps[0] not in known:
        return ()
    return (*known[steps[0]], *steps[1:])
