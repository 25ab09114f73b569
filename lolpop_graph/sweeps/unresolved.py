"""Values of a document with their references as they are written, wherever they stand in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lolpop_graph.block import Block

if TYPE_CHECKING:
    from lolpop_graph.document import Document

TextAt = Callable[[Any, Any], str | None]
"""For a container and a key, the text that is written there; None where it has no reference."""


def text_at(document: Document, container: Any, key: Any) -> str | None:
    """The text of a document that a reference stands in; None where there is none."""
    return document.written.get((id(container), key))


def unresolved(value: Any, text: TextAt) -> Any:
    """A copy of a value in which references are what `text` has for them."""
    if isinstance(value, Block):
        copied = Block()
        copied.typed = value.typed
        for key in value:
            item = unresolved_at(value, key, text)
            copied.put(key, item, value.key_mark(key), value.value_mark(key))
        return copied
    if isinstance(value, dict):
        return {key: unresolved_at(value, key, text) for key in value}
    if isinstance(value, list):
        return [unresolved_at(value, at, text) for at in range(len(value))]
    return value


def unresolved_at(container: Any, key: Any, text: TextAt) -> Any:
    """The same of what a container has at a key."""
    found = text(container, key)
    return unresolved(container[key], text) if found is None else found
