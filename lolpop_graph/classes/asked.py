"""What one function asks of the attributes of its object."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from lolpop_graph.classes.roots import ITSELF, RootsReader

Steps = tuple[str, ...]


class Asked(NamedTuple):
    """An attribute of an attribute: `self.train.fit` has the steps `train` and `fit`.

    Of a name that stands for an attribute, or for what is in it, the first step is that.
    """

    steps: Steps
    line: int
    is_set: bool = False


def asked_in(reader: RootsReader) -> frozenset[Asked]:
    """What a function asks of the attributes of its object."""
    return frozenset(
        Asked(steps, node.lineno, not isinstance(node.ctx, ast.Load))
        for node in reader.nodes
        if isinstance(node, ast.Attribute)
        for steps in _steps(reader, node)
        if len(steps) > 1
    )


def _steps(reader: RootsReader, node: ast.Attribute) -> Iterator[Steps]:
    inner = reader.roots(node.value)
    if inner & ITSELF:
        yield (node.attr,)
    elif isinstance(node.value, ast.Attribute):
        yield from ((*steps, node.attr) for steps in _steps(reader, node.value))
    elif isinstance(node.value, ast.Name):
        yield from ((root.name, node.attr) for root in inner if root.name and root.sure)
