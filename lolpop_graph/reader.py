"""YAML text to blocks with marks, safely and in one pass over the parser's events."""

from __future__ import annotations

import re
from array import array
from typing import Any, Final, NoReturn

from yaml import events

from lolpop_graph.block import Block
from lolpop_graph.errors import Fault, WorkflowError
from lolpop_graph.faults import (
    DuplicateKey,
    KeyNotText,
    Malformed,
    MergeRefused,
    NotAMapping,
    OverLimit,
    RecursiveAlias,
    TagRefused,
)
from lolpop_graph.limits import Limits
from lolpop_graph.model import FRAMEWORK_KEY
from lolpop_graph.parser import SYNTAX_ERRORS, Parser
from lolpop_graph.scalars import CONSTANTS, NUMERIC, TYPE_OF_TAG, describe, read_plain, read_tagged
from lolpop_graph.secrecy import SECRET_TAG, Secret
from lolpop_graph.source import Source, place_in
from lolpop_graph.syntax import syntax_fault
from lolpop_graph.text import suggestion

_MAP_TAGS = frozenset((None, "!", "tag:yaml.org,2002:map", SECRET_TAG))
_LIST_TAGS = frozenset((None, "!", "tag:yaml.org,2002:seq", SECRET_TAG))
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_NO_TEXT = frozenset((*CONSTANTS, "<<"))
_MERGE: Final = object()


class _Refused(Exception):  # noqa: N818 - it carries one fault out of the loop, no more
    def __init__(self, fault: Fault) -> None:
        self.fault = fault


def read_text(source: Source, base: int, limits: Limits) -> tuple[Block, list[Fault]]:
    """Read a source's text, whose marks begin at `base`; its top must be a mapping.

    Returns that, with the first value of each key, and every duplicate key. Raises
    WorkflowError: one fault of syntax, and every duplicate key before it.
    """
    reader = _Reader(source, base, limits)
    try:
        value = reader.read()
    except _Refused as refused:
        reader.faults.append(refused.fault)
    except SYNTAX_ERRORS as error:
        reader.faults.append(syntax_fault(error, source, base))
    else:
        if isinstance(value, Block):
            return value, reader.faults
        place, found = place_in(source, base), describe(value)
        reader.faults.append(NotAMapping(place=place, what="a workflow", found=found))
    raise WorkflowError(reader.faults)


def read_value(text: str) -> Any:
    """Read one value as the command line gives it: `8`, `auc`, `[1, 2]`, `!secret hunter2`.

    One with a secret in it is a `Secret` as a whole. Raises WorkflowError where the text is no
    YAML.
    """
    source = Source("--set", text)
    broken = _SURROGATE.search(text)
    if broken:
        place = place_in(source, broken.start())
        raise WorkflowError([Malformed(place=place, problem="half a character stands here")])
    reader = _Reader(source, 0, Limits())
    try:
        value = reader.read()
    except _Refused as refused:
        raise WorkflowError([refused.fault]) from None
    except SYNTAX_ERRORS as error:
        raise WorkflowError([syntax_fault(error, source, 0)]) from None
    if reader.faults:
        raise WorkflowError(reader.faults)
    return Secret(value) if source.secrets else value


class _Reader:
    """The state of one pass over the events of one text; it recurses no deeper than the limit."""

    def __init__(self, source: Source, base: int, limits: Limits) -> None:
        self.source = source
        self.base = base
        self.limits = limits
        self.faults: list[Fault] = []
        self.next_event: Any = None
        self.top_key: str | None = None
        self.anchors: dict[str, Any] = {}
        self.open: set[str] = set()
        self.circular: set[str] = set()
        self.from_aliases = 0

    def read(self) -> Any:
        """Read the one document of the text; None where there is none."""
        self.next_event = Parser(self.source.text or "").get_event
        self.next_event()
        event = self.next_event()
        if type(event) is events.StreamEndEvent:
            return None
        value = self._value(self.next_event(), 1)
        self.next_event()
        event = self.next_event()
        if type(event) is not events.StreamEndEvent:
            remedy = (
                "a file has one document: make a file of the second, and layer it as an overlay"
            )
            self._refuse(Malformed, event, problem="a second document begins here", remedy=remedy)
        return value

    def _refuse(self, kind: type[Fault], event: Any, **data: Any) -> NoReturn:
        place = place_in(self.source, self.base | event.start_mark.index)
        raise _Refused(kind(place=place, **data))

    def _value(self, event: Any, depth: int) -> Any:
        """The value that begins with an event, a container if there is one at this depth."""
        kind = type(event)
        if kind is events.ScalarEvent:
            return self._scalar(event)
        if kind is events.MappingStartEvent:
            return self._mapping(event, depth)
        if kind is events.SequenceStartEvent:
            return self._list(event, depth)
        return self._alias(event)

    def _scalar(self, event: Any) -> Any:
        text = event.value
        if event.tag is not None:
            text = self._tagged(event)
        elif event.implicit[0]:
            text = read_plain(text)
        if event.anchor is not None:
            self._name(event.anchor, text)
        return text

    def _mapping(self, start: Any, depth: int) -> Block:  # noqa: C901, PLR0912 - calls cost most here
        """Read a mapping; most of a document's time is spent in this loop."""
        block = Block()
        if start.tag is not None or start.anchor is not None or depth > self.limits.depth:
            self._enter(start, depth, block, _MAP_TAGS)
        next_event, base, mark = self.next_event, self.base, block.marks.append
        scalar_event, mapping_event = events.ScalarEvent, events.MappingStartEvent
        merged: Any = None
        merge_mark = 0
        while True:
            event = next_event()
            if type(event) is scalar_event:
                key = event.value
                if (
                    key in _NO_TEXT
                    or key[0] in NUMERIC
                    or event.tag is not None
                    or event.anchor is not None
                ):
                    key = self._key(event, block)
            elif type(event) is events.MappingEndEvent:
                break
            else:
                key = self._alias_key(event)
            if depth == 1:
                self.top_key = key
            key_mark = base | event.start_mark.index
            event = next_event()
            if type(event) is scalar_event and event.tag is event.anchor:
                value: Any = event.value
                if event.implicit[0] and (value in CONSTANTS or value[0] in NUMERIC):
                    value = read_plain(value)
            elif type(event) is mapping_event:
                value = self._mapping(event, depth + 1)
            else:
                value = self._value(event, depth + 1)
            if key is _MERGE and not merge_mark:
                merged = value
                merge_mark = base | event.start_mark.index
            elif key is _MERGE:
                self._duplicate("<<", merge_mark, key_mark)
            elif key in block:
                self._duplicate(key, block.key_mark(key), key_mark)
            else:
                block[key] = value
                mark(key_mark)
                mark(base | event.start_mark.index)
        if merge_mark:
            self._merge(block, merged, merge_mark)
        if start.anchor is not None:
            self.open.discard(start.anchor)
        return block

    def _list(self, start: Any, depth: int) -> list[Any]:
        items: list[Any] = []
        marks = array("Q")
        self._enter(start, depth, items, _LIST_TAGS)
        while True:
            event = self.next_event()
            if type(event) is events.SequenceEndEvent:
                break
            marks.append(self.base | event.start_mark.index)
            items.append(self._value(event, depth + 1))
        self.open.discard(start.anchor)
        self.source.items[id(items)] = items, marks
        return items

    def _enter(self, start: Any, depth: int, value: Any, tags: frozenset[str | None]) -> None:
        """Refuse a container that must not be here, and remember an anchor of it as open."""
        if start.tag not in tags:
            self._refuse(TagRefused, start, tag=start.tag)
        if depth > self.limits.depth:
            self._refuse(
                OverLimit, start, what="levels of nesting", limit=self.limits.depth, name="depth"
            )
        if start.tag == SECRET_TAG:
            self.source.secrets.append(value)
        if start.anchor is not None:
            self._name(start.anchor, value)
            self.open.add(start.anchor)

    def _name(self, anchor: str, value: Any) -> None:
        """Let an anchor stand for a value from here on, whatever it stood for before."""
        self.anchors[anchor] = value
        self.open.discard(anchor)
        self.circular.discard(anchor)

    def _key(self, event: Any, block: Block) -> Any:
        """Read a key that may be more than text: a merge, a tag, a number, an anchor."""
        text: str = event.value
        is_plain = event.implicit[0] and event.tag is None
        if is_plain and text == "<<":
            return _MERGE
        if event.tag == SECRET_TAG:
            self._refuse(TagRefused, event, tag=event.tag)
        typed = self._scalar(event)
        if not isinstance(typed, str):
            block.typed = block.typed or {}
            block.typed[text] = typed
        return text

    def _alias_key(self, event: Any) -> str:
        value = self._alias(event) if type(event) is events.AliasEvent else None
        if not isinstance(value, str):
            self._refuse(KeyNotText, event)
        return value

    def _tagged(self, event: Any) -> Any:
        if event.tag == SECRET_TAG:
            value = event.value if event.style else read_plain(event.value)
            self.source.secrets.append(value)
            return value
        try:
            return read_tagged(event.value, event.tag)
        except ValueError:
            does_not_fit = event.tag in TYPE_OF_TAG
            self._refuse(TagRefused, event, tag=event.tag, does_not_fit=does_not_fit)

    def _alias(self, event: Any) -> Any:
        """The value that an alias names, counted as if it were written out."""
        name: str = event.anchor
        if name not in self.anchors:
            problem = f"there is no anchor `&{name}` before this alias"
            close = suggestion(name, self.anchors)
            remedy = f"did you mean `*{close}`?" if close else f"name a value above `&{name}`"
            self._refuse(Malformed, event, problem=problem, remedy=remedy)
        if name in self.open or name in self.circular:
            # Layers may stand below themselves: the framework shows the whole circle.
            if self.top_key != FRAMEWORK_KEY:
                self._refuse(RecursiveAlias, event, anchor=name)
            self.circular |= self.open
        else:
            self.from_aliases += self._size(self.anchors[name])
        if self.from_aliases > self.limits.alias_values:
            what = "values that exist by the expansion of aliases alone"
            most = self.limits.alias_values
            self._refuse(OverLimit, event, what=what, limit=most, name="alias_values")
        return self.anchors[name]

    def _size(self, value: Any) -> int:
        """How many values a value is, itself included, counted no further than is allowed."""
        count, waiting = 0, [value]
        while waiting and count <= self.limits.alias_values:
            item = waiting.pop()
            count += 1
            if isinstance(item, Block):
                waiting.extend(item.values())
            elif isinstance(item, list):
                waiting.extend(item)
        return count

    def _duplicate(self, key: str, first_mark: int, mark: int, *, is_merged: bool = False) -> None:
        place, first = place_in(self.source, mark), place_in(self.source, first_mark)
        self.faults.append(DuplicateKey(place=place, key=key, first=first, is_merged=is_merged))

    def _merge(self, block: Block, other: Any, mark: int) -> None:
        """Put the keys of a merged mapping, or a list of them, behind those that are written."""
        written = set(block)
        for source in other if type(other) is list else [other]:
            place = place_in(self.source, mark)
            if type(source) is not Block:
                raise _Refused(MergeRefused(place=place, found=describe(source)))
            for name in self.open:
                if self.anchors[name] is source:
                    raise _Refused(RecursiveAlias(place=place, anchor=name))
            for key, value in source.items():
                if key in block:
                    second = block.key_mark(key) if key in written else mark
                    self._duplicate(key, source.key_mark(key), second, is_merged=True)
                else:
                    block.put(key, value, source.key_mark(key), source.value_mark(key))
            if source.typed:
                block.typed = {**source.typed, **(block.typed or {})}
