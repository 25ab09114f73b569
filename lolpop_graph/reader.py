"""YAML text to blocks with marks, safely and in one pass over the parser's events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, NoReturn

import yaml
from yaml import events

from lolpop_graph.block import Block
from lolpop_graph.errors import Fault, WorkflowError
from lolpop_graph.faults import (
    DuplicateKey,
    KeyNotText,
    Malformed,
    NotAMapping,
    OverLimit,
    RecursiveAlias,
    TagRefused,
)
from lolpop_graph.scalars import MAY_BE_MORE, describe, read_plain, read_tagged
from lolpop_graph.source import Source, place_in

_Parser = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FREE_KEY: Final = "integration_framework"
_MAP_TAGS = frozenset((None, "!", "tag:yaml.org,2002:map"))
_LIST_TAGS = frozenset((None, "!", "tag:yaml.org,2002:seq"))
_UNUSUAL = MAY_BE_MORE | {"<"}


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a document may hold before it is refused.

    Sizes are in bytes; `alias_values` counts the values that exist by the expansion of aliases
    and references to mappings alone.
    """

    size: int = 64 * 2**20
    depth: int = 100
    alias_values: int = 10_000


_MERGE: Final = object()


class _Refused(Exception):  # noqa: N818 - it carries one fault out of the loop, no more
    def __init__(self, fault: Fault) -> None:
        self.fault = fault


def read_text(source: Source, base: int, limits: Limits) -> Block:
    """Read a source's text, whose marks begin at `base`; its top must be a mapping.

    Raises WorkflowError: at most one fault of syntax, and every duplicate key before it.
    """
    reader = _Reader(source, base, limits)
    try:
        value = reader.read()
    except _Refused as refused:
        reader.faults.append(refused.fault)
    except yaml.YAMLError as error:
        reader.faults.append(_syntax_fault(error, source, base))
    else:
        if isinstance(value, Block) and not reader.faults:
            return value
        if not isinstance(value, Block):
            place, found = place_in(source, base), describe(value)
            reader.faults.append(NotAMapping(place=place, what="a workflow", found=found))
    raise WorkflowError(reader.faults)


def read_value(text: str) -> Any:  # noqa: ANN401 - any value of a document
    """Read one value as the command line gives it: `8`, `auc`, `[1, 2]`, `{depth: 3}`.

    Raises WorkflowError where the text is no YAML.
    """
    source = Source("--set", text)
    reader = _Reader(source, 0, Limits())
    try:
        value = reader.read()
    except _Refused as refused:
        raise WorkflowError([refused.fault]) from None
    except yaml.YAMLError as error:
        raise WorkflowError([_syntax_fault(error, source, 0)]) from None
    if reader.faults:
        raise WorkflowError(reader.faults)
    return value


class _Reader:
    """The state of one pass over the events of one text; it recurses no deeper than the limit."""

    def __init__(self, source: Source, base: int, limits: Limits) -> None:
        self.source = source
        self.base = base
        self.limits = limits
        self.faults: list[Fault] = []
        self.next_event: Any = None
        self.depth = 0
        self.top_key: str | None = None
        self.anchors: dict[str, Any] = {}
        self.sizes: dict[str, int] = {}
        self.values = 0
        self.from_aliases = 0

    def read(self) -> Any:  # noqa: ANN401 - any value of a document
        """Read the one document of the text; None where there is none."""
        self.next_event = _Parser(self.source.text or "").get_event
        self.next_event()
        event = self.next_event()
        if type(event) is events.StreamEndEvent:
            return None
        value = self._value(self.next_event())
        self.next_event()
        event = self.next_event()
        if type(event) is not events.StreamEndEvent:
            self._refuse(Malformed, event, problem="a second document begins here")
        return value

    def _refuse(self, kind: type[Fault], event: Any, **data: Any) -> NoReturn:  # noqa: ANN401
        place = place_in(self.source, self.base | event.start_mark.index)
        raise _Refused(kind(place=place, **data))

    def _value(self, event: Any) -> Any:  # noqa: ANN401 - PyYAML's events are untyped
        """The value that begins with an event."""
        kind = type(event)
        if kind is events.ScalarEvent:
            return self._scalar(event)
        if kind is events.MappingStartEvent:
            return self._mapping(event)
        if kind is events.SequenceStartEvent:
            return self._list(event)
        return self._alias(event)

    def _scalar(self, event: Any) -> Any:  # noqa: ANN401
        text = event.value
        if event.tag is not None:
            text = self._tagged(event)
        elif event.implicit[0] and text[:1] in MAY_BE_MORE:
            text = read_plain(text)
        if event.anchor is not None:
            self.anchors[event.anchor] = text
            self.sizes[event.anchor] = 1
        return text

    def _mapping(self, start: Any) -> Block:  # noqa: ANN401, C901, PLR0912 - calls would double its time
        """Read a mapping; most of a document's time is spent in this loop."""
        block = Block()
        before = self._enter(start, block, _MAP_TAGS)
        next_event, base, mark = self.next_event, self.base, block.marks.append
        is_top = self.depth == 1
        scalar_event = events.ScalarEvent
        merged: list[tuple[Any, int]] = []
        while True:
            event = next_event()
            if type(event) is scalar_event:
                key = event.value
                if event.tag is not None or event.anchor is not None or key[:1] in _UNUSUAL:
                    key = self._key(event, block)
            elif type(event) is events.MappingEndEvent:
                break
            else:
                key = self._alias_key(event)
            if is_top:
                self.top_key = key
            key_mark = base | event.start_mark.index
            event = next_event()
            if type(event) is scalar_event and event.tag is event.anchor:
                value: Any = event.value
                if event.implicit[0] and value[:1] in MAY_BE_MORE:
                    value = read_plain(value)
            else:
                value = self._value(event)
            if key is _MERGE:
                merged.append((value, base | event.start_mark.index))
            elif key in block:
                self._duplicate(block, key, key_mark)
            else:
                block[key] = value
                mark(key_mark)
                mark(base | event.start_mark.index)
        for value, value_mark in merged:
            self._merge(block, value, value_mark)
        self._leave(start, len(block), before)
        return block

    def _list(self, start: Any) -> list[Any]:  # noqa: ANN401
        items: list[Any] = []
        before = self._enter(start, items, _LIST_TAGS)
        while True:
            event = self.next_event()
            if type(event) is events.SequenceEndEvent:
                break
            items.append(self._value(event))
        self._leave(start, len(items), before)
        return items

    def _enter(self, start: Any, value: Any, tags: frozenset[str | None]) -> int:  # noqa: ANN401
        """Go a level deeper; the count of values before it is for `_leave`."""
        if start.tag not in tags:
            self._refuse(TagRefused, start, tag=start.tag)
        self.depth += 1
        if self.depth > self.limits.depth:
            self._refuse(OverLimit, start, what="levels of nesting", limit=self.limits.depth)
        if start.anchor is not None:
            self.anchors[start.anchor] = value
            self.sizes.pop(start.anchor, None)
        return self.values + self.from_aliases

    def _leave(self, start: Any, count: int, before: int) -> None:  # noqa: ANN401
        """Come back from a level, and note how many values an alias of it stands for."""
        self.depth -= 1
        self.values += count
        if start.anchor is not None:
            self.sizes[start.anchor] = self.values + self.from_aliases - before + 1

    def _key(self, event: Any, block: Block) -> Any:  # noqa: ANN401
        """Read a key that may be more than text: a merge, a tag, a number, an anchor."""
        text: str = event.value
        is_plain = event.implicit[0] and event.tag is None
        if is_plain and text == "<<":
            return _MERGE
        typed = self._scalar(event)
        if not isinstance(typed, str):
            block.typed = block.typed or {}
            block.typed[text] = typed
        return text

    def _alias_key(self, event: Any) -> str:  # noqa: ANN401
        value = self._alias(event) if type(event) is events.AliasEvent else None
        if not isinstance(value, str):
            self._refuse(KeyNotText, event)
        return value

    def _tagged(self, event: Any) -> Any:  # noqa: ANN401
        try:
            return read_tagged(event.value, event.tag)
        except ValueError:
            self._refuse(TagRefused, event, tag=event.tag)

    def _alias(self, event: Any) -> Any:  # noqa: ANN401
        """The value that an alias names, counted as if it were written out."""
        name: str = event.anchor
        if name not in self.anchors:
            problem = f"there is no anchor `&{name}` before this alias"
            self._refuse(Malformed, event, problem=problem)
        # Layers may stand below themselves here: the framework shows the whole circle.
        if name not in self.sizes and self.top_key != _FREE_KEY:
            self._refuse(RecursiveAlias, event, anchor=name)
        self.from_aliases += self.sizes.get(name, 1)
        if self.from_aliases > self.limits.alias_values:
            what = "values that exist by the expansion of aliases alone"
            self._refuse(OverLimit, event, what=what, limit=self.limits.alias_values)
        return self.anchors[name]

    def _duplicate(self, block: Block, key: str, mark: int) -> None:
        first = place_in(self.source, block.key_mark(key))
        self.faults.append(DuplicateKey(place=place_in(self.source, mark), key=key, first=first))

    def _merge(self, block: Block, other: Any, mark: int) -> None:  # noqa: ANN401
        """Put the keys of a merged mapping, or a list of them, behind those that are written."""
        for source in other if type(other) is list else [other]:
            if type(source) is not Block:
                raise _Refused(KeyNotText(place=place_in(self.source, mark)))
            for key, value in source.items():
                if key not in block:
                    block.put(key, value, source.key_mark(key), source.value_mark(key))
            if source.typed:
                block.typed = {**source.typed, **(block.typed or {})}


def _syntax_fault(error: yaml.YAMLError, source: Source, base: int) -> Fault:
    """PyYAML's complaint, with its place as ours."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        place = place_in(source, base | (getattr(error, "position", 0) or 0))
        return Malformed(place=place, problem=getattr(error, "reason", "the text is not readable"))
    context, problem = getattr(error, "context", None), getattr(error, "problem", None)
    words = " ".join(part for part in (problem, context) if part) or "the text ends too early"
    return Malformed(place=place_in(source, base | mark.index), problem=words)
