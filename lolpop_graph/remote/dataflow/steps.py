"""One step of a result through code, from an expression to what that stands in."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from lolpop_graph.remote.dataflow import uses
from lolpop_graph.remote.dataflow.sources import last_name, root_name
from lolpop_graph.remote.dataflow.uses import Use


class Spot(NamedTuple):
    """An expression that is the result or, `is_within`, may have it somewhere in it."""

    node: ast.AST
    is_within: bool


Step = tuple[Use, list[Spot]]
"""What is done with an expression where it stands, and where its value goes from there."""
FETCHED: Final[Step] = (Use.FETCHED, [])
KEPT: Final[Step] = (Use.KEPT, [])
HOLDS: Final = (
    *(ast.List, ast.Tuple, ast.Set, ast.Dict),
    *(ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp),
)


def spots(nodes: Iterable[ast.AST], *, is_within: bool) -> Step:
    """On to these expressions."""
    return Use.KEPT, [Spot(each, is_within) for each in nodes]


def joined(steps: Iterable[Step]) -> Step:
    """All that one value does that goes several ways."""
    use, found = Use.KEPT, list[Spot]()
    for needed, further in steps:
        use, found = max(use, needed), found + further
    return use, found


def taken_from(spot: Spot, parent: Any) -> Step:
    """What an item or a part of something is, of which the result itself has values alone."""
    node, is_within = spot
    if isinstance(parent, ast.IfExp):
        return (Use.KEPT, [Spot(parent, is_within)]) if node is not parent.test else KEPT
    is_key = isinstance(parent, ast.Subscript) and node is parent.slice
    # A text treats a tuple at the right of `%` in its own way.
    is_format = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mod)
    if is_key or (is_format and node is parent.right):
        return FETCHED
    return (Use.KEPT, [Spot(parent, is_within=True)]) if is_within else KEPT


def looked(spot: Spot, function: ast.expr) -> Step:
    """What a function of elsewhere does that gives nothing back."""
    name = last_name(function)
    is_known = not spot.is_within or name in uses.PANDAS_TAKERS
    is_pandas = root_name(function) in uses.PANDAS and is_known
    return KEPT if name in uses.LOOKERS or is_pandas else FETCHED


def compared(spot: Spot, comparison: ast.Compare) -> Step:
    """What a comparison takes: `is` the object itself, a text to look in no reference."""
    sides = (comparison.left, *comparison.comparators)
    for left, operator, right in zip(sides, comparison.ops, sides[1:], strict=False):
        is_item = isinstance(operator, ast.In | ast.NotIn) and left is spot.node
        # A text takes texts alone.
        if is_item and not isinstance(right, HOLDS):
            return FETCHED
    if not any(isinstance(each, ast.Is | ast.IsNot) for each in comparison.ops):
        return KEPT
    others = [side for side in sides if not isinstance(side, ast.Constant)]
    return (Use.COMPARED, []) if len(others) == 1 else FETCHED
