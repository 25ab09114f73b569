"""The way from a text with references to its value, step by step."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from lolpop_graph.block import Block
from lolpop_graph.document import Document
from lolpop_graph.model import Place
from lolpop_graph.references import ENVIRONMENT_STEP, OUTSIDE, key_in, pieces_in
from lolpop_graph.source import base_mark


class Hop(NamedTuple):
    """A value of the document: the keys that lead to it, what holds it, and its mark."""

    keys: tuple[str, ...]
    container: Any
    key: Any
    mark: int

    @property
    def value(self) -> Any:
        """The value, references in it resolved."""
        return self.container[self.key]

    @property
    def path(self) -> str:
        """The keys as a reference has them."""
        return ".".join(self.keys)


class Step(NamedTuple):
    """A reference in a text that stands at a hop, and the hop that it leads to, if any."""

    at: Hop
    text: str
    to: str
    target: Hop | None


def walk(document: Document, keys: Sequence[str]) -> Iterator[Hop]:
    """The values on the way that keys lead through a document, as far as it goes."""
    value: Any = document.root
    mark = base_mark(0)
    for number, step in enumerate(keys):
        key = key_in(value, step)
        if key is None:
            return
        mark = _mark(document, value, key, mark)
        yield Hop(tuple(keys[: number + 1]), value, key, mark)
        value = value[key]


def steps_to(document: Document, keys: Sequence[str]) -> list[Step]:
    """Every reference that the value at `keys` came by: on the way to it, in it, and behind."""
    if not document.written:
        return []
    found: list[Step] = []
    seen: set[tuple[int, Any]] = set()
    waiting = [keys]
    while waiting:
        for hop in _hops(document, waiting.pop(0)):
            text = document.written.get((id(hop.container), hop.key))
            if text is None or (id(hop.container), hop.key) in seen:
                continue
            seen.add((id(hop.container), hop.key))
            for is_reference, piece in pieces_in(text):
                if is_reference:
                    found.append(_step(document, hop, text, piece))
                    waiting.append(piece.split("."))
    return found


def _step(document: Document, at: Hop, text: str, piece: str) -> Step:
    if piece.startswith(OUTSIDE):
        return Step(at, text, piece, None)
    return Step(at, text, piece, [*walk(document, piece.split("."))][-1])


def _hops(document: Document, keys: Sequence[str]) -> Iterator[Hop]:
    """The values on a way, and, where it ends, all that is in the last of them."""
    last = None
    for last in walk(document, keys):
        yield last
    waiting = [last] if last else []
    seen: set[int] = set()
    while waiting:
        hop = waiting.pop()
        container = hop.value
        if not isinstance(container, Block | list) or id(container) in seen:
            continue
        seen.add(id(container))
        items = list(container) if isinstance(container, Block) else range(len(container))
        inside = [
            Hop((*hop.keys, str(key)), container, key, _mark(document, container, key, hop.mark))
            for key in items
        ]
        yield from inside
        waiting += reversed(inside)


def _mark(document: Document, container: Block | list[Any], key: Any, mark: int) -> int:
    if isinstance(container, Block):
        return container.key_mark(key)
    return int(document.value_marks(container, mark)[key])


def place_of(document: Document, hop: Hop) -> Place:
    """Where a value of the document is written."""
    return document.place(hop.mark)


def from_environment(piece: str) -> tuple[str, bool, str]:
    """The variable that a reference to the environment names, whether it is set, the default."""
    name, _, default = piece.removeprefix(ENVIRONMENT_STEP).partition(",")
    return name, name in os.environ, default
