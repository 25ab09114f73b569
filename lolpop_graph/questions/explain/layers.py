"""What each layer of a document has in one place, of which the merged document has the result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from lolpop_graph.block import Block
from lolpop_graph.document import Document, Part


class Laid(NamedTuple):
    """A value in one layer, its mark there, and whether it is all or a part of what counts."""

    value: Any
    mark: int
    counts: bool


def layers_at(document: Document, keys: Sequence[str]) -> list[Laid]:
    """What the layers of a document have at `keys`, the highest first."""
    laid: list[Laid] = []
    is_hidden = False
    for part in reversed(document.parts):
        found = _in_part(part, tuple(keys))
        if found is None:
            break
        for value, mark in found:
            # Of two mappings the keys are merged, and everything else replaces.
            both = not laid or (type(value) is Block and type(laid[-1].value) is Block)
            is_hidden = is_hidden or not both
            laid.append(Laid(value, mark, not is_hidden))
            is_hidden = is_hidden or 0 < len(part.keys) <= len(keys)
    return laid


def _in_part(part: Part, keys: tuple[str, ...]) -> list[tuple[Any, int]] | None:
    """What a layer has at keys, as a list of one or none; None where it hides what is below."""
    shared = min(len(part.keys), len(keys))
    if part.keys[:shared] != keys[:shared]:
        return []
    if len(part.keys) > len(keys):
        # The override is of a part of the value, which is a mapping.
        return [(_nested(part, part.keys[len(keys) :]), part.mark)]
    value, mark = part.value, part.mark
    for key in keys[shared:]:
        if type(value) is not Block:
            return None
        if key not in value:
            return None if part.keys else []
        value, mark = value[key], value.key_mark(key)
    return [(value, mark)]


def _nested(part: Part, keys: tuple[str, ...]) -> Block:
    """The value of a layer as a mapping of mappings, one for each key."""
    first, *more = keys
    block = Block()
    block.put(first, _nested(part, tuple(more)) if more else part.value, part.mark, part.mark)
    return block
