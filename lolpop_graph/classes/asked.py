"""What one function asks of the attributes of its object: their methods, and what these return."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final, NamedTuple

from lolpop_graph.classes.effects import ITSELF, EffectsReader, bindings

_MOST_SHOWN: Final = 60
_IDENTITY: Final = (ast.Is, ast.IsNot)

Steps = tuple[str, ...]


class Asked(NamedTuple):
    """An attribute of an attribute: `self.train.fit` has the steps `train` and `fit`.

    Of a name that stands for an attribute, or for what is in it, the first step is that.
    """

    steps: Steps
    line: int
    is_set: bool = False


class Compared(NamedTuple):
    """A comparison by identity of what a method of an attribute returned, in the words of code."""

    steps: Steps
    line: int
    text: str


def asked_in(reader: EffectsReader) -> frozenset[Asked]:
    """What a function, which is read, asks of the attributes of its object."""
    return frozenset(
        Asked(steps, node.lineno, not isinstance(node.ctx, ast.Load))
        for node in reader.nodes
        if isinstance(node, ast.Attribute)
        for steps in _steps(reader, node)
        if len(steps) > 1
    )


def compared_in(reader: EffectsReader) -> frozenset[Compared]:
    """What a function compares by identity that can only be what such methods returned."""
    results = _results(reader)
    found = set()
    for node in reader.nodes:
        if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], _IDENTITY):
            continue
        for side in (node.left, node.comparators[0]):
            for steps in _result(reader, side, results):
                found.add(Compared(steps, node.lineno, ast.unparse(node)[:_MOST_SHOWN]))
    return frozenset(found)


def _steps(reader: EffectsReader, node: ast.Attribute) -> Iterator[Steps]:
    inner = reader.roots(node.value)
    if inner & ITSELF:
        yield (node.attr,)
    elif isinstance(node.value, ast.Attribute):
        yield from ((*steps, node.attr) for steps in _steps(reader, node.value))
    elif isinstance(node.value, ast.Name):
        yield from ((root.name, node.attr) for root in inner if root.name and root.sure)


def _called(reader: EffectsReader, node: ast.AST) -> list[Steps]:
    """What is called, if an expression is the call of a method of an attribute and no more."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return [steps for steps in _steps(reader, node.func) if len(steps) > 1]
    return []


def _results(reader: EffectsReader) -> dict[str, list[Steps]]:
    """The names that stand for what such calls return, or an item of it, and for nothing else."""
    found: dict[str, list[Steps]] = {}
    others = {*reader.given}
    for node in reader.nodes:
        for target, value in bindings(node):
            called = _called(reader, value) if isinstance(node, ast.Assign) else []
            names = [each.id for each in ast.walk(target) if isinstance(each, ast.Name)]
            for name in names:
                found.setdefault(name, []).extend(called)
            others.update([] if called else names)
    return {name: steps for name, steps in found.items() if name not in others}


def _result(reader: EffectsReader, side: ast.expr, results: dict[str, list[Steps]]) -> list[Steps]:
    if isinstance(side, ast.Name):
        return results.get(side.id, [])
    return _called(reader, side)
